"""JSON files: read with a bound of size and depth, written whole."""

import json
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.store.files import write_text
from sim.store.plain import read_plain

#: Bytes of a JSON file that are read: the plan of ten million points takes less.
LARGEST_JSON = 1 << 30


def read_json(path: Path | Traversable, largest: int = LARGEST_JSON) -> Any:
    """The value in a JSON file.

    Raises FileNotFoundError if there is none, ResultError if it is no plain file, too large, nested
    too deeply, not UTF-8 or not JSON.
    """
    try:
        return json.loads(read_plain(path, largest).decode("utf-8"))
    except FileNotFoundError:
        raise
    except RecursionError as problem:
        raise ResultError(f"{path} cannot be read: it is nested too deeply") from problem
    except (OSError, ValueError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem


def write_json(path: Path, value: Any) -> None:
    """Plain values as JSON that people can read, whole or not at all."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
