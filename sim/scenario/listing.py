"""What `detente show` prints, and the JSON Schema for editors."""

from typing import NamedTuple

from sim.scenario.lines import KeyPath
from sim.scenario.registry import ANY_NAME, Entry, entry_at, patterns
from sim.scenario.scenario import Row, Scenario
from sim.scenario.shipped import Shipped, list_shipped
from sim.scenario.sourcing import fits
from sim.scenario.tree import path_parts

__all__ = ["Row", "Shipped", "list_shipped", "registry", "rows"]


class Registered(NamedTuple):
    """A field of the registry under its key path, * standing for names."""

    path: str
    entry: Entry


def rows(scenario: Scenario, key: str = "") -> list[Row]:
    """The values of a scenario; with `key`, only those at, below or matching it (* allowed)."""
    only_below: KeyPath = path_parts(key) if key else ()
    return [row for row in scenario.entries() if fits(only_below, path_parts(row.path))]


def registry() -> list[Registered]:
    """Every field a scenario can have, in the order of the schema."""
    return [
        Registered(".".join(pattern), entry)
        for pattern in patterns()
        if (entry := entry_at(pattern)) is not None and pattern[-1] != ANY_NAME
    ]
