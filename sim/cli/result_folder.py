"""The result folder that was typed, by path or by its name in results/."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.failure import refuse, say
from sim.cli.kinds import misplaced
from sim.errors import Problem, ResultError, nearest
from sim.store.files import MANIFEST, RESULTS, folder_called

if TYPE_CHECKING:
    from sim.studies.study import Study

ALLOWED = "a result folder, as `detente run` writes it"
ALLOWED_STUDY = "the folder of a study, as `detente sweep` writes it"
_PATH = "RESULT"


def result_folder(name: str, command: str) -> Path:
    """The folder meant, its manifest read; else the command ends, with the nearest name."""
    from sim.outcomes.manifest import read_manifest

    folder = _find_folder(name, command, ALLOWED)
    try:
        read_manifest(folder)
    except ResultError as error:
        refuse(_problem(command, str(error), ALLOWED))
    return folder


def any_folder(name: str, command: str, allowed: str = ALLOWED, path: str = _PATH) -> Path:
    """The folder meant, whatever it holds; else the command ends, with the nearest name.

    `allowed`: what the command takes, in words; `path`: the argument or option that names it.
    """
    folder = _find_folder(name, command, allowed, path)
    if not (folder / MANIFEST).is_file():
        refuse(_problem(command, f"{folder}, which has no {MANIFEST}", allowed, path=path))
    return folder


def study_folder(name: str, command: str) -> "Study":
    """The study meant, by path or by its name in results/; else the command ends."""
    from sim.studies.study import load_study

    try:
        return load_study(_find_folder(name, command, ALLOWED_STUDY))
    except ResultError as error:
        refuse(_problem(command, str(error), ALLOWED_STUDY))


def study_if_any(name: str) -> "Study | None":
    """The study meant; None if that folder is not there or holds no finished study."""
    from sim.store.checksums import read_sealed
    from sim.studies.store import KIND

    folder = folder_called(name)
    try:
        manifest = {} if folder is None else read_sealed(folder / MANIFEST)
    except (OSError, ResultError):
        return None  # not a study; reading it as a result says what is wrong with it
    if folder is None or manifest.get("kind") != KIND:
        return None
    from sim.studies.study import load_study

    return load_study(folder)


def folder_of(name: str, kinds: "Iterable[str]") -> "tuple[Path, str] | None":
    """The folder meant, if it is of one of these kinds, and its kind; else None."""
    from sim.outcomes.manifest import holds

    folder = folder_called(name)
    kind = folder and next((kind for kind in kinds if holds(folder, kind)), None)
    return (folder, kind) if folder and kind else None


def _find_folder(name: str, command: str, allowed: str, path: str = _PATH) -> Path:
    folder = folder_called(name)
    if folder is None:
        refuse(misplaced(name, "result") or _missing(name, command, allowed, path))
    if folder not in (Path(name), RESULTS / name):
        say(f"{name}: the newest of that name is {folder}")
    return folder


def _missing(name: str, command: str, allowed: str, path: str) -> Problem:
    folder = Path(name)
    if folder.exists():
        return _problem(command, f"{name}, which is no folder", allowed, path=path)
    folders = {
        child.name: str(child) for place in (folder.parent, RESULTS) for child in place.glob("*/")
    }
    guess = nearest(folder.name, folders)
    guess = guess and folders[guess]
    return _problem(command, f"{name}, which is not there", allowed, guess, path)


def _problem(
    command: str, found: str, allowed: str, guess: str | None = None, path: str = _PATH
) -> Problem:
    return Problem(command, None, path, found, allowed, guess)
