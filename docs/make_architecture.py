"""The rooms of `sim/` and who imports whom, read from the sources without running them.

    python docs/make_architecture.py         # or: make docs; draws docs/images/architecture.png

`tests/test_architecture.py` holds the order of the rooms against `imports()`.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import networkx
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
BOX = {"boxstyle": "round,pad=0.45", "facecolor": "#eef3f8", "edgecolor": "#33475b"}
PICTURE = ROOT / "docs" / "images" / "architecture.png"
#: From low to high; a room imports only lower ones, never one of its own line but itself.
ORDER = (
    ("errors", "numbers", "version"),
    ("extensions", "extras"),
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


def draw() -> Figure:
    """The rooms, one box each on the line of its rank.

    An arrow means "imports"; those that follow from others are left out, and so are those to what
    every room may import (errors, version).
    """
    graph = networkx.DiGraph(
        (room(name), room(target))
        for name, targets in imports().items()
        for target in targets
        if room(name) != room(target) and room(target) not in ORDER[0]
    )
    arrows = networkx.transitive_reduction(graph).edges
    shown = [rooms for rooms in ORDER if rooms != ORDER[-1]]
    places = {
        name: (at, rank)
        for rank, rooms in enumerate(shown)
        for name, at in zip(rooms, _spaced(len(rooms), rank), strict=True)
    }
    sizes = Counter(room(name) for name in modules())
    figure = Figure(figsize=(9, 0.72 * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    style = {"arrowstyle": "-|>", "color": "#7d8a97", "shrinkA": 40, "shrinkB": 46}
    for source, target in arrows:
        if source in places and target in places:
            axes.annotate("", places[target], places[source], arrowprops=style, zorder=1)
    for name, (x, y) in places.items():
        words = f"{name}\n{sizes[name]} module{'s' if sizes[name] > 1 else ''}"
        axes.text(x, y, words, ha="center", va="center", fontsize=9, bbox=BOX, zorder=2)
    axes.set(xlim=(-0.12, 1.12), ylim=(-0.6, len(shown) - 0.4))
    axes.axis("off")
    return figure


def _spaced(count: int, rank: int) -> list[float]:
    """Places across for the rooms of a line; a single room steps aside so that arrows are seen."""
    if count == 1:
        return [0.5 + 0.22 * (-1) ** rank]
    return [place / (count - 1) for place in range(count)]


if __name__ == "__main__":
    draw().savefig(PICTURE, dpi=100)
