"""Where a value comes from: the `[sources]` of the files, else the registry."""

from collections.abc import Mapping

from sim.scenario.lines import KeyPath, split_key
from sim.scenario.registry import ANY_NAME


class Sources:
    """The `[sources]` of a scenario, made ready for look-ups."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """Takes the table with later files' entries after earlier ones."""
        self._by_length: dict[int, list[tuple[KeyPath, str]]] = {}
        self._table = table
        latest_first = [(split_key(key), key) for key in table][::-1]
        for pattern, key in sorted(latest_first, key=lambda item: _wildcards(item[0])):
            self._by_length.setdefault(len(pattern), []).append((pattern, key))

    def key_for(self, path: KeyPath) -> str | None:
        """The most specific pattern that fits a path; of equals, the last written; None: none.

        A pattern that fits only the beginning of the path counts for all below it, and less.
        """
        for length in range(len(path), 0, -1):
            for pattern, key in self._by_length.get(length, ()):
                if fits(pattern, path):
                    return key
        return None

    def text(self, key: str) -> str:
        """What is written under a pattern."""
        return self._table[key]


def _wildcards(pattern: KeyPath) -> int:
    return sum(part == ANY_NAME for part in pattern)


def fits(pattern: KeyPath, path: KeyPath) -> bool:
    """Whether a pattern fits a path or the table around it."""
    return len(pattern) <= len(path) and all(
        part in (ANY_NAME, there) for part, there in zip(pattern, path, strict=False)
    )
