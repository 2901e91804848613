"""Groups whose commands are imported when they are typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.models import CommandInfo

from sim.cli.failure import stop
from sim.cli.signals import INTERRUPTED, NOTHING_KEPT
from sim.cli.whole import with_whole_numbers


class Commands(Mapping[str, Any]):
    """Commands by name; each is imported when it is first asked for.

    `modules` names the module of each command; its function has the name of the module's last
    part. Where that is a Typer, the command has commands of its own.
    """

    def __init__(self, modules: Mapping[str, str]) -> None:
        self.modules = modules
        self.made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = _command(name, import_module(self.modules[name]))
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.modules)

    def __len__(self) -> int:
        return len(self.modules)


def _command(name: str, module: Any) -> Any:
    """The command of a module, as typer parses it."""
    command = getattr(module, name)
    if isinstance(command, typer.Typer):
        for registered in command.registered_commands:
            if registered.callback is not None:
                with_whole_numbers(registered.callback)
        return get_command(command)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.registered_commands.append(
        CommandInfo(name=name, cls=TyperCommand, callback=with_whole_numbers(command))
    )
    return get_command(single)


class LazyGroup(TyperGroup):
    """A group that knows the modules of its commands."""

    modules: Mapping[str, str] = {}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands(self.modules)  # type: ignore[assignment]

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
