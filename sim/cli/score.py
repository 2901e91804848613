"""`detente score`: forecasts frozen on a day against what came, beside every rival; the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse_any, say
from sim.cli.forecast_options import WEEK, OwnRecord, fit_of, own_record
from sim.cli.options import Seed
from sim.cli.run_options import among, load_scenario, within, writable_file, wrong_seed
from sim.cli.telling import draw_beside, tell
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import FORMATS

if TYPE_CHECKING:
    from sim.forecast.facts import Date
    from sim.forecast.fitted import Settings
    from sim.forecast.frozen import Frozen
    from sim.forecast.scored import Scored
    from sim.history.record import Record
    from sim.scenario import Scenario

COMMAND = "detente score"
DEFAULT_RUNS = 2_000
FEWEST, MOST = 50, 20_000


Scenarios = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SCENARIO...]",
        help="Scenario files, or names; default: all of the ledger.",
        autocompletion=scenario_names,
    ),
]
Every = Annotated[
    str | None,
    typer.Option(metavar="week", help="Forecasts made now, of every week on record, as well."),
]
Freeze = Annotated[
    datetime | None,
    typer.Option(
        metavar="DATE",
        formats=["%Y-%m-%d"],
        help="Write what all forecasters say on this day into the ledger, once; score nothing.",
    ),
]
FitFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="A fit: its settings forecast as well, anew on every day of the scenarios.",
    ),
]


@ends_well
def score(
    scenarios: Scenarios = None,
    every: Every = None,
    freeze: Freeze = None,
    ledger: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The ledger; default: forecasts/ of the record."),
    ] = None,
    record: OwnRecord = None,
    fit: FitFolder = None,
    runs: Annotated[
        int, typer.Option(metavar="N", help="Runs of each forecaster with governments.")
    ] = DEFAULT_RUNS,
    seed: Seed = DEFAULT_SEED,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw scores, PIT and reliability: png, svg, pdf."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print every score as JSON.")] = False,
) -> None:
    """Score forecasts frozen on a day against what came, beside rivals; or freeze one."""
    names = list(dict.fromkeys(scenarios or ()))
    refuse_any(COMMAND, _problems(names, every, freeze, fit, runs, seed, plot))
    request = Request(own_record(record), _settings(fit), _ledger(ledger, record), runs, seed)
    worlds = [load_scenario(name) for name in names]
    if freeze is not None:
        _freeze(worlds[0], freeze.date(), request)
        return
    from sim.forecast.scoring import refuse_missing

    refuse_missing()
    _report(_scored(worlds, every is not None, request), plot, json)


@dataclass(frozen=True)
class Request:
    """What every forecast is made from: record (None: the shipped one), settings of a fit, the
    ledger, runs and seed."""

    facts: "Record | None"
    settings: "Settings | None"
    ledger: Path
    runs: int
    seed: int

    def freeze(self, scenario: "Scenario", day: "Date") -> "Frozen":
        """What all forecasters say of a scenario on a day."""
        from sim.forecast.freeze import freeze

        return freeze(scenario, day, self.facts, self.runs, self.seed, self.settings)


def _settings(folder: Path | None) -> "Settings | None":
    from sim.forecast.fitted import fitted

    fit = fit_of(folder)
    return None if fit is None else fitted(fit)


def _problems(
    names: Sequence[str],
    every: str | None,
    freeze: datetime | None,
    fit: Path | None,
    runs: int,
    seed: int,
    plot: Path | None,
) -> Iterator[Problem]:
    from sim.cli.run_options import problem

    yield from within("--runs", runs, FEWEST, MOST)
    yield from wrong_seed(seed)
    if every is not None:
        yield from among("--every", (every,), (WEEK,))
        if not names:
            yield problem("--every", "without a scenario", "beside the scenarios it is about")
    if fit is not None and not names:
        yield problem("--fit", "without a scenario", "beside the scenarios it is to forecast")
    if freeze is not None and len(names) != 1:
        yield problem("--freeze", f"{len(names)} scenarios", "one scenario, whose forecast it is")
    if plot is not None:
        yield from writable_file("--plot", plot, FORMATS)


def _ledger(ledger: Path | None, record: Path | None) -> Path:
    from sim.forecast.frozen import ledger_of

    return ledger if ledger is not None else Path(str(ledger_of(record)))


def _freeze(scenario: "Scenario", day: "Date", request: Request) -> None:
    from sim.forecast.frozen import refuse_there, write

    refuse_there(request.ledger, day, scenario.name)
    _warn_of_compiling()
    typer.echo(f"wrote {write(request.freeze(scenario, day), request.ledger)}")


def _warn_of_compiling() -> None:
    from sim.engines import batch

    if batch.needs_compiling():
        say("compiling the simulator, once (up to a minute) ...")


def _scored(worlds: "list[Scenario]", weekly: bool, request: Request) -> "Scored":
    """The scores of what the ledger has and, where it has nothing, of what is forecast now.

    With a fit all is forecast now, so that its settings stand in the same tables.
    """
    from sim.forecast.frozen import read
    from sim.forecast.scored import every_week, score, stated_dates

    written = read(request.ledger)
    if not worlds:
        worlds = [
            load_scenario(name) for name in dict.fromkeys(forecast.scenario for forecast in written)
        ]
    forecasts: list[Frozen] = []
    for world in worlds:
        of_scenario = [
            forecast
            for forecast in written
            if forecast.scenario == world.name and not request.settings
        ]
        days = [] if of_scenario else stated_dates(world, request.facts)
        days += every_week(world, request.facts) if weekly else []
        days_there = {forecast.as_of for forecast in of_scenario}
        forecasts += [
            *of_scenario,
            *_frozen_forecasts(sorted({*days} - days_there), world, request),
        ]
    ordered = sorted(forecasts, key=lambda forecast: (forecast.as_of, forecast.scenario))
    return score(ordered, worlds, request.facts)


def _frozen_forecasts(
    days: "list[Date]", world: "Scenario", request: Request
) -> "Iterator[Frozen]":
    if days:
        _warn_of_compiling()
    for day in days:
        say(f"{world.name} as of {day} ...")
        yield request.freeze(world, day)


def _report(scored: "Scored", plot: Path | None, json: bool) -> None:
    from sim.forecast.score_page import score_report

    tell(score_report(scored), json)
    if plot is not None:
        _draw(scored, plot)


def _draw(scored: "Scored", file: Path) -> None:
    """Both pictures: scores as FILE, calibration beside it."""
    from functools import partial

    from sim.report.pictures import SCORED, draw

    drawings = [
        (name, partial(draw, SCORED, kind, scored))
        for name, kind in ((file.stem, "scores"), (f"{file.stem}-calibration", "calibration"))
    ]
    draw_beside(file, *drawings)
