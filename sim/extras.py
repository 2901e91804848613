"""Packages that only some commands want: the extra of each, and the line to type for it."""

from importlib.util import find_spec

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
