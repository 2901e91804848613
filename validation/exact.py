"""Exact values of the quantities: from the exact engine, and for the queue from its own chain."""

from collections.abc import Callable
from functools import cache
from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from sim.engines.exact import ExactResult
from validation.row import Row

_LONGEST_QUEUE = 600  # applications; for the loads here the mass beyond is below 1e-16


def exact_value(row: Row) -> float | None:
    """The exact value of a row, computed; None where only the batch engine can tell."""
    if row.game.file == "poisson-queue":
        return _of_queue(row)
    solved = row.game.solved()
    if solved is None:
        return None
    if row.quantity in _WHOLE:
        return _WHOLE[row.quantity](solved)
    kind, *numbers = row.quantity.split("_")
    read = _NUMBERED.get(kind)
    return None if read is None else read(solved, *(int(number) for number in numbers))


def _payoff(side: str) -> Callable[[ExactResult], float]:
    def read(solved: ExactResult) -> float:
        assert solved.payoffs is not None
        return solved.payoffs[side]

    return read


def _ratio(solved: ExactResult) -> float:
    return (_payoff("us")(solved) - 1.0) / (_payoff("cn")(solved) - 1.0)


def _total(solved: ExactResult) -> float:
    assert solved.game.payoffs is not None
    return float((solved.conduct_table() @ solved.game.payoffs[0]).sum())


def _leaving(solved: ExactResult) -> float:
    """Share of weeks in which both were good and will not be in the next."""
    good = solved.chain.steps[0]
    after = solved.long_run.law @ good
    return float(after.sum() - (after @ good).sum())


def _spell(solved: ExactResult) -> float:
    return solved.law["CC"] / _leaving(solved)


def _gap(solved: ExactResult) -> float:
    return (1.0 - solved.law["CC"]) / _leaving(solved)


def _holds(outcome: str) -> Callable[[ExactResult, int], float]:
    def read(solved: ExactResult, week: int) -> float:
        return float(solved.holds(outcome, weeks=week)[-1])

    return read


def _good(solved: ExactResult, first: int, last: int | None = None) -> float:
    """Mean cooperation of us over weeks first..last."""
    table = solved.conduct_table(last or first)
    return float(table[first - 1 :, :2].sum(axis=1).mean())


def _correlation(other: slice) -> Callable[[ExactResult, int], float]:
    """Of good conduct of us this week with that of `other` (pairs in which it is good) later."""

    def read(solved: ExactResult, lag: int) -> float:
        steps = solved.chain.steps
        mass = solved.long_run.law @ (steps[0] + steps[1])
        both = float(mass.sum())
        for _ in range(lag - 1):
            mass = mass @ solved.chain.transition
        joint = sum(float((mass @ step).sum()) for step in steps[other])
        return (joint - both * 0.5) / 0.25  # each side is good in half of the weeks

    return read


_WHOLE: dict[str, Callable[[ExactResult], float]] = {
    "coop_us": lambda solved: solved.cooperation["us"],
    "coop_cn": lambda solved: solved.cooperation["cn"],
    "pay_us": _payoff("us"),
    "pay_cn": _payoff("cn"),
    "cc": lambda solved: solved.law["CC"],
    "cd": lambda solved: solved.law["CD"],
    "dc": lambda solved: solved.law["DC"],
    "dd": lambda solved: solved.law["DD"],
    "mean": lambda solved: solved.mean("standing"),
    "mean_clean": lambda solved: solved.mean("clean"),
    "spell": _spell,
    "gap": _gap,
    "ratio": _ratio,
    "total_us": _total,
}
_NUMBERED: dict[str, Callable[..., float]] = {
    "standing": _holds("standing"),
    "clean": _holds("clean"),
    "good": _good,
    "cross": _correlation(slice(0, 4, 2)),
    "own": _correlation(slice(0, 2)),
}


def _of_queue(row: Row) -> float:
    mean = row.game.changes["levers.cn.office.demand_batch"]
    approved = round(mean * row.game.changes["levers.cn.office.capacity"])
    law = queue_law(mean, approved)
    backlog = float(law @ np.arange(len(law)))
    return {"backlog": backlog, "wait": backlog / mean, "idle": float(law[0])}[row.quantity]


@cache
def queue_law(mean: float, approved: int) -> NDArray[np.float64]:
    """Long-run law of Q := max(Q + Poisson(mean) - approved, 0), by repeated squaring."""
    size = _LONGEST_QUEUE
    chance = np.array([exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(size)])
    step = np.zeros((size, size))
    for queue in range(size):
        after = np.clip(queue + np.arange(size) - approved, 0, size - 1)
        np.add.at(step[queue], after, chance)
    step /= step.sum(axis=1, keepdims=True)
    for _ in range(16):  # 65,536 weeks
        step = step @ step
        step /= step.sum(axis=1, keepdims=True)
    return step[0]
