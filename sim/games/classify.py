"""What game is this? The implied game of a scenario, its name, its borders and its course.

A border is the value of one parameter at which the name changes, all others and the conduct itself
(which levers, how far) as they are. The search goes outward from the present value to the ends of
what is looked at, in steps, and then halves the step in which the name changed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from sim.extras import MissingPackageError
from sim.games.bimatrix import Bimatrix
from sim.games.equilibria import Component, equilibria, pure_equilibria
from sim.games.stage_game import (
    EVERYTHING,
    GRAVEST_ACT,
    ONE_NOTCH,
    YEAR,
    Conduct,
    StageGame,
    conduct_of,
    implied_game,
)
from sim.scenario import Scenario
from sim.scenario.key_paths import path_parts
from sim.scenario.ranges import applies, span_of
from sim.scenario.registry import entry_in, value_in

#: Ways to be bad that are compared, and what each is called.
BAD_CONDUCTS = (("one notch", ONE_NOTCH), ("rung 5", GRAVEST_ACT), ("everything", EVERYTHING))
#: What the payoffs of a lever in use depend on.
OF_LEVERS = (
    "own_gain",
    "own_cost",
    "harm_weight",
    "dependence",
    "stock_weeks",
    "bite",
    "capacity",
    "squeeze",
    "promised_by_owner",
)
#: Those also moved together, by one factor for all levers of a side.
TOGETHER = ("own_gain", "own_cost", "harm_weight", "dependence")
_ONLY_LICENCES = ("capacity", "squeeze", "promised_by_owner")
_STEPS = 24
_FINE = 1e-9  # of the search's width
_BEYOND = 1e-3  # of the way to the end
_FARTHEST = 4.0  # times the value, where no bound of the registry is near
_WIDEST_FACTOR = 10.0


@dataclass(frozen=True)
class Classification:
    """A scenario's implied game; `by_year` begins with the present one.

    `rung` is the one that bad conduct had to reach; `borders` are all that were found of `turned`
    parameters, the nearest first; `readings` gives the games by other rungs, and is empty for stage
    payoffs, which know no rungs. Where the package that finds mixed equilibria is not installed,
    `missing` says what to type, and `equilibria` are the pure ones, each by itself.
    """

    scenario: Scenario
    rung: float
    conduct: Conduct
    by_year: tuple[StageGame, ...]
    equilibria: tuple[Component, ...]
    borders: "tuple[Border, ...]"
    turned: int
    readings: tuple[tuple[str, StageGame], ...]
    missing: str = ""

    @property
    def game(self) -> StageGame:
        """The game as things stand."""
        return self.by_year[0]

    @property
    def staged(self) -> bool:
        """Whether the scenario gives the matrix itself."""
        return self.scenario.spec.stage_payoffs is not None

    @property
    def within(self) -> int:
        """How many parameters can change the game within their plausible range, alone."""
        return len({border.parameter for border in self.borders if border.within})

    @property
    def additive(self) -> bool:
        """Whether T + S = R + P for both sides."""
        return self.game.us.additive and self.game.cn.additive


def classify(
    scenario: Scenario,
    rung: float = GRAVEST_ACT,
    years: int = 5,
    progress: Callable[[int, int], None] | None = None,
) -> Classification:
    """The game of a scenario, exactly; `by_year` has `years` more, or none with stage payoffs.

    Raises ScenarioError for a side that cannot be bad.
    """
    conduct = conduct_of(scenario, rung)
    staged = scenario.spec.stage_payoffs is not None
    # meanwhile dependence halves, programmes come online, stocks fill
    leads = [YEAR * year for year in range(1 if staged else years + 1)]
    games = tuple(implied_game(scenario, conduct, lead) for lead in leads)
    others, turned = () if staged else BAD_CONDUCTS, knobs(scenario, conduct)
    found, missing = _equilibria(games[0].bimatrix)
    return Classification(
        scenario=scenario,
        rung=rung,
        conduct=conduct,
        by_year=games,
        equilibria=found,
        borders=borders(scenario, conduct, turned, progress),
        turned=len(turned),
        readings=tuple(
            (name, implied_game(scenario, conduct_of(scenario, other))) for name, other in others
        ),
        missing=missing,
    )


def _equilibria(game: Bimatrix) -> tuple[tuple[Component, ...], str]:
    """All equilibria and ""; or the pure ones, and what to type for the others."""
    try:
        return tuple(equilibria(game)), ""
    except MissingPackageError as error:
        us, cn = (np.eye(size) for size in game.shape)
        pure = (Component(((us[i], cn[j]),), True) for i, j in pure_equilibria(game))
        return tuple(pure), error.reason


class Knob(NamedTuple):
    """Something that can be turned: its paths, value, ends of the search and plausible range."""

    name: str
    paths: tuple[str, ...]
    value: float
    low: float
    high: float
    stated: tuple[float, float] | None
    factor: bool  # `value` is a factor of what the paths hold


@dataclass(frozen=True)
class Border:
    """Where turning one parameter changes the game: the nearest value on each side, if any.

    `names` are those of us and cn beyond the border.
    """

    parameter: str
    value: float
    at: float
    names: tuple[str, str]
    stated: tuple[float, float] | None
    factor: bool

    @property
    def within(self) -> bool:
        """Whether it lies within the plausible range of the parameter."""
        return self.stated is not None and self.stated[0] <= self.at <= self.stated[1]

    @property
    def distance(self) -> float:
        """How far it is, as a share of the present value (of 1 where that is 0)."""
        return abs(self.at - self.value) / (abs(self.value) or 1.0)


def borders(
    scenario: Scenario,
    conduct: Conduct,
    turned: Sequence[Knob],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Border, ...]:
    """Every border of the implied game; `progress` gets (parameters done, of how many)."""
    now = implied_game(scenario, conduct)
    crossed: list[Border] = []
    for number, knob in enumerate(turned, start=1):
        for end in (knob.low, knob.high):
            crossed += _border(scenario, conduct, now, knob, end)
        if progress is not None:
            progress(number, len(turned))
    return tuple(sorted(crossed, key=lambda each: (each.distance, each.parameter, each.at)))


def knobs(scenario: Scenario, conduct: Conduct) -> list[Knob]:
    """The parameters that the game depends on: of the levers pulled, or the stage payoffs."""
    if scenario.spec.stage_payoffs is not None:
        return list(_of_stage_payoffs(scenario))
    pulled = [scenario.compiled.levers[k] for k in conduct.pulled]
    return [*_of_levers(scenario, pulled), *_of_sides(scenario, pulled)]


def _value(scenario: Scenario, path: str) -> Any:
    return value_in(scenario.spec, path_parts(path))


def _of_levers(scenario: Scenario, pulled: list[str]) -> Iterator[Knob]:
    for name in pulled:
        side, short = name.split(".", 1)
        lever = scenario.spec.levers[side][short]
        for field in OF_LEVERS:
            licence = lever.control == "licence"
            if licence if field == "bite" else (field in _ONLY_LICENCES and not licence):
                continue
            path = f"levers.{name}.{field}"
            entry, value = entry_in(scenario.spec, path_parts(path)), _value(scenario, path)
            assert entry is not None
            stated = span_of(entry, value) if applies(entry, lever, value) else None
            high = max(_FARTHEST * value, stated[1] if stated else 0.0, 1.0)
            high = high if entry.high is None else min(high, entry.high)
            yield Knob(path, (path,), float(value), 0.0, float(high), stated, False)


def _of_sides(scenario: Scenario, pulled: list[str]) -> Iterator[Knob]:
    for side in scenario.spec.ids:
        mine = [name for name in pulled if name.startswith(f"{side}.")]
        for field in TOGETHER if len(mine) > 1 else ():
            paths = tuple(f"levers.{name}.{field}" for name in mine)
            highest = max(_value(scenario, path) for path in paths)
            most = 1.0 / highest if field == "dependence" and highest else _WIDEST_FACTOR
            yield Knob(f"levers.{side}.*.{field}", paths, 1.0, 0.0, float(most), None, True)


def _of_stage_payoffs(scenario: Scenario) -> Iterator[Knob]:
    payoffs = scenario.compiled.params.stage
    reach = 2.0 * float(payoffs.max() - payoffs.min())
    for side, own, other in product(scenario.spec.ids, ("good", "bad"), ("good", "bad")):
        path = f"stage_payoffs.{side}.{own}.{other}"
        value = _value(scenario, path)
        yield Knob(path, (path,), value, value - reach, value + reach, None, False)


def _border(
    scenario: Scenario, conduct: Conduct, now: StageGame, knob: Knob, end: float
) -> Iterator[Border]:
    """The first border between the present value and an end, if there is one."""
    from scipy.optimize import bisect

    unit = {path: _value(scenario, path) if knob.factor else 1.0 for path in knob.paths}

    def names(value: float) -> tuple[str, str]:
        turned = scenario.with_values({path: value * of for path, of in unit.items()})
        return implied_game(turned, conduct).names

    def same(value: float) -> float:
        return 1.0 if names(value) == now.names else -1.0

    last = knob.value
    for value in np.linspace(knob.value, end, _STEPS + 1)[1:].tolist():
        if same(value) < 0:
            at = bisect(same, last, value, xtol=_FINE * (knob.high - knob.low))
            beyond = at + _BEYOND * (end - knob.value)  # on the border itself there is a tie
            yield Border(knob.name, knob.value, at, names(beyond), knob.stated, knob.factor)
            return
        last = value
