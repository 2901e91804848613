"""Whole numbers on the command line, as people write them: `--runs 1e6`, `--runs 10_000`."""

import inspect
from collections.abc import Callable
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer
from typer.models import OptionInfo

from sim.errors import quoted
from sim.numbers import as_whole, read_whole


def whole_number(given: str | int) -> int:
    """The whole number that was typed. Raises typer.BadParameter for what is none."""
    number = read_whole(given) if isinstance(given, str) else as_whole(given)
    if number is None:
        allowed = "a whole number, as 10000, 10_000 or 1e4"
        raise typer.BadParameter(f"{quoted(given)}; allowed: {allowed}")
    return number


def with_whole_numbers(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same command, its options that take whole numbers reading them by `whole_number`."""
    for annotation in get_type_hints(inspect.unwrap(command), include_extras=True).values():
        for option in _whole_options(annotation):
            option.parser = whole_number
    return command


def _whole_options(annotation: Any) -> list[OptionInfo]:
    """What typer knows of an option, if it takes a whole number."""
    if get_origin(annotation) is not Annotated:
        return []
    kind, *notes = get_args(annotation)
    if {*get_args(kind), kind} - {NoneType, int, int | None}:
        return []
    return [note for note in notes if isinstance(note, OptionInfo)]
