"""What a command says on a terminal while it takes its time."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any


def waiting(text: str) -> AbstractContextManager[Any]:
    """Says on a terminal what is being done, until it is done; elsewhere nothing."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)
