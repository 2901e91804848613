"""Groups whose commands are imported when they are typed, and whole numbers as people write them.

A whole number may be typed as `--runs 1e6` or `--runs 10_000`.
"""

import inspect
from collections import UserDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import NoneType
from typing import Any, get_args

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.models import CommandInfo, OptionInfo

from sim.cli.failure import ends_well, refuse_any, stop
from sim.cli.signals import INTERRUPTED, NOTHING_KEPT
from sim.errors import quoted
from sim.numbers import as_whole, read_whole


class Commands(UserDict[str, Any]):
    """Commands by name, made of the names of their modules; each is imported when it is asked for.

    In its module a command has its own name: a function, or a Typer that has commands of its own;
    or its name in capitals: a class (see options.Command).
    """

    def __getitem__(self, name: str) -> Any:
        command = self.data[name]
        if isinstance(command, str):
            command = self.data[name] = _command(name, import_module(command))
        return command


def _command(name: str, module: Any) -> Any:
    command = getattr(module, name.capitalize(), None) or getattr(module, name)
    if isinstance(command, typer.Typer):
        return get_command(command)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    callback = as_function(command) if isinstance(command, type) else with_whole_numbers(command)
    single.registered_commands.append(CommandInfo(name=name, cls=TyperCommand, callback=callback))
    return get_command(single)


def as_function(command: type[Any]) -> Callable[..., None]:
    """A command of its own class (see options.Command) as the function that typer calls."""

    signature = inspect.signature(command)
    fields = dict(signature.parameters)
    shown = [fields.pop(name) for name in command.order.split() or tuple(fields)]
    options = {n: f.default for n, f in fields.items() if isinstance(f.default, OptionInfo)}
    not_shown = {name: option.default for name, option in options.items()}

    @ends_well
    def called(**typed: Any) -> None:
        made = command(**not_shown, **typed)
        refuse_any(made.command, made._problems())
        made._act()

    called.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    called.__doc__ = command.__doc__
    return with_whole_numbers(called)


def with_whole_numbers(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same command, its options that take whole numbers reading them by `whole_number`."""
    for parameter in inspect.signature(command).parameters.values():
        annotation = parameter.annotation
        kind = getattr(annotation, "__origin__", annotation)  # of Annotated
        if not {kind, *get_args(kind)} - {NoneType, int, int | None}:
            for note in (parameter.default, *getattr(annotation, "__metadata__", ())):
                if isinstance(note, OptionInfo):
                    note.parser = whole_number
    return command


def whole_number(given: str | int) -> int:
    """The whole number that was typed. Raises typer.BadParameter for what is none."""
    number = read_whole(given) if isinstance(given, str) else as_whole(given)
    if number is None:
        allowed = "a whole number, as 10000, 10_000 or 1e4"
        raise typer.BadParameter(f"{quoted(given)}; allowed: {allowed}")
    return number


class LazyGroup(TyperGroup):
    """A group that knows the modules of its commands."""

    modules: Mapping[str, str] = {}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands(self.modules)

    def make_context(self, *args: Any, **settings: Any) -> Any:
        """Reads the options of the group; see `invoke`."""
        with _interruptible():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command typed; what is interrupted while it is imported ends as ever."""
        with _interruptible(), _missing_explained():
            return super().invoke(ctx)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ends a command that Ctrl-C came to in the one way."""
    try:
        yield
    except KeyboardInterrupt:
        stop(NOTHING_KEPT, INTERRUPTED)


@contextmanager
def _missing_explained() -> Iterator[None]:
    """Says of an argument that was not typed what it is, as `--help` does."""
    try:
        yield
    except typer.BadParameter as problem:
        parameter = problem.param
        if parameter is not None and not problem.message:  # typer names the missing one, no more
            problem.message = getattr(parameter, "help", None) or ""
            problem.param_hint = f"'{(parameter.name or '').upper()}'"
        raise
