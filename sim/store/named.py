"""A folder of results by its name: as it is, in results/, or the newest one called so."""

import re
from pathlib import Path

MANIFEST = "manifest.json"
RESULTS = Path("results")
#: What follows the name of a scenario or an experiment in the name of a folder made of it.
_HASH = re.compile(r"-[0-9a-f]{8}$")


def folder_called(name: Path | str, results: Path = RESULTS) -> Path | None:
    """The folder meant; None if there is none.

    A path to one; the name of one in results/; or the name of what was run, without the hash: of
    several folders so called the one that was finished last, of those the first by name.
    """
    path = Path(name)
    whole = next((place for place in (path, results / path) if place.is_dir()), None)
    if whole is not None or path.name != str(name):
        return whole
    finished = (place for place in results.glob("*/") if (place / MANIFEST).is_file())
    without_hash = [
        place for place in finished if _HASH.sub("", place.name) == path.name != place.name
    ]

    def order(place: Path) -> tuple[int, str]:
        return -(place / MANIFEST).stat().st_mtime_ns, place.name

    return min(without_hash, key=order, default=None)
