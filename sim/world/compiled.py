"""How the world is compiled: two decorators, and a cache that knows all the sources.

numba's disk cache looks only at the file of the cached function; an edit of any other file
would leave the old machine code running. So the cache folder is named by a hash of every
source the kernel is made of, and is chosen here, before any decorator runs.
"""

import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

_PACKAGE = Path(__file__).resolve().parent.parent
#: Every file with a function that is compiled into the kernel; a test holds this against the code.
KERNEL_SOURCES = (
    "world/*.py",
    "engines/counts.py",
    "engines/tally.py",
    "engines/batch.py",
    "engines/steps.py",
    "engines/trace.py",
    "engines/held.py",
    "engines/follow.py",
)


def source_hash() -> str:
    """Hash of all sources the kernel is made of, where they lie, and of numba's version.

    numba keeps a kernel by the place of its source: another clone compiles its own.
    """
    digest = hashlib.sha256(f"{numba.__version__} {_PACKAGE}".encode())
    for pattern in KERNEL_SOURCES:
        for path in sorted(_PACKAGE.glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled kernels of exactly these sources are kept."""
    base = os.environ.get("DETENTE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(base) if base else Path.home() / ".cache"
    return root / "detente" / f"kernel-{source_hash()}"


def why_not_kept(folder: Path) -> str:
    """Why compiled code cannot be kept in a folder; "" if it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as problem:
        return str(problem)


# Where that folder cannot be written numba would keep its code beside the source of each kernel,
# by the date of that one file: an edit of any other would leave the old code running. So nothing
# is kept then.
_PROBLEM = why_not_kept(cache_folder())
if _PROBLEM:
    warnings.warn(f"compiled code is not kept for the next run: {_PROBLEM}", stacklevel=2)
else:
    numba.config.CACHE_DIR = str(cache_folder())

# Nothing in the world allocates, so it is compiled without numba's runtime (`_nrt`): counting the
# references of some thirty arrays at every call took sixteen times as long as the week itself.
# The flag is numba's own, if not public; `pip` pins the version it was tried with.

#: A function of the world: merged into the kernel, plain Python when the JIT is off.
step = numba.njit(error_model="numpy", forceinline=True, _nrt=False)


def kernel(function: Callable[..., object]) -> Callable[..., object]:
    """Compile an entry point that other threads may run beside, cached on disk if possible."""
    options = {"error_model": "numpy", "_nrt": False, "nogil": True, "cache": not _PROBLEM}
    compiled = numba.njit(**options)(function)
    if not _PROBLEM and not numba.config.DISABLE_JIT:
        compiled._cache.load_overload = _made_again_if_unreadable(compiled._cache)
    return compiled


def _made_again_if_unreadable(cache: Any) -> Callable[..., Any]:
    """numba's way to take a kernel from its cache; what cannot be read is thrown away, and said.

    Whatever is wrong with a file there (it is empty, cut short, of other bytes), numba would fail
    on it for ever.
    """
    found: Callable[..., Any] = cache.load_overload

    def load(*wanted: Any) -> Any:
        try:
            return found(*wanted)
        except Exception as problem:
            reason = str(problem) or type(problem).__name__
            warnings.warn(
                f"compiled code in {cache.cache_path} cannot be read ({reason}): it is made again",
                stacklevel=2,
            )
            cache.flush()
            return None

    return load


def is_cached(name: str) -> bool:
    """Whether a kernel of these sources lies on disk; `name` as "batch.run_block"."""
    return any(cache_folder().rglob(f"{name}-*.nbc"))
