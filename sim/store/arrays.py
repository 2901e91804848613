"""Archives of arrays (.npz), read only as far as is known beforehand what they must hold."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from sim.errors import ResultError

#: What a damaged archive raises: its directory, its packing, or the heading of an array.
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    EOFError,
    OverflowError,
    MemoryError,
    RecursionError,
    RuntimeError,
    SyntaxError,
    NotImplementedError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
#: Bytes before the numbers of an array: magic, version, and a description of kind and shape.
_LONGEST_HEADING = 10_000


class Expected(NamedTuple):
    """What an array of an archive must be."""

    kind: np.dtype
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Of its numbers."""
        return int(self.kind.itemsize * np.prod(self.shape, dtype=object))


def like(array: np.ndarray) -> Expected:
    """The kind and shape of an array that is at hand."""
    return Expected(array.dtype, array.shape)


def read_arrays(path: Path, expected: Mapping[str, Expected]) -> dict[str, np.ndarray]:
    """The arrays of an archive by name, each of the kind and shape expected.

    Nothing is allocated for an array before its heading says that it is the one expected. Raises
    ResultError for whatever is missing, damaged or of another kind or shape.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: _array(archive, name, array) for name, array in expected.items()}
    except _MisfitError as problem:
        raise ResultError(f"{path} does not fit its scenario: {problem}") from problem
    except _UNREADABLE as problem:
        reason = str(problem) or type(problem).__name__
        raise ResultError(f"{path} cannot be read: {reason}") from problem


class _MisfitError(Exception):
    """An array that is not the one expected."""


def _array(archive: zipfile.ZipFile, name: str, expected: Expected) -> np.ndarray:
    entry = archive.getinfo(f"{name}.npy")
    if entry.file_size > expected.bytes + _LONGEST_HEADING:
        raise _MisfitError(f"{name} has {entry.file_size:,} bytes, not {expected.bytes:,}")
    with archive.open(entry) as file:
        kind, shape = _heading(file)
    if (kind, shape) != expected:
        raise _MisfitError(f"{name} is {kind} {shape}, not {expected.kind} {expected.shape}")
    with archive.open(entry) as file:
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


def _heading(file: IO[bytes]) -> tuple[np.dtype, tuple[int, ...]]:
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"an array of version {version}")
    shape, _, kind = np.lib.format.read_array_header_1_0(file, _LONGEST_HEADING)
    return kind, shape
