"""`detente serve`: the page of a scenario from this machine, with Python behind it."""

import errno
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse_any, stop
from sim.cli.options import Changes, Seed
from sim.cli.run_options import OneReading, load, problem, read_of, within, wrong_seed
from sim.cli.run_options import settings as given
from sim.cli.signals import INTERRUPTED
from sim.numbers import DEFAULT_SEED

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.web.server import PageServer

COMMAND = "detente serve"
DEFAULT_SCENARIO = "geneva-2025"
HOST, PORT, MOST_PORT = "127.0.0.1", 8765, 65_535


@ends_well
def serve(
    scenario: Annotated[
        str,
        typer.Argument(help="A scenario file, or the name of one.", autocompletion=scenario_names),
    ] = DEFAULT_SCENARIO,
    host: Annotated[
        str, typer.Option(metavar="NAME", help="Who may come: by itself only this machine.")
    ] = HOST,
    port: Annotated[int, typer.Option(metavar="N", help="The port; 0: any free one.")] = PORT,
    seed: Seed = DEFAULT_SEED,
    changes: Changes = None,
    reading: OneReading = None,
) -> None:
    """Serve the explorer here: also the story of any run, odds at each week, a chair to play.

    Ends with Ctrl-C.
    """
    refuse_any(COMMAND, [*wrong_seed(seed), *within("--port", port, 0, MOST_PORT)])
    world = load(scenario, changes or [], reading)
    reading_name = read_of(scenario, reading)
    server = _opened(host, port)
    try:
        _filled(server, world, seed, given(changes or []), reading_name)
        typer.echo(f"{world.title}\nopen {server.address} in a browser; Ctrl-C ends it")
        server.serve_forever()
    except KeyboardInterrupt:
        stop("stopped", INTERRUPTED)
    finally:
        server.server_close()


def _opened(host: str, port: int) -> "PageServer":
    """The server on its port, before the long work, so that a taken port is said at once."""
    from sim.web.server import PageServer

    try:
        return PageServer(host, port)
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        place, value = ("--port", str(port)) if in_use else ("--host", host)
        why = "which another program has" if in_use else f"which cannot be had: {error}"
        allowed = "a free port; 0 takes any" if in_use else "a name or address of this machine"
        refuse_any(COMMAND, [problem(place, f"{value}, {why}", allowed)])
        raise


def _filled(
    server: "PageServer",
    world: "Scenario",
    seed: int,
    changes: dict[str, object],
    reading: tuple[str, tuple[str, ...]],
) -> None:
    """Makes the page, and compiles what any call needs, so that no visitor waits."""
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import BLOCK, TRACE, WEEK
    from sim.web.calls import calls
    from sim.web.page import explorer, page_policy

    compile_first(BLOCK, TRACE, WEEK)
    page = explorer(world, seed, changed=changes, served=True, reading=reading)
    server.fill(page, page_policy(served=True), calls(world))
