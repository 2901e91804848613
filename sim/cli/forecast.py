"""`detente odds`: what the odds were on a date, given only what was known by then; and
`detente fit`: which settings the record prefers.
"""

import contextlib
import datetime
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import checks, options
from sim.cli.complete import scenario_names
from sim.cli.failure import problem, refuse_any, say, stop
from sim.cli.finding import fit_of, load, load_scenario, own_record
from sim.cli.options import FolderCommand, argument, flag, forms, option, typed_command
from sim.cli.plot import draw_one
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import announce_filter, duration, tell_written, waiting
from sim.errors import Problem
from sim.forecast import sizes
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import FIT, ODDS

if TYPE_CHECKING:
    from sim.cli.progress import Bar
    from sim.forecast.answer import Answer
    from sim.forecast.fit import Hand
    from sim.forecast.fitted import Fit as Fitted
    from sim.forecast.odds import Question
    from sim.forecast.tempered import Particles


@dataclass(kw_only=True)
class Dated(FolderCommand):
    """What `odds` and `fit` share: what was known by a day, and how it is read."""

    as_of: str | None = option("DATE", "The last day whose facts are seen, as 2025-10-09.")
    record: options.OwnRecord = None
    seed: options.Seed = DEFAULT_SEED
    tolerance: float = option("F", "A factor on the tolerances of the facts.", 1.0)
    codings: int = option(
        "1|2",
        "Codings of the acts to average over: by lever, and by class and grade.",
        sizes.CODINGS,
    )

    def _problems(self) -> Iterator[Problem]:
        if self.as_of is not None and self.day is None:
            yield problem("--as-of", self.as_of, "a day, as 2025-10-09")
        yield from checks.seed(self.seed)
        if not self.tolerance > 0:
            yield problem("--tolerance", f"{self.tolerance:g}", "a factor above 0, as 0.5 or 2")
        yield from checks.within("--codings", self.codings, 1, sizes.CODINGS)
        yield from checks.threads(self.threads)
        yield from checks.formats(self.formats)
        yield from checks.writable(self.out)

    @property
    def day(self) -> datetime.date | None:
        """The day; None where none was given, or what is no day."""
        try:
            return None if self.as_of is None else datetime.date.fromisoformat(self.as_of)
        except ValueError:
            return None

    def _typed(self, *names: str) -> dict[str, Any]:
        """Some of the options by name, and those that both commands hand on."""
        shared = ("seed", "tolerance", "codings")
        return {name: getattr(self, name) for name in (*names, *shared)}

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        """What is wrong with the question ends this command, whose name its problems carry."""
        from sim.forecast.observations import ForecastError

        try:
            yield
        except ForecastError as error:
            refuse_any(self.command, error.problems)


@dataclass(kw_only=True)
class Odds(Dated):
    """Tell the odds of every outcome on a date, given only what was known by then."""

    scenario: options.ScenarioName
    every: str | None = option("week", "On every week's end from the start to that day.")
    fit: Path | None = option("FOLDER", "Settings of a fit, of `detente fit`.")
    changes: options.Changes = None
    weeks: int = option("W", "How far ahead, in weeks.", sizes.WEEKS)
    particles: int = option("N", "Copies that follow the record.", sizes.PARTICLES)
    runs: int | None = option(
        "N",
        f"Runs that go on from them; default: {sizes.RUNS} of one day, {sizes.RUNS_EACH} of each "
        "of several.",
    )
    anyway: bool = flag(
        "--anyway", f"Also with an effective sample below {sizes.FEWEST_EFFECTIVE:g}."
    )

    order = (
        "scenario as_of every record fit changes weeks particles runs seed tolerance codings "
        "anyway out json formats no_pictures threads"
    )

    def __post_init__(self) -> None:
        if self.runs is None:
            self.runs = sizes.RUNS_EACH if self.every else sizes.RUNS

    def _problems(self) -> Iterator[Problem]:
        yield from super()._problems()
        yield from checks.every(self.every)
        yield from checks.within("--weeks", self.weeks, 1, sizes.MOST_WEEKS)
        yield from checks.within("--particles", self.particles, sizes.FEWEST, sizes.MOST_PARTICLES)
        yield from checks.within("--runs", self.runs, sizes.FEWEST, sizes.MOST_RUNS)

    def _act(self) -> None:
        from sim.forecast.answer import content, odds_report
        from sim.forecast.odds import Question

        world, facts = load(self.scenario, self.changes), own_record(self.record)
        sizes = self._typed("weeks", "particles", "runs", "threads", "anyway")
        question = Question(world, record=facts, **sizes)
        with self._refusing():
            answer = self._answer(question)
        folder = self._written(question, answer)
        tell_written(odds_report(content(answer), world.title), self.json, folder)

    def _answer(self, question: "Question") -> "Answer":
        """The answer on the day or the days that were asked for."""
        from sim.forecast.answer import answer
        from sim.forecast.odds import weeks_on_record

        fit = fit_of(self.fit)
        on_record = question.facts(question.scenario, None)  # before the calendar is made longer
        last = self.day or on_record.until
        question.check_day(last)
        days = weeks_on_record(question.scenario, question.record, last) if self.every else [last]
        announce_filter()
        with waiting(f"following the record over {len(days)} day{'s' if days[1:] else ''} ..."):
            return answer(question, days, fit)

    def _written(self, question: "Question", answer: "Answer") -> Path:
        """Writes the folder, and draws its picture if that is wanted; returns it."""
        from sim.forecast.store import write_odds
        from sim.store.folders import write_failures_named

        folder = write_odds(answer, question, self.out, typed_command(), self.fit)
        if not self.no_pictures:
            with write_failures_named(folder, "picture"):
                draw_one(folder, ODDS, folder / "figures", forms(self.formats))
        return folder


@dataclass(kw_only=True)
class Fit(Dated):
    """Fit the settings of several truces to the record: what does it say, and what not?"""

    scenarios: list[str] = argument(
        "Truces on record: shipped scenarios or files.", scenario_names, metavar="SCENARIO..."
    )
    points: int = option("P", "Points of the sampler.", sizes.POINTS)
    stages: int = option("T", "Powers of the likelihood.", sizes.STAGES)
    moves: int = option("M", "Moves of each point at each.", sizes.MOVES)
    copies: int = option("N", "Copies that follow each truce.", sizes.COPIES)
    resume: bool = flag("--resume", "Go on after the last stage that was kept.")
    workers: options.Workers = None
    cluster: options.Cluster = None

    order = (
        "scenarios as_of record points stages moves copies seed tolerance codings resume "
        "out json formats no_pictures threads workers cluster"
    )

    def _problems(self) -> Iterator[Problem]:
        yield from super()._problems()
        yield from checks.within("--points", self.points, 4, sizes.MOST_POINTS)
        yield from checks.within("--stages", self.stages, 1, sizes.MOST_STAGES)
        yield from checks.within("--moves", self.moves, 1, sizes.MOST_MOVES)
        yield from checks.within("--copies", self.copies, 2, sizes.MOST_COPIES)
        yield from checks.hands(self.threads, self.workers, self.cluster)

    def _act(self) -> None:
        from sim.forecast.fit import new_fit
        from sim.forecast.fit_store import read_fit
        from sim.forecast.posterior import fit_report

        worlds = [load_scenario(name) for name in self.scenarios]
        sizes = self._typed("points", "stages", "moves", "copies")
        with self._refusing():
            fit = new_fit(worlds, as_of=self.day, record=own_record(self.record), **sizes)
            folder = self._made(fit)
        if not self.no_pictures:
            draw_one(folder, FIT, folder / "figures", forms(self.formats))
        tell_written(fit_report(read_fit(folder)), self.json, folder)

    def _made(self, fit: "Fitted") -> Path:
        """Makes the fit; says its cost before, and the time left after every stage."""
        from sim.cli.progress import Bar
        from sim.forecast.fit import make, seconds_each

        announce_filter()
        number = fit.plan.evaluations
        try:
            with self._hand() as hand, Bar("fitting", number, "evaluations") as bar:
                each = seconds_each(fit, hand)
                about = duration(number * each)
                say(f"{number:,} evaluations of {1000 * each:.0f} ms: about {about}")
                reporter = _Telling(fit, bar)
                return make(
                    fit,
                    self.out,
                    resume=self.resume,
                    hand=hand,
                    on_stage=reporter.stage,
                    progress=reporter.more,
                )
        except KeyboardInterrupt:
            stop("interrupted; every finished stage is kept: --resume goes on", INTERRUPTED)

    @contextlib.contextmanager
    def _hand(self) -> "Iterator[Hand]":
        """Who evaluates the points."""
        from sim.forecast.fit import on_threads, on_workers
        from sim.studies.workers import hands_of

        with hands_of(self.workers, self.cluster) as hands:
            yield on_threads(self.threads) if hands is None else on_workers(hands)


class _Telling:
    """Says after each stage how it went and how long the rest will take at the pace so far."""

    def __init__(self, fit: "Fitted", bar: "Bar") -> None:
        self.plan = fit.plan
        self.bar = bar
        self.begun = time.monotonic()
        self.done = self.before = 0

    def more(self, evaluations: int) -> None:
        """So many more are done."""
        self.done += evaluations
        self.bar.show(self.before + self.done)

    def stage(self, cloud: "Particles") -> None:
        """A stage is over, and kept."""
        gone = time.monotonic() - self.begun
        left = (self.plan.stages - cloud.stage) * self.plan.points * self.plan.moves
        self.before = self.plan.evaluations - left - self.done
        self.bar.show(self.before + self.done)
        say(
            f"stage {cloud.stage} of {self.plan.stages}: effective {cloud.effective[-1]:,.0f}, "
            f"accepted {cloud.accepted[-1]:.0%}, {duration(gone)} gone, about "
            f"{duration(left * gone / max(1, self.done))} left"
        )
