"""The list of planted bugs, as read from bugs.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bug:
    """One edit of one source file, and the tests that must fail with it.

    `file` is under sim/, `caught_by` are files or single tests under tests/; `old` must stand
    exactly once.
    """

    name: str
    file: str
    old: str
    new: str
    breaks: str
    caught_by: tuple[str, ...]
    everyday: bool = False

    def plant(self, text: str) -> str:
        """The source with the bug in it; ValueError if `old` does not stand there exactly once."""
        found = text.count(self.old)
        if found != 1:
            raise ValueError(
                f"planted bug {self.name!r}: its old text stands {found} times in sim/{self.file},"
                " not once; bring tests/mutations/bugs.toml up to date"
            )
        return text.replace(self.old, self.new)


def read_bugs() -> list[Bug]:
    """All planted bugs, in file order."""
    with (Path(__file__).parent / "bugs.toml").open("rb") as file:
        rows = tomllib.load(file)["bug"]
    return [Bug(**row | {"caught_by": tuple(row["caught_by"])}) for row in rows]
