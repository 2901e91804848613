"""`detente fit`: which settings the record prefers."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse_any, say, stop
from sim.cli.forecast_options import (
    AsOf,
    Codings,
    Common,
    OwnRecord,
    Tolerance,
    own_record,
    refused_by,
    tell_written,
)
from sim.cli.options import Cluster, Formats, Json, NoPictures, Out, Seed, Threads, Workers, forms
from sim.cli.plot import draw_one
from sim.cli.run_options import load_scenario, within
from sim.cli.signals import INTERRUPTED
from sim.cli.sweep_options import hands_problems
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import FIT
from sim.store.files import RESULTS

if TYPE_CHECKING:
    from sim.cli.progress import FitProgress
    from sim.forecast.fitted import Fit
    from sim.forecast.hands import Hand
    from sim.forecast.tempered import Cloud

COMMAND = "detente fit"


@dataclass(frozen=True, kw_only=True)
class Options(Common):
    """What was typed."""

    points: int
    stages: int
    moves: int
    copies: int
    workers: int | None
    cluster: str | None

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with the options."""
        from sim.forecast.fit import MOST_COPIES, MOST_MOVES, MOST_POINTS, MOST_STAGES

        yield from super().problems()
        yield from within("--points", self.points, 4, MOST_POINTS)
        yield from within("--stages", self.stages, 1, MOST_STAGES)
        yield from within("--moves", self.moves, 1, MOST_MOVES)
        yield from within("--copies", self.copies, 2, MOST_COPIES)
        yield from hands_problems(self.threads, self.workers, self.cluster)

    @contextlib.contextmanager
    def hand(self) -> "Iterator[Hand]":
        """Who evaluates the points."""
        from sim.forecast.hands import on_cluster, on_processes, on_threads

        if self.cluster is not None:
            with on_cluster(self.cluster) as hand:
                yield hand
        elif self.workers is not None:
            with on_processes(self.workers) as hand:
                yield hand
        else:
            yield on_threads(self.threads)


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
    as_of: AsOf = None,
    record: OwnRecord = None,
    points: Annotated[int, typer.Option(metavar="P", help="Points of the sampler.")] = 1_000,
    stages: Annotated[int, typer.Option(metavar="T", help="Powers of the likelihood.")] = 15,
    moves: Annotated[int, typer.Option(metavar="M", help="Moves of each point at each.")] = 2,
    copies: Annotated[int, typer.Option(metavar="N", help="Copies that follow each truce.")] = 200,
    seed: Seed = DEFAULT_SEED,
    tolerance: Tolerance = 1.0,
    codings: Codings = 2,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on after the last stage that was kept.")
    ] = False,
    out: Out = RESULTS,
    json: Json = False,
    formats: Formats = None,
    no_pictures: NoPictures = False,
    threads: Threads = None,
    workers: Workers = None,
    cluster: Cluster = None,
) -> None:
    """Fit the settings of several truces to the record: what does it say, and what not?"""
    sizes: dict[str, Any] = {"points": points, "stages": stages, "moves": moves, "copies": copies}
    shared: dict[str, Any] = {"seed": seed, "tolerance": tolerance, "codings": codings}
    where: dict[str, Any] = {"threads": threads, "workers": workers, "cluster": cluster}
    options = Options(as_of=as_of, **sizes, **shared, **where, out=out, formats=forms(formats))
    refuse_any(COMMAND, options.problems())
    from sim.forecast.fit import new_fit
    from sim.forecast.fit_page import fit_report
    from sim.forecast.fit_store import read_fit

    worlds = [load_scenario(name) for name in scenarios]
    with refused_by(COMMAND):
        new = new_fit(worlds, as_of=options.day, record=own_record(record), **sizes, **shared)
        folder = _make(new, options, resume)
    if not no_pictures:
        draw_one(folder, FIT, folder / "figures", options.formats)
    tell_written(fit_report(read_fit(folder)), json, folder)


def _make(fit_asked: "Fit", options: Options, resume: bool) -> Path:
    """Makes the fit; says its cost before, and the time left after every stage."""
    from sim.cli.compiling import announce_filter
    from sim.cli.progress import FitProgress
    from sim.forecast.fit import make, seconds_each

    announce_filter()
    number = fit_asked.plan.evaluations
    try:
        with options.hand() as hand, FitProgress(number) as bar:
            each = seconds_each(fit_asked, hand)
            say(f"{number:,} evaluations of {1000 * each:.0f} ms: about {_span(number * each)}")
            reporter = _Telling(fit_asked, bar)
            return make(
                fit_asked,
                options.out,
                resume=resume,
                hand=hand,
                on_stage=reporter.stage,
                progress=reporter.more,
            )
    except KeyboardInterrupt:
        stop("interrupted; every finished stage is kept: --resume goes on", INTERRUPTED)


class _Telling:
    """Says after each stage how it went and how long the rest will take at the pace so far."""

    def __init__(self, fit_asked: "Fit", bar: "FitProgress") -> None:
        self.plan = fit_asked.plan
        self.bar = bar
        self.begun = time.monotonic()
        self.done = 0

    def more(self, evaluations: int) -> None:
        """So many more are done."""
        self.done += evaluations
        self.bar.more(evaluations)

    def stage(self, cloud: "Cloud") -> None:
        """A stage is over, and kept."""
        gone = time.monotonic() - self.begun
        left = (self.plan.stages - cloud.stage) * self.plan.points * self.plan.moves
        self.bar.at(self.plan.evaluations - left)
        say(
            f"stage {cloud.stage} of {self.plan.stages}: effective {cloud.effective[-1]:,.0f}, "
            f"accepted {cloud.accepted[-1]:.0%}, {_span(gone)} gone, about "
            f"{_span(left * gone / max(1, self.done))} left"
        )


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
