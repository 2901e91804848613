"""Steps 9 and 11: what of the truce no longer holds, why, and what happens when its term ends."""

import pytest

from tests.world.play import CN, ECHO, US, Game, ban, meeting, script, shock, table

R = {"policy": script("R")}
UNILATERAL = {"unilateral_after": 0}


def ends(game):
    """First weeks in which clean, standing and core no longer hold."""
    return int(game.run.clean_week), int(game.run.standing_week), int(game.run.core_week)


# clean


@pytest.mark.parametrize("side", ["us", "cn"])
def test_clean_ends_in_the_first_week_with_a_violation(side):
    game = Game(table(**{side: {"policy": script("HHR")}}, truce={}), {})
    assert [game.week().run.clean_week for _ in range(4)] == [0, 0, 3, 3]


def test_clean_is_about_violations_not_about_service():
    from tests.world.play import licence

    slow = {"cn": {"b": licence(capacity=0.1, promised_by_owner=0.9)}}
    game = Game(table(slow, truce={}), {}).to(3)
    assert (game.cn.own_bad, game.run.clean_week) == (1, 0)


# standing


@pytest.mark.parametrize("k", [1, 2, 3])
def test_standing_ends_with_k_weeks_of_mutual_violation(k):
    """us violates from week 2, cn from week 3 on."""
    sides = {"us": {"policy": script("HR")}, "cn": {"policy": script("HHR")}}
    game = Game(table(**sides, truce=UNILATERAL | {"breakdown_after": k}), {}).to(9)
    assert ends(game) == (2, 3 + k - 1, 0)


def test_the_weeks_of_mutual_violation_must_be_unbroken():
    """Mutual in weeks 1, 3, 5 and 6: us backs down in 2 and 4."""
    us = {"policy": script("RCRCRR")}
    game = Game(table(us=us, cn=R, truce=UNILATERAL | {"breakdown_after": 2}), {}).to(7)
    assert game.run.standing_week == 6


@pytest.mark.parametrize("side", ["us", "cn"])
@pytest.mark.parametrize("weeks", [1, 3])
def test_standing_ends_when_one_side_s_run_of_violation_is_long_enough(side, weeks):
    truce = {"unilateral_after": weeks, "breakdown_after": 9}
    game = Game(table(**{side: {"policy": script("HR")}}, truce=truce), {}).to(8)
    assert ends(game) == (2, 2 + weeks - 1, 0)


def test_a_run_of_violation_must_be_unbroken_too():
    us = {"policy": script("RRCRRR")}
    game = Game(table(us=us, truce={"unilateral_after": 3, "breakdown_after": 9}), {}).to(8)
    assert game.run.standing_week == 6


def test_with_unilateral_after_0_one_side_never_breaks_it():
    game = Game(table(us=R, truce=UNILATERAL, weeks=40), {}).to(40)
    assert ends(game) == (1, 0, 0)


def test_weeks_of_mutual_violation_for_every_k_are_noted():
    """Mutual from week 2 on: K weeks of it are reached in week K + 1."""
    both = {"policy": script("HR")}
    game = Game(table(us=both, cn=both, truce=UNILATERAL), {}).to(9)
    assert game.s.k_week[0].tolist() == [2, 3, 4, 5, 6, 7]


def test_the_first_week_for_every_k_is_kept():
    """Mutual in weeks 1, 2 and 4 to 6."""
    us = {"policy": script("RRCRRRC")}
    game = Game(table(us=us, cn=R, truce=UNILATERAL), {}).to(9)
    assert game.s.k_week[0].tolist() == [1, 2, 6, 0, 0, 0]


# dispute and rupture


def climbing(**truce):
    """Both sides at rung 2 in weeks 1 and 2, at 4 from week 3 on."""
    levers = {side: {"a": ban(notches=2, severity=2.0)} for side in ("us", "cn")}
    climb = {"policy": script("RHR"), "proportionality": 4.0}
    return Game(table(levers, us=climb, cn=climb, truce=truce), {})


def disputed_and_broken(game):
    return int(game.run.undisputed_week), int(game.run.standing_week)


@pytest.mark.parametrize(
    ("rung", "broken"), [(0, 2), (1, 2), (2, 2), (2.5, 4), (4, 4), (4.5, 0), (50, 0)]
)
def test_a_dispute_breaks_the_truce_at_the_rung_of_a_rupture_alone(rung, broken):
    game = climbing(rupture_rung=rung, breakdown_after=2).to(9)
    assert disputed_and_broken(game) == (2, broken)


def test_the_weeks_of_a_rupture_must_be_as_many_as_those_of_a_dispute():
    game = climbing(rupture_rung=4, breakdown_after=3).to(9)
    assert disputed_and_broken(game) == (3, 5)


def test_both_sides_must_stand_at_the_rung_of_a_rupture():
    levers = {"us": {"a": ban(severity=4.0)}, "cn": {"a": ban(notches=2, severity=2.0)}}
    us = {"policy": script("R"), "proportionality": 9.0}
    cn = {"policy": script("RH"), "proportionality": 2.0}
    game = Game(table(levers, us=us, cn=cn, truce={"rupture_rung": 4}), {}).to(9)
    assert game.us.rung == 4.0 > game.cn.rung > 0.0
    assert disputed_and_broken(game) == (2, 0)


def test_one_side_alone_is_a_dispute_and_no_rupture():
    game = Game(table(us=R, truce={"unilateral_after": 3, "rupture_rung": 1}), {}).to(9)
    assert disputed_and_broken(game) == (3, 0)


def test_talks_begin_the_weeks_of_a_rupture_anew():
    levers = {side: {"a": ban(notches=2, severity=2.0)} for side in ("us", "cn")}
    climb = {"policy": script("R"), "proportionality": 4.0}
    tree = table(levers, us=climb, cn=climb, truce={"rupture_rung": 4}, shocks=[meeting(2)])
    game = Game(tree, {}).to(2)
    assert (game.run.mutual, game.run.ruptured, game.s.together.any()) == (0, 0, False)


def test_the_trigger_is_that_of_the_dispute():
    game = climbing(rupture_rung=4, breakdown_after=2).to(9)
    assert game.trigger() == ("policy", US, 0, 1)


# core


def core(**more):
    return {"core": ["us.move"], "breakdown_after": 9, "unilateral_after": 0} | more


def test_core_ends_with_a_core_lever_above_what_counts_and_takes_standing_along():
    game = Game(table(us={"policy": script("HR")}, truce=core()), {})
    assert [(*ends(game.week()), int(game.run.in_force)) for _ in range(3)] == [
        (0, 0, 0, 1),
        (2, 2, 2, 0),
        (2, 2, 2, 0),
    ]
    assert game.trigger() == ("policy", US, 0, 2)


def test_another_lever_is_not_core():
    game = Game(table(cn=R, truce=core()), {}).to(3)
    assert (ends(game), game.run.in_force) == ((1, 0, 0), 1)


def test_what_counts_this_week_is_what_core_is_tested_against():
    lever = ban(level=1, obligation=0, due_weeks=2)
    game = Game(table({"us": {"move": lever}}, truce=core()), {})
    assert [game.week().run.core_week for _ in range(3)] == [0, 0, 3]


def test_a_core_lever_below_what_counts_is_kept():
    lever = ban(notches=2, level=2)
    game = Game(table({"us": {"move": lever}}, truce=core()), {}).to(1)
    assert ends(game) == (0, 0, 0)
    lower = table({"us": {"move": lever}}, truce=core(), shocks=[shock(1, "us.move", level=1)])
    assert ends(Game(lower, {}).to(2)) == (0, 0, 0)


@pytest.mark.parametrize("truce", [{}, {"core": ["us.move"]}])
def test_a_dated_act_ends_core_and_standing_in_its_week_and_is_the_trigger(truce):
    acts = [shock(1, talks=True), shock(3, ends_truce=True)]
    game = Game(table(truce=truce, shocks=acts), {}).to(2)
    assert game.run.in_force == 1
    game.week()
    assert (ends(game), game.run.in_force) == ((0, 3, 3), 0)
    assert game.trigger() == ("act", US, 1, 3)


def test_an_act_by_weekly_chance_counts_as_dated():
    act = {"name": "act", "chance": 0.5, "ends_truce": True}
    game = Game(table(truce={}, shocks=[act]), {(2, "strike", 0): 0.0}).to(3)
    assert (ends(game), game.trigger()) == ((0, 2, 2), ("act", US, 0, 2))


def test_an_act_that_finds_no_truce_in_force_changes_nothing():
    """The truce lapsed in week 2."""
    gloomy = {"belief_prior_good": 0.0, "belief_memory": 1.0}
    truce = {"term_weeks": 2}
    game = Game(table(us=gloomy, truce=truce, shocks=[shock(5, ends_truce=True)]), {}).to(6)
    assert ends(game) == (0, 3, 0)
    assert game.trigger()[0] == "lapse"


def test_an_act_on_a_renewed_truce_ends_it_but_not_core():
    acts = [shock(1, ends_truce=True), meeting(2), shock(4, ends_truce=True)]
    acts[2]["name"] = "again"
    game = Game(table(truce={}, shocks=acts), {}).to(3)
    assert game.run.in_force == 1
    assert (ends(game.week()), game.run.in_force) == ((0, 1, 1), 0)
    gloomy = {"belief_prior_good": 0.0, "belief_prior_weeks": 50.0}
    lapsing = table(us=gloomy, truce={"term_weeks": 1}, shocks=[meeting(2), acts[2]])
    game = Game(lapsing, {}).to(6)
    assert (ends(game), game.run.renewals) == ((0, 2, 0), 1)


def test_core_is_watched_after_a_lapse():
    gloomy = {"belief_prior_good": 0.0, "belief_memory": 1.0, "policy": script("HHHHR")}
    game = Game(table(us=gloomy, truce=core(term_weeks=2)), {}).to(6)
    assert ends(game) == (5, 3, 5)


def test_no_truce_no_core():
    game = Game(table(us=R, shocks=[shock(2, ends_truce=True)]), {}).to(4)
    assert (game.run.core_week, game.run.in_force) == (0, 0)


# A renewed truce, in which a core lever counts only once it has been back


def test_in_a_renewed_truce_a_core_lever_counts_once_it_has_been_back():
    """Above from week 1; talks in week 3 renew; back in week 5; above again in week 6."""
    acts = [shock(1, "us.move", level=1), meeting(3), shock(5, "us.move", level=0)]
    acts += [shock(6, "us.move", level=1)]
    talks = {"relief": 0.0}
    game = Game(table(truce=core(), shocks=acts, talks=talks), {})
    assert [game.week().run.in_force for _ in range(7)] == [0, 0, 1, 1, 1, 0, 0]


def test_a_core_lever_at_its_obligation_when_the_truce_is_renewed_counts_at_once():
    acts = [shock(1, ends_truce=True), meeting(2), shock(3, "us.move", level=1)]
    game = Game(table(truce=core(), shocks=acts), {})
    assert [game.week().run.in_force for _ in range(3)] == [0, 1, 0]


# The trigger


def test_the_trigger_is_the_earlier_origin_of_the_two_sides():
    sides = {"us": {"policy": script("HHR")}, "cn": {"policy": script("HR")}}
    game = Game(table(**sides, truce=UNILATERAL | {"breakdown_after": 1}), {}).to(4)
    assert game.trigger() == ("policy", CN, 1, 2)
    mirrored = {"us": {"policy": script("HR")}, "cn": {"policy": script("HHR")}}
    game = Game(table(**mirrored, truce=UNILATERAL | {"breakdown_after": 1}), {}).to(4)
    assert game.trigger() == ("policy", US, 0, 2)


def test_ties_go_to_us():
    both = {"policy": script("HR")}
    game = Game(table(us=both, cn=both, truce=UNILATERAL | {"breakdown_after": 1}), {}).to(4)
    assert game.trigger() == ("policy", US, 0, 2)


def test_the_side_that_does_not_violate_has_no_say():
    game = Game(table(cn=R, truce={"unilateral_after": 4}), {}).to(5)
    assert (game.run.standing_week, game.trigger()) == (4, ("policy", CN, 1, 1))


def test_the_trigger_of_an_echo_is_what_started_it():
    """An agency of cn slips in week 2, the echo of us makes it mutual in week 3."""
    levers = {"us": {"a": ban()}, "cn": {"b": ban()}}
    truce = UNILATERAL | {"breakdown_after": 1}
    game = Game(
        table(levers, us={"policy": ECHO}, cn={"slip": 0.5}, truce=truce),
        {(2, "slip", "cn"): 0.0},
    ).to(4)
    assert (game.run.standing_week, game.trigger()) == (3, ("slip", CN, 1, 2))


def test_the_trigger_of_a_breakdown_is_written_once():
    sides = {"us": {"policy": script("RC")}, "cn": {"policy": script("RC")}}
    acts = [shock(4, ends_truce=True)]
    game = Game(table(**sides, truce=UNILATERAL | {"breakdown_after": 1}, shocks=acts), {}).to(5)
    assert (ends(game), game.trigger()) == ((1, 1, 4), ("policy", US, 0, 1))


def test_a_dated_act_comes_before_the_origins():
    both = {"policy": script("HR")}
    acts = [shock(2, ends_truce=True)]
    truce = UNILATERAL | {"breakdown_after": 1}
    game = Game(table(us=both, cn=both, truce=truce, shocks=acts), {}).to(3)
    assert game.trigger() == ("act", US, 0, 2)


def test_a_lapse_comes_before_the_origins():
    """The term ends in week 2; in week 3 both violate for the first time."""
    both = {"policy": script("HHR"), "belief_prior_good": 0.0, "belief_memory": 1.0}
    truce = UNILATERAL | {"breakdown_after": 1, "term_weeks": 2}
    game = Game(table(us=both, cn=both, truce=truce), {}).to(3)
    assert (ends(game), game.trigger()) == ((3, 3, 0), ("lapse", US, -1, 3))


def test_the_origin_of_a_late_breakdown_keeps_its_own_week():
    game = Game(table(us=R, truce={"unilateral_after": 5}), {}).to(6)
    assert game.trigger() == ("policy", US, 0, 1)


CORE_OF_CN = {"core": ["cn.ores"], "breakdown_after": 9, "unilateral_after": 0}


@pytest.mark.parametrize("slipping", ["us", "cn"])
@pytest.mark.parametrize("week", [2, 3])
def test_a_core_lever_is_to_blame_not_a_slip_that_broke_nothing(slipping, week):
    """A shock lifts cn's core lever in week 3; an agency of either side slips then or before."""
    levers = {"us": {"a": ban()}, "cn": {"ores": ban(), "b": ban()}}
    acts = [shock(3, "cn.ores", level=1)]
    slips = {slipping: {"slip": 0.5}}
    tree = table(levers, **slips, truce=CORE_OF_CN, shocks=acts)
    game = Game(tree, {(week, "slip", slipping): 0.0}).to(4)
    assert {"us": game.us, "cn": game.cn}[slipping].rung > 0.0
    assert (game.run.core_week, game.trigger()) == (3, ("shock", CN, 0, 3))


def test_an_answer_with_a_core_lever_has_the_origin_of_what_it_answers():
    """us slips in week 1; cn, in violation by an act of week 1, answers with its core lever."""
    levers = {"us": {"a": ban()}, "cn": {"b": ban(own_cost=1.0), "ores": ban()}}
    acts = [shock(1, "cn.b", level=1)]
    cn = {"policy": ECHO, "proportionality": 9.0}
    game = Game(
        table(levers, us={"slip": 0.5}, cn=cn, truce=CORE_OF_CN, shocks=acts),
        {(1, "slip", "us"): 0.0},
    ).to(3)
    assert game.origin(CN) == ("shock", CN, 0, 1)
    assert (game.run.core_week, game.trigger()) == (2, ("slip", US, 0, 1))


@pytest.mark.parametrize(("ores", "chips", "blamed"), [(2, 2, US), (2, 1, US), (1, 2, CN)])
def test_of_two_core_levers_that_of_the_earlier_origin_and_ties_go_to_us(ores, chips, blamed):
    """Both rise in week 3, each as the answer to a slip of the other side in the week given."""
    levers = {
        "us": {"chips": ban(), "a": ban(own_cost=1.0)},
        "cn": {"ores": ban(), "b": ban(own_cost=1.0)},
    }
    truce = {"core": ["us.chips", "cn.ores"], "breakdown_after": 9, "unilateral_after": 0}
    us = {"policy": script("HHR"), "proportionality": 9.0, "slip": 0.5}
    luck = {(ores, "slip", "us"): 0.0, (chips, "slip", "cn"): 0.0}
    game = Game(table(levers, us=us, cn=us, truce=truce), luck).to(4)
    assert game.run.core_week == 3
    first = {US: ("slip", CN, 3, chips), CN: ("slip", US, 1, ores)}
    assert game.trigger() == first[blamed]


def test_an_origin_that_had_no_part_in_one_side_s_dispute_is_not_to_blame():
    """us is in violation by its slip of week 3; cn comes in as that has lasted long enough, on a
    late reading of week 1, when us stood above what counts by law."""
    acts = [shock(1, "us.move", level=1), shock(2, "us.move", level=0)]
    cn = {"policy": ECHO, "reaction_delay": 3}
    truce = {"unilateral_after": 3, "breakdown_after": 9}
    tree = table(us={"slip": 0.5}, cn=cn, truce=truce, shocks=acts)
    game = Game(tree, {(3, "slip", "us"): 0.0}).to(5)
    assert (game.origin(US), game.origin(CN)) == (("slip", US, 0, 3), ("shock", US, 0, 1))
    assert (game.run.undisputed_week, game.trigger()) == (5, ("slip", US, 0, 3))


# Expiry

GLOOMY = {"belief_prior_good": 0.0, "belief_memory": 1.0, "belief_prior_weeks": 50.0}


@pytest.mark.parametrize("side", ["us", "cn"])
def test_a_truce_lapses_at_the_end_of_its_term_if_a_side_accuses(side):
    game = Game(table(**{side: GLOOMY}, truce={"term_weeks": 3}), {})
    assert [game.week().run.in_force for _ in range(4)] == [1, 1, 0, 0]
    run = game.run
    assert (run.lapse_week, run.extended, run.standing_week) == (3, 0, 4)
    assert game.trigger() == ("lapse", US, -1, 4)


def test_a_truce_that_nobody_accuses_is_extended_again_and_again():
    game = Game(table(truce={"term_weeks": 3, "extension_weeks": 2}), {})
    assert [game.week().run.expiry for _ in range(8)] == [3, 3, 5, 5, 7, 7, 9, 9]
    assert (game.run.extended, game.run.lapse_week, ends(game)) == (1, 0, (0, 0, 0))


def test_an_extension_is_as_long_as_the_term_unless_said():
    assert Game(table(truce={"term_weeks": 3}), {}).to(3).run.expiry == 6


def test_extended_is_decided_at_the_end_of_the_first_term_only():
    """Extended in week 2; accused from week 4 on it lapses at the end of the extension."""
    acts = [shock(t, "cn.move", level=1) for t in (3,)]
    us = {"belief_prior_weeks": 0.1, "belief_memory": 0.5}
    truce = UNILATERAL | {"term_weeks": 2, "breakdown_after": 9}
    game = Game(table(us=us, truce=truce, shocks=acts), {}).to(5)
    run = game.run
    assert (run.extended, run.lapse_week, run.standing_week) == (1, 4, 5)


@pytest.mark.parametrize(("quiet", "talks", "saved"), [(2, 3, True), (2, 2, False), (3, 2, True)])
def test_talks_in_the_last_quiet_weeks_save_it(quiet, talks, saved):
    """Term of 4: weeks 4 - quiet + 1 to 4."""
    truce = {"term_weeks": 4, "quiet_weeks": quiet}
    game = Game(table(us=GLOOMY, truce=truce, shocks=[meeting(talks)]), {}).to(4)
    assert bool(game.run.extended) == saved
    assert bool(game.run.lapse_week) == (not saved)


@pytest.mark.parametrize(("quiet", "saved"), [(1, True), (0, False)])
def test_talks_in_the_last_week_itself(quiet, saved):
    truce = {"term_weeks": 4, "quiet_weeks": quiet}
    game = Game(table(us=GLOOMY, truce=truce, shocks=[meeting(4)]), {}).to(4)
    assert bool(game.run.extended) == saved


def test_no_talks_at_all_is_quiet_however_long_quiet_is():
    truce = {"term_weeks": 4, "quiet_weeks": 100}
    assert Game(table(us=GLOOMY, truce=truce), {}).to(4).run.lapse_week == 4


def test_the_accusation_is_that_of_the_last_week():
    """cn is bad in week 3 alone: with a short memory us accuses at the end of 3, not of 4."""
    acts = [shock(3, "cn.move", level=1), shock(4, "cn.move", level=0)]
    us = {"belief_prior_weeks": 0.01, "belief_memory": 0.1}
    for term, lapsed in ((3, True), (4, False)):
        game = Game(table(us=us, truce={"term_weeks": term}, shocks=acts), {}).to(term)
        assert bool(game.run.lapse_week) == lapsed


def test_a_truce_already_ended_neither_lapses_nor_is_extended():
    truce = {"term_weeks": 3}
    game = Game(table(us=GLOOMY, truce=truce, shocks=[shock(2, ends_truce=True)]), {}).to(4)
    assert (game.run.lapse_week, game.run.extended) == (0, 0)
    calm = Game(table(truce=truce, shocks=[shock(2, ends_truce=True)]), {}).to(4)
    assert (calm.run.lapse_week, calm.run.extended) == (0, 0)


def test_an_open_ended_truce_never_comes_to_its_end():
    game = Game(table(us=GLOOMY, truce={}, weeks=60), {}).to(60)
    assert (game.run.in_force, game.run.lapse_week, game.run.extended) == (1, 0, 0)


def test_a_renewed_truce_lapses_without_a_trace_in_the_outcomes():
    """Ended in week 1, renewed in week 2 for weeks 3 to 5, not extended by `extended`."""
    acts = [shock(1, ends_truce=True), meeting(2)]
    truce = {"term_weeks": 3, "quiet_weeks": 0}
    game = Game(table(us=GLOOMY, truce=truce, shocks=acts), {}).to(4)
    assert game.run.in_force == 1
    game.week()
    run = game.run
    assert (run.in_force, run.lapse_week, run.extended, run.renewals) == (0, 0, 0, 1)
    assert ends(game) == (0, 1, 1)


def test_a_renewed_truce_that_is_extended_is_not_extended_in_the_outcomes():
    """It is renewed in week 1 and reaches week 3, the first term's own week, as a renewed one."""
    acts = [shock(1, ends_truce=True), meeting(1)]
    game = Game(table(truce={"term_weeks": 3}, shocks=acts), {}).to(4)
    assert (game.run.in_force, game.run.expiry, game.run.extended) == (1, 7, 0)


def test_after_a_lapse_obligations_stay_what_rungs_are_counted_from():
    lever = ban(notches=3, level=2, obligation=1, due_weeks=4)
    game = Game(table({"us": {"a": lever}}, us=GLOOMY, truce={"term_weeks": 2}), {})
    assert [game.week().us.rung for _ in range(6)] == [0.0, 0.0, 0.0, 0.0, 1.0, 1.0]


def test_a_lapse_strains_and_talks_renew():
    talks = {"talks_rate": 1.0, "cooldown_weeks": 9}
    truce = {"term_weeks": 2}
    game = Game(table(us=GLOOMY, truce=truce, talks=talks), {})
    rows = [(int(game.week().run.talks_week), int(game.run.in_force)) for _ in range(5)]
    assert rows == [(0, 1), (0, 0), (3, 1), (3, 1), (3, 1)]
    assert game.run.expiry == 7


def test_talks_come_before_expiry_in_the_week():
    """Talks of the last week are in time (quiet 1), and machines are reset before it."""
    truce = {"term_weeks": 2, "quiet_weeks": 1}
    game = Game(table(us=GLOOMY, truce=truce, shocks=[meeting(2)]), {}).to(2)
    assert game.run.extended == 1
