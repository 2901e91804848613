"""What tables were made of, so that those of a neighbour are made anew only where they differ.

Scenarios are frozen: one that differs from another in a few values shares with it, as the very same
objects, all that was left alone. A part whose inputs are the same objects is the same part.
"""

import marshal
from collections.abc import Callable, Mapping, Sequence
from operator import is_
from typing import Any, TypeVar

T = TypeVar("T")
#: The format of marshal that says nothing of where else in a process a value is held.
_PLAINLY = 2
Made = tuple[tuple[Any, ...], Any]


class Parts:
    """Parts by name, taken from those of a neighbour (`before`) where their inputs are its own."""

    def __init__(self, before: Mapping[Any, Made] | None = None) -> None:
        self.before: Mapping[Any, Made] = before or {}
        self.made: dict[Any, Made] = {}

    def part(self, name: Any, make: Callable[..., T], *inputs: Any) -> T:
        """The part of that name, which is `make(*inputs)` and is never written to."""
        old = self.made.get(name) or self.before.get(name)
        made = old if old is not None and _same(old[0], inputs) else (inputs, make(*inputs))
        self.made[name] = made
        part: T = made[1]
        return part

    def each(
        self,
        name: Any,
        make: Callable[..., T],
        things: tuple[Any, ...],
        *common: Any,
        reads: Callable[[Any], Any] | None = None,
    ) -> list[T]:
        """`make(thing, *common)` of each thing, made only of those that are not the neighbour's.

        reads: all that `make` reads of a thing; where that is the same, so is what is made.
        """
        old = self.made.get(name) or self.before.get(name)
        if old is None or len(old[0][0]) != len(things) or not _same(old[0][1], common):
            made = [make(thing, *common) for thing in things]
        else:
            before = zip(old[0][0], old[1], strict=True)
            pairs = zip(things, before, strict=True)
            made = [
                one
                if was is now or (reads and _reads_same(reads, was, now))
                else make(now, *common)
                for now, (was, one) in pairs
            ]
        self.made[name] = ((things, common), made)
        return made

    def along(self, name: Any, make: Callable[..., T], *columns: Sequence[Any]) -> list[T]:
        """`make` of the things at each place of some columns, or of them as the neighbour made it.

        It is the neighbour's where all at its place are.
        """
        old = self.made.get(name) or self.before.get(name)
        if old is None or len(old[1]) != len(columns[0]):
            made = [make(*things) for things in zip(*columns, strict=True)]
        else:
            places = zip(zip(*columns, strict=True), zip(*old[0], strict=True), old[1], strict=True)
            made = [one if all(map(is_, was, now)) else make(*now) for now, was, one in places]
        self.made[name] = (columns, made)
        return made

    def together(self, name: Any, *things: Any) -> tuple[Any, ...]:
        """All of some things as one tuple: the very tuple of the neighbour if they are the same."""
        return self.part(name, lambda *each: each, *things)


def _reads_same(reads: Callable[[Any], Any], was: Any, now: Any) -> bool:
    """Whether the very same is read of two things: 0.0 is not -0.0, and 1 is not 1.0."""
    one, two = reads(was), reads(now)
    return one is two or (bool(one == two) and _written(one) == _written(two))


def _written(value: Any) -> bytes | str:
    """What tells equal values apart: plain ones as bytes, which are made faster than a text."""
    try:
        return marshal.dumps(value, _PLAINLY)
    except ValueError:
        return repr(value)


#: Kinds of plain values that are the same when they are equal; a zero, with its sign.
_PLAIN = (dict, str, int, float, bytes)


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    """Whether all are the same objects, or equal plain values."""
    if len(before) != len(now):
        return False
    if all(map(is_, before, now)):
        return True
    for one, two in zip(before, now, strict=True):
        if one is two:
            continue
        if type(one) is not type(two) or not isinstance(one, _PLAIN) or one != two:
            return False
        if one == 0 and str(one) != str(two):
            return False
    return True
