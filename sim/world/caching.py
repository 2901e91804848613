"""Where compiled kernels are kept: a folder named by all the sources they are made of.

numba's disk cache looks only at the file of the cached function; an edit of any other file
would leave the old machine code running. So the folder's name is a hash of every source.
Nothing here imports the compiler.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
#: Every file with a function that is compiled into the kernel; a test holds this against the code.
KERNEL_SOURCES = (
    "world/*.py",
    "engines/counts.py",
    "engines/tally.py",
    "engines/block.py",
    "engines/steps.py",
    "engines/trace.py",
    "engines/frozen_conduct.py",
    "engines/follow.py",
)


def _sources() -> Iterator[Path]:
    for pattern in KERNEL_SOURCES:
        yield from sorted(_PACKAGE.glob(pattern))


def _digest(first: str) -> str:
    digest = hashlib.sha256(first.encode())
    for path in _sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def sources_digest() -> str:
    """Hash of all sources of the kernel, wherever they lie."""
    return _digest("")


def source_hash() -> str:
    """Hash of all sources of the kernel, where they lie, and of numba's version.

    numba keeps a kernel by the place of its source: another clone compiles its own.
    """
    return _digest(f"{version('numba')} {_PACKAGE}")[:16]


def cache_root() -> Path:
    """Where everything is kept that one command leaves for the next."""
    base = os.environ.get("DETENTE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "detente"


def cache_folder() -> Path:
    """Where compiled kernels of exactly these sources are kept."""
    return cache_root() / f"kernel-{source_hash()}"


def why_not_kept(folder: Path) -> str:
    """Why compiled code cannot be kept in a folder; "" if it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as problem:
        return str(problem)


def is_cached(name: str) -> bool:
    """Whether a kernel of these sources lies on disk; `name` as "block.run_block"."""
    return any(cache_folder().rglob(f"{name}-*.nbc"))
