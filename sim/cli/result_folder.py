"""The result folder that was typed, by path or by its name in results/."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.failure import refuse

if TYPE_CHECKING:
    from sim.scenario.errors import Problem

RESULTS = Path("results")
ALLOWED = "a result folder, as `detente run` writes it"


def result_folder(name: str, command: str) -> Path:
    """The folder meant, its manifest read; else the command ends, with the nearest name."""
    from sim.outcomes.errors import ResultError
    from sim.outcomes.manifest import read_manifest

    folder = next((path for path in (Path(name), RESULTS / name) if path.is_dir()), None)
    if folder is None:
        refuse(_missing(name, command))
    try:
        read_manifest(folder)
    except ResultError as error:
        refuse(_problem(command, str(error)))
    return folder


def _missing(name: str, command: str) -> "Problem":
    from sim.scenario.errors import nearest

    path = Path(name)
    if path.exists():
        return _problem(command, f"{name}, which is no folder")
    folders = {one.name: str(one) for place in (path.parent, RESULTS) for one in place.glob("*/")}
    guess = nearest(path.name, folders)
    return _problem(command, f"{name}, which is not there", guess and folders[guess])


def _problem(command: str, found: str, guess: str | None = None) -> "Problem":
    from sim.scenario.errors import Problem

    return Problem(command, None, "RESULT", found, ALLOWED, guess)
