"""How a command ends: 0 done, 2 bad input, 1 anything else, 130 interrupted.

Errors go to the error stream as plain text, without a traceback when they are of a kind that
the user can act on.
"""

import contextlib
import errno
import functools
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import typer

from sim.cli.signals import INTERRUPTED, NOTHING_KEPT, was_interrupted
from sim.errors import DetenteError, Problem, ResultWriteError

if TYPE_CHECKING:
    from sim.scenario import Scenario

P = ParamSpec("P")
R = TypeVar("R")

#: Errors of the system that are about the name that was typed.
NO_SUCH_NAMES = (errno.ENAMETOOLONG, errno.ELOOP)
ANYTHING_ELSE = 1
BAD_INPUT = 2


def say(text: str) -> None:
    """Prints a line to the error stream, if anybody still reads it."""
    with contextlib.suppress(OSError):  # closed: no reason to give up what is being done
        typer.echo(text, err=True)


def warn_of(*scenarios: "Scenario") -> None:
    """Says what scenarios are warned about, each thing once."""
    for warning in dict.fromkeys(text for each in scenarios for text in each.warnings):
        say(f"warning: {warning}")


def problem(place: str, found: object, allowed: str, nearest: str | None = None) -> Problem:
    """What is wrong with one option; `refuse_any` says of which command."""
    return Problem("", None, place, str(found), allowed, nearest)


def stop(text: str, code: int) -> NoReturn:
    """Ends the command with a message and an exit code."""
    say(text)
    raise typer.Exit(code)


def refuse(*problems: Problem) -> NoReturn:
    """Ends the command for bad input, with everything that is wrong with it."""
    stop("\n".join(map(str, problems)), BAD_INPUT)


def refuse_any(command: str, problems: Iterable[Problem]) -> None:
    """Ends a command that was typed wrongly, with everything that is wrong; else does nothing."""
    placed = [replace(problem, file=command) for problem in problems]
    if placed:
        refuse(*placed)


def reader_left() -> None:
    """Lets what is still printed go nowhere: who read it (`| head`) has read what it wanted."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def ends_well(command: Callable[P, R]) -> Callable[P, R]:
    """Wraps a command so that the errors of this project become messages and exit codes."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            stop(NOTHING_KEPT, INTERRUPTED)
        except BrokenPipeError:
            reader_left()
            raise typer.Exit(0) from None
        except OSError as error:
            if error.errno in NO_SUCH_NAMES:
                name, why = os.fsdecode(error.filename or ""), error.strerror or str(error)
                refuse(Problem(name, None, "", why, "a name that a file can have"))
            stop(f"error: {error}", ANYTHING_ELSE)
        except Exception as error:
            if was_interrupted(error):
                stop(NOTHING_KEPT, INTERRUPTED)
            if not isinstance(error, DetenteError):
                raise  # a bug
            stop(str(error), ANYTHING_ELSE if isinstance(error, ResultWriteError) else BAD_INPUT)

    return wrapped
