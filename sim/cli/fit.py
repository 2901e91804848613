"""`detente fit`: which settings the record prefers."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.backtest import OwnRecord
from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse, say, stop
from sim.cli.games_options import Formats, Json, NoPictures, Out, Threads
from sim.cli.odds import a_day
from sim.cli.run_options import FORMATS, MOST_SEEDS, among, load_scenario, problem, within, writable
from sim.cli.signals import INTERRUPTED

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.forecast.fitted import Fit
    from sim.forecast.tempered import Cloud

COMMAND = "detente fit"
RESULTS = Path("results")


@dataclass(frozen=True)
class Options:
    """What was typed."""

    as_of: str | None
    points: int
    stages: int
    moves: int
    copies: int
    seed: int
    tolerance: float
    out: Path
    threads: int | None
    formats: tuple[str, ...]

    def problems(self) -> "Iterator[Problem]":
        """Everything that is wrong with the options."""
        from sim.forecast.fit import MOST_COPIES, MOST_MOVES, MOST_POINTS, MOST_STAGES

        if self.as_of is not None and a_day(self.as_of) is None:
            yield problem("--as-of", self.as_of, "a day, as 2025-10-09")
        yield from within("--points", self.points, 4, MOST_POINTS)
        yield from within("--stages", self.stages, 1, MOST_STAGES)
        yield from within("--moves", self.moves, 1, MOST_MOVES)
        yield from within("--copies", self.copies, 2, MOST_COPIES)
        yield from within("--seed", self.seed, 0, MOST_SEEDS - 1)
        if not self.tolerance > 0:
            yield problem("--tolerance", f"{self.tolerance:g}", "a factor above 0, as 0.5 or 2")
        if self.threads is not None:
            yield from within("--threads", self.threads, 1, 4096)
        yield from among("--format", self.formats, FORMATS)
        yield from writable(self.out)


@ends_well
def fit(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO...",
            help="Truces on record: shipped scenarios or files.",
            autocompletion=scenario_names,
        ),
    ],
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last day whose facts are seen.")
    ] = None,
    record: OwnRecord = None,
    points: Annotated[int, typer.Option(metavar="P", help="Points of the sampler.")] = 1_000,
    stages: Annotated[int, typer.Option(metavar="T", help="Powers of the likelihood.")] = 15,
    moves: Annotated[int, typer.Option(metavar="M", help="Moves of each point at each.")] = 2,
    copies: Annotated[int, typer.Option(metavar="N", help="Copies that follow each truce.")] = 200,
    seed: Annotated[
        int, typer.Option(metavar="S", help="The seed of the random numbers, 0 to 2^64 - 1.")
    ] = 2025,
    tolerance: Annotated[
        float, typer.Option(metavar="F", help="A factor on the tolerances of the facts.")
    ] = 1.0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on after the last stage that was kept.")
    ] = False,
    out: Out = RESULTS,
    json: Json = False,
    formats: Formats = None,
    no_pictures: NoPictures = False,
    threads: Threads = None,
) -> None:
    """Fit the settings of several truces to the record: what does it say, and what not?"""
    forms = tuple(dict.fromkeys(formats or ["png"]))
    wanted = Options(as_of, points, stages, moves, copies, seed, tolerance, out, threads, forms)
    if found := list(wanted.problems()):
        refuse(*(replace(one, file=COMMAND) for one in found))
    from sim.forecast.fit import new_fit
    from sim.history.own import read_record

    asked = new_fit(
        [load_scenario(name) for name in scenarios],
        as_of=None if as_of is None else a_day(as_of),
        record=None if record is None else read_record(record),
        seed=seed,
        points=points,
        stages=stages,
        moves=moves,
        copies=copies,
        tolerance=tolerance,
    )
    folder = _make(asked, wanted, resume)
    if not no_pictures:
        draw_fit(folder, folder / "figures", forms)
    _tell(folder, json)


def _make(asked: "Fit", wanted: Options, resume: bool) -> Path:
    """Makes the fit, its cost told before and the time left after every stage."""
    from sim.forecast.filter import needs_compiling
    from sim.forecast.fit import make, seconds_each

    if needs_compiling():
        say("compiling the filter, once (a minute or two) ...")
    each = seconds_each(asked)
    number = asked.plan.evaluations
    say(f"{number:,} evaluations of {1000 * each:.0f} ms: about {_span(number * each)}")
    begun = time.monotonic()

    def told(cloud: "Cloud") -> None:
        left = asked.plan.stages - cloud.stage
        say(
            f"stage {cloud.stage} of {asked.plan.stages}: effective {cloud.effective[-1]:,.0f}, "
            f"accepted {cloud.accepted[-1]:.0%}, "
            f"{_span(time.monotonic() - begun)} gone, about "
            f"{_span(left * asked.plan.points * asked.plan.moves * each)} left"
        )

    try:
        return make(asked, wanted.out, resume=resume, threads=wanted.threads, told=told)
    except KeyboardInterrupt:
        stop("interrupted; every finished stage is kept: --resume goes on", INTERRUPTED)


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def draw_fit(folder: Path, target: Path, formats: tuple[str, ...]) -> list[Path]:
    """Draws the picture of a folder of a fit; returns its files."""
    from sim.forecast.again import read_fit
    from sim.report.pictures import FIT, draw, write_pictures

    drawing = ("fit", partial(draw, FIT, "fit", read_fit(folder)))
    return write_pictures(target, [drawing], formats)


def _tell(folder: Path, json: bool) -> None:
    """Prints what the fit says."""
    from sim.cli.console import out, print_json
    from sim.forecast.again import read_fit
    from sim.forecast.fit_page import fit_report
    from sim.report.terminal import page

    report = fit_report(read_fit(folder))
    if json:
        print_json({**report.data, "folder": str(folder)})
        return
    console = out()
    console.print(page(report))
    console.print(f"written to {folder}/", soft_wrap=True)
