"""The truce and talks tables (model.md, steps 9 to 11, and outcomes)."""

from typing import Annotated

from sim.scenario.parameter import Loose, Table, parameter

OUTCOMES = "judgement, the definition: model.md, outcomes"


class TruceSpec(Table):
    """What was agreed, for how long, and what counts as broken."""

    term_weeks: int | None = parameter(
        None,
        symbol="T",
        unit="weeks",
        meaning="length of a term (default: open-ended)",
        source="Geneva: 90 days, known 2025-05-12",
        limits=(1, 100_000),
    )
    extension_weeks: int | None = parameter(
        None,
        unit="weeks",
        meaning="length of an extension (default: the term)",
        source="Geneva: 90 days once more, known 2025-08-11",
        limits=(1, 100_000),
    )
    quiet_weeks: int = parameter(
        8,
        unit="weeks",
        meaning="talks in the last so many weeks of a term save it from accusations",
        source="judgement, model.md, step 11",
    )
    core: Annotated[tuple[str, ...], Loose] = parameter(
        (), meaning="levers that are the truce in law, as us.tariffs", source=OUTCOMES
    )
    breakdown_after: int = parameter(
        2,
        symbol="K",
        unit="weeks",
        meaning="weeks in a row of violation by both: a dispute; at `rupture_rung`: a rupture",
        source=OUTCOMES,
        limits=(1, 100_000),
    )
    unilateral_after: int = parameter(
        8,
        unit="weeks",
        meaning="weeks of one side's violation that are a dispute; 0: never",
        source=OUTCOMES,
    )
    rupture_rung: float = parameter(
        5.0,
        unit="rung",
        meaning="both sides at this rung or above K weeks running break `standing`; 0: any dispute",
        source="judgement: 5 is the gravest single act on record (events.csv 2018 to 2025)",
    )

    @property
    def extension(self) -> int | None:
        """Weeks an extension lasts; none for an open-ended truce without one."""
        return self.term_weeks if self.extension_weeks is None else self.extension_weeks


ROUNDS = "rounds of 2025-05-12, 2025-06-09, 2025-07-28, 2025-09-14 and 2025-10-25"


class TalksSpec(Table):
    """When leaders meet and what follows."""

    talks_rate: float = parameter(
        0.1,
        symbol="h₀",
        unit="probability a week",
        span=(0, 0.3),
        meaning="talks in a strained week without pressure",
        source=ROUNDS,
    )
    talks_pressure: float = parameter(
        1.0,
        symbol="h₁",
        unit="probability a week",
        span=(0.1, 2),
        meaning="added at full pressure of the more pressed side",
        source=ROUNDS + "; claim 6",
        limits=(0, 1000),
    )
    cooldown_weeks: int = parameter(
        6,
        unit="weeks",
        span=(4, 26),
        meaning="weeks after talks in which there are no others, or only by `cooldown_rate`",
        source=ROUNDS,
    )
    cooldown_rate: float = parameter(
        0.0,
        symbol="h_c",
        unit="probability a week",
        meaning="weekly chance of talks in a strained week within the cooldown, whatever the "
        "pressure; 0: none",
        source="off by default; counted in 2025 (sources.md, answering), known 2025-10-25",
    )
    since_weeks: int | None = parameter(
        None,
        unit="weeks",
        meaning="weeks since the last round when the scenario starts, of which what is left of the "
        "cooldown is counted; none: long ago",
        source="judgement: a scenario that does not begin with talks",
    )
    boost_weeks: int = parameter(
        26,
        unit="weeks",
        meaning="weeks after talks with capacity_after_talks",
        source="judgement from claim 23",
    )
    relief: float = parameter(
        0.75,
        unit="share",
        span=(0.3, 1),
        meaning="part of its rung a side owes to take down after talks",
        source="27 days from call to lifting (claim 6), known 2025-07-02",
    )
    relief_lag_weeks: int = parameter(
        3,
        unit="weeks",
        span=(0, 6),
        meaning="weeks from talks to relief (0 acts as 1)",
        source="27 days from call to lifting (claim 6), known 2025-07-02",
    )
    relief_ordered: bool = parameter(
        False,
        meaning="relief that is due is ordered, and takes as long as any removal (friction); "
        "false: it is done that week",
        source="orders of 27 June 2025 were done on 2 and 3 July, known 2025-07-03; off by default",
    )
    grace_weeks: int = parameter(
        0,
        unit="weeks",
        meaning="weeks after talks in which no side chooses to escalate; 0: none",
        source="judgement; five of six truces to May 2025 began with four quiet weeks; off by "
        "default",
    )
    sequencing: str = parameter(
        "cn_first",
        meaning="who delivers first, as cn_first, while the other waits for a good signal; or "
        "simultaneous",
        source='claim 10: "China delivers, then we lift"',
    )

    @property
    def quiet_start(self) -> int:
        """Weeks from the start that still lie in the cooldown of the last round."""
        return 0 if self.since_weeks is None else max(0, self.cooldown_weeks - self.since_weeks)
