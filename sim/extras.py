"""Packages that only some commands want: the extra of each, and the line to type for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from sim.errors import DetenteError, Problem

#: The extra of pyproject.toml that brings a package, by the name it is imported under.
EXTRAS = {
    "SALib": "analysis",
    "ema_workbench": "analysis",
    "distributed": "cluster",
    "nashpy": "games",
    "scoringrules": "forecast",
    "arviz_stats": "forecast",
}


class MissingPackageError(DetenteError):
    """What was asked for needs a package that is not installed; `reason` in one line."""

    def __init__(self, package: str, wanted_by: str) -> None:
        found = f"it needs {package}, which is not installed"
        super().__init__([Problem(wanted_by, None, "", found, line_for(package))])
        self.reason = f"{package} is not installed: {line_for(package)}"


def installed(package: str) -> bool:
    """Whether a package can be imported."""
    return find_spec(package) is not None


def line_for(package: str) -> str:
    """What to type so that a package is there."""
    return f"pip install 'detente[{EXTRAS[package]}]'"


def need(package: str, wanted_by: str) -> None:
    """Raises MissingPackageError, with what to type, if a package of an extra is not installed."""
    if not installed(package):
        raise MissingPackageError(package, wanted_by)


@contextmanager
def replaced(module: ModuleType, name: str, value: object) -> Iterator[None]:
    """Another function in a module's place while a package that takes it from there is imported."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def part(package: str, module: str) -> ModuleType:
    """One module of a package, as "analysis.prim", without what the package imports beside it.

    That can take seconds of a command that wants one thing of it. Raises ImportError.
    """
    name, spec = f"{package}.{module}", find_spec(package)
    above = [name.rsplit(".", count)[0] for count in range(1, name.count(".") + 1)]
    if package in sys.modules or spec is None or spec.submodule_search_locations is None:
        return import_module(name)
    root = Path(spec.submodule_search_locations[0])
    try:
        for package_name in above:  # in its place an empty one, which lies in the same folder
            sys.modules[package_name] = empty = ModuleType(package_name)
            empty.__path__ = [str(root.joinpath(*package_name.split(".")[1:]))]
        return import_module(name)
    finally:
        for package_name in above:
            del sys.modules[package_name]
