"""What is wrong with an input: where, what was found, what is allowed, what was meant."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

LONGEST_VALUE = 60  # characters of a value that a message shows


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    `file` as the user knows it ("--set" for the command line), `line` where it is known, `path`
    the key path ("" for the file itself), `found` and `allowed` in words, `nearest` the valid
    name that comes closest.
    """

    file: str
    line: int | None
    path: str
    found: str
    allowed: str
    nearest: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        lines = [f"{place}: {self.path}" if self.path else place]
        lines += [f"  found:   {self.found}", f"  allowed: {self.allowed}"]
        if self.nearest is not None:
            lines.append(f"  did you mean {self.nearest}?")
        return "\n".join(lines)


class DetenteError(Exception):
    """Bad input, with every problem of it; the command line answers with exit code 2."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ScenarioError(DetenteError):
    """A scenario that cannot be read or does not make sense."""


class ExperimentError(DetenteError):
    """An experiment file that cannot be read or does not make sense."""


class AgentError(DetenteError):
    """A government written in Python that is none, or that does what no government may."""


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like `word`, whatever the case, or None when none is like it."""
    by_lower = {name.lower(): name for name in names}
    matches = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def spelled(value: Any) -> str:
    """A value as a TOML file would write it, cut to a readable length."""
    text = as_toml(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."


def as_toml(value: Any) -> str:
    """A value as a TOML file would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {as_toml(item)}" for key, item in value.items())
        return "{ " + pairs + " }" if pairs else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    return str(value)
