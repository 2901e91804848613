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
from sim.errors import DetenteError, PolicyError, Problem, ResultWriteError

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


def stop(text: str, code: int) -> NoReturn:
    """Ends the command with a message and an exit code."""
    say(text)
    raise typer.Exit(code)


def refuse(*problems: Problem) -> NoReturn:
    """Ends the command for bad input, with everything that is wrong with it."""
    stop("\n".join(str(problem) for problem in problems), BAD_INPUT)


def refuse_any(command: str, problems: Iterable[Problem]) -> None:
    """Ends a command that was typed wrongly, with everything that is wrong; else does nothing."""
    placed = [replace(problem, file=command) for problem in problems]
    if placed:
        refuse(*placed)


def leave_quietly() -> NoReturn:
    """Ends a command whose reader left (`| head`): it has read what it wanted."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(0)


def _unusable(error: OSError) -> Problem:
    """A name that no file can have."""
    name = os.fsdecode(error.filename or "")
    return Problem(name, None, "", error.strerror or str(error), "a name that a file can have")


def ends_well(command: Callable[P, R]) -> Callable[P, R]:
    """Wraps a command so that the errors of this project become messages and exit codes."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            stop(NOTHING_KEPT, INTERRUPTED)
        except BrokenPipeError:
            leave_quietly()
        except OSError as error:
            if error.errno in NO_SUCH_NAMES:
                refuse(_unusable(error))
            stop(f"error: {error}", ANYTHING_ELSE)
        except Exception as error:
            if was_interrupted(error):
                stop(NOTHING_KEPT, INTERRUPTED)
            code = code_of(error)
            if code is None:
                raise
            stop(str(error), code)

    return wrapped


def code_of(error: Exception) -> int | None:
    """The exit code of an error of this project; None for one that is a bug."""
    if isinstance(error, ResultWriteError):
        return ANYTHING_ELSE
    return BAD_INPUT if isinstance(error, DetenteError | PolicyError) else None
