"""How the world is compiled: two decorators, and a cache that knows all the sources.

numba's disk cache looks only at the file of the cached function; an edit of any other file
would leave the old machine code running. So the cache folder is named by a hash of every
source the kernel is made of, and is chosen here, before any decorator runs.
"""

import hashlib
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import numba

_PACKAGE = Path(__file__).resolve().parent.parent
#: Every file with a function that is compiled into the kernel; a test holds this against the code.
KERNEL_SOURCES = (
    "world/*.py",
    "engines/tally.py",
    "engines/batch.py",
    "engines/steps.py",
    "engines/trace.py",
    "engines/held.py",
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


numba.config.CACHE_DIR = str(cache_folder())

# Nothing in the world allocates, so it is compiled without numba's runtime (`_nrt`): counting the
# references of some thirty arrays at every call took sixteen times as long as the week itself.
# The flag is numba's own, if not public; `pip` pins the version it was tried with.

#: A function of the world: merged into the kernel, plain Python when the JIT is off.
step = numba.njit(error_model="numpy", forceinline=True, _nrt=False)


def kernel(function: Callable[..., object]) -> Callable[..., object]:
    """Compile an entry point that other threads may run beside, cached on disk if possible."""
    try:
        return numba.njit(error_model="numpy", _nrt=False, nogil=True, cache=True)(function)
    except RuntimeError as problem:  # no writable cache folder
        warnings.warn(f"compiled code is not kept for the next run: {problem}", stacklevel=2)
        return numba.njit(error_model="numpy", _nrt=False, nogil=True)(function)


def is_cached(name: str) -> bool:
    """Whether a kernel of these sources lies on disk; `name` as "batch.run_block"."""
    return any(cache_folder().rglob(f"{name}-*.nbc"))
