"""Third parties, shocks, deals, textbook payoffs and readings of a scenario."""

from typing import Annotated, Any

from sim.scenario.parameter import Date, Loose, Name, Table, parameter

STEP_ALLIES = "model.md, step 8"
STAGE = "sources.md, textbook results"
SHOCKS = "model.md, step 1"


class AllySpec(Table):
    """A third party that may align with one lever and may wait for global ones."""

    lever: str | None = parameter(
        None,
        meaning="lever it may join, as us.chips (default: none)",
        source="judgement from claim 22",
    )
    coverage: float = parameter(
        0.0,
        unit="share",
        meaning="added to that lever's dependence",
        source="judgement from claim 22",
    )
    h: float = parameter(
        0.0,
        symbol="h_m",
        unit="probability a week",
        meaning="joins without a shortage of its own",
        source="judgement from claim 22: 9 to 11 months after October 2022",
    )
    psi: float = parameter(
        0.0,
        symbol="ψ_m",
        unit="probability a week",
        meaning="added at full shortage caused by the side its lever bites",
        source="judgement; claim 21",
        limits=(0, 1000),
    )
    lag_weeks: int = parameter(
        0,
        unit="weeks",
        meaning="weeks from joining to coverage (0 acts as 1)",
        source="judgement from claim 22",
    )
    dependence: dict[str, Annotated[float, parameter(meaning="share", limits=(0, 1))]] = parameter(
        factory=dict,
        unit="share",
        meaning="share of its use that comes through a global lever, as cn.rare_earths",
        source="judgement from claim 21; " + STEP_ALLIES,
    )


class ShockSpec(Table):
    """Something from outside: a lever moved, a capacity set, talks forced, a truce ended."""

    name: Name = parameter(meaning="unique name", source=SHOCKS)
    date: Date | None = parameter(None, meaning="when (or chance)", source=SHOCKS)
    chance: float | None = parameter(
        None,
        unit="probability a week",
        meaning="weekly chance, drawn anew each week (or date)",
        source="judgement from V16",
    )
    lever: str | None = parameter(None, meaning="lever it acts on, as us.chips", source=SHOCKS)
    change: int | None = parameter(
        None,
        unit="notches",
        meaning="moves the lever by so many notches",
        source=SHOCKS,
        limits=(-64, 64),
    )
    level: int | None = parameter(
        None, unit="notches", meaning="moves the lever to this level", source=SHOCKS, ge=0
    )
    capacity: float | None = parameter(
        None,
        unit="normal weekly demand",
        meaning="sets the capacity of a licence lever",
        source=SHOCKS,
    )
    remove: bool = parameter(
        False,
        meaning="takes the lever away for good (a court ruling)",
        source="judgement from claim 30",
    )
    talks: bool = parameter(False, meaning="forces talks", source=SHOCKS)
    ends_truce: bool = parameter(False, meaning="an act that ends the truce", source=SHOCKS)

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

    lever: str = parameter(meaning="lever, as us.chips", source="judgement from claim 24")
    level: int = parameter(
        meaning="agreed level, which becomes the obligation",
        unit="notches",
        source="judgement from claim 24",
        ge=0,
    )


class DealSpec(Table):
    """A package struck at the first talks on or after its date."""

    name: Name = parameter(meaning="unique name", source="judgement from claims 10, 24")
    date: Date | None = parameter(
        None, meaning="earliest date (default: any talks)", source="judgement from claims 10, 24"
    )
    levers: Annotated[tuple[DealTerm, ...], Loose] = parameter(
        meaning="what moves where, normally one lever of each side",
        source="judgement from claims 10, 24",
        min_length=1,
    )


class StageRow(Table):
    """Payoffs of one own conduct, by the other's conduct."""

    good: float = parameter(
        meaning="the other is good", source=STAGE, unit="payoff", limits=(-1000, 1000)
    )
    bad: float = parameter(
        meaning="the other is bad", source=STAGE, unit="payoff", limits=(-1000, 1000)
    )


class StageMatrix(Table):
    """A textbook stage game for one side, by own conduct, then the other's."""

    good: StageRow = parameter(meaning="own conduct good", source=STAGE)
    bad: StageRow = parameter(meaning="own conduct bad", source=STAGE)


class ReadingSpec(Table):
    """One way to read what the sources leave open: values of its own, and how likely it is."""

    weight: float = parameter(
        unit="probability",
        meaning="share of the runs that are played under it, in whole hundredths",
        source="judgement, unless the scenario says",
        gt=0,
        le=1,
    )
    values: dict[str, Any] = parameter(
        meaning="path -> value, as --set writes them, that this reading changes",
        source="the file",
    )
