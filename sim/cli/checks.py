"""What may be wrong with what was typed; all of it comes at once (failure.refuse_any)."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.cli.failure import problem
from sim.cli.options import forms
from sim.errors import Problem, nearest
from sim.numbers import MOST_SEEDS, MOST_THREADS

MOST_WORKERS = 1024


def within(place: str, value: int | None, low: int, high: int) -> Iterator[Problem]:
    """A whole number, if one was typed, must lie in low..high."""
    if value is not None and not low <= value <= high:
        yield problem(place, value, f"a whole number from {low} to {high}")


def seed(seed: int | None) -> Iterator[Problem]:
    """A seed, if one was typed, must be one there is."""
    yield from within("--seed", seed, 0, MOST_SEEDS - 1)


def threads(threads: int | None) -> Iterator[Problem]:
    """As many threads, if a number was typed, must be possible."""
    yield from within("--threads", threads, 1, MOST_THREADS)


def halfwidth(until: float | None, example: str) -> Iterator[Problem]:
    """Half the width of a share's interval, if one was typed."""
    if until is not None and not 0 < until < 0.5:
        allowed = f"half the width of an interval, between 0 and 0.5, as {example}"
        yield problem("--until", until, allowed)


def hands(threads: int | None, workers: int | None, cluster: str | None) -> Iterator[Problem]:
    """Who is to do the work must be one of the three, and not too many of them."""
    yield from within("--workers", workers, 1, MOST_WORKERS)
    chosen = {"--threads": threads, "--workers": workers, "--cluster": cluster}
    given = [option for option, value in chosen.items() if value is not None]
    if len(given) > 1:
        allowed = "one of them: threads, processes of this machine, or those of a cluster"
        yield problem(given[-1], " and ".join(given), allowed)


def among(place: str, values: Sequence[str], names: Sequence[str]) -> Iterator[Problem]:
    """Each value must be one of the names."""
    for value in values:
        if value not in names:
            yield problem(place, value, ", ".join(names), nearest(value, names))


def formats(formats: Sequence[str] | None) -> Iterator[Problem]:
    """Pictures must have formats that can be drawn."""
    from sim.report.pictures import FORMATS

    yield from among("--format", forms(formats), FORMATS)


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


def in_a_folder(
    option: str, file: Path, allowed: str = "a file in a folder that exists"
) -> Iterator[Problem]:
    """A file must be none that is a folder, and go into one that is there."""
    if file.is_dir() or not file.absolute().parent.is_dir():
        yield problem(option, file, allowed)


def writable_file(option: str, file: Path | None, endings: Sequence[str]) -> Iterator[Problem]:
    """A file, if one was typed, must go into a folder, under a name that says its form."""
    if file is None:
        return
    if file.suffix.removeprefix(".") not in endings:
        yield problem(option, file, "a file that ends in ." + ", .".join(endings))
    else:
        homeless = [*in_a_folder(option, file, "a file in a folder that is there")]
        yield from homeless or writable(file.absolute().parent, option)


def every(every: str | None) -> Iterator[Problem]:
    """Days, if some were asked for, can be those of every week."""
    yield from among("--every", () if every is None else (every,), ("week",))
