"""The files of scenarios: those of the project, what a name means, and one raw table of several.

A file is read with those it extends into one table, with the origin of every key.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import (
    LONGEST_VALUE,
    DetenteError,
    KeyPath,
    Problem,
    ScenarioError,
    nearest,
    quoted,
)
from sim.scenario.key_paths import key_lines
from sim.scenario.sides import TABLE, ids_in
from sim.scenario.tree import Origin, Tree, flattened, merge, merge_own, renamed
from sim.store.files import UnfitFileError, read_plain

SUFFIX = ".toml"
FOLDER = "scenarios"
BUILDING_BLOCKS = "base"  # folder of tables that scenarios extend, not scenarios themselves
EXTENDS = "extends"
#: Limits of one file, far above what any scenario or experiment needs (judgement).
MOST_BYTES = 5_000_000
MOST_LEVELS = 50
MOST_VALUES = 10_000
MOST_LETTERS = 200
#: Texts that a process reads once: scenarios extend the same few.
MOST_PARSED = 32

_TOO_DEEP = ("tables or lists nested too deeply", f"at most {MOST_LEVELS} levels")
_TOO_LONG = ("a whole number of too many digits", "whole numbers of up to 64 bits")


class Layer(NamedTuple):
    """One file: its path, its table and the line of each key."""

    path: Path
    table: dict[str, Any]
    lines: dict[KeyPath, int]

    def error(self, found: str, allowed: str, guess: str | None = None) -> ScenarioError:
        """What is wrong with what it extends."""
        line = self.lines.get((EXTENDS,))
        return ScenarioError([Problem(label(self.path), line, EXTENDS, found, allowed, guess)])

    def where(self) -> Callable[[KeyPath], Origin]:
        """Origin of any key path of this file: its own line, or that of the key around it."""
        name = label(self.path)

        def origin(path: KeyPath) -> Origin:
            for length in range(len(path), 0, -1):
                if path[:length] in self.lines:
                    return Origin(name, self.lines[path[:length]])
            return Origin(name)

        return origin


def read_tree(path: Path) -> Tree:
    """The table of a scenario file merged over the files it extends.

    Raises ScenarioError for unreadable files, TOML that is not TOML, and circles of `extends`.
    """
    return merged(read_layers(path))


def merged(layers: Sequence[Layer]) -> Tree:
    """One table of several files, the first written over those after it."""
    tree = Tree()
    for layer in reversed(layers):
        if TABLE in layer.table:
            renamed(tree, ids_in(layer.table))
        write = merge if is_shipped(layer.path) else merge_own
        write(tree, flattened(layer.table), layer.where())
    return tree


def read_layers(path: Path) -> list[Layer]:
    """The file and those it extends, itself first."""
    layers: list[Layer] = []
    while True:
        if any(layer.path == path for layer in layers):
            files = [label(file) for file in (*(layer.path for layer in layers), path)]
            circle = "a circle: " + " -> ".join(files)
            raise layers[-1].error(circle, "files that end without extends")
        found, lines = _parsed(read_text(path), label(path))
        table = dict(found)
        layers.append(Layer(path, table, lines))
        if EXTENDS not in table:
            return layers
        path = _extended(layers[-1], table.pop(EXTENDS))


@lru_cache(maxsize=MOST_PARSED)
def _parsed(text: str, file: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """The table of a text and the line of each key: one reads them, and changes neither."""
    return parse(text, file), key_lines(text)


def read_text(path: Path, error_type: type[DetenteError] = ScenarioError) -> str:
    """The text of a file.

    Raises `error_type` when it is no plain file, too large, unreadable or not UTF-8.
    """
    try:
        return read_plain(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"byte {error.object[error.start]:#04x}, which is not UTF-8"
        raise error_type([Problem(label(path), line, "", found, "text in UTF-8")]) from error
    except OSError as error:
        found = error.strerror or type(error).__name__
        allowed = error.allowed if isinstance(error, UnfitFileError) else "a readable file"
        raise error_type([Problem(label(path), None, "", found, allowed)]) from error


def parse(
    text: str, file: str, error_type: type[DetenteError] = ScenarioError, most: int = MOST_VALUES
) -> dict[str, Any]:
    """The table of a TOML text, within the limits above, of at most `most` values.

    Raises `error_type` with the line of a syntax error, or with what exceeds a limit.
    """
    try:
        table = tomllib.loads(text)
        excess = _excess(table, most)
    except tomllib.TOMLDecodeError as error:
        raise error_type([_syntax(str(error), text, file)]) from error
    except RecursionError as error:
        raise error_type([Problem(file, None, "", *_TOO_DEEP)]) from error
    except ValueError as error:  # Python reads whole numbers of 4,300 digits at most
        raise error_type([Problem(file, None, "", *_TOO_LONG)]) from error
    if excess is not None:
        raise error_type([Problem(file, None, "", *excess)])
    return table


def _excess(table: dict[str, Any], most: int) -> tuple[str, str] | None:
    """Which limit a table exceeds and what is allowed, in words; None if it keeps them all."""
    count = 0
    waiting: list[tuple[int, Any]] = [(0, table)]
    while waiting:
        depth, value = waiting.pop()
        count += 1
        if depth > MOST_LEVELS:
            return _TOO_DEEP
        if count > most:
            return f"more than {most:,} values", f"at most {most:,} in one file"
        if isinstance(value, dict):
            waiting += [(depth + 1, item) for item in value.values()]
            if any(len(key) > MOST_LETTERS for key in value):
                return f"a key of more than {MOST_LETTERS} letters", "a shorter name"
        elif isinstance(value, list):
            waiting += [(depth + 1, item) for item in value]
        elif isinstance(value, int) and value.bit_length() > 64:
            return _TOO_LONG
    return None


def _syntax(message: str, text: str, file: str) -> Problem:
    lines = text.splitlines() or [""]
    place = re.search(r"\s*\(at line (\d+), column \d+\)$", message)
    number = int(place[1]) if place else len(lines)
    reason = re.sub(r"\s*\(at [^)]*\)$", "", message)
    # only of a file that should be TOML is a line shown: another may hold what is not for show
    line = lines[min(number, len(lines)) - 1].strip()
    shown = file.endswith(SUFFIX)
    where, meant = (f"{quoted(line)}: ", _quotes_missing(line, reason)) if shown else ("", None)
    return Problem(file, number, "", f"{where}{reason}", "a TOML file, as key = value", meant)


#: A word without quotes behind its key, as of `name = grim`.
_BARE = re.compile(r"""(?P<key>[\w."' -]+= *)(?P<word>[A-Za-z_][\w.-]*) *(?:#.*)?""")


def _quotes_missing(line: str, reason: str) -> str | None:
    """The line as it was meant, where its value is a word without quotes; else None."""
    bare = _BARE.fullmatch(line) if len(line) <= LONGEST_VALUE else None
    if bare is None or reason != "Invalid value":
        return None
    word = bare["word"]
    truth = word.lower() in ("true", "false")
    return bare["key"] + (word.lower() if truth else f'"{word}"')


def _extended(layer: Layer, name: Any) -> Path:
    """The file that `extends` means: beside the file, then in the scenarios folder."""
    if not isinstance(name, str):
        allowed = 'the path of a scenario file, as "base/us-china.toml"'
        raise layer.error(quoted(name), allowed)
    folders = (layer.path.parent, scenarios_folder())
    for folder in folders:
        for candidate in (folder / name, folder / (name + SUFFIX)):
            with suppress(OSError):  # of a name that no file system takes
                if candidate.is_file():
                    return Path(candidate.resolve())
    patterns = ("*" + SUFFIX, "*/*" + SUFFIX)
    found_files = ((d, f) for d in folders for pattern in patterns for f in d.glob(pattern))
    names = [file.relative_to(folder).as_posix() for folder, file in found_files]
    found = f"{quoted(name)}, which is not there"
    allowed = "a file beside this one or in the scenarios folder"
    raise layer.error(found, allowed, nearest(name, names))


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
