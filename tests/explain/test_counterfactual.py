"""What a side would have done had it seen the truth."""

from sim.explain.counterfactual import drawn_move, had_it_seen_the_truth, machines
from tests.explain import worlds


def acted():
    for trace in worlds.traces(20):
        for week in trace.weeks:
            for side in week.sides:
                yield trace, side, had_it_seen_the_truth(trace, side)


def by_its_machine(side):
    """Whether a side does what its machine drew: not in grace, not insisting, not tempted."""
    return not (side.tempted or side.insists or side.restrained)


def test_it_is_told_exactly_where_something_untrue_was_acted_on():
    for _, side, instead in acted():
        wrong = side.acted_on is not None and not side.acted_on.right
        assert (instead is not None) == (wrong and by_its_machine(side))


def test_the_luck_draws_what_was_drawn():
    for trace, side, _ in acted():
        i = trace.ids.index(side.who)
        state = machines(trace.scenario)[i].states.index(side.state)
        if by_its_machine(side):
            assert drawn_move(trace, i, state, side.luck) == side.move


def test_it_follows_the_machine_with_the_true_bit():
    for trace, side, instead in acted():
        if instead is None:
            continue
        machine = machines(trace.scenario)[trace.ids.index(side.who)]
        before = machine.states.index(side.state_before)
        case = 2 * side.acted_on.own_bad + (not side.acted_on.saw_bad)
        after = machine.following[before, case]
        assert instead.state == machine.states[after]
        assert list(instead.chances) == machine.moves[after].tolist()
        assert instead.changes_move == (instead.move != side.move)


def test_a_machine_on_another_sensor_has_none():
    policy = {"name": "tit_for_tat", "sensor": "belief_above", "threshold": 0.5}
    changes = (("actors.us.policy", tuple(policy.items())),)
    scenario = worlds.scenario("busy").override({changes[0][0]: policy})
    trace = worlds.trace_run(scenario, worlds.SEED, 0)
    assert all(had_it_seen_the_truth(trace, week.us) is None for week in trace.weeks)
