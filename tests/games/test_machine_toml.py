"""A machine written as a policy table is that machine again."""

import tomllib

import pytest

from sim.games.machine_space import signal_machines
from sim.games.machine_toml import policy_toml
from sim.policies.library import POLICIES, build_policy


@pytest.mark.parametrize("name", POLICIES)
def test_every_named_policy_survives_the_round_trip(name):
    machine = build_policy({"name": name})
    table = tomllib.loads(policy_toml(machine, "cn"))
    assert build_policy(table["actors"]["cn"]["policy"]) == machine


def test_small_machines_and_sensors_do_too():
    for machine in signal_machines(2).machines:
        sensing = machine.sensing("pressure_above", 0.25)
        table = tomllib.loads(policy_toml(sensing, "us"))
        assert build_policy(table["actors"]["us"]["policy"]) == sensing
