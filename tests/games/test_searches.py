"""Every small machine once: counts, canonical forms, neighbours."""

import itertools

import numpy as np
import pytest

from sim.games.searches import machine_of, neighbours, signal_machines
from sim.policies.library import build_policy

WORDS = 7  # strings of signals up to this length tell machines of three states apart


def behaviour(machine):
    """Its move after every string of good and bad signals, up to WORDS long."""
    moves, states = machine.moves.argmax(axis=1), np.array([machine.starts[0][0]])
    found = moves[states].tolist()
    for _ in range(WORDS):
        states = machine.following[states, :2].ravel()
        found += moves[states].tolist()
    return tuple(found)


@pytest.mark.parametrize(("states", "tables", "kinds"), [(1, 3, 3), (2, 147, 75)])
def test_tables_and_behaviours_are_counted(states, tables, kinds):
    space = signal_machines(states)
    assert (space.tables, len(space.machines)) == (tables, kinds)


def test_three_states_are_the_19683_tables_of_the_literature_and_the_smaller_ones():
    space = signal_machines(3)
    assert space.tables == 3 + 144 + 19_683
    sizes = [len(machine.states) for machine in space.machines]
    assert sizes == sorted(sizes)


def test_every_behaviour_of_two_states_is_there_once():
    """All tables, told apart by what they do, against the canonical ones."""
    rows = list(itertools.product(range(3), range(2), range(2)))
    everything = {behaviour(machine_of(table)) for table in itertools.product(rows, repeat=2)}
    once = [behaviour(machine) for machine in signal_machines(2).machines]
    assert set(once) == everything
    assert len(once) == len(everything)


@pytest.fixture(scope="module")
def of_three():
    """What each machine of up to three states does."""
    return [behaviour(machine) for machine in signal_machines(3).machines]


def test_no_behaviour_of_three_states_stands_twice(of_three):
    assert len(set(of_three)) == len(of_three)


def heeds_itself(machine):
    return (machine.following[:, :2] != machine.following[:, 2:]).any()


@pytest.mark.parametrize("name", ["tit_for_tat", "tit_for_k_tats", "two_tits_for_tat"])
def test_named_policies_that_react_to_the_signal_are_among_them(name, of_three):
    machine = build_policy({"name": name})
    assert not heeds_itself(machine)
    assert behaviour(machine) in of_three


def test_grim_is_not_for_it_also_answers_its_own_slips():
    assert heeds_itself(build_policy({"name": "grim"}))


@pytest.mark.parametrize("states", [0, 4])
def test_sizes_that_cannot_be_tried_one_by_one_are_refused(states):
    with pytest.raises(ValueError, match="allowed: 1 to 3"):
        signal_machines(states)


def test_neighbours_differ_in_one_place():
    machine = signal_machines(3).machines[-1]
    near = list(neighbours(machine))
    assert len(near) == 2 + 3 * 2 + 3 * 4 * 2
    for one in near:
        moved = (one.moves != machine.moves).any(axis=1).sum()
        led = (one.following != machine.following).sum()
        begun = one.starts != machine.starts
        assert moved + led + begun == 1
    assert len({(n.moves.tobytes(), n.following.tobytes(), n.starts) for n in near}) == len(near)


def test_states_are_named_by_what_they_do():
    machine = machine_of(((2, 1, 1), (0, 2, 2), (0, 0, 0)))
    assert machine.states == ("calm", "hard", "hard_2")
    assert np.array_equal(machine.following[0], [1, 1, 1, 1])
