"""Every field of the record tables, from scenarios small enough to know the answer."""

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.compile import Compiled, compile_scenario
from sim.scenario.draw_tables import gumbel_table, poisson_table
from sim.scenario.records import records
from sim.scenario.schema import ScenarioSpec
from sim.world import params as pr
from sim.world.sensors import SENSE_SIGNAL, SENSORS

BASE = Path(__file__).parents[2] / "scenarios" / "base" / "us-china.toml"


def compiled(**table) -> Compiled:
    head = {"title": "test", "start": "2025-05-12", "weeks": 10}
    return compile_scenario(ScenarioSpec.model_validate(head | table))


def lever(name="one", side="us", **values):
    return {"levers": {side: {name: values}}}


def only(**values):
    """The single lever of a scenario that has one."""
    return compiled(**lever(**values)).params.levers[0]


def test_an_empty_scenario_has_tables_of_the_right_shape():
    c = compiled()
    p = c.params
    assert (c.levers, c.allies, c.shocks, c.deals) == ((), (), (), ())
    assert (p.levers.shape, p.actors.shape, p.ally_need.shape) == ((0,), (2,), (0, 0))
    assert (p.decay.shape[0], p.poisson.shape[0], p.stage.shape) == (0, 0, (2, 4))
    assert p.discounting.shape == (2, 11)
    assert p.rules[0].has_truce == 0
    assert (p.rules[0].term, p.rules[0].extension) == (pr.NEVER, pr.NEVER)


def test_tables_have_the_types_the_world_expects():
    p = compiled(**lever()).params
    wanted = {
        "rules": pr.RULES,
        "actors": pr.ACTOR,
        "levers": pr.LEVER,
        "shocks": pr.SHOCK,
        "programmes": pr.PROGRAMME,
        "allies": pr.ALLY,
        "deals": pr.DEAL_TERM,
        "starts": pr.START,
        "bands": pr.BAND,
    }
    for name, dtype in wanted.items():
        table = getattr(p, name)
        assert isinstance(table, np.recarray)
        assert table.dtype.names == dtype.names
        assert table.dtype.itemsize == dtype.itemsize
    assert p.following.dtype == np.int32
    for name in ("moves", "ally_need", "decay", "poisson", "gumbel", "stage", "discounting"):
        assert getattr(p, name).dtype == np.float64


def test_levers_of_us_come_first_each_in_file_order():
    levers = {"cn": {"d": {}, "c": {}}, "us": {"b": {}, "a": {}, "e": {}}}
    c = compiled(levers=levers)
    assert c.levers == ("us.b", "us.a", "us.e", "cn.d", "cn.c")
    assert c.params.levers.owner.tolist() == [0, 0, 0, 1, 1]
    assert c.params.actors.first_lever.tolist() == [0, 3]
    assert c.params.actors.n_levers.tolist() == [3, 2]


def test_rules():
    truce = {"term_weeks": 13, "core": ["us.one"], "unilateral_after": 0, "breakdown_after": 3}
    talks = {"relief_lag_weeks": 0, "sequencing": "us_first", "cooldown_weeks": 9}
    rules = compiled(truce=truce, talks=talks, noise="flip", **lever()).params.rules[0]
    assert (rules.weeks, rules.has_truce, rules.flip, rules.stage) == (10, 1, 1, 0)
    assert (rules.term, rules.extension, rules.breakdown_after) == (13, 13, 3)
    assert rules.unilateral_after == pr.NEVER
    assert (rules.relief_lag, rules.sequencing, rules.cooldown) == (1, pr.US_FIRST, 9)
    open_ended = compiled(truce={"extension_weeks": 4}).params.rules[0]
    assert (open_ended.term, open_ended.extension, open_ended.unilateral_after) == (pr.NEVER, 4, 8)


def test_core_and_issue():
    levers = {"us": {"a": {"issue": "chips"}, "b": {}}, "cn": {"c": {"issue": "chips"}, "b": {}}}
    p = compiled(levers=levers, truce={"core": ["cn.c"]}).params
    assert p.levers.core.tolist() == [0, 0, 1, 0]
    assert p.levers.issue[0] == p.levers.issue[2]
    assert p.levers.issue[1] == p.levers.issue[3] != p.levers.issue[0]


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        ({"level": 1}, "obligation", 1),
        ({"level": 1, "obligation": 0}, "obligation", 0),
        ({"control": "licence", "level": 1}, "listed", 1),
        ({"control": "licence"}, "listed", 0),
        ({"control": "licence", "listed": True}, "listed", 1),
        ({"level": 1}, "listed", 0),
        ({"capacity": 0.3}, "capacity_after_talks", 0.3),
        ({"capacity": 0.3, "capacity_after_talks": 1.1}, "capacity_after_talks", 1.1),
        ({"stock_weeks": 4.0}, "stock_cap", 4.0),
        ({"stock_weeks": 4.0, "stock_cap_weeks": 9.0}, "stock_cap", 9.0),
        ({"halving_years": 2.0}, "decay_from", 1),
        ({"halving_years": 2.0, "dead_weeks": 20}, "decay_from", 21),
        ({}, "decay_from", pr.NEVER),
        ({"scope": "global"}, "worldwide", 1),
        ({"control": "tariff"}, "control", pr.TARIFF),
        ({"squeeze": 0.3}, "squeezed_share", 0.3),
        ({"expected_by_target": 0.7}, "expected", 0.7),
        ({"promised_by_owner": 0.6}, "promised", 0.6),
        ({"believed_value": 0.8}, "value", 0.8),
        ({"due_weeks": 3}, "due", 3),
        ({"backlog_weeks": 2.5}, "backlog", 2.5),
        ({}, "demand_row", -1),
    ],
)
def test_one_lever_field(values, field, expected):
    assert only(**values)[field] == expected


def test_a_history_gives_level_listing_backlog_and_felt_shortage():
    history = [{"date": "2025-04-14", "level": 2}, {"date": "2025-05-05", "level": 1}]
    values = {"control": "licence", "notches": 2, "history": history, "capacity": 0.5}
    c = compiled(**lever(side="cn", squeeze=0.0, harm_weight=0.8, **values))
    one = c.params.levers[0]
    assert (one.level, one.obligation, one.listed) == (1, 1, 1)
    assert one.backlog == pytest.approx(3 * 1.0 + 0.75)
    assert c.params.actors.felt0.tolist() == [pytest.approx(0.8 * 0.75), 0.0]


def test_dependence_decays_by_its_table():
    levers = {"us": {"a": {"notches": 3, "halving_years": 2.0, "induced": 1.5}, "b": {}}}
    table = compiled(levers=levers).params.decay
    assert table.shape == (2, 4)
    expected = [2 ** (-7 * (1 + 1.5 * n / 3) / (365.25 * 2)) for n in range(4)]
    assert table[0].tolist() == expected
    assert table[1].tolist() == [1.0] * 4
    assert table[0, 0] ** (2 * 365.25 / 7) == pytest.approx(0.5)


def test_programmes_before_the_start_are_in_dependence_already():
    dates = {"old": "2025-05-11", "now": "2025-05-12", "later": "2025-05-19", "far": "2030-01-01"}
    programmes = [{"name": n, "online": d, "share": 0.1} for n, d in dates.items()]
    table = compiled(**lever(programmes=programmes)).params.programmes
    assert table.week.tolist()[:2] == [1, 2]
    assert len(table) == 3
    assert table.week[2] > 10


@pytest.mark.parametrize(
    ("date", "week"), [("2025-05-12", 1), ("2025-05-18", 1), ("2025-05-19", 2), ("2026-05-12", 53)]
)
def test_dates_fall_in_weeks(date, week):
    shocks = [{"name": "s", "date": date, "talks": True}]
    assert compiled(shocks=shocks).params.shocks.week.tolist() == [week]


def test_shocks():
    shocks = [
        {"name": "a", "date": "2025-05-13", "lever": "us.one", "change": -1},
        {"name": "b", "chance": 0.1, "lever": "us.one", "level": 1, "capacity": 0.5},
        {"name": "c", "chance": 0.2, "lever": "us.one", "remove": True},
        {"name": "d", "date": "2025-05-20", "talks": True, "ends_truce": True},
    ]
    c = compiled(shocks=shocks, **lever())
    table = c.params.shocks
    assert c.shocks == ("a", "b", "c", "d")
    assert table.week.tolist() == [1, 0, 0, 2]
    assert table.chance.tolist() == [0, 0.1, 0.2, 0]
    assert table.lever.tolist() == [0, 0, 0, -1]
    assert list(zip(table.moves, table.amount, strict=True)) == [(1, -1), (2, 1), (0, 0), (0, 0)]
    assert table.sets_capacity.tolist() == [0, 1, 0, 0]
    assert table.capacity.tolist() == [0, 0.5, 0, 0]
    assert table.removes.tolist() == [0, 0, 1, 0]
    assert (table.talks.tolist(), table.ends_truce.tolist()) == ([0, 0, 0, 1], [0, 0, 0, 1])


def test_the_calendar_marks_the_weeks_in_which_something_may_fall():
    programmes = [{"name": "p", "online": "2025-06-30", "share": 0.1}]
    shocks = [
        {"name": "a", "date": "2025-06-09", "talks": True},
        {"name": "far", "date": "2030-01-01", "talks": True},
    ]
    values = lever(due_weeks=2, programmes=programmes)
    calendar = compiled(shocks=shocks, **values).params.calendar
    assert calendar.dtype == np.int8
    assert np.flatnonzero(calendar).tolist() == [3, 5, 8]
    any_week = [{"name": "b", "chance": 0.1, "talks": True}]
    assert compiled(shocks=any_week, **values).params.calendar.tolist() == [0] + [1] * 10
    assert not compiled().params.calendar.any()


def test_allies():
    allies = {
        "jp": {"lever": "us.one", "coverage": 0.1, "h": 0.02, "psi": 0.3, "lag_weeks": 0},
        "eu": {"dependence": {"us.one": 0.4}, "lag_weeks": 5},
    }
    c = compiled(allies=allies, **lever(scope="global"))
    assert c.allies == ("jp", "eu")
    assert c.params.allies.lever.tolist() == [0, -1]
    assert c.params.allies.lag.tolist() == [1, 5]
    assert c.params.allies[0].tolist() == (0, 0.1, 0.02, 0.3, 1)
    assert c.params.ally_need.tolist() == [[0.0], [0.4]]


def test_deals():
    levers = {"us": {"a": {}}, "cn": {"b": {}}}
    terms = [{"lever": "us.a", "level": 1}, {"lever": "cn.b", "level": 0}]
    deals = [
        {"name": "any", "levers": terms[:1]},
        {"name": "late", "date": "2025-06-02", "levers": terms},
    ]
    c = compiled(levers=levers, deals=deals)
    assert c.deals == ("any", "late")
    assert [row.tolist() for row in c.params.deals] == [(0, 1, 0, 1), (1, 4, 0, 1), (1, 4, 1, 0)]


def test_actors():
    us = {
        "belief_prior_weeks": 4.0,
        "belief_prior_good": 0.75,
        "belief_memory": 0.8,
        "lever_choice": "mirror",
        "pressure_smoothing": 0.3,
        "reaction_delay": 2,
        "policy": {"name": "grim", "sensor": "pressure_above", "threshold": 0.4},
    }
    actors = compiled(actors={"us": us}).params.actors
    assert (actors.prior_good[0], actors.prior_bad[0], actors.memory[0]) == (3.0, 1.0, 0.8)
    assert (actors.lever_choice[0], actors.smoothing[0]) == (pr.CHOOSE_MIRROR, 0.3)
    assert (actors.sensor[0], actors.threshold[0]) == (2, 0.4)
    assert actors.weigh_pressure.tolist() == [1.0, 0.0]
    assert [*SENSORS][2] == "pressure_above"
    assert (actors.reaction_delay[0], actors.sensor[1]) == (2, SENSE_SIGNAL)


def test_machines_lie_one_after_the_other():
    mixture = {
        "name": "mixture",
        "parts": [
            {"weight": 0.7, "policy": {"name": "tit_for_tat"}},
            {"weight": 0.3, "policy": {"name": "random", "p": 0.25}},
        ],
    }
    actors = {"us": {"policy": {"name": "grim"}}, "cn": {"policy": mixture}}
    c = compiled(actors=actors)
    p = c.params
    assert c.states == (("calm", "unforgiving"), ("1.calm", "1.provoked", "2.undecided"))
    assert c.state_name(3) == "1.provoked"
    assert p.following.tolist() == [[0, 1, 1, 1], [1] * 4, [2, 3, 2, 3], [2, 3, 2, 3], [4] * 4]
    assert p.moves.tolist() == [[0, 0], [1, 1], [0, 0], [1, 1], [0.75, 0.75]]
    assert p.starts.state.tolist() == [0, 2, 4]
    assert p.starts.cumulative.tolist() == [1.0, 0.7, 1.0]
    assert p.actors.first_start.tolist() == [0, 1]
    assert p.actors.n_starts.tolist() == [1, 2]


def test_an_impossible_move_is_never_drawn():
    state = {"move": {"retaliate": 0.1, "hold": 0.2, "concede": 0.7}, "next": {"any": "a"}}
    third = {"move": {"retaliate": 1 / 3, "hold": 2 / 3 - 1e-12}, "next": {"any": "a"}}
    machine = {"start": "a", "states": {"a": state, "b": third}}
    moves = compiled(actors={"us": {"policy": {"machine": machine}}}).params.moves
    assert moves[0].tolist() == [0.1, pytest.approx(0.3)]
    assert moves[1].tolist() == [1 / 3, 1.0]


def test_stage_payoffs_and_discounting():
    us = {"good": {"good": 3.0, "bad": 0.0}, "bad": {"good": 5.0, "bad": 1.0}}
    cn = {"good": {"good": 2.0, "bad": -1.0}, "bad": {"good": 4.0, "bad": 0.5}}
    p = compiled(
        stage_payoffs={"cn": cn, "us": us},
        actors={"us": {"discount": 0.9}, "cn": {"discount": 1.0}},
    ).params
    assert p.rules[0].stage == 1
    assert p.stage.tolist() == [[3, 0, 5, 1], [2, -1, 4, 0.5]]
    assert p.discounting[0].tolist() == [1.0, *(0.9 ** (t - 1) for t in range(1, 11))]
    assert p.discounting[1].tolist() == [1.0] * 11


@pytest.mark.parametrize("mean", [0.01, 0.5, 4.0, 8.0, 9.5, 1000.0])
def test_poisson_table(mean):
    table = poisson_table([mean, 2.0])
    row = table[0]
    assert (np.diff(row) >= 0).all()
    assert row[-1] == 1.0
    counts = np.arange(row.size)
    chances = np.diff(row, prepend=0.0)
    logs = counts * math.log(mean) - mean - np.array([math.lgamma(n + 1) for n in counts])
    assert chances == pytest.approx(np.exp(logs), abs=2e-12)
    assert counts @ chances == pytest.approx(mean)


def test_levers_share_a_row_of_equal_demand():
    office = {"control": "licence"}
    levers = {
        "us": {"a": office | {"demand_batch": 9.0}, "b": office},
        "cn": {"c": office | {"demand_batch": 4.0}, "d": office | {"demand_batch": 9.0}},
    }
    p = compiled(levers=levers).params
    assert p.levers.demand_row.tolist() == [0, -1, 1, 0]
    assert p.levers.demand_batch.tolist() == [9.0, 0.0, 4.0, 9.0]
    assert p.poisson.shape[0] == 2


def test_gumbel_table():
    table = gumbel_table()
    assert table.shape == (4096,)
    assert table[0] == -math.log(-math.log(0.5 / 4096))
    assert table.mean() == pytest.approx(0.5772, abs=2e-3)
    assert not table.flags.writeable


def bands(c):
    return {(int(b.quantity), int(b.index)): float(b.scale) for b in c.params.bands}


def test_bands_in_order():
    levers = {"us": {"a": {}, "b": {"control": "licence"}}, "cn": {"c": {"control": "licence"}}}
    followed = list(bands(compiled(levers=levers)))
    sides = [(q, i) for q in range(5) for i in (0, 1)]
    offices = [(pr.FLOW, 1), (pr.STOCK, 1), (pr.FLOW, 2), (pr.STOCK, 2)]
    assert followed == sides + offices


def test_band_scales():
    us = {"a": {"notches": 3, "severity": 2.5, "level": 2, "dependence": 0.5, "bite": 0.8}}
    cn = {
        "b": {
            "control": "licence",
            "capacity_after_talks": 1.1,
            "notches": 64,
            "severity": 2.0,
            "stock_weeks": 8.0,
        }
    }
    scale = bands(compiled(levers={"us": us, "cn": cn}))
    assert scale[pr.RUNG, 0] == 4.0
    assert scale[pr.RUNG, 1] == 254 / 128
    assert scale[pr.LEVERAGE, 0] == pytest.approx(254 / -math.log(1 - 0.4))
    assert scale[pr.LEVERAGE, 1] == pytest.approx(254 / -math.log(1 - 0.95))
    assert {scale[q, i] for q in (pr.SHORTAGE, pr.PRESSURE, pr.BELIEF) for i in (0, 1)} == {253.0}
    assert scale[pr.FLOW, 1] == 230.0
    assert scale[pr.STOCK, 1] == 254 / 8
    slow = compiled(**lever(control="licence", capacity=0.25))
    assert bands(slow)[pr.FLOW, 0] == 253.0


def test_the_highest_rung_counts_deals():
    deal = {"name": "d", "levers": [{"lever": "us.one", "level": 10}]}
    levers = lever(notches=64, level=20, severity=1.0)
    assert bands(compiled(**levers))[pr.RUNG, 0] == 4.0
    assert bands(compiled(deals=[deal], **levers))[pr.RUNG, 0] == 4.0
    heavy = lever(notches=64, level=20, severity=1.2)
    assert bands(compiled(**heavy))[pr.RUNG, 0] == 4.0
    assert bands(compiled(deals=[deal], **heavy))[pr.RUNG, 0] == pytest.approx(254 / 64.8)


def test_records_refuse_a_field_too_few_or_too_many():
    with pytest.raises(KeyError, match="share"):
        records(pr.PROGRAMME, [{"week": 1, "lever": 0}])
    with pytest.raises(KeyError, match="odd"):
        records(pr.PROGRAMME, [{"week": 1, "lever": 0, "share": 0.1, "odd": 1}])


def test_the_base_scenario_compiles_whole():
    table = tomllib.loads(BASE.read_text(encoding="utf-8"))
    c = compile_scenario(ScenarioSpec.model_validate(table))
    office = c.params.levers[c.levers.index("cn.rare_earths")]
    assert office.backlog == pytest.approx(38 / 7 * (1 - 0.075))
    assert office.stock == pytest.approx(5 - 38 / 7 * 0.9 * (1 - 0.075))
    assert c.params.ally_need[:, c.levers.index("cn.rare_earths")].min() > 0
