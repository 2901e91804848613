"""The scenarios that come with the project, and how a name becomes a file."""

import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

from sim.errors import Problem, ScenarioError, nearest

SUFFIX = ".toml"
FOLDER = "scenarios"
BUILDING_BLOCKS = "base"  # folder of tables that scenarios extend, not scenarios themselves


class Shipped(NamedTuple):
    """A scenario of the project: what to type, its file and its title."""

    name: str
    path: Path
    title: str


def shipped_folder(name: str) -> Path:
    """A folder of shipped files: beside the package in a checkout, else where a wheel puts it."""
    checkout = Path(__file__).resolve().parents[2] / name
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "detente" / name


def scenarios_folder() -> Path:
    """The folder of the shipped scenarios."""
    return shipped_folder(FOLDER)


def shipped_files() -> dict[str, Path]:
    """Shipped scenarios by name, as `geneva-2025` or `textbook/grim`, sorted."""
    folder = scenarios_folder()
    files = sorted(folder.rglob("*" + SUFFIX))
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in files}


def is_shipped(path: Path | None) -> bool:
    """Whether a file is one of the project's own."""
    return path is not None and path.resolve().is_relative_to(scenarios_folder().resolve())


def list_shipped() -> list[Shipped]:
    """Name, path and title of every shipped scenario that can be run by itself."""
    return [
        Shipped(name, path, _title(path))
        for name, path in shipped_files().items()
        if not name.startswith(BUILDING_BLOCKS + "/")
    ]


def _title(path: Path) -> str:
    """The title a file writes; empty where it has none or is not TOML (loading will say)."""
    try:
        title = tomllib.loads(path.read_text(encoding="utf-8")).get("title", "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return ""
    return str(title)


def label(path: Path) -> str:
    """A file as a message shows it: from the current folder, or from the project's."""
    for folder in (Path.cwd(), scenarios_folder().parent):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.as_posix()


def find_scenario(name: str | Path) -> Path:
    """The file meant by a path or by the name of a shipped scenario.

    Raises ScenarioError with the nearest name when there is no such file.
    """
    path = Path(name)
    plain = path.with_suffix("").as_posix() if path.name else ""
    shipped = shipped_files().get(plain.removeprefix(FOLDER + "/"))
    with_suffix = path.with_name(path.name + SUFFIX) if path.name else path
    for candidate in (path, with_suffix, shipped):
        if candidate is not None and candidate.is_file():
            return candidate.absolute()
    if path.is_dir():
        inside = sorted(file.name for file in path.glob("*" + SUFFIX))
        example = f", as {(path / inside[0]).as_posix()}" if inside else ""
        allowed = f"a scenario file{example}"
        raise ScenarioError([Problem(path.as_posix(), None, "", "a folder", allowed)])
    raise ScenarioError([_missing(str(name), path)])


def _missing(name: str, path: Path) -> Problem:
    folder, stem = path.parent, path.name.removesuffix(SUFFIX)
    neighbours = {file.stem: (folder / file.name).as_posix() for file in folder.glob("*" + SUFFIX)}
    shipped = {name: name for name in shipped_files()} if stem == name.removesuffix(SUFFIX) else {}
    names = shipped | {name: file for name, file in neighbours.items() if name not in shipped}
    guess = nearest(stem, names) or nearest(name.removesuffix(SUFFIX), shipped_files())
    close = names.get(guess, guess) if guess else None
    allowed = "a scenario file, or a name that `detente show` lists"
    return Problem(name, None, "", "no such file", allowed, close)
