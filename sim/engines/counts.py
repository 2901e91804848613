"""What a tally counts and a row keeps: names, places and shapes, apart from what fills them.

And what the fields of a row are called in the table of runs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.world.outcomes import CURVE_FIELDS, CURVES, ONCE, ONCE_FIELDS
from sim.world.params import FLOW, Params
from sim.world.state import CAUSES, GROUPS, LANES, NO_CAUSE, SHOCK_ACT, TRUCE_ENDED

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: The most weeks in a row K for which standing is counted.
K_MOST = 6
#: Rows of Tally.ended: the outcomes that hold until a week.
ENDED = tuple(one.name for one in CURVES)

#: What Tally.counts counts; of an outcome decided once, the runs in which it came about.
COUNTS = ("runs", *(one.name for one in ONCE))
COUNTS += ("lapsed", "talked", "talks", "renewals", "term_in_force", "watched")
RUNS = COUNTS.index("runs")
FIRST_ONCE = RUNS + 1
LAPSED = COUNTS.index("lapsed")
TALKED = COUNTS.index("talked")
TALKS = COUNTS.index("talks")
RENEWALS = COUNTS.index("renewals")
TERM_IN_FORCE = COUNTS.index("term_in_force")
WATCHED = COUNTS.index("watched")

BINS = 256
TALKS_BINS = 64
FIXED_POINT = float(2**24)
#: Bands follow the first so many runs: quantiles of 20,000 runs are known to a third of a percent
#: of probability, and following more would cost a fifth of the time.
WATCHED_RUNS = 20_000

#: Runs whose bands wait to be counted together, so that the counters in use stay near at hand:
#: run by run they took a seventh of all time, waiting for memory.
WATCHED_AT_ONCE = 64

#: One kept run (weeks: 0 = never).
ROW = np.dtype(
    [
        *((name, "i4") for name in CURVE_FIELDS),
        ("lapse_week", "i4"),
        *((name, "i1") for name in ONCE_FIELDS),
        ("first_talks", "i4"),
        ("talks_count", "i4"),
        ("cause", "i1"),
        ("cause_who", "i1"),
        ("cause_item", "i4"),
        ("cause_week", "i4"),
        ("payoff_us", "f8"),
        ("payoff_cn", "f8"),
        ("harm_us", "f8"),
        ("harm_cn", "f8"),
    ],
    align=True,
)

#: Column of the table: field of ROW. Weeks: 0 in the row, never in words.
WEEKS = {one.column: one.field for one in CURVES}
WEEKS |= {"lapse_week": "lapse_week", "first_talks_week": "first_talks"}
#: What came about or did not.
FLAGS = {one.column: one.field for one in ONCE}
#: What each side has of a run: fields of ROW, the first side's and the other's.
_AMOUNTS = {"payoff": ("payoff_us", "payoff_cn"), "harm": ("harm_us", "harm_cn")}

#: Rows of Bins.goods: quantities of sides, flows, stocks.
OF_FLOWS = 2
OF_STOCKS = OF_FLOWS + GROUPS


class Bins(NamedTuple):
    """Bands of runs that are not counted yet, week by week; V band variables in each of H + 1."""

    seen: np.ndarray  # float64 (S,): all that a band may follow, this week; see `place_of`
    goods: np.ndarray  # float64 (S / LANES, LANES): the same memory, by groups of levers
    which: np.ndarray  # int32 (V,): the place in `seen` of what a band follows
    values: np.ndarray  # float64 ((H + 1) V,): what they were in the run that is played
    scale: np.ndarray  # float64 ((H + 1) V,): Params.bands' scale, for every week anew
    sums: np.ndarray  # int64 ((H + 1) V,): of the values, in fixed point
    places: np.ndarray  # uint8 (N, (H + 1) V): bins of the values of the runs that wait


class Tally(NamedTuple):
    """Counts over runs. H horizon, K levers, V band variables; see each field."""

    counts: np.ndarray  # int64 (C,): COUNTS
    ended: np.ndarray  # int64 (E, H + 2): runs by ENDED and first week it fails; H + 1: never
    by_definition: np.ndarray  # int64 (R, 6, H + 2): standing by Params.thresholds and K
    trigger: np.ndarray  # int64 (causes, 2, items + 1, H + 2): disputes; last item: none
    first_talks: np.ndarray  # int64 (H + 2,)
    talks_number: np.ndarray  # int64 (64,)
    conduct: np.ndarray  # int64 (H + 1, 4): by week and 2 * (us bad) + (cn bad)
    hist: np.ndarray  # int64 (V, H + 1, 256)
    bands_sum: np.ndarray  # int64 (V, H + 1), fixed point
    payoffs: np.ndarray  # int64 (2, 2, 3): side, (payoff, harm), (sum, high and low of squares)
    joined: np.ndarray  # int64 (M, H + 2): runs by ally and the week it joined; H + 1: never


def new_tally(params: Params) -> Tally:
    """An empty tally of the shapes that this scenario needs."""
    weeks = int(params.rules[0].weeks)
    items = max(len(params.levers), len(params.shocks))
    bands = len(params.bands)
    return Tally(
        np.zeros(len(COUNTS), np.int64),
        np.zeros((len(ENDED), weeks + 2), np.int64),
        np.zeros((len(params.thresholds), K_MOST, weeks + 2), np.int64),
        np.zeros((len(CAUSES), 2, items + 1, weeks + 2), np.int64),
        np.zeros(weeks + 2, np.int64),
        np.zeros(TALKS_BINS, np.int64),
        np.zeros((weeks + 1, 4), np.int64),
        np.zeros((bands, weeks + 1, BINS), np.int64),
        np.zeros((bands, weeks + 1), np.int64),
        np.zeros((2, 2, 3), np.int64),
        np.zeros((len(params.allies), weeks + 2), np.int64),
    )


def new_bins(params: Params, runs: int = WATCHED_AT_ONCE) -> Bins:
    """Room for the bands of so many runs that are to be counted together."""
    seen = np.zeros((OF_STOCKS + GROUPS) * LANES)
    which = [place_of(int(band["quantity"]), int(band["index"])) for band in params.bands]
    scale = np.tile(params.bands["scale"].astype(float), int(params.rules[0].weeks) + 1)
    places = np.zeros((runs, len(scale)), np.uint8)
    of_now = seen, seen.reshape(-1, LANES), np.array(which, np.int32)
    return Bins(*of_now, np.zeros(len(scale)), scale, np.zeros(len(scale), np.int64), places)


def place_of(quantity: int, index: int) -> int:
    """Where in Bins.seen a quantity stands: by side, or of goods by lever."""
    if quantity < FLOW:
        return 2 * quantity + index
    return LANES * (OF_FLOWS if quantity == FLOW else OF_STOCKS) + index


def merge(tallies: list[Tally]) -> Tally:
    """Sum of tallies of the same shapes; the order does not matter."""
    first, *rest = tallies
    merged = Tally(*(field.copy() for field in first))
    for tally in rest:
        for into, field in zip(merged, tally, strict=True):
            into += field
    return merged


def amounts(ids: tuple[str, str]) -> dict[str, str]:
    """Column of the table of runs -> field of ROW: payoff and harm, each of both sides."""
    return {
        f"{what}_{side}": field
        for what, fields in _AMOUNTS.items()
        for side, field in zip(ids, fields, strict=True)
    }


def amount_field(what: str, side: int) -> str:
    """The field of ROW with the payoff or harm of a side, 0 or 1."""
    return _AMOUNTS[what][side]


def numbers(ids: tuple[str, str]) -> dict[str, str]:
    """Column -> field of what is a number of each run: rounds of talks, payoffs and harms."""
    return {"talks": "talks_count", **amounts(ids)}


def item_name(cause: int, item: int, levers: Sequence[str], shocks: Sequence[str]) -> str:
    """The lever, or for shocks and acts the shock, of a trigger; "" if it has none."""
    names = shocks if cause in (SHOCK_ACT, TRUCE_ENDED) else levers
    return names[item] if 0 <= item < len(names) else ""


def named_row(row: np.void, run: int, world: "Compiled") -> dict[str, Any]:
    """One ROW as a line of the table of runs, with None for a week that never came."""
    ids, levers, shocks = world.sides.ids, world.levers, world.shocks
    named: dict[str, Any] = {"run": run}
    named |= {name: int(row[field]) or None for name, field in WEEKS.items()}
    named |= {name: bool(row[field]) for name, field in FLAGS.items()}
    named |= dict.fromkeys(("cause", "cause_who", "cause_item", "cause_week"))
    cause = int(row["cause"])
    if cause != NO_CAUSE:
        named["cause"] = CAUSES[cause]
        named["cause_who"] = ids[int(row["cause_who"])]
        named["cause_item"] = item_name(cause, int(row["cause_item"]), levers, shocks)
        named["cause_week"] = int(row["cause_week"])
    return named | {name: row[field].item() for name, field in numbers(ids).items()}
