"""The search for a best response on the terminal: its progress, its result, its folder."""

import json as jsonlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.failure import say, stop
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import tell
from sim.games.response_page import DOTS, content, heading, notes, response_report
from sim.report.pictures import write_pictures
from sim.report.plain import json_text

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
    """Writes response.json, gaps.csv, machine.toml and the picture; returns the folder."""
    import hashlib

    import pandas as pd

    from sim.games.machine_toml import policy_toml
    from sim.store.drafts import sweep
    from sim.store.files import write_text
    from sim.store.text import csv_text
    from sim.studies.store import write_failures_named

    plain = content(response)
    key = jsonlib.dumps(
        [plain[name] for name in ("hash", "side", "against", "utility", "n", "seed", "searched")]
        + [response.forever]
    )
    name = f"{Path(response.scenario.name).name}-response-{response.side}"
    folder = options.out / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    with write_failures_named(folder, "response", "nothing else is lost: run it again"):
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        text = json_text(plain)
        write_text(folder / "response.json", text + "\n")
        write_text(folder / "gaps.csv", csv_text(pd.DataFrame(plain["policies"])))
        machine = f"# {response.best.label}\n" + policy_toml(response.best.machine, response.side)
        write_text(folder / "machine.toml", machine)
        if pictures:
            _draw(response, folder / "figures", options.formats)
    return folder


def _draw(response: "Response", folder: Path, formats: tuple[str, ...]) -> None:
    from sim.plots.best_response import gaps

    drawing = ("gaps", partial(gaps, response, heading(response), [*notes(response), DOTS]))
    write_pictures(folder, [drawing], formats)


def report(response: "Response", folder: Path, json: bool) -> None:
    """Prints the machine in words and the gaps."""
    line = f"written to {folder}/ (machine.toml can be pasted into a scenario)"
    tell(response_report(response), json, [line], {"folder": str(folder)})
