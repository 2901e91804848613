"""The world as plain Python: a second copy of its modules, loaded with the compiler off.

The shipped modules are compiled on import, and a compiled step costs seconds before it first
runs. Here the same source files are executed once more without the compiler, beside the
compiled ones and in the same process, so that a test can take a single step, watch a record
after each week, plant another function (`monkeypatch.setattr(world.perception, "see", ...)`) or
load an edited source. The tables themselves (`params`, `state`) are shared with the compiled
modules.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numba

import sim
import sim.world.params
import sim.world.state
from sim.engines.batch import BatchOutput

ROOT = Path(sim.__file__).parent
PACKAGES = ("sim.world", "sim.engines")
ENGINE = ("counts", "setting", "tally", "block")
SHARED = ("sim.world.params", "sim.world.state", "sim.world.tables")
#: From the name of a module and its source to the source that is run.
Edit = Callable[[str, str], str]


def world_modules() -> list[str]:
    """Names of the modules of the world that hold functions: "week", "supply" and so on."""
    names = sorted(path.stem for path in (ROOT / "world").glob("*.py"))
    return [n for n in names if n != "__init__" and f"sim.world.{n}" not in SHARED]


def load(edit: Edit | None = None) -> SimpleNamespace:
    """A fresh plain copy: every module of sim/world, and those of the engine that play blocks.

    `edit` gets a module's short name and its source, and returns the source to run.
    """
    loader = _Finder(edit or (lambda _, text: text))
    with _set_aside(), _compiler_off():
        sys.meta_path.insert(0, loader)
        try:
            names = {name: f"sim.world.{name}" for name in world_modules()}
            names |= {name: f"sim.engines.{name}" for name in ENGINE}
            found = {short: importlib.import_module(name) for short, name in names.items()}
        finally:
            sys.meta_path.remove(loader)
    found |= {"params": sim.world.params, "state": sim.world.state}
    return SimpleNamespace(**found, run_batch=partial(_run_batch, found))


def _run_batch(found, params, seed, first=0, runs=100, keep=False):  # type: ignore[no-untyped-def]
    """`run_batch` by the plain copy, in one block on one thread."""
    hand = found["block"].CompiledHand(params, found["setting"].seed_words(seed))
    rows = hand.play(first, runs, keep)
    return BatchOutput(hand.tally, rows if keep else None)


class _Source(SourceFileLoader):
    """Runs the edited source of a file; never reads or writes a bytecode file."""

    def __init__(self, name: str, path: str, edit: Edit) -> None:
        super().__init__(name, path)
        self.edit = edit

    def get_code(self, fullname: str):  # type: ignore[no-untyped-def]
        text = Path(self.path).read_text(encoding="utf-8")
        return compile(self.edit(fullname.rpartition(".")[2], text), self.path, "exec")


class _Finder:
    """Finds the modules of the copied packages, and nothing else."""

    def __init__(self, edit: Edit) -> None:
        self.edit = edit

    def find_spec(self, name: str, _path=None, _target=None) -> ModuleSpec | None:  # type: ignore[no-untyped-def]
        package, _, module = name.rpartition(".")
        if package not in PACKAGES:
            return None
        path = str(ROOT / package.rpartition(".")[2] / f"{module}.py")
        return importlib.util.spec_from_file_location(
            name, path, loader=_Source(name, path, self.edit)
        )


@contextmanager
def _set_aside() -> Iterator[None]:
    """Hides the compiled modules while the copy is loaded, then puts them back."""
    hidden: dict[str, ModuleType] = {
        name: module
        for name, module in sys.modules.items()
        if name.rpartition(".")[0] in PACKAGES and name not in SHARED
    }
    parents = {name: dict(vars(importlib.import_module(name))) for name in PACKAGES}
    for name in hidden:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in [n for n in sys.modules if n.rpartition(".")[0] in PACKAGES]:
            if name not in SHARED:
                del sys.modules[name]
        sys.modules.update(hidden)
        for name, before in parents.items():
            vars(sys.modules[name]).clear()
            vars(sys.modules[name]).update(before)


@contextmanager
def _compiler_off() -> Iterator[None]:
    before = numba.config.DISABLE_JIT
    numba.config.DISABLE_JIT = 1
    try:
        yield
    finally:
        numba.config.DISABLE_JIT = before
