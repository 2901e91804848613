"""What is typed after `detente run`, checked all at once before anything is run or written."""

import math
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import Problem, ScenarioError, nearest
from sim.numbers import MOST_RUNS, MOST_SEEDS, MOST_THREADS
from sim.report.pictures import FORMATS, RESULT, pictures

if TYPE_CHECKING:
    from sim.scenario import Scenario

COMMAND = "detente run"
ENGINES = ("batch", "mesa", "exact")
EXACT = "exact"
#: The pictures that a run draws if none are named: each costs a quarter of a second.
DRAWN = ("trajectories", "survival", "endings")
ALL = "all"
#: The outer loop: over what is believed, decisions held; over decisions too; or none.
RANGES = STATED, EVERY, OFF = "stated", "all", "off"
Ranges = Annotated[
    str,
    typer.Option(
        metavar="stated|all|off",
        help="Vary what is believed; all: also what you decided; off: nothing, which is faster.",
    ),
]


@dataclass(frozen=True)
class Options:
    """The options of one `detente run`, as typed."""

    runs: int
    seed: int
    until: float | None
    engine: str
    formats: tuple[str, ...]
    threads: int | None
    out: Path
    keep_runs: bool
    pictures: tuple[str, ...]  # names, or "all"
    fresh_luck: bool = False
    ranges: str = STATED

    @property
    def most_runs(self) -> int:
        """Runs at most: as asked, or what `--until` needs if the headline is one half."""
        if self.until is None:
            return self.runs
        return max(self.runs, math.ceil(0.25 * (1.96 / self.until) ** 2))

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with them."""
        yield from within("--runs", self.runs, 1, MOST_RUNS)
        yield from wrong_seed(self.seed)
        yield from wrong_threads(self.threads)
        if self.until is not None and not 0 < self.until < 0.5:
            allowed = "half the width of an interval, between 0 and 0.5, as 0.005"
            yield problem("--until", self.until, allowed)
        yield from among("--engine", (self.engine,), ENGINES)
        if self.engine == EXACT and (self.until is not None or self.keep_runs):
            yield problem("--engine", "exact, with --until or --keep-runs", "exact: it has no runs")
        yield from among("--ranges", (self.ranges,), RANGES)
        if self.ranges == OFF and self.fresh_luck:
            yield problem("--ranges", "off, with --fresh-luck", "one of them")
        if self.engine == EXACT and self.fresh_luck:
            yield problem(
                "--engine", "exact, with --fresh-luck", "exact: it draws no random numbers"
            )
        yield from among("--format", self.formats, FORMATS)
        if not set(self.pictures) <= set(DRAWN):
            yield from among("--pictures", self.pictures, (*pictures(RESULT), ALL))
        yield from writable(self.out)


def problem(place: str, found: object, allowed: str, nearest: str | None = None) -> Problem:
    """What is wrong with one option."""
    return Problem(COMMAND, None, place, str(found), allowed, nearest)


def within(place: str, value: int | None, low: int, high: int) -> Iterator[Problem]:
    """A whole number, if one was typed, must lie in low..high."""
    if value is not None and not low <= value <= high:
        yield problem(place, value, f"a whole number from {low} to {high}")


def wrong_seed(seed: int | None) -> Iterator[Problem]:
    """A seed, if one was typed, must be one there is."""
    yield from within("--seed", seed, 0, MOST_SEEDS - 1)


def wrong_threads(threads: int | None) -> Iterator[Problem]:
    """As many threads, if a number was typed, must be possible."""
    yield from within("--threads", threads, 1, MOST_THREADS)


def among(place: str, values: Sequence[str], names: Sequence[str]) -> Iterator[Problem]:
    """Each value must be one of the names."""
    for value in values:
        if value not in names:
            yield problem(place, value, ", ".join(names), nearest(value, names))


def writable(folder: Path, place: str = "--out") -> Iterator[Problem]:
    """A result folder must be a folder, or one that can be made, and let files be written."""
    allowed = "a folder that can be written, or the name of a new one"
    existing = folder.absolute()
    while not os.path.lexists(existing):
        existing = existing.parent
    if not existing.is_dir():
        yield problem(place, f"{folder}, but {existing} is not a folder", allowed)
        return
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield problem(place, f"{folder}: cannot write in {existing} ({reason})", allowed)


def writable_file(option: str, file: Path, endings: Sequence[str]) -> Iterator[Problem]:
    """A file must go into a folder that is there, under a name that says its form."""
    if file.suffix.removeprefix(".") not in endings:
        yield problem(option, file, "a file that ends in ." + ", .".join(endings))
    elif file.is_dir() or not file.absolute().parent.is_dir():
        yield problem(option, file, "a file in a folder that is there")
    else:
        yield from writable(file.absolute().parent, option)


def settings(texts: Sequence[str]) -> dict[str, Any]:
    """The values of all `--set key=value`. Raises ScenarioError with every one that is none."""
    from sim.scenario.overrides import parse_setting

    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for text in texts:
        try:
            path, value = parse_setting(text)
        except ScenarioError as error:
            problems += error.problems
        else:
            if path in values:
                problems.append(problem("--set", f"{path} twice", "each key once"))
            values[path] = value
    if problems:
        raise ScenarioError(problems)
    return values


#: `--reading`: one reading of a scenario that has several.
OneReading = Annotated[
    str | None,
    typer.Option("--reading", metavar="NAME", help="Play one reading of the scenario alone."),
]


def load(name: str, texts: Sequence[str], reading: str | None = None) -> "Scenario":
    """The scenario with all `--set` written over it, under one reading. Raises ScenarioError."""
    changes = settings(texts)
    scenario = load_scenario(name)
    scenario = scenario.override(changes) if changes else scenario
    return scenario if reading is None else scenario.reading(reading)


def read_of(name: str, reading: str | None) -> tuple[str, tuple[str, ...]]:
    """A reading of a scenario that is there, and the paths that it sets; ("", ()) for none."""
    readings = {} if reading is None else load_scenario(name).spec.readings or {}
    return (reading, tuple(sorted(readings[reading].values))) if reading in readings else ("", ())


def load_scenario(name: str) -> "Scenario":
    """The scenario of a name; its error says if the name is that of something else."""
    from sim.cli.kinds import SCENARIO, misplaced
    from sim.scenario import Scenario

    try:
        return Scenario.load(name)
    except ScenarioError as error:
        other = misplaced(name, SCENARIO)
        if other is None:
            raise
        raise ScenarioError([other]) from error
