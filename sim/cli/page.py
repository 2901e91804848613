"""The explorer of a scenario: `detente page` writes it as one file, `detente serve` serves it."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer import Option

from sim.cli import checks, options
from sim.cli.complete import scenario_names
from sim.cli.failure import problem, stop
from sim.cli.finding import any_folder, load, read_of, values_of
from sim.cli.options import Command, argument, option
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import announce_filter, compile_first, waiting
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import FIT, ODDS

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.web.server import PageServer

SUFFIX = ".html"
DATED = "a folder of odds or of a fit, as `detente odds` or `detente fit` writes it"
HOST, PORT, MOST_PORT = "127.0.0.1", 8765, 65_535


@dataclass
class Page(Command):
    """Write the explorer of a scenario: sliders, curves, stories, in one file for any browser."""

    scenario: options.ScenarioName
    out: Path | None = option("FILE.html", "Where to write; default: NAME.html.")
    seed: options.Seed = DEFAULT_SEED
    changes: options.Changes = None
    reading: options.OneReading = None
    odds: Path | None = option(
        "FOLDER", "Also odds over time: of detente odds, or by a fit of detente fit."
    )
    stories: bool = Option(True, help="Tell typical runs of the scenario, week by week.")

    @property
    def file(self) -> Path:
        """The file to write."""
        return self.out or Path(f"{Path(self.scenario).stem or 'page'}{SUFFIX}")

    def _problems(self) -> Iterator[Problem]:
        yield from checks.seed(self.seed)
        if self.file.suffix != SUFFIX:
            yield problem("--out", self.file, f"a file that ends in {SUFFIX}")
        yield from checks.in_a_folder("--out", self.file)

    def _act(self) -> None:
        from sim.engines.compiling import TRACE
        from sim.store.files import write_text
        from sim.web.page import RUNS, explorer

        world = load(self.scenario, self.changes, self.reading)
        reading = read_of(self.scenario, self.reading)
        odds = None if self.odds is None else self._dated(world, str(self.odds))
        if self.stories:
            compile_first(TRACE)
        runs, changed = RUNS if self.stories else 0, values_of(self.changes)
        text = explorer(world, self.seed, runs, changed, odds=odds, reading=reading)
        write_text(self.file, text)
        size = len(text.encode()) / 1000
        typer.echo(f"wrote {self.file} ({size:.0f} KB); open it in a browser")

    def _dated(self, world: "Scenario", name: str) -> dict[str, Any]:
        """The odds over time of the folder given as --odds; else the command ends."""
        from sim.outcomes.manifest import holds
        from sim.web.record import dated_odds

        folder = any_folder(name, self.command, DATED, "--odds")
        if not any(holds(folder, kind) for kind in (FIT, ODDS)):
            self.refuse("--odds", f"{folder}, which holds neither", DATED)
        if not holds(folder, FIT):
            return dated_odds(world, folder)
        announce_filter()
        with waiting("following the record by the settings of the fit ..."):
            return dated_odds(world, folder, self.seed)


@dataclass
class Serve(Command):
    """Serve the explorer here: also the story of any run, odds at each week, a chair to play.

    Ends with Ctrl-C.
    """

    scenario: str = argument(
        "A scenario file, or the name of one.", scenario_names, default="geneva-2025"
    )
    host: str = option("NAME", "Who may come: by itself only this machine.", HOST)
    port: int = option("N", "The port; 0: any free one.", PORT)
    seed: options.Seed = DEFAULT_SEED
    changes: options.Changes = None
    reading: options.OneReading = None

    def _problems(self) -> Iterator[Problem]:
        yield from checks.seed(self.seed)
        yield from checks.within("--port", self.port, 0, MOST_PORT)

    def _act(self) -> None:
        world = load(self.scenario, self.changes, self.reading)
        reading = read_of(self.scenario, self.reading)
        server = self._opened()
        try:
            self._fill(server, world, reading)
            typer.echo(f"{world.title}\nopen {server.address} in a browser; Ctrl-C ends it")
            server.serve_forever()
        except KeyboardInterrupt:
            stop("stopped", INTERRUPTED)
        finally:
            server.server_close()

    def _opened(self) -> "PageServer":
        """The server on its port, before the long work, so that a taken port is said at once."""
        from sim.web.server import PageServer

        try:
            return PageServer(self.host, self.port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                taken = f"{self.port}, which another program has"
                self.refuse("--port", taken, "a free port; 0 takes any")
            why = f"{self.host}, which cannot be had: {error}"
            self.refuse("--host", why, "a name or address of this machine")

    def _fill(
        self, server: "PageServer", world: "Scenario", reading: tuple[str, tuple[str, ...]]
    ) -> None:
        """Makes the page, and compiles what any call needs, so that no visitor waits."""
        from sim.engines.compiling import BLOCK, TRACE, WEEK
        from sim.web.calls import calls
        from sim.web.page import explorer, page_policy

        compile_first(BLOCK, TRACE, WEEK)
        changed = values_of(self.changes)
        page = explorer(world, self.seed, changed=changed, served=True, reading=reading)
        server.fill(page, page_policy(served=True), calls(world))
