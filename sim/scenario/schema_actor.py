"""The actor table: how a government decides, errs, reads the other side and learns."""

from typing import Any, Literal

from sim.scenario.parameter import Table, parameter
from sim.scenario.schema_reading import Reading

LeverChoice = Literal["value", "mirror", "uniform"]


def default_policy() -> dict[str, Any]:
    """Tit for tat: the plainest member of the family (Axelrod 1984)."""
    return {"name": "tit_for_tat"}


class Conduct(Table):
    """What it decides and how that is carried out."""

    policy: dict[str, Any] = parameter(
        factory=default_policy,
        meaning="its finite-state machine: a name with parameters, a machine, or a mixture",
        source="judgement from V02 and claim 4: us generous_tit_for_tat(.30), cn "
        "tit_for_k_tats(2, generosity .30)",
    )
    proportionality: float = parameter(
        1.1,
        symbol="ρ",
        unit="rung a rung",
        span=(0.5, 1.5),
        meaning="size of an answer over the offence",
        source="judgement: us 1.1, cn .9, from claim 9, China's answers match or undershoot, US "
        "answers are mixed",
    )
    reaction_delay: int = parameter(
        1,
        symbol="d",
        unit="weeks",
        span=(0, 3),
        meaning="weeks between what is read and the answer, beyond the one a week takes",
        source="judgement: us 1, cn 0, from lags in the data, median 1-2 days, but two weeks in "
        "May 2025",
    )
    stride: int = parameter(
        3,
        unit="notches a week",
        span=(1, 3),
        meaning="most notches pulled in one week",
        source="judgement: us 3, cn 3, from lags in the data",
        limits=(1, 16),
    )
    package: int = parameter(
        0,
        unit="levers",
        meaning="most levers pulled in one answer, a notch of each; 0: up to stride notches of any",
        source="judgement; on record China answers with several instruments in a day; off by "
        "default",
        limits=(0, 512),
    )
    hurt: float = parameter(
        0.0,
        unit="factor",
        meaning="what a full shortage of its own adds to the size of an answer",
        source="judgement; article A: it hits back out of frustration; off by default",
    )
    slip: float = parameter(
        0.05,
        symbol="ε",
        unit="probability a week",
        span=(0, 0.15),
        meaning="an agency acts on its own (agency noise), or the opposite is done (flip)",
        source="us .05, cn .03: judgement, claim 7",
    )
    slip_after_talks: float = parameter(
        1.0,
        unit="factor",
        meaning="what is left of slip in the grace after talks (talks.grace_weeks)",
        source="judgement: Commerce was to hold tough measures back during talks; 1: no less",
        limits=(0, 1),
    )
    slip_fail: float = parameter(
        0.05,
        unit="probability a week",
        span=(0, 0.15),
        meaning="an intended retaliation does not happen (agency noise only)",
        source="judgement, claim 7",
    )
    lever_choice: LeverChoice = parameter(
        "value",
        meaning="which lever it pulls: the best scored, the other's issue, or any",
        source="judgement from claim 8",
    )
    temperature: float = parameter(
        0.0,
        symbol="τ",
        unit="score",
        meaning="softness of the choice by value; 0: always the best; a lever may have its own",
        source="judgement from claim 8",
    )


class ActorSpec(Reading, Conduct):
    """One principal. Where the sides differ the default is the us value; sources name both."""

    pressure_smoothing: float = parameter(
        0.2,
        symbol="λ",
        unit="share a week",
        span=(0.1, 0.5),
        meaning="weight of this week's shortage in the pressure of firms",
        source="judgement; rounds 12 May, 9 Jun, 28 Jul, 14 Sep, 25 Oct 2025; claim 25",
    )
    spillover: float = parameter(
        0.1,
        symbol="ψ",
        unit="factor",
        span=(0, 0.5),
        meaning="pressure from allies short of its global levers' goods",
        source="judgement from claim 21",
    )
    reluctance: float = parameter(
        0.0,
        unit="share a rung",
        span=(0, 0.3),
        meaning="how much the other side's rung keeps it from talks",
        source="judgement: us 0, cn .1, from Trivium (article A) on Xi",
    )
    audience_cost: float = parameter(
        0.0,
        unit="payoff",
        meaning="cost of taking a notch down while the other violates",
        source="judgement from claim 31; off by default",
    )
    anticipation: float = parameter(
        0.0,
        symbol="a",
        unit="share",
        meaning="how far it counts on talks to void a violation before the answer; 0: not at all",
        source="judgement; Farrell & Maskin 1989; off by default",
    )
    discount: float = parameter(
        0.999,
        symbol="δ",
        unit="factor a week",
        meaning="weight of a week over the one before it, in payoffs",
        source="judgement from V14",
        gt=0,
        le=1,
    )
