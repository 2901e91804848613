"""`detente odds`: what the odds were on a date, given only what was known by then."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.backtest import OwnRecord
from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse, say
from sim.cli.games_options import Changes, Formats, Json, NoPictures, Out, Threads
from sim.cli.run_options import FORMATS, MOST_SEEDS, among, load, problem, within, writable
from sim.cli.waiting import waiting

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.forecast.chances import Odds
    from sim.forecast.kept import Told
    from sim.history.record import Record
    from sim.scenario import Scenario

COMMAND = "detente odds"
RESULTS = Path("results")
WEEK = "week"
FEWEST = 40


@dataclass(frozen=True)
class Options:
    """What was typed."""

    as_of: str | None
    every: str | None
    weeks: int
    particles: int
    runs: int
    seed: int
    tolerance: float
    anyway: bool
    out: Path
    formats: tuple[str, ...]
    threads: int | None

    def problems(self) -> "Iterator[Problem]":
        """Everything that is wrong with the options."""
        from sim.forecast.odds import MOST_PARTICLES, MOST_RUNS, MOST_WEEKS

        if self.as_of is not None and a_day(self.as_of) is None:
            yield problem("--as-of", self.as_of, "a day, as 2025-10-09")
        if self.every is not None:
            yield from among("--every", (self.every,), (WEEK,))
        yield from within("--weeks", self.weeks, 1, MOST_WEEKS)
        yield from within("--particles", self.particles, FEWEST, MOST_PARTICLES)
        yield from within("--runs", self.runs, FEWEST, MOST_RUNS)
        yield from within("--seed", self.seed, 0, MOST_SEEDS - 1)
        if not self.tolerance > 0:
            yield problem("--tolerance", f"{self.tolerance:g}", "a factor above 0, as 0.5 or 2")
        if self.threads is not None:
            yield from within("--threads", self.threads, 1, 4096)
        yield from among("--format", self.formats, FORMATS)
        yield from writable(self.out)

    @property
    def day(self) -> datetime.date | None:
        """The day, None for the last of the record."""
        return None if self.as_of is None else a_day(self.as_of)


def a_day(text: str) -> datetime.date | None:
    """The day that a text names, None if it names none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


@ends_well
def odds(
    scenario: Annotated[
        str, typer.Argument(help="A shipped scenario or a file.", autocompletion=scenario_names)
    ],
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day, as 2025-10-09. Default: the record's last."),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(metavar="week", help="On every week's end from the start to that day."),
    ] = None,
    record: OwnRecord = None,
    fit: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Settings of a fit, of `detente fit`.")
    ] = None,
    changes: Changes = None,
    weeks: Annotated[int, typer.Option(metavar="W", help="How far ahead, in weeks.")] = 26,
    particles: Annotated[
        int, typer.Option(metavar="N", help="Copies that follow the record.")
    ] = 4_000,
    runs: Annotated[int, typer.Option(metavar="N", help="Runs that go on from them.")] = 10_000,
    seed: Annotated[
        int, typer.Option(metavar="S", help="The seed of the random numbers, 0 to 2^64 - 1.")
    ] = 2025,
    tolerance: Annotated[
        float, typer.Option(metavar="F", help="A factor on the tolerances of the facts.")
    ] = 1.0,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also with an effective sample below 20.")
    ] = False,
    out: Out = RESULTS,
    json: Json = False,
    formats: Formats = None,
    no_pictures: NoPictures = False,
    threads: Threads = None,
) -> None:
    """Tell the odds of every outcome on a date, given only what was known by then."""
    forms = tuple(dict.fromkeys(formats or ["png"]))
    wanted = Options(
        as_of, every, weeks, particles, runs, seed, tolerance, anyway, out, forms, threads
    )
    found = list(wanted.problems())
    if found:
        refuse(*(replace(one, file=COMMAND) for one in found))
    from sim.forecast.kept import Told
    from sim.history.own import read_record

    facts = None if record is None else read_record(record)
    world = load(scenario, tuple(changes or ()))
    made = _made(world, wanted, facts, fit)
    told = Told(weeks, facts, fit)
    folder = _write(world, made, wanted, told, not no_pictures)
    _tell(world, made, folder, json)


def _made(
    world: "Scenario", wanted: Options, facts: "Record | None", fit: Path | None
) -> "tuple[list[Odds], list[Odds]]":
    """The odds asked for; and, of a fit, those by what it believed before the record."""
    from sim.forecast.again import read_fit
    from sim.forecast.filter import needs_compiling
    from sim.forecast.observations import observations
    from sim.forecast.odds import every, every_week
    from sim.forecast.settings import believed, fitted

    found = None if fit is None else read_fit(fit)
    settings = [None] if found is None else [fitted(found), believed(found)]
    last = wanted.day or observations(world, facts).until
    days = every_week(world, facts, last) if wanted.every else [last]
    if needs_compiling():
        say("compiling the filter, once (a minute or two) ...")
    with waiting(f"following the record over {len(days)} days ..."):
        made = [
            every(
                world,
                wanted.seed,
                dates=days,
                weeks=wanted.weeks,
                particles=wanted.particles,
                runs=wanted.runs,
                record=facts,
                fit=one,
                tolerance=wanted.tolerance,
                threads=wanted.threads,
                anyway=wanted.anyway,
            )
            for one in settings
        ]
    return made[0], made[1] if len(made) > 1 else []


def _write(
    world: "Scenario",
    made: "tuple[list[Odds], list[Odds]]",
    wanted: Options,
    told: "Told",
    pictures: bool,
) -> Path:
    """Writes the folder, and draws its picture; returns it."""
    from sim.forecast.observations import observations
    from sim.forecast.store import write_odds
    from sim.studies.store import told as named

    seen = observations(world, told.record, made[0][-1].as_of)
    with named(wanted.out, "odds", "nothing else is lost: run it again"):
        folder = write_odds(made[0], world, seen, wanted.out, COMMAND, told, made[1])
        if pictures:
            draw_odds(folder, folder / "figures", wanted.formats)
    return folder


def _tell(
    world: "Scenario", made: "tuple[list[Odds], list[Odds]]", folder: Path, json: bool
) -> None:
    """Prints the table."""
    from sim.cli.console import out, print_json
    from sim.forecast.odds_page import odds_report
    from sim.report.terminal import page

    report = odds_report(made[0], world.title, made[1])
    if json:
        print_json({**report.data, "folder": str(folder)})
        return
    console = out()
    console.print(page(report))
    console.print(f"written to {folder}/", soft_wrap=True)


def draw_odds(folder: Path, target: Path, formats: tuple[str, ...]) -> list[Path]:
    """Draws the picture of a folder of odds; returns its files."""
    from sim.forecast.store import load_odds
    from sim.report.pictures import ODDS, draw, write_pictures

    drawing = ("odds", partial(draw, ODDS, "odds", load_odds(folder)))
    return write_pictures(target, [drawing], formats)
