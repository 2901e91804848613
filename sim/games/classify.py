"""What game is this? The implied game of a scenario, its name, its borders and its course."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sim.games.borders import Borders, borders
from sim.games.equilibria import Component, equilibria
from sim.games.frozen_conduct import (
    EVERYTHING,
    GRAVEST_ACT,
    ONE_NOTCH,
    Conduct,
    conduct_of,
    games_by_year,
    implied_game,
)
from sim.games.stage_game import MEANINGS, Side, StageGame

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: What is said of every additive game.
ADDITIVE = (
    "Payoffs are additive: T + S = R + P, so T - R and P - S are one number and chicken and stag "
    "hunt, which need them of opposite signs, cannot come out; they need stage_payoffs"
)
#: What reconciles a dilemma of the week with policies that had better not retaliate.
ONE_WEEK = (
    "This is the game of one week, the other's conduct held: over many weeks bad conduct is "
    "answered, so that even in a prisoner's dilemma to concede always may be the best response"
)
#: Ways to be bad that are compared, and what each is called.
READINGS = (("one notch", ONE_NOTCH), ("rung 5", GRAVEST_ACT), ("everything", EVERYTHING))


@dataclass(frozen=True)
class Classification:
    """A scenario's implied game; `by_year` begins with the present one.

    `rung` is the one that bad conduct had to reach; `readings` gives the games by other rungs,
    and is empty for stage payoffs, which know no rungs.
    """

    scenario: "Scenario"
    rung: float
    conduct: Conduct
    by_year: tuple[StageGame, ...]
    equilibria: tuple[Component, ...]
    borders: Borders
    readings: tuple[tuple[str, StageGame], ...]

    @property
    def game(self) -> StageGame:
        """The game as things stand."""
        return self.by_year[0]

    @property
    def staged(self) -> bool:
        """Whether the scenario gives the matrix itself."""
        return self.scenario.spec.stage_payoffs is not None

    @property
    def additive(self) -> bool:
        """Whether T + S = R + P for both sides."""
        return self.game.us.additive and self.game.cn.additive


def classify(
    scenario: "Scenario",
    rung: float = GRAVEST_ACT,
    years: int = 5,
    progress: Callable[[int, int], None] | None = None,
) -> Classification:
    """The game of a scenario, exactly; `by_year` has `years` more, or none with stage payoffs.

    Raises ScenarioError for a side that cannot be bad.
    """
    conduct = conduct_of(scenario, rung)
    staged = scenario.spec.stage_payoffs is not None
    games = tuple(games_by_year(scenario, conduct, 0 if staged else years))
    others = () if staged else READINGS
    return Classification(
        scenario=scenario,
        rung=rung,
        conduct=conduct,
        by_year=games,
        equilibria=tuple(equilibria(games[0].bimatrix)),
        borders=borders(scenario, conduct, progress),
        readings=tuple(
            (name, implied_game(scenario, conduct_of(scenario, other))) for name, other in others
        ),
    )


def content(classified: Classification) -> dict[str, Any]:
    """The classification as plain values: what `--json` prints. Everything in it is exact."""
    game, conduct, ids = classified.game, classified.conduct, classified.scenario.sides.ids
    levers = {} if classified.staged else conduct.described(classified.scenario.compiled.levers)
    return {
        "scenario": classified.scenario.name,
        "title": classified.scenario.title,
        "hash": classified.scenario.hash,
        "exact": True,
        "name": game.name,
        "meaning": {name: MEANINGS[name] for name in dict.fromkeys(game.names)},
        "from": "stage_payoffs" if classified.staged else "levers",
        "bad": None
        if classified.staged
        else ("everything" if classified.rung == EVERYTHING else classified.rung),
        "levers": levers,
        "additive": classified.additive,
        "sides": {side: _side(view) for side, view in zip(ids, (game.us, game.cn), strict=True)},
        "equilibria": [_equilibrium(component) for component in classified.equilibria],
        "by_year": [
            {"year": year, "name": game.name, ids[0]: _side(game.us), ids[1]: _side(game.cn)}
            for year, game in enumerate(classified.by_year)
        ],
        "readings": [{"bad": name, "name": game.name} for name, game in classified.readings],
        "borders": [
            asdict(border) | {"within": border.within, "distance": border.distance}
            for border in classified.borders.nearest
        ],
        "parameters_turned": classified.borders.turned,
        "parameters_within_range": classified.borders.within,
    }


def _side(view: Side) -> dict[str, Any]:
    return asdict(view) | {
        "name": view.name,
        "T-R": view.tempts,
        "P-S": view.protects,
        "R-P": view.binds,
    }


def _equilibrium(component: Component) -> dict[str, Any]:
    """P(good) of us and cn at each extreme point of a set of equilibria."""
    points = [[float(us[0]), float(cn[0])] for us, cn in component.points]
    return {"pure": component.pure, "isolated": component.isolated, "good": points}
