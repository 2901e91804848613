"""`detente new`: a commented scenario of one's own, on top of one that is there."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import scenario_names
from sim.cli.failure import ends_well, refuse_any
from sim.cli.run_options import load_scenario, problem, writable
from sim.errors import Problem
from sim.scenario.shipped import SUFFIX

if TYPE_CHECKING:
    from sim.scenario import Scenario

COMMAND = "detente new"


@ends_well
def new(
    name: Annotated[str, typer.Argument(help="What to call it; makes NAME.toml here.")],
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="SCENARIO",
            help="The scenario to start from, by name or file.",
            autocompletion=scenario_names,
        ),
    ] = "geneva-2025",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write this file, whatever the name.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a scenario of your own: what is worth changing, commented, with range and source."""
    file = out if out is not None else Path(f"{name.removesuffix(SUFFIX)}{SUFFIX}")
    refuse_any(COMMAND, problems(file, force, "NAME" if out is None else "--out"))
    world = load_scenario(source)
    if world.path is not None and file.exists() and file.samefile(world.path):
        start = f"{file}, the scenario to start from"
        refuse_any(COMMAND, [problem("--out", start, "another file")])
    write(world, file)
    typer.echo(f"wrote {file}, on top of {world.name}")
    typer.echo(f"Take the # from a line, change the value, then: detente run {file}")


def problems(file: Path, force: bool, place: str) -> Iterator[Problem]:
    """Everything that is wrong with the file; `place` is what was typed for it."""
    from sim.scenario.shipped import shipped_files

    if "\0" in str(file):
        yield problem(place, repr(str(file)), "a name that a file can have")
        return
    if file.suffix != SUFFIX or not file.stem.removesuffix(SUFFIX):
        yield problem(place, f'"{file}"', f"a name, or with --out a file that ends in {SUFFIX}")
        return
    if file.stem in shipped_files():
        yield problem(place, f"{file.stem}, a scenario that is there already", "another name")
    if not file.absolute().parent.is_dir():
        yield problem(place, f"{file}, but {file.parent} is not a folder", "an existing folder")
        return
    yield from writable(file.absolute().parent, place)
    if file.is_dir() or (file.exists() and not force):
        allowed = "a new file" if file.is_dir() else "a new file, or --force to overwrite it"
        yield problem(place, f"{file}, which is there already", allowed)


def write(world: "Scenario", file: Path) -> None:
    """The file, whole or not at all."""
    from sim.scenario.template import own_scenario
    from sim.store.files import write_text

    write_text(file, own_scenario(world, file.absolute()))
