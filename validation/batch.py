"""Batch values of the quantities: what the simulator plays, each with its standard error."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

import numpy as np

from sim import simulate
from sim.engines.trace import record_run
from sim.outcomes.result import Result
from validation.row import Game, Row

SEED = 1984
#: Means of up to so many weeks are played, each run to its end: a horizon of ENOUGH means.
LONGEST_MEAN, ENOUGH = 130.0, 30
GOOD_OR_NOT = ((1.0, 1.0), (0.0, 0.0))  # by own, then other: 1 for own good conduct
#: Stage payoffs of (us, cn) that are 1 in the weeks a share counts, else 0.
COUNTED = {
    "coop_us": (GOOD_OR_NOT, GOOD_OR_NOT),
    "cc": (((1.0, 0.0), (0.0, 0.0)), ((0.0, 0.0), (0.0, 1.0))),
    "cd": (((0.0, 1.0), (0.0, 0.0)), ((0.0, 1.0), (0.0, 0.0))),
}
#: Where the share is read: whose payoff of which count.
READ = {
    "coop_us": ("coop_us", "us"),
    "coop_cn": ("coop_us", "cn"),
    "cc": ("cc", "us"),
    "dd": ("cc", "cn"),
    "cd": ("cd", "us"),
    "dc": ("cd", "cn"),
}


@dataclass(frozen=True)
class Effort:
    """How much to play: runs for early weeks; runs, burn-in and horizon for the long run."""

    runs: int
    long_runs: int
    burn_in: int
    weeks: int


@dataclass(frozen=True)
class Measured:
    """An estimate with its standard error (0: no chance in it) and its number of runs."""

    value: float
    se: float
    n: int


def measure(row: Row, effort: Effort) -> Measured | None:
    """The batch engine's value of a row; None where only the exact engine can tell."""
    kind, *numbers = row.quantity.split("_")
    if row.quantity in READ:
        count, side = READ[row.quantity]
        return _mean(_long_run(row.game, count, effort)[side])
    if kind == "pay":
        return _mean(_long_run(row.game, "own", effort)[numbers[0]])
    if row.quantity in ("mean", "mean_clean", "mean_end"):
        return _mean_weeks(row, effort) if row.published <= LONGEST_MEAN else None
    if kind in _READERS:
        return _READERS[kind](row.game, effort, *numbers)
    return None


def _mean(values: np.ndarray) -> Measured:
    """Mean over runs, which are independent: batch means."""
    return Measured(
        float(values.mean()), float(values.std(ddof=1)) / sqrt(len(values)), len(values)
    )


def _share(p: float, n: int) -> Measured:
    return Measured(p, sqrt(p * (1 - p) / n), n)


@cache
def _long_run(game: Game, count: str, effort: Effort) -> dict[str, np.ndarray]:
    """Mean payoff a week of each run after the burn-in, for `count` or the game's own payoffs.

    A run is the same under every horizon, so that what it gets after the burn-in is the
    difference of two totals.
    """
    stage = {} if count == "own" else _stage(*COUNTED[count])
    short, long = (
        _table(game, effort.long_runs, weeks=weeks, **stage)
        for weeks in (effort.burn_in, effort.weeks)
    )
    weeks = effort.weeks - effort.burn_in
    return {
        side: (long[f"payoff_{side}"] - short[f"payoff_{side}"]).to_numpy() / weeks
        for side in ("us", "cn")
    }


def _stage(*sides: tuple[tuple[float, float], tuple[float, float]]) -> dict[str, Any]:
    """Overrides of the stage payoffs of us and of cn."""
    return {
        f"stage_payoffs.{side}.{own}.{other}": value
        for side, payoffs in zip(("us", "cn"), sides, strict=True)
        for own, row in zip(("good", "bad"), payoffs, strict=True)
        for other, value in zip(("good", "bad"), row, strict=True)
    }


def _table(game: Game, runs: int, **changes: Any) -> Any:
    found = simulate(game.scenario(**changes), runs=runs, seed=SEED, keep_runs=True).runs
    assert found is not None
    return found


@cache
def _played(game: Game, runs: int, weeks: int) -> Result:
    return simulate(game.scenario(weeks=weeks), runs=runs, seed=SEED)


def _ratio(game: Game, effort: Effort) -> Measured:
    """Ratio of the gains over 1; its standard error by the delta method."""
    gains = _long_run(game, "own", effort)
    us, cn = gains["us"] - 1.0, gains["cn"] - 1.0
    value = float(us.mean() / cn.mean())
    spread = _mean((us - value * cn) / cn.mean()).se
    return Measured(value, spread, len(us))


def _mean_weeks(row: Row, effort: Effort) -> Measured:
    column = "first_violation_week" if row.quantity == "mean_clean" else "breakdown_week"
    table = _table(row.game, 10 * effort.long_runs, weeks=int(ENOUGH * row.published))
    return _mean(table[column].to_numpy(dtype=float))


def _holds(outcome: str) -> Callable[..., Measured]:
    def read(game: Game, effort: Effort, week: str) -> Measured:
        found = _played(game, effort.runs, max(26, int(week))).at(outcome, int(week))
        assert found is not None
        return _share(found.p, found.n)

    return read


def _good(game: Game, effort: Effort, first: str, last: str | None = None) -> Measured:
    """Cooperation of us in a week, or over weeks 1..last."""
    if last is not None:
        table = _table(game, effort.runs, weeks=int(last), **_stage(*COUNTED["coop_us"]))
        return _mean(table["payoff_us"].to_numpy() / int(last))
    counts = _played(game, effort.runs, 26).tally.conduct[int(first)]
    p = float(counts[:2].sum() / counts.sum())
    return _share(p, int(counts.sum()))


def _total(game: Game, effort: Effort, side: str) -> Measured:
    return _mean(_table(game, effort.runs)[f"payoff_{side}"].to_numpy())


def _median(game: Game, effort: Effort) -> Measured:
    """The week by whose end half of the runs have ended; its error from the curve's slope."""
    curve = _played(game, effort.runs, 120).survival("standing")["p"].to_numpy()
    week = int((curve > 0.5).sum()) + 1
    slope = float(curve[week - 2] - curve[week - 1])
    return Measured(float(week), 0.5 / sqrt(effort.runs) / slope, effort.runs)


def _backlogs(game: Game, effort: Effort) -> np.ndarray:
    """Backlog of the office by run and week after the burn-in, in weeks of demand."""
    params = game.scenario(weeks=effort.weeks).compiled.params
    runs = range(max(10, effort.long_runs // 4))
    office = len(params.levers) - 1
    return np.array(
        [record_run(params, SEED, run).levers["backlog"][effort.burn_in :, office] for run in runs]
    )


def _queue(read: Callable[[np.ndarray, float], np.ndarray]) -> Callable[..., Measured]:
    def measured(game: Game, effort: Effort) -> Measured:
        demand = float(game.changes["levers.cn.office.demand_batch"])
        return _mean(read(_backlogs(game, effort), demand).mean(axis=1))

    return measured


def _office(game: Game) -> Any:
    """Week by week, the state of the office in a game without luck."""
    params = game.scenario().compiled.params
    return record_run(params, SEED, 0).levers[:, len(params.levers) - 1]


def _certain(field: str) -> Callable[..., Measured]:
    def read(game: Game, effort: Effort, week: str) -> Measured:
        return Measured(float(_office(game)[field][int(week)]), 0.0, 1)

    return read


def _drain(game: Game, effort: Effort) -> Measured:
    """Weeks from the largest backlog to none, the last one in part."""
    backlog = _office(game)["backlog"]
    top = int(backlog.argmax())
    left = backlog[top:]
    whole = int((left > 1e-12).sum()) - 1
    return Measured(whole + float(left[whole] / (left[0] - left[1])), 0.0, 1)


def _runout(game: Game, effort: Effort) -> Measured:
    """Weeks of use until the stock is empty, the last one in part."""
    stock = _office(game)["stock"]
    whole = int((stock <= 0.0).argmax()) - 1
    return Measured(whole + float(stock[whole] / (stock[0] - stock[1])), 0.0, 1)


def _belief(game: Game, effort: Effort, week: str) -> Measured:
    bands = simulate(game.scenario(), runs=10, seed=SEED).bands
    found = bands[(bands["variable"] == "belief") & (bands["who"] == "us")]["mean"]
    return Measured(1.0 - float(found.iloc[int(week) - 1]), 0.0, 10)


_READERS: dict[str, Callable[..., Measured]] = {
    "ratio": _ratio,
    "standing": _holds("standing"),
    "clean": _holds("clean"),
    "good": _good,
    "total": _total,
    "median": _median,
    "backlog": _queue(lambda backlog, demand: backlog * demand),
    "wait": _queue(lambda backlog, demand: backlog),
    "idle": _queue(lambda backlog, demand: (backlog < 1e-9).astype(float)),
    "held": _certain("backlog"),
    "flow": _certain("flow"),
    "drain": _drain,
    "runout": _runout,
    "belief": _belief,
}
