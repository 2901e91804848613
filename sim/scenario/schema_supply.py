"""What a lever does to the flow of goods: licences, stocks and substitution."""

from typing import Annotated

from sim.scenario.parameter import Date, Loose, Name, Table, parameter


class Programme(Table):
    """A dated supply project that takes `share` off the target's dependence."""

    name: Name = parameter(
        meaning="name of the programme, unique within its lever", source="judgement from claim 27"
    )
    online: Date = parameter(
        meaning="date from which it supplies", source="judgement from claim 27"
    )
    share: float = parameter(
        meaning="share taken off dependence on that date",
        source="judgement from claim 27",
        unit="share",
    )


class Supply(Table):
    """The licence office, and what the target can do about it."""

    listed: bool = parameter(
        False,
        meaning="licence requirement on the books at the start",
        source="judgement from claim 19",
    )
    capacity: float = parameter(
        1.0,
        symbol="μ",
        unit="normal weekly demand",
        span=(0.1, 1.0),
        applies="licence",
        meaning="approvals a week over normal weekly demand",
        source="rare_earths .25: claims 11, 17, 23; else judgement",
    )
    capacity_after_talks: float | None = parameter(
        None,
        symbol="μ⁺",
        unit="normal weekly demand",
        span=(0.5, 1.5),
        applies="licence",
        meaning="capacity for boost_weeks after talks (default: capacity)",
        source="judgement: rare_earths 1.1, from claims 11, 17, 23",
    )
    squeeze: float = parameter(
        0.0,
        symbol="z",
        unit="share",
        span=(0, 0.5),
        applies="licence",
        meaning="share of capacity still used for the target's buyers at full notches",
        source="judgement: rare_earths .3, from claims 11, 17, 21, 23",
    )
    refusal: float | None = parameter(
        None,
        symbol="z⁻",
        unit="share",
        meaning="share of capacity still used once it refuses, a notch above all others "
        "(default: no such notch)",
        source="judgement from claim 11: China may refuse the licences after all; off by default",
    )
    expected_by_target: float = parameter(
        0.9,
        symbol="q̄",
        unit="share",
        span=(0.5, 1.0),
        applies="licence",
        meaning="service the target reads as compliance",
        source="judgement from claim 2",
    )
    promised_by_owner: float = parameter(
        0.5,
        symbol="p̄",
        unit="share",
        span=(0, 0.9),
        applies="licence",
        meaning="service the owner itself calls compliance",
        source="judgement from claim 2",
    )
    demand_batch: float | None = parameter(
        None,
        symbol="ν",
        unit="applications a week",
        meaning="mean of Poisson weekly applications (default: constant demand)",
        source="judgement from V20",
        gt=0,
        le=1000,
    )
    backlog_weeks: float = parameter(
        0.0,
        symbol="Q",
        unit="weeks of normal demand",
        meaning="applications waiting at the start (of the history, if there is one)",
        source="judgement, model.md, step 4",
    )
    dependence: float = parameter(
        1.0,
        symbol="ω",
        unit="share",
        meaning="share of the target's use that comes through this flow, at the start",
        source="judgement from claims 27, 28, 29",
    )
    halving_years: float | None = parameter(
        None,
        symbol="L",
        unit="years",
        span=(0.5, 2.0),
        relative=True,
        applies="when given",
        meaning="dependence halves in this time (default: it does not)",
        source="rare_earths 8, chips 2, EDA 5, engines 10: claims 27, 28; range judgement",
        gt=0,
        le=100_000,
    )
    dead_weeks: int = parameter(
        0,
        unit="weeks",
        meaning="weeks before substitution begins",
        source="judgement from claim 27",
    )
    induced: float = parameter(
        0.0,
        symbol="ξ",
        unit="factor",
        meaning="dependence falls faster by 1 + ξ·n/N while the lever is used",
        source="judgement from claim 28",
    )
    programmes: Annotated[tuple[Programme, ...], Loose] = parameter(
        (), meaning="dated supply projects of the target", source="judgement from claims 27, 28"
    )
    stock_weeks: float = parameter(
        0.0,
        symbol="I",
        unit="weeks of use",
        span=(2, 13),
        applies="when given",
        meaning="the target's inventory at the start (of the history, if there is one)",
        source="judgement: rare_earths 5 at the controls of 4 April 2025: claim 26",
    )
    stock_cap_weeks: float | None = parameter(
        None,
        symbol="I_max",
        unit="weeks of use",
        meaning="most the target can store (default: stock_weeks)",
        source="judgement from claim 26",
    )
    restock: float = parameter(
        0.1,
        unit="weeks a week",
        meaning="inventory rebuilt while the flow is free and nothing waits",
        source="judgement; claim 26",
    )
