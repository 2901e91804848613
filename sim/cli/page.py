"""`detente page`: a scenario as one HTML file with the simulator inside."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.failure import ends_well, refuse_any
from sim.cli.options import Changes, ScenarioName, Seed
from sim.cli.result_folder import any_folder
from sim.cli.run_options import OneReading, load, problem, read_of, wrong_seed
from sim.cli.run_options import settings as given
from sim.cli.telling import waiting
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED

if TYPE_CHECKING:
    from sim.scenario import Scenario

COMMAND = "detente page"
SUFFIX = ".html"
DATED = "a folder of odds or of a fit, as `detente odds` or `detente fit` writes it"


@ends_well
def page(
    scenario: ScenarioName,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Where to write; default: NAME.html.")
    ] = None,
    seed: Seed = DEFAULT_SEED,
    changes: Changes = None,
    reading: OneReading = None,
    odds: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Also odds over time: of detente odds, or by a fit of detente fit.",
        ),
    ] = None,
    stories: Annotated[
        bool, typer.Option(help="Tell typical runs of the scenario, week by week.")
    ] = True,
) -> None:
    """Write the explorer of a scenario: sliders, curves, stories, in one file for any browser."""
    name = Path(scenario).stem or "page"
    file = out if out is not None else Path(f"{name}{SUFFIX}")
    refuse_any(COMMAND, [*wrong_seed(seed), *_place(file)])
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import TRACE
    from sim.web.page import RUNS, explorer

    world = load(scenario, changes or [], reading)
    reading_name = read_of(scenario, reading)
    dated = None if odds is None else _dated(world, odds, seed)
    if stories:
        compile_first(TRACE)
    changed = given(changes or [])
    text = explorer(world, seed, RUNS if stories else 0, changed, odds=dated, reading=reading_name)
    _write(file, text)


def _dated(world: "Scenario", odds: Path, seed: int) -> dict[str, Any]:
    """The odds over time of the folder given as --odds; else the command ends."""
    from sim.cli.compiling import announce_filter
    from sim.forecast.fit_store import KIND as FIT
    from sim.forecast.store import KIND as ODDS
    from sim.outcomes.manifest import holds
    from sim.web.dated_odds import dated_odds

    folder = any_folder(str(odds), COMMAND, DATED, "--odds")
    if not any(holds(folder, kind) for kind in (FIT, ODDS)):
        refuse_any(COMMAND, [problem("--odds", f"{folder}, which holds neither", DATED)])
    if not holds(folder, FIT):
        return dated_odds(world, folder)
    announce_filter()
    with waiting("following the record by the settings of the fit ..."):
        return dated_odds(world, folder, seed)


def _place(file: Path) -> Iterator[Problem]:
    """What is wrong with where to write."""
    if file.suffix != SUFFIX:
        yield problem("--out", file, f"a file that ends in {SUFFIX}")
    if file.is_dir() or not file.absolute().parent.is_dir():
        yield problem("--out", file, "a file in a folder that exists")


def _write(file: Path, text: str) -> None:
    """Writes the page whole or not at all."""
    from sim.store.files import write_text

    write_text(file, text)
    typer.echo(f"wrote {file} ({len(text.encode()) / 1000:.0f} KB); open it in a browser")
