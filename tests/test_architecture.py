"""Arrows between rooms point down, and no module imports itself by any way round."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import networkx
import pytest

import sim
from docs.make_architecture import RANK, imports, modules, room
from sim.cli.main import COMMANDS

#: Arrows that still point up, and modules still in a circle, by room. These may only shrink.
KNOWN_UP: dict[tuple[str, str], int] = {}
KNOWN_CIRCLES: dict[str, int] = {}
DOORS = sorted(Path(sim.__file__).parent.glob("*/__init__.py"))


@cache
def names_of_modules() -> dict[str, set[str]]:
    """What each module imports or speaks of: read once for all that ask."""
    return {name: set(used(path.read_text("utf-8"))) for name, path in modules().items()}


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    return imports()


def test_every_room_has_its_place(arrows):
    assert {room(module) for module in arrows} <= set(RANK)


def test_arrows_point_down(arrows):
    up = Counter(
        (room(module), room(target))
        for module, targets in arrows.items()
        for target in targets
        if room(module) != room(target) and RANK[room(module)] <= RANK[room(target)]
    )
    more = {pair: count for pair, count in up.items() if count > KNOWN_UP.get(pair, 0)}
    assert not more, f"arrows that point up: {more}"


@pytest.mark.parametrize(
    "door", sorted(Path(sim.__file__).parent.glob("*/__init__.py")), ids=lambda p: p.parent.name
)
def test_a_rooms_door_names_all_that_is_inside(door):
    """In the order in which to read it; commands are named where `main` has them, too."""
    inside = {path.stem for path in door.parent.glob("*.py")} - {"__init__"}
    words = set(re.findall(r"`([a-z_]+)`", ast.get_docstring(ast.parse(door.read_text("utf-8")))))
    if door.parent.name == "cli":
        words |= set(COMMANDS)
    assert inside - words == set(), "not named"
    assert words - inside - set(RANK) - set(COMMANDS) == set(), "not there"


def test_no_module_imports_itself(arrows):
    graph = networkx.DiGraph((a, b) for a, targets in arrows.items() for b in targets)
    circles = [sorted(c) for c in networkx.strongly_connected_components(graph) if len(c) > 1]
    found = Counter(room(module) for circle in circles for module in circle)
    more = {name: count for name, count in found.items() if count > KNOWN_CIRCLES.get(name, 0)}
    assert not more, f"modules that import themselves: {circles}"


#: Generators: objects that remember, so that a draw depends on all that were drawn before.
GENERATORS = {"default_rng", "RandomState", "SeedSequence", "Philox", "PCG64", "MT19937", "rvs"}
#: Who asks the generator of the world for words; all others ask these.
DRAWERS = {"sim.world.draws", "sim.engines.follow"}
DRAWERS |= {"sim.forecast.filter", "sim.outcomes.spread"}


def used(source: str) -> Iterator[str]:
    """Every dotted name that a source imports or speaks of."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute | ast.Name):
            yield ast.unparse(node)


def generators(names: Iterable[str]) -> set[str]:
    """Which of the names in a source are random generators."""
    return {
        name
        for name in names
        if name.split(".")[0] == "random"
        or name.startswith(("np.random", "numpy.random"))
        or GENERATORS & set(name.split("."))
    }


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "from random import choice",
        "import numpy.random as luck",
        "from numpy import random",
        "from numpy.random import Generator",
        "np.random.default_rng(1).normal()",
        "x = np.random",
        "stats.norm.rvs(3)",
    ],
)
def test_a_generator_is_seen(line):
    assert generators(used(line))


def test_no_draw_is_made_by_a_generator():
    found = {module: generators(names) for module, names in names_of_modules().items()}
    assert {name: names for name, names in found.items() if names} == {}


def test_words_are_asked_for_in_known_places():
    """Each of which takes its purpose from sim/world/purposes.py."""
    words = {"sim.world.philox.philox", "sim.world.draws.philox"}
    asking = {module for module, names in names_of_modules().items() if words & names}
    assert asking == DRAWERS
