"""The rooms of `sim/` and who imports whom, read from the sources without running them.

`tests/test_architecture.py` holds the order of the rooms against `imports()`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: From low to high; a room imports only lower ones, never one of its own line but itself.
ORDER = (
    ("errors", "numbers", "version"),
    ("extensions",),
    ("world",),
    ("policies",),
    ("scenario",),
    ("engines",),
    ("native", "store"),
    ("report",),
    ("outcomes",),
    ("history", "explain", "studies"),
    ("games",),
    ("plots",),
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
