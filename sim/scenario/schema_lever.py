"""The lever table: what one side can do to the other (model.md, entities)."""

from typing import Annotated, Any, Literal

from pydantic import model_validator

from sim.numbers import as_whole
from sim.scenario.parameter import Date, Loose, Table, parameter
from sim.scenario.schema_supply import Supply
from sim.scenario.schema_worth import Worth

Control = Literal["ban", "tariff", "licence"]
Scope = Literal["bilateral", "global"]
Owed = Literal["level", "service"]
LEVERS = "judgement, model.md, entities, levers"


class PastLevel(Table):
    """A level that stood from `date` on, before the scenario starts."""

    date: Date = parameter(meaning="first day at this level", source=LEVERS)
    level: int = parameter(meaning="level from that day on", unit="notches", source=LEVERS, ge=0)


class Standing(Table):
    """Where a lever stands, where it should, and how it moves."""

    issue: str | None = parameter(
        None, meaning="what it is about (default: the lever's name)", source=LEVERS
    )
    control: Control = parameter(
        "ban",
        meaning="ban and tariff cut the flow at once through bite, licence through a queue",
        source=LEVERS,
    )
    notches: int = parameter(
        1, symbol="N", unit="notches", meaning="how far it can go", source=LEVERS, limits=(1, 64)
    )
    level: int = parameter(
        0, symbol="n", unit="notches", meaning="where it stands at the start", source=LEVERS, ge=0
    )
    obligation: int | None = parameter(
        None,
        symbol="n*",
        unit="notches",
        meaning="level the truce asks for (default: the initial level)",
        source="both articles for rare earths at Geneva; " + LEVERS,
        ge=0,
    )
    due_weeks: int = parameter(
        0,
        unit="weeks",
        span=(0, 8),
        applies="when due",
        meaning="weeks its owner has to reach the obligation; 0 counts from week 1",
        source="judgement: due at once where no source names a date",
    )
    owes: Owed = parameter(
        "level",
        meaning="what its owner holds that it owes: a level, or the service of its licence office",
        source="judgement from claims 2, 3 and 19: licences, not delisting; off by default",
    )
    owes_by_target: Owed | None = parameter(
        None,
        meaning="what the other side holds that it owes (default: the same)",
        source="judgement from claims 2 and 3: breach is read, not adjudicated; off by default",
    )
    floor: int = parameter(
        0, unit="notches", meaning="lowest level a deal may set", source=LEVERS + "; H20", ge=0
    )
    severity: float = parameter(
        1.0,
        symbol="σ",
        unit="rung a notch",
        meaning="weight of one notch, in the 1..5 magnitude of the data's rubric",
        source=LEVERS,
        gt=0,
        le=1000,
    )
    friction: float = parameter(
        0.5,
        symbol="χ",
        unit="probability a week",
        span=(0.2, 0.95),
        meaning="probability that an ordered removal does not happen that week",
        source="EDA, engines, rare_earths .74, lists .9, tariffs .3: 27, 36, 40 days, known "
        "2025-07-03",
    )
    bite: float = parameter(
        1.0,
        symbol="b",
        unit="share",
        meaning="share of the flow cut at full notches (ban, tariff)",
        source="judgement",
    )
    temperature: float | None = parameter(
        None,
        symbol="τ",
        unit="score",
        meaning="softness of the choice of this lever (default: its owner's temperature)",
        source="judgement from claim 8; Bhat 1995 for unequal ones",
    )
    scope: Scope = parameter(
        "bilateral",
        meaning="global: third parties wait in the same office",
        source="judgement from claim 21",
    )


class LeverSpec(Worth, Supply, Standing):
    """One lever of one side; everything it bites is on the other side."""

    history: Annotated[tuple[PastLevel, ...], Loose] = parameter(
        (),
        meaning="dated levels before the start, from which backlog and stock are derived",
        source=LEVERS,
    )

    @model_validator(mode="before")
    @classmethod
    def level_from_history(cls, data: Any) -> Any:
        """The initial level is the last one of the history, where `level` is not written."""
        if not isinstance(data, dict) or "level" in data:
            return data
        history = data.get("history")
        if not isinstance(history, list | tuple) or not history:
            return data
        last = history[-1]
        known = as_whole(last.get("level")) if isinstance(last, dict) else None
        return data if known is None else {**data, "level": known}

    @property
    def final_obligation(self) -> int:
        """n°: the level the truce asks for in the end; the initial level where none is given."""
        return self.level if self.obligation is None else self.obligation

    @property
    def seen_owing(self) -> Owed:
        """What the other side holds that it owes."""
        return self.owes if self.owes_by_target is None else self.owes_by_target

    @property
    def top(self) -> int:
        """The highest level: all notches, and one more where the office can refuse."""
        return self.notches if self.refusal is None else self.notches + 1

    def share_left(self, level: int) -> float:
        """The share of the flow that a ban or a tariff lets through at a level, 1 - b n/N."""
        return 1.0 - self.bite * level / self.notches

    def share_served(self, level: int) -> float:
        """g(n): the share of its capacity that a licence office uses at a level."""
        if self.refusal is not None and level > self.notches:
            return self.refusal
        return 1.0 - (1.0 - self.squeeze) * level / self.notches

    @property
    def listed_at_start(self) -> bool:
        """Whether the licence requirement is on the books: once used it stays (claim 19)."""
        used = self.level > 0 or any(past.level > 0 for past in self.history)
        return self.control == "licence" and (self.listed or used)
