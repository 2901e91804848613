"""An experiment file as it is read: its table, its lines, and what is wrong with it."""

from pathlib import Path
from typing import Any

from sim.errors import Problem, nearest, quoted
from sim.scenario.lines import KeyPath, key_lines
from sim.scenario.shipped import label


class ExperimentFile:
    """One file being read; `problems` gathers what is wrong with it."""

    def __init__(self, path: Path, table: dict[str, Any], text: str) -> None:
        self.path = path
        self.table = table
        self.text = text
        self.lines = key_lines(text)
        self.problems: list[Problem] = []

    def wrong(self, path: KeyPath, found: str, allowed: str, near: str | None = None) -> None:
        """Notes a problem at a key of the file."""
        lines = (self.lines.get(path[:length]) for length in range(len(path), 0, -1))
        line = next((line for line in lines if line is not None), None)
        file = label(self.path)
        self.problems.append(Problem(file, line, ".".join(path), found, allowed, near))

    def known(self, table: dict[str, Any], keys: tuple[str, ...], where: KeyPath) -> None:
        """Notes every key of a table that is none."""
        for key in table:
            if key not in keys:
                self.wrong((*where, key), "no such key", ", ".join(keys), nearest(key, keys))

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number of the file."""
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong((key,), quoted(value), f"a whole number from {low} to {high}")
            return default
        return value
