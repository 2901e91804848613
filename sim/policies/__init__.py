"""Policies as finite-state machines.

Read `machine` (the table, and its sentences), `named` (the named policies), `library` (the
catalogue of them) and `inline` (the form written in a scenario file).
"""

from sim.errors import PolicyError
from sim.policies.inline import machine_from_table
from sim.policies.library import POLICIES, Parameter, Policy, build_policy
from sim.policies.machine import CASES, MOVES, Machine, machine
from sim.world.sensors import SENSORS

__all__ = [
    "CASES",
    "MOVES",
    "POLICIES",
    "SENSORS",
    "Machine",
    "Parameter",
    "Policy",
    "PolicyError",
    "build_policy",
    "machine",
    "machine_from_table",
]
