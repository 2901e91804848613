"""A folder whose manifest was made to fit again: what one who forges both would leave."""

import json
from pathlib import Path
from typing import Any

from sim.store.checksums import FILES, file_digest, sealed


def resealed(folder: Path, **changes: Any) -> Path:
    """Notes the files of a folder anew, those that can still be noted, with other values too."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | changes
    for name in manifest[FILES]:
        if (folder / name).is_file():
            manifest[FILES][name] |= _note(folder / name)
    path.write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    return folder


def _note(file: Path) -> dict[str, Any]:
    """Bytes and digest, without the rows of a table: they stay what was noted first."""
    return {"bytes": file.stat().st_size, "sha256": file_digest(file)}
