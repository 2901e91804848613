"""The search for a best response on the terminal: its progress, its result, its folder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.failure import say, stop
from sim.cli.options import typed_command
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import tell
from sim.games.response_page import response_report
from sim.report.pictures import write_pictures

if TYPE_CHECKING:
    from sim.cli.response_options import Options
    from sim.games.best_response import Question, Response
    from sim.policies.machine import Machine


class Watching:
    """Remembers the best machine so far; shows what is being done on a terminal."""

    def __init__(self, bar: Any = None) -> None:
        self.bar = bar
        self.leader: Machine | None = None
        self.task = None if bar is None else bar.add_task("", total=None)

    def progress(self, task: str, done: int, of: int) -> None:
        """Shows it."""
        if self.bar is not None:
            self.bar.update(self.task, description=task, completed=done, total=of)

    def leads(self, machine: "Machine") -> None:
        """Keeps it, to be said if the search is interrupted."""
        self.leader = machine


@contextmanager
def watching() -> Iterator[Watching]:
    """A bar on a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield Watching()
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield Watching(bar)


def search(question: "Question", options: "Options") -> "Response":
    """The best response; on Ctrl-C ends the command with the best so far."""
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import BLOCK
    from sim.games.best_response import best_response
    from sim.policies.words import sentences

    for warning in question.scenario.warnings:
        say(f"warning: {warning}")
    compile_first(BLOCK)
    with watching() as watcher:
        try:
            return best_response(question, options.runs, options.seed, watcher, options.threads)
        except KeyboardInterrupt:
            best = watcher.leader
            best_text = "none yet" if best is None else " ".join(sentences(best))
            stop(f"interrupted; nothing is written; best so far: {best_text}", INTERRUPTED)


def write(response: "Response", options: "Options", pictures: bool) -> Path:
    """Writes the folder of the answer, with its picture; returns it."""
    from sim.games.response_store import write_response

    folder = write_response(response, options.runs, options.out, typed_command())
    if pictures:
        draw(response, folder / "figures", options.formats)
    return folder


def draw_response(folder: Path, target: Path, formats: tuple[str, ...]) -> list[Path]:
    """Draws the picture of a folder of a best response; returns its files."""
    from sim.games.response_store import read_response

    return draw(read_response(folder), target, formats)


def draw(response: "Response", target: Path, formats: tuple[str, ...]) -> list[Path]:
    """Draws the gaps of all policies into a folder; returns the files."""
    from sim.report.pictures import RESPONSE
    from sim.report.pictures import draw as draw_one

    return write_pictures(
        target, [("gaps", partial(draw_one, RESPONSE, "gaps", response))], formats
    )


def report(response: "Response", folder: Path, json: bool) -> None:
    """Prints the machine in words and the gaps."""
    line = f"written to {folder}/ (machine.toml can be pasted into a scenario)"
    tell(response_report(response), json, [line], {"folder": str(folder)})
