"""The search for a best response on the terminal: its progress, its result, its folder."""

import json as jsonlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.cli.console import out, plain_table, print_json
from sim.cli.failure import say, stop
from sim.cli.signals import INTERRUPTED
from sim.plots.style import SIDE_NAMES
from sim.report.pictures import write_pictures
from sim.report.plain import json_text

if TYPE_CHECKING:
    from sim.cli.games_response import Options
    from sim.games.best_response import Entry, Question, Response
    from sim.policies.machine import Machine


class Watching:
    """Remembers the best machine so far; shows what is being done on a terminal."""

    def __init__(self, bar: Any = None) -> None:
        self.bar = bar
        self.leader: Machine | None = None
        self.task = None if bar is None else bar.add_task("", total=None)

    def told(self, what: str, done: int, of: int) -> None:
        """Shows it."""
        if self.bar is not None:
            self.bar.update(self.task, description=what, completed=done, total=of)

    def leads(self, machine: "Machine") -> None:
        """Keeps it, to be told if the search is interrupted."""
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


def search(question: "Question", wanted: "Options") -> "Response":
    """The best response; on Ctrl-C ends the command with the best so far."""
    from sim.engines.batch import needs_compiling
    from sim.games.best_response import best_response
    from sim.policies.words import sentences

    for warning in question.scenario.warnings:
        say(f"warning: {warning}")
    if needs_compiling():
        say("compiling the simulator, once (up to a minute) ...")
    with watching() as watcher:
        try:
            return best_response(question, wanted.runs, wanted.seed, watcher, wanted.threads)
        except KeyboardInterrupt:
            best = watcher.leader
            told = "none yet" if best is None else " ".join(sentences(best))
            stop(f"interrupted; nothing is written; best so far: {told}", INTERRUPTED)


def content(found: "Response") -> dict[str, Any]:
    """A best response as plain values; exact numbers have low = high."""
    from sim.policies.words import sentences

    return {
        "scenario": found.scenario.name,
        "title": found.scenario.title,
        "hash": found.scenario.hash,
        "side": found.side,
        "against": found.against,
        "utility": found.utility,
        "definition": definition(found),
        "exact": found.exact,
        "n": found.n,
        "seed": found.seed,
        "chosen_on_seed": found.chosen_on,
        "in_the_way_of_exact": list(found.obstacles),
        "searched": {
            "states": found.space.states,
            "tables": found.space.tables,
            "machines": len(found.space.machines),
        },
        "best": {"label": found.best.label, "words": list(sentences(found.best.machine))},
        "policies": [
            {name: getattr(entry, name) for name in _NUMBERS} | {"kind": entry.kind}
            for entry in found.entries
        ],
    }


DOTS = "Full dots: found by a search; open: named."
_NUMBERS = ("label", "value", "low", "high", "gap", "gap_low", "gap_high")


def definition(found: "Response") -> str:
    """What the numbers are."""
    weeks = found.scenario.spec.weeks
    if found.utility not in ("payoff", "harm"):
        return f"share of runs in which {found.utility} holds at the end of the term"
    what = {"payoff": "payoff", "harm": "harm suffered, as a loss"}[found.utility]
    over = "all weeks to come" if found.forever else f"weeks 1 to {weeks}"
    return f"discounted {what} over {over}"


def write(found: "Response", wanted: "Options", pictures: bool) -> Path:
    """Writes response.json, gaps.csv, machine.toml and the picture; returns the folder."""
    import hashlib

    import pandas as pd

    from sim.games.machine_toml import policy_toml
    from sim.store.drafts import sweep
    from sim.store.files import write_text
    from sim.store.text import csv_text
    from sim.studies.store import told

    plain = content(found)
    key = jsonlib.dumps(
        [plain[name] for name in ("hash", "side", "against", "utility", "n", "seed", "searched")]
        + [found.forever]
    )
    name = f"{Path(found.scenario.name).name}-response-{found.side}"
    folder = wanted.out / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    with told(folder, "response", "nothing else is lost: run it again"):
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        text = json_text(plain)
        write_text(folder / "response.json", text + "\n")
        write_text(folder / "gaps.csv", csv_text(pd.DataFrame(plain["policies"])))
        machine = f"# {found.best.label}\n" + policy_toml(found.best.machine, found.side)
        write_text(folder / "machine.toml", machine)
        if pictures:
            _draw(found, folder / "figures", wanted.formats)
    return folder


def _draw(found: "Response", folder: Path, formats: tuple[str, ...]) -> None:
    from sim.plots.best_response import gaps

    drawing = ("gaps", partial(gaps, found, heading(found), [*notes(found), DOTS]))
    write_pictures(folder, [drawing], formats)


def heading(found: "Response") -> str:
    """Who answers whom."""
    other = SIDE_NAMES["cn" if found.side == "us" else "us"]
    return f"{SIDE_NAMES[found.side]} against {found.against} ({other})"


def notes(found: "Response") -> list[str]:
    """How sure it is, and what was searched."""
    space = found.space
    searched = (
        f"Searched: all {len(space.machines):,} behaviours of deterministic machines of up to "
        f"{space.states} states that react to the signal ({space.tables:,} tables); machines that "
        "know their own conduct, by single changes (a local search); memory-one, by differential "
        "evolution; the named policies."
    )
    name, digest = found.scenario.name, found.scenario.hash[:8]
    if found.exact:
        sure = f"{definition(found).capitalize()}, exact."
        source = f"Source: detente, scenario {name} ({digest}), exact engine."
    else:
        sure = (
            f"{definition(found).capitalize()}. Chosen on {found.n:,} runs of seed "
            f"{found.chosen_on}, reported on {found.n:,} of seed {found.seed}; bars: 95 %, paired "
            "(the same luck)."
        )
        source = f"Source: detente, scenario {name} ({digest}), batch engine."
    return [sure, searched, source]


def report(found: "Response", folder: Path, json: bool) -> None:
    """Prints the machine in words and the gaps."""
    from sim.policies.words import sentences

    if json:
        print_json(content(found) | {"folder": str(folder)})
        return
    console = out()
    console.print(f"{found.scenario.title}\n{heading(found)}")
    console.print(f"best response found: {found.best.label}, {_value(found, found.best)}")
    for sentence in sentences(found.best.machine):
        console.print(f"  {sentence}")
    console.print(_table(found))
    for note in notes(found)[:2]:
        console.print(note)
    console.print(
        f"written to {folder}/ (machine.toml can be pasted into a scenario)", soft_wrap=True
    )


def _value(found: "Response", entry: "Entry") -> str:
    if found.exact:
        return f"{entry.value:.6g} (exact)"
    return f"{entry.value:.3f} ({entry.low:.3f} to {entry.high:.3f}), n = {found.n:,}"


def _table(found: "Response") -> Table:
    table = plain_table("What each lacks of it")
    table.add_column("policy")
    table.add_column(found.utility, justify="right", no_wrap=True)
    table.add_column("gap", justify="right", no_wrap=True)
    for entry in found.entries:
        if found.exact:
            table.add_row(entry.label, f"{entry.value:.6g}", f"{entry.gap:.6g}")
        else:
            gap = f"{entry.gap:.3f} ({entry.gap_low:.3f} to {entry.gap_high:.3f})"
            value = f"{entry.value:.3f} ({entry.low:.3f} to {entry.high:.3f})"
            table.add_row(entry.label, value, gap)
    return table
