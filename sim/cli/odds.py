"""`detente odds`: what the odds were on a date, given only what was known by then."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.failure import ends_well, refuse_any
from sim.cli.forecast_options import (
    WEEK,
    AsOf,
    Codings,
    Common,
    OwnRecord,
    Tolerance,
    fit_of,
    own_record,
    refused_by,
    tell_written,
)
from sim.cli.options import (
    Changes,
    Formats,
    Json,
    NoPictures,
    Out,
    ScenarioName,
    Seed,
    Threads,
    forms,
    typed_command,
)
from sim.cli.plot import draw_one
from sim.cli.run_options import among, load, within
from sim.cli.telling import waiting
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import ODDS
from sim.store.files import RESULTS

if TYPE_CHECKING:
    from sim.forecast.answer import Answer
    from sim.forecast.fitted import Fit
    from sim.forecast.odds import Question

COMMAND = "detente odds"
#: Of one day, and of each of several: chances are known to +- .010 and .018 (judgement).
RUNS, RUNS_EACH = 10_000, 3_000


@dataclass(frozen=True, kw_only=True)
class Options(Common):
    """What was typed."""

    every: str | None
    weeks: int
    particles: int
    runs: int

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with the options."""
        from sim.forecast.odds import FEWEST, MOST_PARTICLES, MOST_RUNS, MOST_WEEKS

        yield from super().problems()
        if self.every is not None:
            yield from among("--every", (self.every,), (WEEK,))
        yield from within("--weeks", self.weeks, 1, MOST_WEEKS)
        yield from within("--particles", self.particles, FEWEST, MOST_PARTICLES)
        yield from within("--runs", self.runs, FEWEST, MOST_RUNS)


Every = Annotated[
    str | None,
    typer.Option(metavar="week", help="On every week's end from the start to that day."),
]
FitFolder = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Settings of a fit, of `detente fit`.")
]
Weeks = Annotated[int, typer.Option(metavar="W", help="How far ahead, in weeks.")]
Particles = Annotated[int, typer.Option(metavar="N", help="Copies that follow the record.")]
RunsAhead = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help=f"Runs that go on from them; default: {RUNS} of one day, {RUNS_EACH} of each of "
        "several.",
    ),
]
Anyway = Annotated[bool, typer.Option("--anyway", help="Also with an effective sample below 20.")]


@ends_well
def odds(
    scenario: ScenarioName,
    as_of: AsOf = None,
    every: Every = None,
    record: OwnRecord = None,
    fit: FitFolder = None,
    changes: Changes = None,
    weeks: Weeks = 26,
    particles: Particles = 4_000,
    runs: RunsAhead = None,
    seed: Seed = DEFAULT_SEED,
    tolerance: Tolerance = 1.0,
    codings: Codings = 2,
    anyway: Anyway = False,
    out: Out = RESULTS,
    json: Json = False,
    formats: Formats = None,
    no_pictures: NoPictures = False,
    threads: Threads = None,
) -> None:
    """Tell the odds of every outcome on a date, given only what was known by then."""
    ahead = (RUNS_EACH if every else RUNS) if runs is None else runs
    sizes: dict[str, Any] = {"weeks": weeks, "particles": particles, "runs": ahead}
    shared: dict[str, Any] = {"seed": seed, "tolerance": tolerance, "codings": codings}
    shared["threads"] = threads
    options = Options(as_of=as_of, every=every, **sizes, **shared, out=out, formats=forms(formats))
    refuse_any(COMMAND, options.problems())
    from sim.forecast.odds import Question
    from sim.forecast.odds_page import content, odds_report

    world, facts = load(scenario, tuple(changes or ())), own_record(record)
    question = Question(world, record=facts, anyway=anyway, **sizes, **shared)
    with refused_by(COMMAND):
        answered = _answer_of(question, options, fit_of(fit))
    draw_formats = None if no_pictures else options.formats
    folder = _write(question, answered, fit, out, draw_formats)
    tell_written(odds_report(content(answered), world.title), json, folder)


def _answer_of(question: "Question", options: Options, fit: "Fit | None") -> "Answer":
    """The answer on the day or the days that were asked for."""
    from sim.cli.compiling import announce_filter
    from sim.forecast.answer import answer
    from sim.forecast.odds import every_week

    on_record = question.facts(question.scenario, None)  # before the calendar is made longer
    last = options.day or on_record.until
    question.check_day(last)
    days = every_week(question.scenario, question.record, last) if options.every else [last]
    announce_filter()
    with waiting(f"following the record over {len(days)} day{'s' if days[1:] else ''} ..."):
        return answer(question, days, fit)


def _write(
    question: "Question",
    answered: "Answer",
    fit: Path | None,
    out: Path,
    pictures: tuple[str, ...] | None,
) -> Path:
    """Writes the folder, and draws its picture in these formats, if any; returns it."""
    from sim.forecast.store import write_odds
    from sim.studies.store import write_failures_named as named

    with named(out, "odds", "nothing else is lost: run it again"):
        folder = write_odds(answered, question, out, typed_command(), fit)
        if pictures is not None:
            draw_one(folder, ODDS, folder / "figures", pictures)
    return folder
