"""What one command leaves for the next: results of long computations, in the user's cache folder.

Each file begins with the SHA-256 of its content. What is not what was written is thrown away and
made again; what cannot be written is made again by every command: slower, and no less right.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.store.files import drafted_file
from sim.world.caching import cache_root

#: Arrays of scipy.special: that a process looks for, and that are kept of a kind.
MOST_ASKS, MOST_ARRAYS = 48, 256
_DIGEST_BYTES = hashlib.sha256().digest_size


def name_of(*parts: bytes) -> str:
    """The name of what hangs on these parts and on nothing else."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()[:32]


def taken(kind: str, name: str) -> bytes | None:
    """The content kept under a name; None where nothing is, or something else than was written."""
    file = cache_root() / kind / name
    try:
        raw = file.read_bytes()
    except OSError:
        return None
    content = memoryview(raw)[_DIGEST_BYTES:]
    if hashlib.sha256(content).digest() == raw[:_DIGEST_BYTES]:
        return bytes(content)
    with contextlib.suppress(OSError):
        file.unlink()
    return None


def keep(kind: str, name: str, content: bytes, most: int) -> None:
    """Keeps content under a name, and of its kind the `most` that were written last."""
    folder = cache_root() / kind
    # Nothing hangs on its being kept: a full disk or a folder of others is no failure.
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with drafted_file(folder / name) as draft:
            draft.write_bytes(hashlib.sha256(content).digest() + content)
            draft.replace(folder / name)
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in files[most:]:
            old.unlink(missing_ok=True)


def special(
    kind: str, parts: Sequence[bytes], make: Callable[[], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The flat array that `make` computes by scipy.special, all of whose inputs are `parts`.

    To import that takes a tenth of a brief run: so the first arrays of a process are kept.
    """
    if next(_asks(), None) is None:
        return make()
    name = name_of(*parts)
    raw = taken(kind, name)
    if raw is not None:
        return np.frombuffer(raw)
    made = make()
    keep(kind, name, made.tobytes(), MOST_ARRAYS)
    return made


@cache
def _asks() -> Iterator[int]:
    """How often `special` still looks on the disk: what asks more often imports it anyway."""
    return iter(range(MOST_ASKS))
