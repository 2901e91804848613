"""Tables of records whose rows and columns plain Python reaches by name, as compiled code does.

They are numpy's record arrays but for speed: a value of a row comes in a third of the time, a row
in a fifth. The week in Python reads hundreds of them.
"""

from typing import Any

import numpy as np


class Row(np.record):  # type: ignore[misc]  # final to the stubs alone
    """One record: `row.slip` reads a field, `row.slip = 0.1` writes it."""

    __getattribute__ = np.void.__getattribute__

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except ValueError:  # no field: as for any object
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


class Table(np.recarray):
    """An array of such rows: `table[0]` is a Row, `table.slip` a column, in the same memory."""

    __getattribute__ = np.ndarray.__getattribute__
    __getitem__ = np.ndarray.__getitem__

    def __array_finalize__(self, _: Any) -> None:
        """Rows stay what they are; a record array would make them numpy's own."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name].view(np.ndarray)
        except (ValueError, IndexError):
            raise AttributeError(name) from None


def rows_of_type(dtype: np.dtype) -> np.dtype:
    """The type of record with that layout of which a Table's rows are."""
    return np.dtype((Row, dtype))


def table(dtype: np.dtype, *shape: int) -> Table:
    """A table of zeros."""
    return np.zeros(shape, rows_of_type(dtype)).view(Table)
