"""Counter-based draws for many points at once: the generator of the world, on arrays."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.world.philox import philox

#: The third word of the counter: a point's move of its coordinates, which of them, whether it is
#: accepted; the seed of a filter. (model.md, draws, and `engines.follow` have the others.)
STEP, BLOCK, ACCEPT, FILTER, CHOOSE = ((1 << 21) + n for n in range(5))
_WORDS = 4


def words(
    key: tuple[int, int], points: int, round_: int, who: int, count: int
) -> NDArray[np.uint64]:
    """(points, count) words of 32 bits, each a function of its place and the arguments alone."""
    point = np.arange(points, dtype=np.uint64)[:, None]
    block = np.arange(-(-count // _WORDS), dtype=np.uint64)[None, :]
    shape = np.broadcast_shapes(point.shape, block.shape)
    start = [
        np.broadcast_to(np.uint64(x) if isinstance(x, int) else x, shape)
        for x in (key[0], key[1], point, round_, who, block)
    ]
    stacked = np.stack(philox(*start), axis=-1)
    return stacked.reshape(points, -1)[:, :count]


def uniforms(
    key: tuple[int, int], points: int, round_: int, who: int, count: int = 1
) -> NDArray[np.float64]:
    """(points, count) uniforms strictly between 0 and 1."""
    numbers = words(key, points, round_, who, count).astype(np.float64)
    return (numbers + 0.5) * 2.0**-32


def normals(key: tuple[int, int], points: int, round_: int, count: int) -> NDArray[np.float64]:
    """(points, count) standard normals."""
    deviates: NDArray[np.float64] = ndtri(uniforms(key, points, round_, STEP, count))
    return deviates


def seeds(key: tuple[int, int], points: int, round_: int) -> list[int]:
    """A seed of 64 bits for the filter of each point."""
    high, low = words(key, points, round_, FILTER, 2).T
    return [(int(h) << 32) | int(w) for h, w in zip(high, low, strict=True)]
