"""The lever table: what one side can do to the other (model.md, entities)."""

from typing import Annotated, Any, Literal

from pydantic import model_validator

from sim.numbers import as_whole
from sim.scenario.parameter import Date, Loose, Name, Table, parameter

Control = Literal["ban", "tariff", "licence"]
Scope = Literal["bilateral", "global"]
Owed = Literal["level", "service"]
LEVERS = "judgement, model.md, entities, levers"


class PastLevel(Table):
    """A level that stood from `date` on, before the scenario starts."""

    date: Date = parameter().means("first day at this level", LEVERS)
    level: int = parameter(unit="notches", ge=0).means("level from that day on", LEVERS)


class Programme(Table):
    """A dated supply project that takes `share` off the target's dependence."""

    name: Name = parameter().means(
        "name of the programme, unique within its lever", "judgement from claim 27"
    )
    online: Date = parameter().means("date from which it supplies", "judgement from claim 27")
    share: float = parameter(unit="share").means(
        "share taken off dependence on that date", "judgement from claim 27"
    )


class LeverSpec(Table):
    """One lever of one side; everything it bites is on the other side."""

    # where it stands, where it should, and how it moves
    issue: str | None = parameter(None).means(
        "what it is about (default: the lever's name)", LEVERS
    )
    control: Control = parameter("ban").means(
        "ban and tariff cut the flow at once through bite, licence through a queue", LEVERS
    )
    notches: int = parameter(1, "notches", "N", limits=(1, 64)).means("how far it can go", LEVERS)
    level: int = parameter(0, "notches", "n", ge=0).means("where it stands at the start", LEVERS)
    obligation: int | None = parameter(None, "notches", "n*", ge=0).means(
        "level the truce asks for (default: the initial level)",
        "both articles for rare earths at Geneva; " + LEVERS,
    )
    due_weeks: int = parameter(0, "weeks", span=(0, 8), applies="when due").means(
        "weeks its owner has to reach the obligation; 0 counts from week 1",
        "judgement: due at once where no source names a date",
    )
    owes: Owed = parameter("level").means(
        "what its owner holds that it owes: a level, or the service of its licence office",
        "judgement from claims 2, 3 and 19: licences, not delisting; off by default",
    )
    owes_by_target: Owed | None = parameter(None).means(
        "what the other side holds that it owes (default: the same)",
        "judgement from claims 2 and 3: breach is read, not adjudicated; off by default",
    )
    floor: int = parameter(0, "notches", ge=0).means(
        "lowest level a deal may set", LEVERS + "; H20"
    )
    severity: float = parameter(1.0, "rung a notch", "σ", gt=0, le=1000).means(
        "weight of one notch, in the 1..5 magnitude of the data's rubric", LEVERS
    )
    friction: float = parameter(0.5, "probability a week", "χ", span=(0.2, 0.95)).means(
        "probability that an ordered removal does not happen that week",
        "EDA, engines, rare_earths .74, lists .9, tariffs .3: 27, 36, 40 days, known 2025-07-03",
    )
    bite: float = parameter(1.0, "share", "b").means(
        "share of the flow cut at full notches (ban, tariff)"
    )
    temperature: float | None = parameter(None, "score", "τ").means(
        "softness of the choice of this lever (default: its owner's temperature)",
        "judgement from claim 8; Bhat 1995 for unequal ones",
    )
    scope: Scope = parameter("bilateral").means(
        "global: third parties wait in the same office", "judgement from claim 21"
    )
    # the licence office, and what the target can do about it
    listed: bool = parameter(False).means(
        "licence requirement on the books at the start", "judgement from claim 19"
    )
    capacity: float = parameter(
        1.0, "normal weekly demand", "μ", span=(0.1, 1.0), applies="licence"
    ).means(
        "approvals a week over normal weekly demand",
        "rare_earths .25: claims 11, 17, 23; else judgement",
    )
    capacity_after_talks: float | None = parameter(
        None, "normal weekly demand", "μ⁺", span=(0.5, 1.5), applies="licence"
    ).means(
        "capacity for boost_weeks after talks (default: capacity)",
        "judgement: rare_earths 1.1, from claims 11, 17, 23",
    )
    squeeze: float = parameter(0.0, "share", "z", span=(0, 0.5), applies="licence").means(
        "share of capacity still used for the target's buyers at full notches",
        "judgement: rare_earths .3, from claims 11, 17, 21, 23",
    )
    refusal: float | None = parameter(None, "share", "z⁻").means(
        "share of capacity still used once it refuses, a notch above all others "
        "(default: no such notch)",
        "judgement from claim 11: China may refuse the licences after all; off by default",
    )
    expected_by_target: float = parameter(
        0.9, "share", "q̄", span=(0.5, 1.0), applies="licence"
    ).means("service the target reads as compliance", "judgement from claim 2")
    promised_by_owner: float = parameter(0.5, "share", "p̄", span=(0, 0.9), applies="licence").means(
        "service the owner itself calls compliance", "judgement from claim 2"
    )
    demand_batch: float | None = parameter(None, "applications a week", "ν", gt=0, le=1000).means(
        "mean of Poisson weekly applications (default: constant demand)", "judgement from V20"
    )
    backlog_weeks: float = parameter(0.0, "weeks of normal demand", "Q").means(
        "applications waiting at the start (of the history, if there is one)",
        "judgement, model.md, step 4",
    )
    dependence: float = parameter(1.0, "share", "ω").means(
        "share of the target's use that comes through this flow, at the start",
        "judgement from claims 27, 28, 29",
    )
    halving_years: float | None = parameter(
        None, "years", "L", span=(0.5, 2.0), relative=True, applies="when given", gt=0, le=100_000
    ).means(
        "dependence halves in this time (default: it does not)",
        "rare_earths 8, chips 2, EDA 5, engines 10: claims 27, 28; range judgement",
    )
    dead_weeks: int = parameter(0, "weeks").means(
        "weeks before substitution begins", "judgement from claim 27"
    )
    induced: float = parameter(0.0, "factor", "ξ").means(
        "dependence falls faster by 1 + ξ·n/N while the lever is used", "judgement from claim 28"
    )
    programmes: Annotated[tuple[Programme, ...], Loose] = parameter(()).means(
        "dated supply projects of the target", "judgement from claims 27, 28"
    )
    stock_weeks: float = parameter(
        0.0, "weeks of use", "I", span=(2, 13), applies="when given"
    ).means(
        "the target's inventory at the start (of the history, if there is one)",
        "judgement: rare_earths 5 at the controls of 4 April 2025: claim 26",
    )
    stock_cap_weeks: float | None = parameter(None, "weeks of use", "I_max").means(
        "most the target can store (default: stock_weeks)", "judgement from claim 26"
    )
    restock: float = parameter(0.1, "weeks a week").means(
        "inventory rebuilt while the flow is free and nothing waits", "judgement; claim 26"
    )
    # harm to the target, cost and gain of the owner, and what the owner believes
    harm_weight: float = parameter(1.0, "harm", "w", span=(0.5, 2.0), relative=True).means(
        "harm w·φ(x) to the target at shortage x",
        "REE 1, chips .6, EDA .5, engines .3, visas .1, tariffs .8: judgement",
    )
    convexity: float = parameter(0.0, symbol="κ", limits=(0, 10)).means(
        "φ(x) = (1-x)^(-κ) - 1; 0: -ln(1-x)",
        "judgement, sources.md, standard equations, CES loss; claim 20",
    )
    own_cost: float = parameter(0.3, "share of w", "c", span=(0.1, 1.0)).means(
        "the owner's cost per share of flow cut",
        "judgement: visas 1, else .3, from claims 8, 30, 32",
    )
    own_gain: float = parameter(0.35, "share of w", "g", span=(0, 0.6)).means(
        "the owner's gain per share of notches in force",
        "chips .3 denial, tariffs .4 terms of trade and revenue, visas .1, else judgement: "
        "above own_cost, as no owner gave a lever up unasked; claims 8, 10, 19, 30, 32",
    )
    believed_value: float = parameter(0.5, "0..1", "v").means(
        "what the owner thinks the lever is worth at the start; learned", "judgement; claim 20"
    )
    history: Annotated[tuple[PastLevel, ...], Loose] = parameter(()).means(
        "dated levels before the start, from which backlog and stock are derived", LEVERS
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
    def stock_cap(self) -> float:
        """Most the target can store: `stock_cap_weeks`, by default the stock it is given."""
        return self.stock_weeks if self.stock_cap_weeks is None else self.stock_cap_weeks

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
