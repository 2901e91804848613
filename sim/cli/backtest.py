"""`detente backtest`: where the record lies among the runs of scenarios."""

from itertools import chain
from typing import Annotated

import typer

from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse_any, warn_of
from sim.cli.forecast_options import OwnRecord, own_record
from sim.cli.options import Seed
from sim.cli.run_options import load_scenario, within, wrong_seed
from sim.cli.telling import tell
from sim.numbers import DEFAULT_SEED

COMMAND = "detente backtest"
DEFAULT_RUNS = 10_000


@ends_well
def backtest(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO...]",
            help="Scenario files, or names; default: every dated one.",
            autocompletion=scenario_names,
        ),
    ] = None,
    record: OwnRecord = None,
    runs: Annotated[int, typer.Option(metavar="N", help="How many runs of each.")] = DEFAULT_RUNS,
    seed: Seed = DEFAULT_SEED,
    json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Lay the dated record among the runs of scenarios: how near does a run come to it?"""
    from sim.engines.counts import WATCHED_RUNS

    counts = within("--runs", runs, 1, WATCHED_RUNS)
    refuse_any(COMMAND, chain(counts, wrong_seed(seed)))
    from sim.history.backtest_page import backtest_report
    from sim.history.path import dated_scenarios
    from sim.history.replay import with_rivals

    facts = own_record(record)
    worlds = [load_scenario(name) for name in scenarios] if scenarios else dated_scenarios()
    warn_of(*worlds)
    tell(backtest_report([with_rivals(world, runs, seed, facts) for world in worlds]), json)
