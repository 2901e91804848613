"""What a lever owes: a level, or the service of its office; and how each side reads that."""

import pytest

from sim.errors import ScenarioError
from tests.world.play import CN, WORLD, Game, ban, licence, meeting, script, shock, table

SQUEEZED = {"notches": 2, "level": 2, "obligation": 0, "squeeze": 0.5}


def one(lever, cn="H", **rest):
    """A game of one lever of cn, called a; us looks on."""
    return Game(table({"cn": {"a": lever}}, cn={"policy": script(cn)}, **rest), {})


def test_who_owes_a_level_is_in_violation_when_it_is_due():
    game = one(licence(**SQUEEZED, due_weeks=1)).to(2)
    assert (game.cn.rung, game.cn.rung_own, game.at("cn.a").counts) == (2.0, 2.0, 0)
    assert game.origin(1) == ("overdue", 1, 0, 2)


def test_who_owes_service_owes_no_level():
    """The notches that stood at the start go on counting; what is short is service."""
    game = one(licence(**SQUEEZED, owes="service", promised_by_owner=0.6)).to(3)
    assert (game.cn.rung, game.at("cn.a").counts) == (0.0, 2)
    assert game.at("cn.a").service == 0.5  # of all that the obligation allows
    assert game.cn.own_bad == 1  # by its own promise
    assert game.us.gap > 0


def test_service_is_measured_against_the_obligation_from_the_first_week():
    before = one(licence(**SQUEEZED, due_weeks=5)).week()
    after = one(licence(**SQUEEZED, due_weeks=5, owes="service")).week()
    assert (before.at("cn.a").service, after.at("cn.a").service) == (1.0, 0.5)


def test_to_tighten_is_a_violation_of_who_owes_service():
    """What was given up counts from then on, and may not be taken back."""
    lever = licence(**SQUEEZED, owes="service")
    game = one(lever, cn="CCHR")
    rungs = [(game.week().level("cn.a"), game.cn.rung) for _ in range(4)]
    assert rungs == [(1, 0.0), (0, 0.0), (0, 0.0), (1, 1.0)]


@pytest.mark.parametrize(
    ("owes", "by_target", "rung", "own"),
    [("service", "level", 2.0, 0.0), ("level", "service", 0.0, 2.0)],
)
def test_two_readings_of_one_obligation(owes, by_target, rung, own):
    """The other side holds against it what it reads; its own conduct goes by its own reading."""
    lever = licence(**SQUEEZED, owes=owes, owes_by_target=by_target, promised_by_owner=0.0)
    game = one(lever).to(2)
    assert (game.cn.rung, game.cn.rung_own) == (rung, own)
    assert game.cn.own_bad == (own > 0)
    assert game.memory(2, 0).other_violates == (rung > 0)
    assert game.at("cn.a").service == (0.5 if by_target == "service" else 1.0 if rung == 0 else 0.5)


def test_the_truce_breaks_over_what_the_other_side_can_hold_against_it():
    rest = {"truce": {"breakdown_after": 1, "unilateral_after": 2}}
    lever = licence(**SQUEEZED, owes="service", owes_by_target="level")
    assert one(lever, **rest).to(3).trigger() == ("overdue", 1, 0, 1)
    assert one(licence(**SQUEEZED, owes="service"), **rest).to(3).trigger() is None


def test_talks_bring_service_from_who_owes_it_and_is_short():
    talks = {"relief": 1.0, "relief_lag_weeks": 1, "sequencing": "simultaneous"}
    rest = {"shocks": [meeting(1)], "talks": talks}
    for promised, level in ((0.6, 0), (0.5, 2)):
        lever = licence(**SQUEEZED, owes="service", promised_by_owner=promised)
        assert one(lever, **rest).to(2).level("cn.a") == level


def test_a_climb_goes_by_its_own_reading():
    """cn aims at rung 1: who owns up to no rung climbs, who stands at 2 already does not."""
    for owes, level in (("service", 3), ("level", 2)):
        lever = licence(notches=3, level=2, obligation=0, squeeze=0.5, owes=owes)
        lever |= {"owes_by_target": "level"}
        assert one(lever, cn="HR").to(2).level("cn.a") == level


def test_only_an_office_owes_service_or_refuses():
    bad = {"owes": "service", "owes_by_target": "service", "refusal": 0.0}
    with pytest.raises(ScenarioError) as refused:
        one(ban(**bad))
    assert [problem.path.rpartition(".")[2] for problem in refused.value.problems] == list(bad)


# To refuse


def refusing(**values):
    return licence(notches=1, squeeze=0.4, capacity=0.5, refusal=0.1, **values)


def test_an_office_that_refuses_serves_less_than_one_that_squeezes():
    flows = [one(refusing(level=n)).week().at("cn.a").flow for n in (0, 1, 2)]
    assert flows == [0.5, 0.5 * 0.4, 0.5 * 0.1]


def test_retaliation_reaches_the_notch_to_refuse():
    game = one(refusing(level=1), cn="R").to(1)
    assert (game.level("cn.a"), game.cn.rung) == (2, 1.0)
    without = licence(notches=1, squeeze=0.4, level=1)
    assert one(without, cn="R").to(1).level("cn.a") == 1


def test_no_agency_refuses():
    levers = {"cn": {"a": refusing(level=1)}}
    game = Game(
        table(levers, cn={"slip": 1.0}), {(1, "slip", "cn"): 0.0, (1, "slip_lever", "cn"): 0}
    )
    assert game.to(1).level("cn.a") == 1


def test_leverage_counts_on_refusal():
    one_week = [one(lever).week() for lever in (refusing(), licence(squeeze=0.4, capacity=0.5))]
    held = [WORLD.leverage.sensed_leverage(game.p, game.s, 1, CN) for game in one_week]
    assert held[0] > held[1] > 0


def test_a_shock_may_make_it_refuse():
    game = one(refusing(), shocks=[shock(1, "cn.a", level=2)]).week()
    assert game.at("cn.a").flow == 0.5 * 0.1


def test_to_refuse_is_to_serve_less_than_the_squeeze():
    with pytest.raises(ScenarioError, match=r"0\.5\s+allowed: at most 0\.4"):
        one(licence(squeeze=0.4, refusal=0.5))
