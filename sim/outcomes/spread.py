"""The second uncertainty: how the outcomes move over what is believed of the parameters.

A Latin hypercube (McKay, Beckman and Conover, 1979) over all plausible ranges at once, each with
its law, mostly the uniform one, with common random numbers unless each is asked to have its own. It
is drawn here from Philox, as all random numbers are here, rather than by scipy.stats.qmc: that
import alone takes half a second of a run that takes three.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.butfor import up_to, without_bands
from sim.outcomes.decomposition import COMMON, FRESH, Decomposition, Pull, decompose, pulls
from sim.outcomes.definitions import all_defined, defined, holds_at, week_read
from sim.outcomes.estimates import estimate, quantile_ends
from sim.report.side_by_side import may_fork, side_by_side
from sim.scenario.distribution import Distribution
from sim.scenario.draw_tables import prepare
from sim.scenario.key_paths import UNIFORM, path_parts
from sim.scenario.registry import leaves, value_in
from sim.threads import by_threads
from sim.world.params import Params
from sim.world.philox import philox
from sim.world.purposes import DESIGN

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled

POINTS = 200
RUNS_A_POINT = 500
PERCENTILES = (5, 50, 95)
_COLUMNS = ["outcome", "q05", "q50", "q95", "low", "high"]
#: What results of older versions do not have: the error of the ends, and where these settings lie.
_ERRORS = ("q05_low", "q05_high", "q95_low", "q95_high")
_PLACE = ("less", "more")
_WORD = 0xFFFFFFFF
#: Path of the variance of the heat, of which each point has a table of its own.
HEAT = "heat"


@dataclass(frozen=True)
class Spread:
    """Quantiles of the outcomes over the plausible ranges.

    `outcomes`: rows of outcome, q05, q50, q95, low, high (the least and the most of all points);
    `frame` is the table of them; with them q05_low, q05_high, q95_low, q95_high (95 % intervals of
    both ends) and less, more (the points at which the outcome is rarer, commoner than at these
    settings, as shares). `judged`: how many of the `ranges` are the general ones of the program,
    by judgement, not written in the scenario. `shaped`: how many are not uniform. `luck`: common to
    all points, or fresh at each. `parts`: by outcome, the variance of one run apart by parameters
    and chance. `fixed`: decisions of the user, not varied. `pulls`: by outcome, the ranges that lie
    off the values most. `drawn`: by parameter its value at each point; `shares`: by outcome its
    share there; `settings` is the table of both.
    """

    points: int
    runs: int  # at each point
    ranges: int  # parameters varied
    outcomes: Sequence[Mapping[str, Any]]
    shaped: int = 0
    luck: str = COMMON
    parts: Mapping[str, Decomposition] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    pulls: Mapping[str, tuple[Pull, ...]] = field(default_factory=dict)
    inert: int = 0  # of the ranges, those that cannot move the headline
    judged: int = 0
    drawn: Mapping[str, Sequence[float]] = field(default_factory=dict, repr=False)
    shares: Mapping[str, Sequence[float]] = field(default_factory=dict, repr=False)

    @property
    def chance(self) -> float:
        """How far chance alone may move one point: half its 95 % interval, at its widest.

        That of a share of one half of `runs` runs (Wilson).
        """
        return estimate(self.runs // 2, self.runs).half_width

    @property
    def mostly_judged(self) -> bool:
        """Whether more than half of the ranges are judgement."""
        return 2 * self.judged > self.ranges

    def of(self, outcome: str) -> dict[str, float] | None:
        """The quantiles of one outcome, and what else is known of it; None if it is not defined."""
        for row in self.outcomes:
            if row["outcome"] == outcome:
                return {name: float(value) for name, value in row.items() if name != "outcome"}
        return None

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """The quantiles of all outcomes as a table."""
        import pandas as pd

        return pd.DataFrame(list(self.outcomes), columns=_COLUMNS)

    @property
    def settings(self) -> "pd.DataFrame | None":
        """A row a point: each parameter's value, by its path, then each outcome's share of `runs`.

        None of a result of a version that did not keep it.
        """
        import pandas as pd

        return pd.DataFrame({**self.drawn, **self.shares}) if self.shares else None

    def with_settings(self, settings: "pd.DataFrame") -> "Spread":
        """The same with the table of its points, as `settings` gave it.

        Raises KeyError if that lacks one of its outcomes.
        """
        names = [row["outcome"] for row in self.outcomes]
        columns = {str(name): settings[name].tolist() for name in settings}
        shares = {name: columns.pop(name) for name in names}
        return replace(self, drawn=columns, shares=shares)

    def to_table(self) -> dict[str, Any]:
        """As plain values, for a manifest, without its points; `spread_from` reads it back."""
        table = asdict(replace(self, drawn={}, shares={}))
        del table["drawn"], table["shares"]
        return table | {"held": list(table.pop("fixed"))}


def spread_from(table: Mapping[str, Any]) -> Spread:
    """The Spread that `to_table` wrote."""

    def part(stored: Mapping[str, Any]) -> Decomposition:  # older versions: `dice` for chance
        return Decomposition(**{"chance" if k == "dice" else k: v for k, v in stored.items()})

    plain = ("points", "runs", "ranges", "outcomes", "shaped", "luck")
    return Spread(
        **{name: table[name] for name in plain},
        parts={name: part(stored) for name, stored in table["parts"].items()},
        fixed=tuple(table.get("held", ())),
        inert=table.get("inert", 0),
        judged=table.get("judged", 0),
        pulls={
            name: tuple(Pull(**pull) for pull in of_outcome)
            for name, of_outcome in table.get("pulls", {}).items()
        },
    )


def latin_hypercube(points: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Shape (points, dimensions), in [0, 1): in each column one point in each n-th of the unit.

    The order of a column is that of one Philox word a point, its place within the n-th another.
    """
    row = np.arange(points, dtype=np.uint64)[:, None]
    column = np.arange(dimensions, dtype=np.uint64)[None, :]
    zero = np.zeros((points, dimensions), dtype=np.uint64)
    words = philox(
        seed & _WORD, (seed >> 32) & _WORD, zero + row, zero + column, zero + DESIGN, zero
    )
    order = np.argsort(np.argsort(words[0], axis=0, kind="stable"), axis=0, kind="stable")
    return (order + words[1] * 2.0**-32) / points


def design(
    believed: Mapping[str, Distribution], whole: Sequence[str], points: int, seed: int
) -> list[dict[str, Any]]:
    """The points of the outer loop: path -> value, by shares of the mass of each distribution.

    Paths in `whole` take whole numbers.
    """
    unit = latin_hypercube(points, len(believed), seed)
    columns: dict[str, list[Any]] = {}
    for column, (path, law) in enumerate(believed.items()):
        values = law.at(unit[:, column], whole=path in whole).tolist()
        columns[path] = [int(x) for x in values] if path in whole else values
    return [{path: values[i] for path, values in columns.items()} for i in range(points)]


def outer_loop(
    scenario: "Scenario",
    seed: int,
    threads: int | None = None,
    points: int = POINTS,
    runs: int = RUNS_A_POINT,
    luck: str = COMMON,
    vary_decisions: bool = False,
    late: Callable[[], None] | None = None,
    here: Mapping[str, float] | None = None,
) -> Spread:
    """Run the scenario at `points` points of what is believed of it, `runs` runs each.

    What the user decided is held fixed, unless `vary_decisions`. With common random numbers every
    point plays runs 0 .. runs - 1; with fresh ones point i plays the `runs` runs from i * runs on.
    late: returns when a core is free that is busy now; one process less plays until then.
    here: by outcome its share at these settings, whose place among the points is then known.
    """
    fixed = () if vary_decisions else scenario.decisions()
    believed = varied(scenario, fixed)
    points_drawn = design(believed, whole_paths(scenario), points if believed else 1, seed)
    values = {path: float(value_in(scenario.spec, path_parts(path))) for path in believed}
    drawn = {path: [point[path] for point in points_drawn] for path in values}
    holding = holding_at(scenario, points_drawn, seed, threads, runs, luck, late=late)
    shares = {name: [float(rows.mean()) for rows in points] for name, points in holding.items()}
    return Spread(
        points=len(points_drawn),
        runs=runs,
        ranges=len(believed),
        outcomes=summary_rows(shares, here or {}),
        shaped=sum(law.kind != UNIFORM for law in believed.values()),
        luck=luck,
        parts={name: decompose(np.array(rows), luck) for name, rows in holding.items() if rows[1:]}
        if runs > 1
        else {},
        fixed=fixed,
        inert=len(believed.keys() & scenario.inert().keys()),
        judged=judged(scenario, believed),
        pulls={name: pulls(drawn, points, values) for name, points in shares.items()},
        drawn=drawn,
        shares=shares,
    )


def played_again(
    spread: Spread, scenario: "Scenario", seed: int, threads: int | None = None
) -> Spread:
    """The same with the shares of the settings that it drew, each played once more."""
    drawn = [
        dict(zip(spread.drawn, row, strict=True))
        for row in zip(*spread.drawn.values(), strict=True)
    ]
    holding = holding_at(scenario, drawn, seed, threads, spread.runs, spread.luck)
    shares = {name: [float(rows.mean()) for rows in points] for name, points in holding.items()}
    return replace(spread, shares=shares)


def holding_at(
    scenario: "Scenario",
    points: Sequence[Mapping[str, Any]],
    seed: int,
    threads: int | None = None,
    runs: int = RUNS_A_POINT,
    luck: str = COMMON,
    outcomes: Sequence[str] = (),
    late: Callable[[], None] | None = None,
) -> dict[str, list[NDArray[np.bool_]]]:
    """Which runs hold at the end of the term, by outcome and point of a design.

    outcomes: only these, which are defined; the points then take less time. late: see `outer_loop`.
    """

    def play(place: int) -> dict[str, NDArray[np.bool_]]:
        first = place * runs if luck == FRESH else 0
        world = scenario.with_values(points[place]).unfollowed
        return runs_that_hold(world, seed, first, runs, outcomes)

    holding: dict[str, list[NDArray[np.bool_]]] = {}
    prepare([point[HEAT] for point in points if HEAT in point])
    for point in _side_by_side(play, len(points), threads, late):
        for outcome, rows in point.items():
            holding.setdefault(outcome, []).append(rows)
    return holding


def varied(scenario: "Scenario", fixed: Sequence[str]) -> dict[str, Distribution]:
    """What the outer loop varies: all that is believed, but what is held fixed."""
    believed = scenario.distributions()
    return {path: law for path, law in believed.items() if path not in fixed}


def judged(scenario: "Scenario", believed: Iterable[str]) -> int:
    """How many ranges of some paths are the general ones of the program, which are judgement."""
    return sum(path not in scenario.spec.ranges for path in believed)


def runs_that_hold(
    world: "Compiled",
    seed: int,
    first: int,
    runs: int,
    outcomes: Sequence[str] = (),
    threads: int | None = 1,
) -> dict[str, NDArray[np.bool_]]:
    """Which of `runs` runs from `first` on hold at the end of the term, by defined outcome.

    outcomes: only these, which are defined; runs may then be over sooner.
    """
    from sim.engines.batch import deciding_rows

    rules = world.params.rules[0]
    names = outcomes or all_defined(rules)
    parts = [part.changed(without_bands).changed(up_to_the_term) for part in world.parts]
    rows = deciding_rows(parts, seed, first, runs, names, threads)
    return held_at_term(rows, rules, names)


def up_to_the_term(params: Params) -> Params:
    """The same weeks, ending where the outcomes are read: what comes later changes none of them."""
    return up_to(params, week_read(params.rules[0]))


def held_at_term(
    rows: np.ndarray, rules: np.void, outcomes: Sequence[str] = ()
) -> dict[str, NDArray[np.bool_]]:
    """Which runs hold at the end of the term (else the horizon), by outcome; all that are defined.

    outcomes: only these.
    """
    week = week_read(rules)
    names = outcomes or defined(rules)
    return {name: holds_at(rows, name, week) for name in names}


def _side_by_side(
    play: Callable[[int], dict[str, NDArray[np.bool_]]],
    points: int,
    threads: int | None,
    late: Callable[[], None] | None,
) -> list[dict[str, NDArray[np.bool_]]]:
    """The points shared out to copies of this process, else one a thread.

    Of two threads one would wait while the other makes tables. Ctrl-C drops what is not begun.
    """
    if may_fork():
        return side_by_side(play, range(points), threads, late)
    return by_threads(play, range(points), threads)


def whole_paths(scenario: "Scenario") -> list[str]:
    """Paths of the scenario's values that are whole numbers."""
    return [
        ".".join(leaf.path)
        for leaf in leaves(scenario.spec)
        if isinstance(leaf.value, int) and not isinstance(leaf.value, bool)
    ]


def quantiles(values: Sequence[float]) -> list[float]:
    """PERCENTILES of some shares: the inverse of their empirical distribution."""
    percentiles: list[float] = np.percentile(values, PERCENTILES, method="inverted_cdf").tolist()
    return percentiles


def summary_rows(
    shares: Mapping[str, Sequence[float]], here: Mapping[str, float]
) -> list[dict[str, Any]]:
    """By outcome quantiles of the points' shares, and the place of the share `here`, if known."""
    return [
        summary_row(outcome, values, here.get(outcome))
        for outcome, values in shares.items()
        if values
    ]


def summary_row(outcome: str, values: Sequence[float], here: float | None) -> dict[str, Any]:
    """The row of one outcome in `summary_rows`."""
    found = (outcome, *quantiles(values), min(values), max(values))
    row = dict(zip(_COLUMNS, found, strict=True))
    ends = (*quantile_ends(values, 0.05), *quantile_ends(values, 0.95))
    row |= dict(zip(_ERRORS, ends, strict=True))
    if here is not None:
        places = (sum(x < here for x in values), sum(x > here for x in values))
        row |= {name: count / len(values) for name, count in zip(_PLACE, places, strict=True)}
    return row
