"""Progress of a sweep on a terminal: points done, run-weeks a second, time left."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from sim.studies.runner import Done


class PointBar:
    """A bar that counts points and goes away at the end."""

    def __init__(self, description: str, points: int, console: Console | None = None) -> None:
        screen = Console(stderr=True) if console is None else console
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} points"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=screen,
            transient=True,
            disable=not screen.is_terminal,
        )
        self.task = self.bar.add_task(description, total=points, rate="")

    def __enter__(self) -> Self:
        """Starts to show."""
        self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Takes the bar away."""
        self.bar.stop()


class CheckProgress(PointBar):
    """Called with the number of points checked."""

    def __init__(self, points: int, console: Console | None = None) -> None:
        super().__init__("checking", points, console)

    def __call__(self, done: int) -> None:
        """`done` points are checked."""
        self.bar.update(self.task, completed=done)


class SweepProgress(PointBar):
    """Called with how far a study is."""

    def __init__(self, points: int, console: Console | None = None) -> None:
        super().__init__("running", points, console)

    def __call__(self, done: "Done") -> None:
        """Shows the points done; the rate is of those run now, not of those kept before."""
        speed = done.run_weeks / done.seconds if done.seconds else 0.0
        rate = f"{speed / 1e6:.1f}M run-weeks/s" if speed else ""
        self.bar.update(self.task, completed=done.points, rate=rate)
