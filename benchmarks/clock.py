"""Timing by turns: the candidates take turns, so that a slow minute hits all of them."""

import statistics
import time
from collections.abc import Callable, Mapping


def by_turns(
    candidates: Mapping[str, Callable[[], object]],
    turns: int,
    now: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds of each candidate in each turn, after one turn that does not count.

    now: by the clock, or by processor time, which others on a busy machine lengthen less.
    """
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(turns + 1):
        for name, work in candidates.items():
            start = now()
            work()
            if turn > 0:
                seconds[name].append(now() - start)
    return seconds


def ratio(over: list[float], under: list[float]) -> str:
    """Median and extremes of over/under, turn by turn."""
    pairs = sorted(a / b for a, b in zip(over, under, strict=True))
    middle = statistics.median(pairs)
    return f"{middle:.2f} ({pairs[0]:.2f} to {pairs[-1]:.2f} over {len(pairs)} turns)"
