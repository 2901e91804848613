"""What `detente odds`, `fit`, `score` and `backtest` have in common: options, checks, an ending."""

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failure import refuse_any
from sim.cli.run_options import among, problem, within, writable, wrong_seed, wrong_threads
from sim.cli.telling import tell
from sim.errors import Problem
from sim.report.pictures import FORMATS

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit
    from sim.history.record import Record
    from sim.report.content import Report

WEEK = "week"

#: `--record`: a record of one's own.
OwnRecord = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="A record of your own; default: the package's."),
]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="The last day whose facts are seen, as 2025-10-09."),
]
Tolerance = Annotated[
    float, typer.Option(metavar="F", help="A factor on the tolerances of the facts.")
]
Codings = Annotated[
    int,
    typer.Option(
        metavar="1|2", help="Codings of the acts to average over: by lever, and by class and grade."
    ),
]


@dataclass(frozen=True, kw_only=True)
class Common:
    """What was typed of the options that `odds` and `fit` share."""

    as_of: str | None
    seed: int
    tolerance: float
    codings: int
    out: Path
    formats: tuple[str, ...]
    threads: int | None

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with them."""
        if self.as_of is not None and self.day is None:
            yield problem("--as-of", self.as_of, "a day, as 2025-10-09")
        yield from wrong_seed(self.seed)
        if not self.tolerance > 0:
            yield problem("--tolerance", f"{self.tolerance:g}", "a factor above 0, as 0.5 or 2")
        yield from within("--codings", self.codings, 1, 2)
        yield from wrong_threads(self.threads)
        yield from among("--format", self.formats, FORMATS)
        yield from writable(self.out)

    @property
    def day(self) -> datetime.date | None:
        """The day; None where none was given, or what is no day."""
        try:
            return None if self.as_of is None else datetime.date.fromisoformat(self.as_of)
        except ValueError:
            return None


@contextlib.contextmanager
def refused_by(command: str) -> Iterator[None]:
    """What is wrong with the question ends this command, whose name its problems carry."""
    from sim.forecast.facts import ForecastError

    try:
        yield
    except ForecastError as error:
        refuse_any(command, error.problems)


def own_record(folder: Path | None) -> "Record | None":
    """The record of a folder; None for the package's own."""
    from sim.history.record import read_record

    return None if folder is None else read_record(folder)


def fit_of(folder: Path | None) -> "Fit | None":
    """The fit of a folder, if one is given."""
    from sim.forecast.fit_store import read_fit

    return None if folder is None else read_fit(folder)


def tell_written(report: "Report", json: bool, folder: Path) -> None:
    """Prints a report, as text or JSON, and where it was written."""
    tell(report, json, [f"written to {folder}/"], {"folder": str(folder)})
