"""Philox 4x32-10, a plain function of whole numbers or of arrays of them, and draws made by it.

Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
`sim/world/draws.py` compiles it for the draws of a run. Here are those of many points at once.

Each of these takes the two words of a seed as `key`, the number of `points`, `round_` and `who`
(sim/world/purposes.py). What a point draws depends on these and on its own number alone: not on
how many points are drawn beside it, nor in what order.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.purposes import FILTER, STEP

_WORD = 0xFFFFFFFF
_WORDS = 4
#: Counters worked on at once: their words stay in the processor's cache.
_SLAB = 1 << 14
_HALF = np.uint64(32)


def philox(key0: Any, key1: Any, run: Any, week: Any, who: Any, block: Any) -> Any:
    """Return four 32-bit words for a key of two words and a counter of four.

    Products may pass 63 bits: compiled integers then wrap and plain ones grow, and the masks
    give the same words in both.
    """
    for _ in range(10):
        first = 0xD2511F53 * run
        second = 0xCD9E8D57 * who
        run = ((second >> 32) & _WORD) ^ week ^ key0
        week = second & _WORD
        who = ((first >> 32) & _WORD) ^ block ^ key1
        block = first & _WORD
        key0 = (key0 + 0x9E3779B9) & _WORD
        key1 = (key1 + 0xBB67AE85) & _WORD
    return run, week, who, block


def words(
    key: tuple[int, int], points: int, round_: int, who: int, count: int
) -> NDArray[np.uint64]:
    """(points, count) words of 32 bits, each a function of its place and the arguments alone."""
    point = np.arange(points, dtype=np.uint64)[:, None]
    block = np.arange(-(-count // _WORDS), dtype=np.uint64)[None, :]
    stacked = np.stack(philox(*key, point, round_, who, block), axis=-1)
    return stacked.reshape(points, -1)[:, :count]


def uniforms(
    key: tuple[int, int], points: int, round_: int, who: int, count: int = 1
) -> NDArray[np.float64]:
    """(points, count) uniforms strictly between 0 and 1."""
    numbers = words(key, points, round_, who, count).astype(np.float64)
    return (numbers + 0.5) * 2.0**-32


def normals(key: tuple[int, int], points: int, round_: int, count: int) -> NDArray[np.float64]:
    """(points, count) standard normals."""
    from scipy.special import ndtri

    deviates: NDArray[np.float64] = ndtri(uniforms(key, points, round_, STEP, count))
    return deviates


def seeds(key: tuple[int, int], points: int, round_: int) -> list[int]:
    """A seed of 64 bits for the filter of each point."""
    high, low = words(key, points, round_, FILTER, 2).T
    return [(int(h) << 32) | int(w) for h, w in zip(high, low, strict=True)]


def resamples(
    key: tuple[int, int], number: int, who: int, size: int
) -> Iterator[NDArray[np.int64]]:
    """`number` times (size,) of the numbers 0..size - 1 with replacement, for a bootstrap.

    Each is as likely as the others: it is floor(w * size / 2^64) of 64 bits w, so that no chance is
    off by more than 2^-64, for a million numbers one part in 10^13. Resample k depends on k, `key`,
    `who` and `size` alone. `size` is at most 2^32.
    """
    some = max(1, 2 * _SLAB // size)
    for first in range(0, number, some):
        yield from _picks(key, range(first, min(first + some, number)), who, size)


def _picks(key: tuple[int, int], points: range, who: int, size: int) -> NDArray[np.int64]:
    """(points, size) whole numbers of 0..size - 1."""
    blocks = -(-2 * size // _WORDS)
    drawn = np.empty((len(points) * blocks, 2), dtype=np.int64)
    for begin in range(0, len(drawn), _SLAB):
        place = np.arange(begin, min(begin + _SLAB, len(drawn)), dtype=np.uint64)
        a, b, c, d = philox(*key, place // blocks + points.start, 0, who, place % blocks)
        drawn[begin : begin + _SLAB, 0] = _share(a, b, np.uint64(size))
        drawn[begin : begin + _SLAB, 1] = _share(c, d, np.uint64(size))
    return drawn.reshape(len(points), -1)[:, :size]


def _share(
    high: NDArray[np.uint64], low: NDArray[np.uint64], size: np.uint64
) -> NDArray[np.uint64]:
    """floor((high, low) * size / 2^64), of a number of 64 bits in two words."""
    return (high * size + (low * size >> _HALF)) >> _HALF


def order(key: tuple[int, int], points: int, who: int) -> NDArray[np.int64]:
    """The numbers 0..points - 1 in a random order (points,): by 64 bits of each; round 0."""
    high, low = words(key, points, 0, who, 2).T
    return np.argsort(high << _HALF | low, kind="stable").astype(np.int64)
