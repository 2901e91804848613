"""How a government reads the other side and what it learns (model.md, steps 6 and 7)."""

from sim.scenario.parameter import Table, parameter


class Reading(Table):
    """Perception, belief and the learned worth of its own levers."""

    false_alarm: float = parameter(
        0.05,
        symbol="α",
        unit="probability a week",
        span=(0, 0.3),
        meaning="a complying side is seen as bad",
        source="judgement",
    )
    miss: float = parameter(
        0.05,
        symbol="β",
        unit="probability a week",
        span=(0, 0.3),
        meaning="a violating side is seen as good",
        source="judgement",
    )
    felt: float = parameter(
        0.5,
        symbol="θ",
        unit="share",
        span=(0, 1),
        meaning="part of a service gap that is read whether or not it is felt",
        source="judgement",
    )
    severe_shortage: float = parameter(
        0.5,
        unit="harm",
        meaning="harm w·x of one lever from which its shortage is severe (lasting_weeks)",
        source="judgement: half of the most critical good is missing",
        gt=0,
        le=1000,
    )
    lasting_weeks: int = parameter(
        0,
        unit="weeks",
        meaning="severe weeks running after which slow licences are an offence of the measure's "
        "whole severity; 0: never",
        source="judgement from article A: the shortage, not the wording, is what is answered; "
        "off by default",
    )
    belief_prior_weeks: float = parameter(
        4.0,
        unit="weeks",
        span=(1, 20),
        meaning="weight of what it believed before the truce, in weeks of signals",
        source="judgement",
        gt=0,
        le=100_000,
    )
    belief_prior_good: float = parameter(
        0.7,
        unit="probability",
        meaning="mean of that belief: the other complies",
        source="judgement",
    )
    belief_memory: float = parameter(
        0.9,
        symbol="γ",
        unit="factor a week",
        span=(0.8, 1),
        meaning="what is kept of past signals each week",
        source="judgement; V21",
    )
    value_learning: float = parameter(
        0.1,
        symbol="η",
        unit="share a week",
        span=(0, 0.5),
        meaning="how fast a reaction teaches it the worth of its levers",
        source="judgement from claims 19, 20",
    )
    value_decay: float = parameter(
        0.02,
        unit="share a week",
        span=(0, 0.1),
        meaning="how fast that worth fades without a reaction",
        source="judgement from claims 19, 20",
    )
    retention: float = parameter(
        0.5,
        unit="share",
        span=(0, 1),
        meaning="how much a valued lever is kept instead of conceded",
        source="judgement from claims 19, 20",
    )
    insistence: float = parameter(
        0.0,
        symbol="ι",
        unit="share",
        meaning="how far a learned worth makes it use a lever more and give less of it up",
        source="judgement; article A: the more is hit back, the clearer China sees its "
        "strongest weapon; claims 19, 20; off by default",
    )
