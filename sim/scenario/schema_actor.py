"""The actor table: how a government decides, errs, reads the other side and learns."""

from typing import Any, Literal

from sim.scenario.parameter import Table, parameter

LeverChoice = Literal["value", "mirror", "uniform"]


class ActorSpec(Table):
    """One principal. Where the sides differ the default is the us value; sources name both."""

    # what it decides and how that is carried out
    # by itself tit for tat, the plainest member of the family (Axelrod 1984)
    policy: dict[str, Any] = parameter(factory=lambda: {"name": "tit_for_tat"}).means(
        "its finite-state machine: a name with parameters, a machine, or a mixture",
        "judgement from V02 and claim 4: us generous_tit_for_tat(.30), cn "
        "tit_for_k_tats(2, generosity .30)",
    )
    proportionality: float = parameter(1.1, "rung a rung", "ρ", span=(0.5, 1.5)).means(
        "size of an answer over the offence",
        "judgement: us 1.1, cn .9, from claim 9, China's answers match or undershoot, US "
        "answers are mixed",
    )
    reaction_delay: int = parameter(1, "weeks", "d", span=(0, 3)).means(
        "weeks between what is read and the answer, beyond the one a week takes",
        "judgement: us 1, cn 0, from lags in the data, median 1-2 days, but two weeks in May 2025",
    )
    stride: int = parameter(3, "notches a week", span=(1, 3), limits=(1, 16)).means(
        "most notches pulled in one week", "judgement: us 3, cn 3, from lags in the data"
    )
    package: int = parameter(0, "levers", limits=(0, 512)).means(
        "most levers pulled in one answer, a notch of each; 0: up to stride notches of any",
        "judgement; on record China answers with several instruments in a day; off by default",
    )
    hurt: float = parameter(0.0, "factor").means(
        "what a full shortage of its own adds to the size of an answer",
        "judgement; article A: it hits back out of frustration; off by default",
    )
    slip: float = parameter(0.05, "probability a week", "ε", span=(0, 0.15)).means(
        "an agency acts on its own (agency noise), or the opposite is done (flip)",
        "us .05, cn .03: judgement, claim 7",
    )
    slip_after_talks: float = parameter(1.0, "factor", limits=(0, 1)).means(
        "what is left of slip in the grace after talks (talks.grace_weeks)",
        "judgement: Commerce was to hold tough measures back during talks; 1: no less",
    )
    slip_fail: float = parameter(0.05, "probability a week", span=(0, 0.15)).means(
        "an intended retaliation does not happen (agency noise only)", "judgement, claim 7"
    )
    lever_choice: LeverChoice = parameter("value").means(
        "which lever it pulls: the best scored, the other's issue, or any", "judgement from claim 8"
    )
    temperature: float = parameter(0.0, "score", "τ").means(
        "softness of the choice by value; 0: always the best; a lever may have its own",
        "judgement from claim 8",
    )
    # how it reads the other side and what it learns (model.md, steps 6 and 7)
    false_alarm: float = parameter(0.05, "probability a week", "α", span=(0, 0.3)).means(
        "a complying side is seen as bad"
    )
    miss: float = parameter(0.05, "probability a week", "β", span=(0, 0.3)).means(
        "a violating side is seen as good"
    )
    felt: float = parameter(0.5, "share", "θ", span=(0, 1)).means(
        "part of a service gap that is read whether or not it is felt"
    )
    severe_shortage: float = parameter(0.5, "harm", gt=0, le=1000).means(
        "harm w·x of one lever from which its shortage is severe (lasting_weeks)",
        "judgement: half of the most critical good is missing",
    )
    lasting_weeks: int = parameter(0, "weeks").means(
        "severe weeks running after which slow licences are an offence of the measure's "
        "whole severity; 0: never",
        "judgement from article A: the shortage, not the wording, is what is answered; "
        "off by default",
    )
    belief_prior_weeks: float = parameter(4.0, "weeks", span=(1, 20), gt=0, le=100_000).means(
        "weight of what it believed before the truce, in weeks of signals"
    )
    belief_prior_good: float = parameter(0.7, "probability").means(
        "mean of that belief: the other complies"
    )
    belief_memory: float = parameter(0.9, "factor a week", "γ", span=(0.8, 1)).means(
        "what is kept of past signals each week", "judgement; V21"
    )
    value_learning: float = parameter(0.1, "share a week", "η", span=(0, 0.5)).means(
        "how fast a reaction teaches it the worth of its levers", "judgement from claims 19, 20"
    )
    value_decay: float = parameter(0.02, "share a week", span=(0, 0.1)).means(
        "how fast that worth fades without a reaction", "judgement from claims 19, 20"
    )
    retention: float = parameter(0.5, "share", span=(0, 1)).means(
        "how much a valued lever is kept instead of conceded", "judgement from claims 19, 20"
    )
    insistence: float = parameter(0.0, "share", "ι").means(
        "how far a learned worth makes it use a lever more and give less of it up",
        "judgement; article A: the more is hit back, the clearer China sees its "
        "strongest weapon; claims 19, 20; off by default",
    )
    # firms, talks and payoffs
    pressure_smoothing: float = parameter(0.2, "share a week", "λ", span=(0.1, 0.5)).means(
        "weight of this week's shortage in the pressure of firms",
        "judgement; rounds 12 May, 9 Jun, 28 Jul, 14 Sep, 25 Oct 2025; claim 25",
    )
    spillover: float = parameter(0.1, "factor", "ψ", span=(0, 0.5)).means(
        "pressure from allies short of its global levers' goods", "judgement from claim 21"
    )
    reluctance: float = parameter(0.0, "share a rung", span=(0, 0.3)).means(
        "how much the other side's rung keeps it from talks",
        "judgement: us 0, cn .1, from Trivium (article A) on Xi",
    )
    audience_cost: float = parameter(0.0, "payoff").means(
        "cost of taking a notch down while the other violates",
        "judgement from claim 31; off by default",
    )
    anticipation: float = parameter(0.0, "share", "a").means(
        "how far it counts on talks to void a violation before the answer; 0: not at all",
        "judgement; Farrell & Maskin 1989; off by default",
    )
    discount: float = parameter(0.999, "factor a week", "δ", gt=0, le=1).means(
        "weight of a week over the one before it, in payoffs", "judgement from V14"
    )
