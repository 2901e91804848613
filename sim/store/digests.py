"""Digests by which folders and code are known: of what is in a plan, and of sources."""

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def short_key(*parts: object) -> str:
    """Eight hex digits of some parts, a line each: they end the name of a folder made of them."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:8]


@cache
def package_digest(patterns: tuple[str, ...]) -> str:
    """SHA-256 of all sources of this package that patterns name: where they lie and what they say.

    (Kernels are kept by a digest of their own, sim/world/caching.py.)
    """
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(_PACKAGE.glob(pattern)):
            name = path.relative_to(_PACKAGE).as_posix()
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
