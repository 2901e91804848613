"""`detente score`: forecasts frozen on a day against what came, beside every rival; the ledger.

`detente backtest`: where the record lies among the runs of scenarios.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli import checks
from sim.cli.complete import scenario_names
from sim.cli.failure import problem, say, warn_of
from sim.cli.finding import fit_of, load_scenario, own_record
from sim.cli.options import Command, OwnRecord, Seed, argument, flag, option
from sim.cli.telling import draw_beside, tell
from sim.errors import Problem
from sim.forecast.sizes import FEWEST_FROZEN_RUNS, FROZEN_RUNS, MOST_FROZEN_RUNS
from sim.numbers import DEFAULT_SEED

if TYPE_CHECKING:
    from sim.forecast.frozen import Frozen
    from sim.forecast.observations import Date
    from sim.forecast.scored import Scored
    from sim.scenario import Scenario


@dataclass
class Score(Command):
    """Score forecasts frozen on a day against what came, beside rivals; or freeze one."""

    scenarios: list[str] | None = argument(
        "Scenario files, or names; default: all of the ledger.",
        scenario_names,
        metavar="[SCENARIO...]",
        default=None,
    )
    every: str | None = option("week", "Forecasts made now, of every week on record, as well.")
    freeze: datetime | None = option(
        "DATE",
        "Write what all forecasters say on this day into the ledger, once; score nothing.",
        formats=["%Y-%m-%d"],
    )
    ledger: Path | None = option("FOLDER", "The ledger; default: forecasts/ of the record.")
    record: OwnRecord = None
    fit: Path | None = option(
        "FOLDER", "A fit: its settings forecast as well, anew on every day of the scenarios."
    )
    runs: int = option("N", "Runs of each forecaster with governments.", FROZEN_RUNS)
    seed: Seed = DEFAULT_SEED
    plot: Path | None = option("FILE", "Draw scores, PIT and reliability: png, svg, pdf.")
    json: bool = flag("--json", "Print every score as JSON.")

    def __post_init__(self) -> None:
        self.names = list(dict.fromkeys(self.scenarios or ()))
        self.played = False  # whether a forecast was made now

    def _problems(self) -> Iterator[Problem]:
        from sim.report.pictures import FORMATS

        yield from checks.within("--runs", self.runs, FEWEST_FROZEN_RUNS, MOST_FROZEN_RUNS)
        yield from checks.seed(self.seed)
        yield from checks.every(self.every)
        without = "without a scenario"
        if self.every is not None and not self.names:
            yield problem("--every", without, "beside the scenarios it is about")
        if self.fit is not None and not self.names:
            yield problem("--fit", without, "beside the scenarios it is to forecast")
        if self.freeze is not None and len(self.names) != 1:
            many = f"{len(self.names)} scenarios"
            yield problem("--freeze", many, "one scenario, whose forecast it is")
        yield from checks.writable_file("--plot", self.plot, FORMATS)

    def _act(self) -> None:
        from sim.forecast.fitted import fitted
        from sim.forecast.frozen import ledger_of, refuse_there, write

        self.facts = own_record(self.record)
        fit = fit_of(self.fit)
        self.settings = None if fit is None else fitted(fit)
        ledger = self.ledger or Path(str(ledger_of(self.record)))
        worlds = [load_scenario(name) for name in self.names]
        if self.freeze is not None:
            day = self.freeze.date()
            refuse_there(ledger, day, worlds[0].name)
            _warn_of_compiling()
            typer.echo(f"wrote {write(self._frozen(worlds[0], day), ledger)}")
            return
        from sim.forecast.score_page import score_report
        from sim.forecast.scoring import refuse_missing

        refuse_missing()
        scored = self._scored(worlds, ledger)
        if not self.played and (self.runs, self.seed) != (FROZEN_RUNS, DEFAULT_SEED):
            say("--runs and --seed play nothing here: all is as the ledger has it (--every week)")
        tell(score_report(scored), self.json)
        if self.plot is not None:
            _draw(scored, self.plot)

    def _frozen(self, scenario: "Scenario", day: "Date") -> "Frozen":
        """What all forecasters say of a scenario on a day."""
        from sim.forecast.freeze import freeze

        return freeze(scenario, day, self.facts, self.runs, self.seed, self.settings)

    def _scored(self, worlds: "list[Scenario]", ledger: Path) -> "Scored":
        """The scores of what the ledger has and, where it has nothing, of what is forecast now.

        With a fit all is forecast now, so that its settings stand in the same tables.
        """
        from sim.forecast.frozen import read
        from sim.forecast.scored import score, stated_dates, weeks_to_score

        written = read(ledger)
        names = dict.fromkeys(forecast.scenario for forecast in written)
        worlds = worlds or [load_scenario(name) for name in names]
        forecasts: list[Frozen] = []
        for world in worlds:
            kept = [f for f in written if f.scenario == world.name and not self.settings]
            days = [] if kept else stated_dates(world, self.facts)
            days += weeks_to_score(world, self.facts) if self.every is not None else []
            forecasts += kept
            forecasts += self._made_now(world, sorted({*days} - {f.as_of for f in kept}))
        ordered = sorted(forecasts, key=lambda forecast: (forecast.as_of, forecast.scenario))
        return score(ordered, worlds, self.facts)

    def _made_now(self, world: "Scenario", days: "list[Date]") -> "Iterator[Frozen]":
        if days:
            _warn_of_compiling()
        self.played = self.played or bool(days)
        for day in days:
            say(f"{world.name} as of {day} ...")
            yield self._frozen(world, day)


def _warn_of_compiling() -> None:
    from sim.engines import batch

    if batch.needs_compiling():
        say("compiling the simulator, once (up to a minute) ...")


def _draw(scored: "Scored", file: Path) -> None:
    """Both pictures: scores as FILE, calibration beside it."""
    from sim.report.pictures import SCORED, draw

    kinds = {file.stem: "scores", f"{file.stem}-calibration": "calibration"}
    draw_beside(
        file, *((name, partial(draw, SCORED, kind, scored)) for name, kind in kinds.items())
    )


@dataclass
class Backtest(Command):
    """Lay the dated record among the runs of scenarios: how near does a run come to it?"""

    scenarios: list[str] | None = argument(
        "Scenario files, or names; default: every dated one.",
        scenario_names,
        metavar="[SCENARIO...]",
        default=None,
    )
    record: OwnRecord = None
    runs: int = option("N", "How many runs of each.", 10_000)
    seed: Seed = DEFAULT_SEED
    json: bool = flag("--json", "Print the numbers as JSON.")

    def _problems(self) -> Iterator[Problem]:
        from sim.engines.counts import WATCHED_RUNS

        yield from checks.within("--runs", self.runs, 1, WATCHED_RUNS)
        yield from checks.seed(self.seed)

    def _act(self) -> None:
        from sim.history.backtest_page import backtest_report
        from sim.history.path import dated_scenarios
        from sim.history.replay import with_rivals

        facts = own_record(self.record)
        worlds = list(map(load_scenario, self.scenarios or ())) or dated_scenarios()
        warn_of(*worlds)
        compared = [with_rivals(world, self.runs, self.seed, facts) for world in worlds]
        tell(backtest_report(compared), self.json)
