"""Scenarios in which every kind of event happens, and the traces of their runs."""

from collections.abc import Iterator
from functools import lru_cache

from sim.explain import Trace, trace_run
from sim.scenario import Scenario

SEED = 2025

#: A small world with everything a story may have to tell: a court ruling, a dated act, a deal.
_BUSY = {
    "title": "busy",
    "start": "2025-05-12",
    "weeks": 40,
    "noise": "agency",
    "truce": {"term_weeks": 10, "core": ["us.tariffs"], "quiet_weeks": 2},
    "talks": {"talks_rate": 0.05, "talks_pressure": 0.2, "relief_lag_weeks": 2},
    "actors": {
        "us": {"policy": {"name": "tit_for_tat"}, "slip": 0.1, "slip_fail": 0.2, "miss": 0.1},
        "cn": {"policy": {"name": "tit_for_k_tats", "k": 2}, "slip": 0.1, "false_alarm": 0.1},
    },
    "levers": {
        "us": {
            "eda": {"control": "ban", "notches": 1, "friction": 0.5, "bite": 1, "dependence": 0.9},
            "tariffs": {"control": "tariff", "notches": 2, "bite": 0.5, "dependence": 0.5},
        },
        "cn": {
            "rare_earths": {
                "control": "licence",
                "notches": 2,
                "level": 2,
                "obligation": 0,
                "due_weeks": 3,
                "listed": True,
                "capacity": 0.3,
                "capacity_after_talks": 2.0,
                "squeeze": 0.3,
                "expected_by_target": 0.9,
                "scope": "global",
                "dependence": 0.8,
                "stock_weeks": 2,
                "friction": 0.5,
                "programmes": [{"name": "mine", "online": "2025-07-01", "share": 0.2}],
            },
            "probes": {
                "control": "ban",
                "notches": 1,
                "level": 1,
                "obligation": 0,
                "due_weeks": 1,
                "bite": 0.5,
                "dependence": 0.2,
            },
        },
    },
    "allies": {"jp": {"lever": "us.eda", "coverage": 0.1, "h": 0.05, "lag_weeks": 3}},
    "shocks": [
        {"name": "ruling", "date": "2025-12-01", "lever": "us.tariffs", "remove": True},
        {"name": "staff", "date": "2025-08-01", "lever": "cn.rare_earths", "capacity": 3.0},
        {"name": "guidance", "chance": 0.05, "lever": "us.eda", "change": 1},
        {"name": "tariff-act", "chance": 0.02, "lever": "us.tariffs", "level": 2},
        {"name": "exit", "chance": 0.02, "ends_truce": True},
        {"name": "call", "chance": 0.02, "talks": True},
    ],
    "deals": [{"name": "swap", "levers": [{"lever": "us.eda", "level": 0}]}],
}
SHIPPED = ("geneva-2025", "geneva-as-happened", "textbook/tft-noise", "april-2025")


@lru_cache
def scenario(name: str, *changes: tuple[str, object]) -> Scenario:
    """A shipped scenario or the busy one, with values written over it."""
    found = Scenario.from_table(_BUSY, "busy") if name == "busy" else Scenario.load(name)
    return found.override(dict(changes)) if changes else found


@lru_cache(maxsize=512)
def trace(name: str, run: int) -> Trace:
    """One run of a scenario."""
    return trace_run(scenario(name), SEED, run)


def traces(runs: int = 40) -> Iterator[Trace]:
    """Many runs of many worlds."""
    for name in ("busy", *SHIPPED):
        yield from (trace(name, run) for run in range(runs))
