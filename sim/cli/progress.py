"""Progress on a terminal: runs done, rate and time left. Nothing where nobody watches."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class RateColumn(ProgressColumn):
    """Run-weeks a second."""

    def __init__(self, weeks: int) -> None:
        super().__init__()
        self.weeks = weeks

    def render(self, task: Task) -> Text:
        """The rate so far, in millions of run-weeks a second."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed * self.weeks / 1e6:.1f}M run-weeks/s" if speed else "")


class RunProgress:
    """Called with the number of runs finished; shows them on a terminal, else stays silent."""

    def __init__(self, total: int, weeks: int, at_most: bool = False) -> None:
        console = Console(stderr=True)
        of = "of at most" if at_most else "of"
        self.total = total
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} " + of + " {task.total:,.0f} runs"),
            RateColumn(weeks),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.bar.add_task("running", total=total)

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

    def __call__(self, done: int) -> None:
        """`done` runs are finished."""
        self.bar.update(self.task, completed=min(done, self.total))
        if done >= self.total:
            self.bar.update(self.task, description="comparing: but-for shares, stated ranges")
