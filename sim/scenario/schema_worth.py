"""What a lever is worth: the harm it does and what using it costs."""

from sim.scenario.parameter import Table, parameter


class Worth(Table):
    """Harm to the target, cost and gain of the owner, and what the owner believes."""

    harm_weight: float = parameter(
        1.0,
        symbol="w",
        unit="harm",
        span=(0.5, 2.0),
        relative=True,
        meaning="harm w·φ(x) to the target at shortage x",
        source="REE 1, chips .6, EDA .5, engines .3, visas .1, tariffs .8: judgement",
    )
    convexity: float = parameter(
        0.0,
        symbol="κ",
        meaning="φ(x) = (1-x)^(-κ) - 1; 0: -ln(1-x)",
        source="judgement, sources.md, standard equations, CES loss; claim 20",
        limits=(0, 10),
    )
    own_cost: float = parameter(
        0.3,
        symbol="c",
        unit="share of w",
        span=(0.1, 1.0),
        meaning="the owner's cost per share of flow cut",
        source="judgement: visas 1, else .3, from claims 8, 30, 32",
    )
    own_gain: float = parameter(
        0.35,
        symbol="g",
        unit="share of w",
        span=(0, 0.6),
        meaning="the owner's gain per share of notches in force",
        source="chips .3 denial, tariffs .4 terms of trade and revenue, visas .1, else judgement: "
        "above own_cost, as no owner gave a lever up unasked; claims 8, 10, 19, 30, 32",
    )
    believed_value: float = parameter(
        0.5,
        symbol="v",
        unit="0..1",
        meaning="what the owner thinks the lever is worth at the start; learned",
        source="judgement; claim 20",
    )
