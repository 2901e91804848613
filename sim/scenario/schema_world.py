"""Truce, talks, third parties, shocks, deals, textbook payoffs and readings of a scenario."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from sim.scenario.parameter import Date, Loose, Name, Table, parameter

STEP_ALLIES = "model.md, step 8"
STAGE = "sources.md, textbook results"
SHOCKS = "model.md, step 1"
OUTCOMES = "judgement, the definition: model.md, outcomes"


class TruceSpec(Table):
    """What was agreed, for how long, and what counts as broken."""

    term_weeks: int | None = parameter(None, "weeks", "T", limits=(1, 100_000)).means(
        "length of a term (default: open-ended)", "Geneva: 90 days, known 2025-05-12"
    )
    extension_weeks: int | None = parameter(None, "weeks", limits=(1, 100_000)).means(
        "length of an extension (default: the term)", "Geneva: 90 days once more, known 2025-08-11"
    )
    quiet_weeks: int = parameter(8, "weeks").means(
        "talks in the last so many weeks of a term save it from accusations",
        "judgement, model.md, step 11",
    )
    core: Annotated[tuple[str, ...], Loose] = parameter(()).means(
        "levers that are the truce in law, as us.tariffs", OUTCOMES
    )
    breakdown_after: int = parameter(2, "weeks", "K", limits=(1, 100_000)).means(
        "weeks in a row of violation by both: a dispute; at `rupture_rung`: a rupture", OUTCOMES
    )
    unilateral_after: int = parameter(8, "weeks").means(
        "weeks of one side's violation that are a dispute; 0: never", OUTCOMES
    )
    rupture_rung: float = parameter(5.0, "rung").means(
        "both sides at this rung or above K weeks running break `standing`; 0: any dispute",
        "judgement: 5 is the gravest single act on record (events.csv 2018 to 2025)",
    )

    @property
    def extension(self) -> int | None:
        """Weeks an extension lasts; none for an open-ended truce without one."""
        return self.term_weeks if self.extension_weeks is None else self.extension_weeks


ROUNDS = "rounds of 2025-05-12, 2025-06-09, 2025-07-28, 2025-09-14 and 2025-10-25"


class TalksSpec(Table):
    """When leaders meet and what follows."""

    talks_rate: float = parameter(0.1, "probability a week", "h₀", span=(0, 0.3)).means(
        "talks in a strained week without pressure", ROUNDS
    )
    talks_pressure: float = parameter(
        1.0, "probability a week", "h₁", span=(0.1, 2), limits=(0, 1000)
    ).means("added at full pressure of the more pressed side", ROUNDS + "; claim 6")
    cooldown_weeks: int = parameter(6, "weeks", span=(4, 26)).means(
        "weeks after talks in which there are no others, or only by `cooldown_rate`", ROUNDS
    )
    cooldown_rate: float = parameter(0.0, "probability a week", "h_c").means(
        "weekly chance of talks in a strained week within the cooldown, whatever the "
        "pressure; 0: none",
        "off by default; counted in 2025 (sources.md, answering), known 2025-10-25",
    )
    since_weeks: int | None = parameter(None, "weeks").means(
        "weeks since the last round when the scenario starts, of which what is left of the "
        "cooldown is counted; none: long ago",
        "judgement: a scenario that does not begin with talks",
    )
    boost_weeks: int = parameter(26, "weeks").means(
        "weeks after talks with capacity_after_talks", "judgement from claim 23"
    )
    relief: float = parameter(0.75, "share", span=(0.3, 1)).means(
        "part of its rung a side owes to take down after talks",
        "27 days from call to lifting (claim 6), known 2025-07-02",
    )
    relief_lag_weeks: int = parameter(3, "weeks", span=(0, 6)).means(
        "weeks from talks to relief (0 acts as 1)",
        "27 days from call to lifting (claim 6), known 2025-07-02",
    )
    relief_ordered: bool = parameter(False).means(
        "relief that is due is ordered, and takes as long as any removal (friction); "
        "false: it is done that week",
        "orders of 27 June 2025 were done on 2 and 3 July, known 2025-07-03; off by default",
    )
    grace_weeks: int = parameter(0, "weeks").means(
        "weeks after talks in which no side chooses to escalate; 0: none",
        "judgement; five of six truces to May 2025 began with four quiet weeks; off by default",
    )
    sequencing: str = parameter("cn_first").means(
        "who delivers first, as cn_first, while the other waits for a good signal; or simultaneous",
        'claim 10: "China delivers, then we lift"',
    )

    @property
    def quiet_start(self) -> int:
        """Weeks from the start that still lie in the cooldown of the last round."""
        return 0 if self.since_weeks is None else max(0, self.cooldown_weeks - self.since_weeks)


class AllySpec(Table):
    """A third party that may align with one lever and may wait for global ones."""

    lever: str | None = parameter(None).means(
        "lever it may join, as us.chips (default: none)", "judgement from claim 22"
    )
    coverage: float = parameter(0.0, "share").means(
        "added to that lever's dependence", "judgement from claim 22"
    )
    h: float = parameter(0.0, "probability a week", "h_m").means(
        "joins without a shortage of its own",
        "judgement from claim 22: 9 to 11 months after October 2022",
    )
    psi: float = parameter(0.0, "probability a week", "ψ_m", limits=(0, 1000)).means(
        "added at full shortage caused by the side its lever bites", "judgement; claim 21"
    )
    lag_weeks: int = parameter(0, "weeks").means(
        "weeks from joining to coverage (0 acts as 1)", "judgement from claim 22"
    )
    dependence: dict[str, Annotated[float, parameter(limits=(0, 1)).means("share")]] = parameter(
        unit="share", factory=dict
    ).means(
        "share of its use that comes through a global lever, as cn.rare_earths",
        "judgement from claim 21; " + STEP_ALLIES,
    )


class ShockSpec(Table):
    """Something from outside: a lever moved, a capacity set, talks forced, a truce ended."""

    name: Name = parameter().means("unique name", SHOCKS)
    date: Date | None = parameter(None).means("when (or chance)", SHOCKS)
    chance: float | None = parameter(None, "probability a week").means(
        "weekly chance, drawn anew each week (or date)", "judgement from V16"
    )
    lever: str | None = parameter(None).means("lever it acts on, as us.chips", SHOCKS)
    change: int | None = parameter(None, "notches", limits=(-64, 64)).means(
        "moves the lever by so many notches", SHOCKS
    )
    level: int | None = parameter(None, "notches", ge=0).means(
        "moves the lever to this level", SHOCKS
    )
    capacity: float | None = parameter(None, "normal weekly demand").means(
        "sets the capacity of a licence lever", SHOCKS
    )
    remove: bool = parameter(False).means(
        "takes the lever away for good (a court ruling)", "judgement from claim 30"
    )
    talks: bool = parameter(False).means("forces talks", SHOCKS)
    ends_truce: bool = parameter(False).means("an act that ends the truce", SHOCKS)

    @property
    def effects(self) -> tuple[str, ...]:
        """The fields of what it does when it strikes."""
        effects_set = ((name, getattr(self, name)) for name in EFFECTS)
        return tuple(
            name for name, value in effects_set if value is not None and value is not False
        )

    @property
    def acts_on_lever(self) -> bool:
        """Whether one of its effects needs a lever."""
        return not OF_THE_WORLD.issuperset(self.effects)


#: What a shock can do: every field but those that say which, when and where.
EFFECTS = tuple(
    name for name in ShockSpec.model_fields if name not in ("name", "date", "chance", "lever")
)
#: Those that need no lever.
OF_THE_WORLD = frozenset({"talks", "ends_truce"})


class DealTerm(Table):
    """The level to which one lever goes when a deal is struck."""

    lever: str = parameter().means("lever, as us.chips", "judgement from claim 24")
    level: int = parameter(unit="notches", ge=0).means(
        "agreed level, which becomes the obligation", "judgement from claim 24"
    )


class DealSpec(Table):
    """A package struck at the first talks on or after its date."""

    name: Name = parameter().means("unique name", "judgement from claims 10, 24")
    date: Date | None = parameter(None).means(
        "earliest date (default: any talks)", "judgement from claims 10, 24"
    )
    levers: Annotated[tuple[DealTerm, ...], Loose] = parameter(min_length=1).means(
        "what moves where, normally one lever of each side", "judgement from claims 10, 24"
    )


class StageRow(Table):
    """Payoffs of one own conduct, by the other's conduct."""

    good: float = parameter(unit="payoff", limits=(-1000, 1000)).means("the other is good", STAGE)
    bad: float = parameter(unit="payoff", limits=(-1000, 1000)).means("the other is bad", STAGE)


class StageMatrix(Table):
    """A textbook stage game for one side, by own conduct, then the other's."""

    good: StageRow = parameter().means("own conduct good", STAGE)
    bad: StageRow = parameter().means("own conduct bad", STAGE)


class ReadingSpec(Table):
    """One way to read what the sources leave open: values of its own, and how likely it is."""

    weight: float = parameter(unit="probability", gt=0, le=1).means(
        "share of the runs that are played under it, in whole hundredths",
        "judgement, unless the scenario says",
    )
    values: dict[str, Any] = parameter().means(
        "path -> value, as --set writes them, that this reading changes", "the file"
    )


#: Runs in which every reading has its exact share.
SLOTS = 100


@dataclass(frozen=True)
class Slots:
    """The runs of a reading: those with first <= run modulo SLOTS < last.

    A fixed, stratified allocation, so that a run is one run whatever else is played, and the shares
    are exact in every hundred runs.
    """

    first: int
    last: int

    @property
    def share(self) -> float:
        """Share of the runs."""
        return (self.last - self.first) / SLOTS

    def __contains__(self, run: int) -> bool:
        return self.first <= run % SLOTS < self.last

    def blocks(self, first: int, runs: int, size: int) -> Iterator[tuple[int, int]]:
        """The runs among first .. first + runs - 1, as (start, how many) of at most `size`."""
        end = first + runs
        if self == ALL:
            yield from ((at, min(size, end - at)) for at in range(first, end, size))
            return
        for hundred in range(first - first % SLOTS, end, SLOTS):
            begin, stop = max(first, hundred + self.first), min(end, hundred + self.last)
            yield from ((at, min(size, stop - at)) for at in range(begin, stop, size))


#: Every run.
ALL = Slots(0, SLOTS)
