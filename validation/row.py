"""One line of the validation table: a game, a quantity of it, and the value theory gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sim import Scenario
from sim.engines.exact import ExactResult, solve
from sim.engines.reduction import obstacles

SIDES = ("us", "cn")
#: What a number printed with six decimals may be off by.
SIX_DECIMALS = 0.51e-6
CLOSED_FORM = 1e-9


@dataclass(frozen=True)
class Game:
    """A textbook scenario with some of its values changed; `name` in words for the page."""

    name: str
    file: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same game."""
        return f"{self.file} {sorted(self.changes.items(), key=str)}"

    def scenario(self, **more: Any) -> Scenario:
        """The scenario, with more top-level values changed."""
        loaded = Scenario.load(f"textbook/{self.file}")
        changes = {**self.changes, **more}
        return loaded.override(changes) if changes else loaded

    def solved(self) -> ExactResult | None:
        """Its exact solution, if it has one."""
        return _solved(self)

    def __hash__(self) -> int:
        return hash(self.key)


@cache
def _solved(game: Game) -> ExactResult | None:
    scenario = game.scenario()
    return None if obstacles(scenario) else solve(scenario)


@dataclass(frozen=True)
class Row:
    """A result of the theory notes: its number (V01 ...), the game, the quantity, the value.

    `published` is exact where `closed` (a closed form, computed), else printed to six decimals.
    """

    number: str
    game: Game
    quantity: str
    published: float
    closed: bool = False

    @property
    def tolerance(self) -> float:
        """How far an exact value may be from the published one."""
        return CLOSED_FORM * max(1.0, abs(self.published)) if self.closed else SIX_DECIMALS

    @property
    def label(self) -> str:
        """For the names of tests."""
        return f"{self.number} {self.game.name}: {in_words(self.quantity)}"


def exactly(number: str, game: Game, **values: float) -> list[Row]:
    """Rows of a game whose values have a closed form."""
    return [Row(number, game, name, value, True) for name, value in values.items()]


def printed(number: str, game: Game, **values: float) -> list[Row]:
    """Rows of a game whose values are printed to six decimals."""
    return [Row(number, game, name, value) for name, value in values.items()]


#: Quantities and what they are called; those of a week or a lag end with its number.
NAMES = {
    "coop_us": "cooperation of us",
    "coop_cn": "cooperation of cn",
    "pay_us": "payoff a week of us",
    "pay_cn": "payoff a week of cn",
    "cc": "both good",
    "cd": "cn bad",
    "dc": "us bad",
    "dd": "both bad",
    "mean": "mean weeks to mutual violation",
    "mean_clean": "mean weeks to a violation",
    "spell": "mean spell of both good, weeks",
    "gap": "mean gap between spells, weeks",
    "ratio": "gains over 1, us : cn",
    "total_us": "payoff of us, whole run",
    "median": "median week of the end",
    "mean_end": "mean week of the end",
    "backlog": "mean backlog, applications",
    "idle": "share of weeks without backlog",
    "wait": "mean wait, weeks",
    "drain": "weeks to drain the backlog",
    "runout": "weeks until the stock is used up",
}


def in_words(name: str) -> str:
    """The quantity in words, with the week if the name ends with one."""
    if name in NAMES:
        return NAMES[name]
    kind, *weeks = name.split("_")
    if kind == "good" and len(weeks) == 2:
        return f"cooperation of us, mean of weeks {weeks[0]} to {weeks[1]}"
    words = {
        "standing": "standing at week",
        "clean": "clean at week",
        "good": "cooperation of us in week",
        "cross": "correlation of us with cn, lag",
        "own": "correlation of us with itself, lag",
        "held": "backlog after week",
        "flow": "flow in week",
        "belief": "belief of us that cn is good, week",
    }
    return f"{words[kind]} {weeks[0]}"
