"""Where a value comes from: the `[sources]` of the files, else the registry."""

from collections.abc import Mapping

from sim.scenario.lines import KeyPath, split_key
from sim.scenario.registry import ANY_NAME

#: Which parts of a pattern are wildcards.
Shape = tuple[bool, ...]


class Sources:
    """The `[sources]` of a scenario, made ready for look-ups."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """Takes the table with later files' entries after earlier ones."""
        self._shapes: dict[int, dict[Shape, dict[KeyPath, tuple[int, str]]]] = {}
        self._table = table
        latest_first = [(split_key(key), key) for key in table][::-1]
        ordered = sorted(latest_first, key=lambda item: sum(_shape(item[0])))
        for rank, (pattern, key) in enumerate(ordered):
            same_shape = self._shapes.setdefault(len(pattern), {}).setdefault(_shape(pattern), {})
            same_shape.setdefault(pattern, (rank, key))

    def key_for(self, path: KeyPath) -> str | None:
        """The most specific pattern that fits a path; of equals, the last written; None: none.

        A pattern that fits only the beginning of the path counts for all below it, and less.
        """
        for length in range(len(path), 0, -1):
            ranks = (
                same_shape.get(_shaped(path, shape))
                for shape, same_shape in self._shapes.get(length, {}).items()
            )
            best = min((rank for rank in ranks if rank is not None), default=None)
            if best is not None:
                return best[1]
        return None

    def text(self, key: str) -> str:
        """What is written under a pattern."""
        return self._table[key]


def _shape(pattern: KeyPath) -> Shape:
    return tuple(part == ANY_NAME for part in pattern)


def _shaped(path: KeyPath, shape: Shape) -> KeyPath:
    """The pattern of a shape that fits the beginning of a path."""
    return tuple(
        ANY_NAME if any_name else part for part, any_name in zip(path, shape, strict=False)
    )
