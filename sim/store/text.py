"""Text that a user wrote, made safe for where it is put: Markdown, and CSV for spreadsheets."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import printable
from sim.store.files import write_text

if TYPE_CHECKING:
    import pandas as pd

#: What Markdown may read as more than a letter; an underscore inside a word is one.
_MARKDOWN = re.compile(r"([\\`*\[\]<>#|&~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
#: What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection").
_FORMULA = re.compile(r"^(?=[=+\-@])")
UTF8_MARK = "\ufeff"


def markdown_text(text: str) -> str:
    r"""Text as Markdown that shows just this text: no links, no HTML, no headings.

    >>> print(markdown_text("<b> [x](y)"))
    \<b\> \[x\](y)
    """
    return _MARKDOWN.sub(r"\\\1", text)


def csv_text(frame: "pd.DataFrame", header: bool = True) -> str:
    """A table as CSV without its index; a cell of text is never taken for a formula.

    A text that begins like a formula gets an apostrophe before it, as a spreadsheet's user would
    write it; control characters are escaped. Numbers stay numbers, negative ones too, and weeks
    whole ones where some are missing. The header begins with the mark by which spreadsheets know
    UTF-8 (a byte order mark).
    """
    safe = frame.copy()
    for name in [name for name in safe if str(name).split("_")[-1] == "week"]:
        safe[name] = safe[name].astype("Int64")
    for name in safe.columns[[kind.kind not in "biufM" for kind in safe.dtypes]]:
        safe[name] = safe[name].map(_cell)
    text = safe.to_csv(index=False, header=header, lineterminator="\n")
    return UTF8_MARK + text if header else text


def _cell(value: object) -> object:
    return _FORMULA.sub("'", printable(value)) if isinstance(value, str) else value


def write_tables(folder: Path, frames: "Mapping[str, pd.DataFrame]") -> list[Path]:
    """Writes tables as CSV files by their names; returns the files."""
    files = [folder / f"{name}.csv" for name in frames]
    for file, frame in zip(files, frames.values(), strict=True):
        write_text(file, csv_text(frame))
    return files
