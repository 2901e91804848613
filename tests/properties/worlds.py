"""Random worlds for hypothesis: valid scenario tables with every mechanism in them somewhere.

Values are drawn from few, telling ones (nothing, a little, a lot, all), so that small samples
meet the corners: empty offices, full levers, certain slips, terms shorter than the cooldown.
"""

from typing import Any

from hypothesis import strategies as st

from sim.policies.library import PAYOFFS, POLICIES, STAGED
from tests.world.play import day

MOST_WEEKS = 14
SENSORS = ("signal", "belief_above", "pressure_above", "leverage_above")
MOVES = ("retaliate", "hold", "concede")
AXELROD = dict(zip(PAYOFFS, (5.0, 3.0, 1.0, 0.0), strict=True))

share = st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.9, 1.0])
small = st.sampled_from([0.0, 0.0, 0.05, 0.2])
weight = st.sampled_from([0.0, 0.2, 1.0, 2.5])
severity = st.sampled_from([0.5, 1.0, 2.5, 4.0])
owed = st.sampled_from(["level", "service"])


def maybe(strategy):
    """The key is there or not: None is taken out of the table again."""
    return st.none() | strategy


def record(**fields) -> st.SearchStrategy[dict[str, Any]]:
    """A table; the keys that came out as None are left out."""
    return st.fixed_dictionaries(fields).map(
        lambda table: {key: value for key, value in table.items() if value is not None}
    )


@st.composite
def levers(draw) -> dict[str, Any]:
    """A ban, a tariff or a licence, perhaps with a history before the start."""
    notches = draw(st.integers(1, 3))
    level = draw(st.integers(0, notches))
    obligation = draw(st.integers(0, notches))
    lever = draw(
        record(
            control=st.sampled_from(["ban", "tariff", "licence", "licence"]),
            scope=st.sampled_from(["bilateral", "global"]),
            issue=maybe(st.sampled_from(["chips", "ships"])),
            due_weeks=st.integers(0, 5),
            severity=severity,
            friction=share,
            bite=share,
            dependence=share,
            halving_years=maybe(st.sampled_from([0.1, 2.0])),
            dead_weeks=st.integers(0, 4),
            induced=share,
            stock_weeks=st.sampled_from([0.0, 0.4, 3.0]),
            stock_cap_weeks=maybe(st.just(4.0)),
            restock=small,
            harm_weight=weight,
            convexity=st.sampled_from([0.0, 0.5, 2.0]),
            own_cost=share,
            own_gain=share,
            believed_value=share,
            temperature=st.sampled_from([None, None, 0.0, 0.3]),
        )
    )
    lever |= {"notches": notches, "level": level, "obligation": obligation}
    if lever["control"] == "licence":
        lever |= draw(office())
    if draw(st.booleans()):
        first = draw(st.integers(0, notches))
        lever["history"] = [{"date": day(-3), "level": first}, {"date": day(0), "level": level}]
    if draw(st.booleans()):
        online = day(draw(st.integers(1, MOST_WEEKS)))
        lever["programmes"] = [{"name": "mine", "online": online, "share": draw(share)}]
    return lever


@st.composite
def office(draw) -> dict[str, Any]:
    """What only a licence lever has; where it can refuse, it then serves no more than squeezed."""
    lever = draw(queue())
    if draw(st.booleans()):
        lever["refusal"] = draw(st.sampled_from([0.0, 0.5, 1.0])) * lever["squeeze"]
    return lever


def queue() -> st.SearchStrategy[dict[str, Any]]:
    """A licence office, and what it owes."""
    return record(
        listed=st.booleans(),
        capacity=st.sampled_from([0.0, 0.25, 0.8, 1.0, 1.6]),
        capacity_after_talks=maybe(st.sampled_from([0.0, 1.2])),
        squeeze=share,
        expected_by_target=share,
        promised_by_owner=share,
        demand_batch=maybe(st.sampled_from([0.5, 4.0])),
        backlog_weeks=st.sampled_from([0.0, 1.5]),
        owes=owed,
        owes_by_target=maybe(owed),
    )


@st.composite
def machines(draw) -> dict[str, Any]:
    """An inline machine of one to four states, with a mixed start and mixed moves."""
    names = [f"s{n}" for n in range(draw(st.integers(1, 4)))]
    cases = [f"own_{a}_saw_{b}" for a in ("good", "bad") for b in ("good", "bad")]
    states = {}
    for name in names:
        move: Any = draw(st.sampled_from(MOVES))
        if draw(st.booleans()):
            move = {"retaliate": 0.25, "hold": 0.25, "concede": 0.5}
        states[name] = {
            "move": move,
            "next": {case: draw(st.sampled_from(names)) for case in cases},
        }
    start: Any = names[0] if len(names) == 1 else {names[0]: 0.25, names[-1]: 0.75}
    return {"machine": {"start": start, "states": states}}


@st.composite
def policies(draw, stage: bool) -> dict[str, Any]:
    """Any policy of the library or a machine of its own, on any sensor.

    Where the scenario has a `stage` game, none that is made for the payoffs of another one.
    """
    names = sorted(name for name in POLICIES if not stage or name not in STAGED)
    named = st.sampled_from(names).map(
        lambda name: {"name": name} | (AXELROD if name in STAGED else {})
    )
    policy = draw(named | machines())
    sensor = draw(st.sampled_from(SENSORS))
    if sensor == "signal":
        return policy
    return policy | {"sensor": sensor, "threshold": draw(st.sampled_from([0.0, 0.2, 0.5]))}


def actors(most: int, stage: bool) -> st.SearchStrategy[dict[str, Any]]:
    """A government with `most` levers: policy, noise, reading, learning, choice of levers."""
    return record(
        policy=policies(stage),
        proportionality=st.sampled_from([0.0, 0.5, 1.0, 2.3]),
        reaction_delay=st.integers(0, 3),
        stride=st.integers(1, 4),
        package=st.integers(0, most),
        hurt=weight,
        slip_after_talks=share,
        severe_shortage=st.sampled_from([0.1, 0.5]),
        lasting_weeks=st.integers(0, 2),
        insistence=share,
        slip=small,
        slip_fail=small,
        false_alarm=small,
        miss=small,
        felt=share,
        belief_prior_weeks=st.sampled_from([0.5, 4.0]),
        belief_prior_good=share,
        belief_memory=share,
        value_learning=share,
        value_decay=small,
        retention=share,
        pressure_smoothing=share,
        spillover=share,
        reluctance=small,
        audience_cost=weight,
        anticipation=st.sampled_from([0.0, 0.5, 1.0]),
        discount=st.sampled_from([0.9, 1.0]),
        lever_choice=st.sampled_from(["value", "mirror", "uniform"]),
        temperature=st.sampled_from([0.0, 0.0, 0.5]),
    )


def truces(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Short terms, open-ended ones, and core levers."""
    return record(
        term_weeks=maybe(st.integers(1, MOST_WEEKS + 2)),
        extension_weeks=maybe(st.integers(1, 4)),
        quiet_weeks=st.integers(0, 9),
        core=st.lists(st.sampled_from(names), unique=True, max_size=2),
        breakdown_after=st.integers(1, 7),
        unilateral_after=st.sampled_from([0, 1, 3, 8]),
        rupture_rung=st.sampled_from([0.0, 0.5, 1.0, 2.5, 4.0, 5.0, 50.0]),
    )


def talks() -> st.SearchStrategy[dict[str, Any]]:
    """From never to every week."""
    return record(
        talks_rate=share,
        talks_pressure=weight,
        cooldown_weeks=st.integers(0, 4),
        cooldown_rate=st.sampled_from([0.0, 0.0, 0.3, 1.0]),
        since_weeks=st.sampled_from(["none", "none", 0, 2]),
        boost_weeks=st.integers(0, 4),
        relief=share,
        relief_lag_weeks=st.integers(0, 3),
        relief_ordered=st.booleans(),
        grace_weeks=st.sampled_from([0, 0, 1, 3]),
        sequencing=st.sampled_from(["simultaneous", "us_first", "cn_first"]),
    )


@st.composite
def shocks(draw, notches: dict[str, int], name: str) -> dict[str, Any]:
    """Dated or by chance, with one effect or several."""
    lever = draw(st.sampled_from(sorted(notches)))
    shock: dict[str, Any] = {"name": name}
    if draw(st.booleans()):
        shock["date"] = day(draw(st.integers(1, MOST_WEEKS)))
    else:
        shock["chance"] = draw(small)
    effects = draw(
        st.sets(st.sampled_from(["move", "remove", "capacity", "talks", "act"]), min_size=1)
    )
    if effects & {"move", "remove", "capacity"}:
        shock["lever"] = lever
    if "move" in effects and draw(st.booleans()):
        shock["change"] = draw(st.sampled_from([-2, 1, 3]))
    elif "move" in effects:
        shock["level"] = draw(st.integers(0, notches[lever]))
    if "capacity" in effects:
        shock["capacity"] = draw(share)
    flags = {"remove": "remove", "talks": "talks", "act": "ends_truce"}
    return shock | {key: True for effect, key in flags.items() if effect in effects}


@st.composite
def allies(draw, names: list[str]) -> dict[str, Any]:
    """A third party that may join a lever and may wait for some."""
    waits = draw(st.lists(st.sampled_from(names), unique=True))
    ally = draw(
        record(
            lever=maybe(st.sampled_from(names)),
            coverage=share,
            h=small,
            psi=share,
            lag_weeks=st.integers(0, 3),
        )
    )
    return ally | {"dependence": {name: draw(share) for name in waits}}


@st.composite
def deals(draw, notches: dict[str, int], name: str) -> dict[str, Any]:
    """Levels for one or two levers, perhaps not before a date."""
    chosen = draw(st.lists(st.sampled_from(sorted(notches)), unique=True, min_size=1, max_size=2))
    terms = [{"lever": k, "level": draw(st.integers(0, notches[k]))} for k in chosen]
    deal = {"name": name, "levers": terms}
    if draw(st.booleans()):
        deal["date"] = day(draw(st.integers(1, MOST_WEEKS)))
    return deal


def matrix() -> st.SearchStrategy[dict[str, Any]]:
    row = st.fixed_dictionaries({"good": weight, "bad": weight})
    return st.fixed_dictionaries({"good": row, "bad": row})


@st.composite
def worlds(draw) -> dict[str, Any]:
    """A whole scenario."""
    owned = {
        "us": {f"u{n}": draw(levers()) for n in range(draw(st.integers(0, 3)))},
        "cn": {f"c{n}": draw(levers()) for n in range(draw(st.integers(1, 3)))},
    }
    notches = {f"{i}.{name}": row["notches"] for i in owned for name, row in owned[i].items()}
    names = sorted(notches)
    stage = draw(maybe(st.fixed_dictionaries({"us": matrix(), "cn": matrix()})))
    table = {
        "title": "random",
        "start": day(1),
        "weeks": draw(st.integers(1, MOST_WEEKS)),
        "noise": draw(st.sampled_from(["agency", "agency", "flip"])),
        "levers": owned,
        "heat": draw(st.sampled_from([0.0, 0.0, 0.5, 2.0])),
        "actors": {i: draw(actors(len(rows), stage is not None)) for i, rows in owned.items()},
        "talks": draw(talks()),
        "truce": draw(maybe(truces(names))),
        "shocks": [draw(shocks(notches, f"s{n}")) for n in range(draw(st.integers(0, 3)))],
        "allies": {f"a{n}": draw(allies(names)) for n in range(draw(st.integers(0, 2)))},
        "deals": [draw(deals(notches, f"d{n}")) for n in range(draw(st.integers(0, 2)))],
        "stage_payoffs": stage,
    }
    return {key: value for key, value in table.items() if value is not None}
