"""Reading JSON of a bounded size and depth."""

import json
from pathlib import Path
from typing import Any

from sim.errors import ResultError

#: Bytes of a JSON file that are read: the plan of ten million points takes less.
LARGEST_JSON = 1 << 30


def read_json(path: Path, largest: int = LARGEST_JSON) -> Any:
    """The value in a JSON file.

    Raises FileNotFoundError if there is none, ResultError if it is too large, nested too deeply,
    not UTF-8 or not JSON.
    """
    try:
        size = path.stat().st_size
        if size > largest:
            raise ResultError(f"{path} cannot be read: {size:,} bytes, at most {largest:,}")
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except RecursionError as problem:
        raise ResultError(f"{path} cannot be read: it is nested too deeply") from problem
    except (OSError, ValueError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
