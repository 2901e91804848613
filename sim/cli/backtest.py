"""`detente backtest`: where the record lies among the runs of scenarios."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse, say
from sim.cli.options import Seed
from sim.cli.run_options import MOST_SEEDS, load_scenario, within

COMMAND = "detente backtest"
DEFAULT_RUNS = 10_000
DEFAULT_SEED = 2025

#: `--record`: a record of one's own.
OwnRecord = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="A record of your own; default: the package's."),
]


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

    found = [*within("--runs", runs, 1, WATCHED_RUNS), *within("--seed", seed, 0, MOST_SEEDS - 1)]
    if found:
        refuse(*(replace(each, file=COMMAND) for each in found))
    from sim.history.own import read_record
    from sim.history.replay import replay
    from sim.history.replay_page import dated_scenarios

    facts = None if record is None else read_record(record)
    worlds = [load_scenario(name) for name in scenarios] if scenarios else dated_scenarios()
    for warning in dict.fromkeys(str(each) for world in worlds for each in world.warnings):
        say(f"warning: {warning}")
    played = [(world, replay(world, runs, seed, facts)) for world in worlds]
    from sim.cli.console import out, print_json
    from sim.history.backtest_page import backtest_report
    from sim.report.terminal import page

    told = backtest_report(played)
    if json:
        print_json(told.data)
    else:
        out().print(page(told))
