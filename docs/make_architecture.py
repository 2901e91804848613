"""The rooms of `sim/` and who imports whom, read from the sources without running them.

    python docs/make_architecture.py         # or: make docs; draws docs/images/architecture.png

`tests/test_architecture.py` holds the order of the rooms against `imports()`.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import networkx
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
BOX = {"boxstyle": "round,pad=0.45", "facecolor": "#eef3f8", "edgecolor": "#33475b"}
PICTURE = ROOT / "docs" / "images" / "architecture.png"
#: From low to high; a room imports only lower ones, never one of its own line but itself.
ORDER = (
    ("errors", "numbers", "version"),
    ("extensions", "extras", "threads"),
    ("store",),
    ("report",),
    ("world",),
    ("policies",),
    ("scenario",),
    ("engines",),
    ("native",),
    ("outcomes",),
    ("history", "explain", "studies"),
    ("games",),
    ("forecast",),
    ("plots", "reproduce"),
    ("play",),
    ("web",),
    ("cli",),
    ("__init__", "__main__"),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
PLACED = {room for rooms in ORDER[:-1] for room in rooms}
#: Columns of the picture.
COLUMNS = 6


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the package by its dotted name; a package by the name of its folder."""
    named = {}
    for path in sorted((root / "sim").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def imports(root: Path = ROOT) -> dict[str, set[str]]:
    """What each module imports of the package: at its top, inside functions, for types only."""
    known = modules(root)
    return {
        name: {target for target in _imported(path, known) if target != name}
        for name, path in known.items()
    }


def room(module: str) -> str:
    """The room of a module: `sim.world.week` is in `world`; `sim` itself is `__init__`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def _imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Modules of the package that a file names in its import statements."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known and node.level == 0:
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                yield below if below in known else node.module


def arrows() -> list[tuple[str, str]]:
    """Who imports whom among rooms; without what follows from others, and without what every
    room may import (errors, version)."""
    graph = networkx.DiGraph(
        (room(name), room(target))
        for name, targets in imports().items()
        for target in targets
        if room(name) != room(target) and room(target) not in ORDER[0]
    )
    shown = networkx.transitive_reduction(graph).edges
    return sorted((source, target) for source, target in shown if source in PLACED)


def places(edges: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Where each room stands: on the line of its rank, in the column in which the fewest arrows
    run through boxes and the arrows are shortest (rooms moved or exchanged while that helps)."""
    at = {
        name: (column, float(RANK[name]))
        for rooms in ORDER[:-1]
        for name, column in zip(rooms, range(1, COLUMNS, 2), strict=False)
    }
    moved = True
    while moved:
        moved = False
        for name, column in product(sorted(at), range(COLUMNS)):
            there = {place: each for each, place in at.items()}.get((column, at[name][1]))
            other = at | {name: (column, at[name][1])} | ({there: at[name]} if there else {})
            if _cost(other, edges) < _cost(at, edges) - 1e-9:
                at, moved = other, True
    return at


def _cost(at: Mapping[str, tuple[float, float]], edges: Sequence[tuple[str, str]]) -> float:
    cost = 0.0
    for source, target in edges:
        (x, y), (to, low) = at[source], at[target]
        cost += abs(x - to) + 0.2 * (y - low)
        for name, (column, rank) in at.items():
            if low < rank < y and name not in (source, target):
                crossed = x + (to - x) * (y - rank) / (y - low)
                cost += 10 * max(0.0, 1 - abs(crossed - column))
    rooms_of_a_line = Counter(place for place in at.values())
    return cost + 100 * sum(count - 1 for count in rooms_of_a_line.values())


def draw() -> Figure:
    """The rooms, one box each on the line of its rank; an arrow means "imports"."""
    edges = arrows()
    at = places(edges)
    sizes = Counter(room(name) for name in modules())
    figure = Figure(figsize=(9, 0.72 * len(ORDER)), layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlim=(-0.7, COLUMNS - 0.3), ylim=(-0.6, len(ORDER) - 1.4))
    axes.axis("off")
    boxes = {}
    for name, (x, y) in at.items():
        words = f"{name}\n{sizes[name]} module{'s' if sizes[name] > 1 else ''}"
        boxes[name] = axes.text(x, y, words, ha="center", va="center", fontsize=9, bbox=BOX)
    figure.draw_without_rendering()  # boxes have sizes from here on, to which arrows are fitted
    style = {"arrowstyle": "-|>", "color": "#7d8a97", "shrinkA": 2, "shrinkB": 2}
    for source, target in edges:
        ends = {"patchA": boxes[source].get_bbox_patch(), "patchB": boxes[target].get_bbox_patch()}
        axes.annotate("", at[target], at[source], arrowprops=style | ends, zorder=1)
    return figure


if __name__ == "__main__":
    draw().savefig(PICTURE, dpi=100)
