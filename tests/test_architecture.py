"""Arrows between rooms point down, and no module imports itself by any way round."""

from collections import Counter

import networkx
import pytest

from docs.make_architecture import RANK, imports, room

#: Arrows that still point up, and modules still in a circle, by room. These may only shrink.
KNOWN_UP: dict[tuple[str, str], int] = {}
KNOWN_CIRCLES: dict[str, int] = {}


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


def test_no_module_imports_itself(arrows):
    graph = networkx.DiGraph((a, b) for a, targets in arrows.items() for b in targets)
    circles = [sorted(c) for c in networkx.strongly_connected_components(graph) if len(c) > 1]
    found = Counter(room(module) for circle in circles for module in circle)
    more = {name: count for name, count in found.items() if count > KNOWN_CIRCLES.get(name, 0)}
    assert not more, f"modules that import themselves: {circles}"
