"""Where tables and JSON are printed."""

import json
import os
import sys
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

#: Columns when the output is not a terminal, so that files and pipes are readable.
PLAIN_WIDTH = 120


def out() -> Console:
    """The console of the output stream: as wide as the terminal, else PLAIN_WIDTH or COLUMNS.

    What stands in brackets is printed as it is: titles and tables such as [truce] are no markup.
    """
    plain = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(width=PLAIN_WIDTH if plain else None, highlight=False, markup=False)


def plain_table(title: str) -> Table:
    """An empty table in the one style of all commands: a title, a rule below the headings."""
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)


def print_json(value: Any) -> None:
    """Prints a value as JSON; what JSON has no form for (nan) becomes null, dates ISO text."""
    print(json.dumps(without_nan(value), indent=2, ensure_ascii=False, default=str))


def without_nan(value: Any) -> Any:
    """The same value with nan and infinities replaced by None, at any depth."""
    if isinstance(value, dict):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
        return None
    return value
