"""Things of one's own beside those the package ships: policies, outcomes, pictures, sensors.

Every room that can be extended keeps a `Registry` (as `sim.policies.POLICIES`): a mapping from
names to rows, shipped ones first. An extension is a Python file, or an installed package, that
adds rows to them:

    from sim.policies import POLICIES, Policy, machine

    def patient() -> Machine:
        "Concedes, whatever it sees."
        return machine([("calm", (0, 0, 1), ("calm",) * 4)], "calm")

    POLICIES.register(Policy("patient", patient, "my own"))

`load` runs such a file, `load_installed` the entry points of the group `detente.extensions`.
An extension is code, so it is named by the person at the keyboard; no scenario, experiment or
result folder can name one.
"""

import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, TypeVar

from sim.errors import DetenteError, ExtensionError, Problem, nearest, quoted

GROUP = "detente.extensions"
SUFFIX = ".py"
#: In place of its file: a problem of a row that was registered elsewhere, as in a notebook.
UNPLACED = "extension"


class Named(Protocol):
    """What a registry holds: a row with the name by which it is asked for."""

    @property
    def name(self) -> str:
        """The name, as files and commands write it."""


Row = TypeVar("Row", bound=Named)


class Registry(Mapping[str, Row]):
    """Rows by name: those the package ships, in order, then those of extensions.

    `kind` says in a word what a row is ("policy"); `shipped` is read, not copied. `hyphens`: names
    may have them. Raises ExtensionError where a name is taken or is no name.
    """

    def __init__(self, kind: str, shipped: Mapping[str, Row], hyphens: bool = False) -> None:
        self.kind = kind
        self.hyphens = hyphens
        self._shipped = shipped
        self._added: dict[str, Row] = {}
        self._files: dict[str, Path] = {}  # which registered a name, where it was a file

    def register(self, row: Row) -> Row:
        """Adds a row of one's own; a file may add its row again, as one loaded twice does."""
        name, file = row.name, _LOADED.running
        plain = name.replace("-", "_") if self.hyphens and isinstance(name, str) else name
        if not isinstance(plain, str) or not plain.isidentifier():
            raise ExtensionError([self._problem(quoted(name), "a Python name, as patient_tat")])
        if name in self._shipped:
            raise ExtensionError([self._problem(f'"{name}", which is shipped', "another name")])
        if file is not None and self._files.get(name, file) != file:
            found = f'"{name}", which {self._files[name]} registers'
            raise ExtensionError([self._problem(found, "another name")])
        self._added[name] = row
        if file is not None:
            self._files[name] = file
        return row

    def withdraw(self, name: str) -> None:
        """Takes a row of an extension back. Raises KeyError for a name that none has added."""
        del self._added[name]
        self._files.pop(name, None)

    def _problem(self, found: str, allowed: str) -> Problem:
        return Problem(UNPLACED, None, f"name of a {self.kind}", found, allowed)

    @property
    def added(self) -> Mapping[str, Row]:
        """The rows of extensions alone."""
        return dict(self._added)

    def __getitem__(self, name: str) -> Row:
        found = self._shipped.get(name)
        return self._added[name] if found is None else found

    def __iter__(self) -> Iterator[str]:
        yield from self._shipped
        yield from self._added

    def __len__(self) -> int:
        return len(self._shipped) + len(self._added)


class _Loaded:
    """The files run so far, each with the SHA-256 of its text, and the packages' versions."""

    def __init__(self) -> None:
        self.files: dict[Path, str] = {}
        self.packages: dict[str, str] = {}
        self.running: Path | None = None  # the file that is being run


_LOADED = _Loaded()


def load(path: str | Path) -> None:
    """Runs an extension's file, which registers what it brings.

    Raises ExtensionError for a file that is not there, is no Python, or fails.
    """
    file = Path(path).resolve()
    if file.suffix != SUFFIX or not file.is_file():
        beside = [p.name for p in file.parent.glob(f"*{SUFFIX}")] if file.parent.is_dir() else []
        found = "no such file" if file.suffix == SUFFIX else "no Python file"
        guess = nearest(file.name, beside)
        raise ExtensionError([Problem(str(path), None, "", found, "a file in .py", guess)])
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if _LOADED.files.get(file) == digest:
        return
    name = f"detente_extension_{digest[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ExtensionError([Problem(str(path), None, "", "no Python file", "a file in .py")])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    _LOADED.running = file
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        sys.modules.pop(name, None)
        raise _placed(str(path), file, error) from error
    finally:
        _LOADED.running = None
    _LOADED.files[file] = digest


def _placed(shown: str, file: Path, error: Exception) -> DetenteError:
    """What went wrong in a file, at the last of its lines that took part."""
    line = line_in(file, error)
    if isinstance(error, ExtensionError):
        return ExtensionError(
            replace(problem, file=shown, line=line) if problem.file == UNPLACED else problem
            for problem in error.problems
        )
    if isinstance(error, DetenteError):
        return error
    found = f"{type(error).__name__}: {error}"
    return ExtensionError([Problem(shown, line, "", found, "a file that runs without an error")])


def line_in(file: Path, error: BaseException) -> int | None:
    """The last line of a file that took part in an error; None if none did."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def load_installed() -> None:
    """Loads the entry points of installed packages. Raises ExtensionError for one that fails."""
    for point in entry_points(group=GROUP):
        try:
            point.load()
        except DetenteError:
            raise
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
            place = f"entry point {point.name}"
            allowed = "a module that can be imported, or no such package"
            raise ExtensionError([Problem(place, None, "", found, allowed)]) from error
        version = point.dist.version if point.dist else "unknown"
        _LOADED.packages[f"{point.name} = {point.value}"] = version


def loaded() -> tuple[Path, ...]:
    """The files loaded so far, for processes that have to load them too."""
    return tuple(_LOADED.files)


def fingerprint() -> str:
    """SHA-256 of what was loaded so far, on which results depend; "" without any.

    Of files their text, of packages their entry points and versions.
    """
    parts = [*_LOADED.files.values(), *(f"{a} {b}" for a, b in _LOADED.packages.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() if parts else ""
