"""When an outcome is defined and read, what it counts, and in how many runs it holds week by week.

Every run is followed to the horizon, so nothing is censored before it and the survival curve
is a plain share each week (the Kaplan-Meier estimate without losses). Week t begins 7(t - 1) days
after the start.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.counts import ENDED, FIRST_ONCE, K_MOST, RUNS
from sim.engines.own_outcomes import rows_of
from sim.outcomes.estimates import estimate, wilson
from sim.scenario.calendar import week_dates
from sim.world.outcomes import CURVES, NAMES, ONCE, all_names, outcome_of
from sim.world.params import NEVER

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally
    from sim.scenario.compile import Compiled


def term_of(rules: np.void, horizon: int | None = None) -> int | None:
    """The last week of the first term; None without a truce, if open-ended or past the horizon.

    horizon: here and below that of the rules, unless another one is given.
    """
    most = rules["weeks"] if horizon is None else horizon
    return int(rules["term"]) if rules["has_truce"] and 1 <= rules["term"] <= most else None


def week_read(rules: np.void) -> int:
    """The week at whose end outcomes are read: of the term, else of the horizon."""
    return term_of(rules) or int(rules["weeks"])


def undefined(outcome: str, rules: np.void, horizon: int | None = None) -> str | None:
    """Why an outcome is not defined in a scenario with these rules; None if it is."""
    row, most = outcome_of(outcome), rules["weeks"] if horizon is None else horizon
    if row.needs_truce and not rules["has_truce"]:
        return "the scenario has no [truce]"
    if row.once and rules["term"] == NEVER:
        return "the truce is open-ended"
    if row.once and rules["term"] > most:
        return f"its term of {rules['term']} weeks is longer than the horizon of {most}"
    return None


def defined(rules: np.void, horizon: int | None = None) -> tuple[str, ...]:
    """The shipped outcomes defined in a scenario with these rules, the headline first."""
    return tuple(name for name in NAMES if not undefined(name, rules, horizon))


def defined_in(tally: "Tally", rules: np.void) -> tuple[str, ...]:
    """The same, and then those of one's own that a tally counts."""
    counted_too = rows_of(tally)[len(ENDED) :]
    return (*defined(rules), *(name for name in counted_too if not undefined(name, rules)))


def all_defined(rules: np.void) -> tuple[str, ...]:
    """The same, with all of one's own: what runs that are played now are counted by."""
    return tuple(name for name in all_names() if not undefined(name, rules))


def headline(rules: np.void) -> str:
    """The outcome reported first: standing, or clean where there is no truce."""
    curves = {row.name for row in CURVES}
    return next(name for name in defined(rules) if name in curves)


def core_levers(world: "Compiled") -> list[str]:
    """The names of the truce's core levers."""
    flags = world.params.levers["core"]
    return [name for name, flag in zip(world.levers, flags, strict=True) if flag]


def counted(world: "Compiled", outcome: str) -> str:
    """What an outcome counts as holding, as the end of a sentence "share of runs with ..."."""
    return outcome_of(outcome).definition(world.params.rules[0], core_levers(world))


def holds_at(rows: np.ndarray, outcome: str, week: int) -> NDArray[np.bool_]:
    """Which runs (dtype ROW) hold at the end of a week; of what is decided once, came about."""
    row = outcome_of(outcome)
    if row.once:
        return np.asarray(rows[row.field] > 0)
    ended = rows[row.field]
    return np.asarray((ended == 0) | (ended > week))


def date_text(date: datetime.date) -> str:
    """A date as a reader writes it: "2 June 2025"."""
    return f"{date.day} {date:%B %Y}"


K_VALUES = range(1, K_MOST + 1)


def holding(tally: "Tally", outcome: str) -> NDArray[np.int64]:
    """Runs in which an outcome holds, shape (H,): at the end of week 1..H.

    Of an outcome that is decided once, those in which it came about, shape (1,).
    """
    row = outcome_of(outcome)
    if row.once:
        place = FIRST_ONCE + ONCE.index(row)
        return tally.counts[place : place + 1]
    return _still(tally, tally.ended[rows_of(tally).index(outcome)])


def holding_at(tally: "Tally", outcome: str, week: int) -> int:
    """Runs in which it holds at the end of a week; of what is decided once, came about."""
    return int(holding(tally, outcome)[0 if outcome_of(outcome).once else week - 1])


def holding_by(tally: "Tally", row: int, breakdown_after: int) -> NDArray[np.int64]:
    """Runs that stand at the end of week 1..H by another definition.

    row: of Params.thresholds, the rung of a rupture; breakdown_after: its weeks in a row, 1 to 6.
    """
    return _still(tally, tally.by_definition[row, breakdown_after - 1])


def _still(tally: "Tally", ended: NDArray[np.int64]) -> NDArray[np.int64]:
    return int(tally.counts[RUNS]) - np.cumsum(ended[1:-1])


def survival_frame(holds: NDArray[np.int64], n: int, start: datetime.date) -> "pd.DataFrame":
    """One row a week from 1: week, date (its first day), n, p, low, high."""
    import pandas as pd

    low, high = wilson(holds, n)
    return pd.DataFrame(
        {
            "week": np.arange(1, len(holds) + 1),
            "date": week_dates(start, len(holds)),
            "n": n,
            "p": holds / max(n, 1),
            "low": low,
            "high": high,
        }
    )


def definitions_frame(holds: Mapping[tuple[float, int, int], int], n: int) -> "pd.DataFrame":
    """One row a definition: rupture_rung, breakdown_after, week, n, p, low, high.

    holds: the runs that stand, by the first three.
    """
    import pandas as pd

    names = ["rupture_rung", "breakdown_after", "week"]
    if not holds:
        return pd.DataFrame([], columns=[*names, "n", "p", "low", "high"])
    runs = np.array(list(holds.values()), np.int64)
    low, high = wilson(runs, n)
    frame = pd.DataFrame(list(holds), columns=names)
    return frame.assign(n=n, p=runs / max(n, 1), low=low, high=high)


def joined_frame(tally: "Tally", world: "Compiled") -> "pd.DataFrame":
    """Share of the runs in which each ally that has a lever to join in has by each week.

    Columns: ally, week, date, n, p, low, high.
    """
    import pandas as pd

    frames = []
    for index in with_levers(world):
        by_week = np.cumsum(tally.joined[index, 1:-1])
        frame = survival_frame(by_week, int(tally.counts[RUNS]), world.start)
        frame.insert(0, "ally", world.allies[index])
        frames.append(frame)
    columns = ["ally", "week", "date", "n", "p", "low", "high"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame([], columns=columns)


def with_levers(world: "Compiled") -> Sequence[int]:
    """Indices of the allies that can join: those with a lever."""
    return [m for m, ally in enumerate(world.params.allies) if ally["lever"] >= 0]


def reading_frame(world: "Compiled", tallies: Sequence["Tally"]) -> "pd.DataFrame":
    """Every outcome at the end of the term (or the horizon), reading by reading.

    `tallies` are the counts of each reading's runs, in the order of the scenario. Columns: reading,
    weight, outcome, week, n, count, p, low, high (95 % Wilson).
    """
    import pandas as pd

    rules = world.params.rules[0]
    week = week_read(rules)
    rows = []
    for part, tally in zip(world.parts, tallies, strict=True):
        n = int(tally.counts[RUNS])
        for name in defined_in(tally, rules):
            count = holding_at(tally, name, week)
            share = estimate(count, n)
            shares = (share.p, share.low, share.high)
            rows.append((part.reading, part.slots.share, name, week, n, count, *shares))
    columns = ["reading", "weight", "outcome", "week", "n", "count", "p", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def median_week(frame: "pd.DataFrame") -> float:
    """The first week at whose end at most half of the runs hold; nan if more do to the last."""
    failed = frame.loc[frame["p"] <= 0.5, "week"]
    return float(failed.iloc[0]) if len(failed) else float("nan")


def restricted_mean(frame: "pd.DataFrame") -> float:
    """Mean number of weeks an outcome holds, counted up to the last week of the frame."""
    return float(frame["p"].sum())
