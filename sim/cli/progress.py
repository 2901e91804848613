"""Progress on a terminal: what is done, how fast, and the time left. Nothing where nobody looks."""

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from sim.studies.runner import Done


class StepProgress(Progress):
    """What of several things is being done, and how far that is."""

    def __init__(self, first: str) -> None:
        super().__init__(console=Console(stderr=True), transient=True)
        self.task = self.add_task(first, total=None)

    def __call__(self, task: str, done: int, of: int) -> None:
        """`done` of `of` parts of a task are finished."""
        self.update(self.task, description=task, completed=done, total=of)


class Bar(Progress):
    """A bar that counts; silent where nobody watches.

    what: what is being done; unit: what is counted ("runs"); of: "of" or "of at most".
    """

    def __init__(
        self, what: str, total: int, unit: str, console: Console | None = None, of: str = "of"
    ) -> None:
        screen = Console(stderr=True) if console is None else console
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} " + of + " {task.total:,.0f} " + unit),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=screen,
            transient=True,
            disable=not screen.is_terminal,
        )
        self.total = total
        self.task = self.add_task(what, total=total, rate="")

    def __call__(self, done: Any) -> None:
        """So many are done."""
        self.show(done)

    def show(self, done: float, speed: float | None = None) -> None:
        """Shows how many are done and, if known, how many run-weeks are played a second."""
        rate = f"{speed / 1e6:.1f}M run-weeks/s" if speed else ""
        self.update(self.task, completed=min(done, self.total), rate=rate)


class RunProgress(Bar):
    """Called with the number of runs finished, of `weeks` each."""

    def __init__(self, total: int, weeks: int, at_most: bool = False) -> None:
        super().__init__("running", total, "runs", of="of at most" if at_most else "of")
        self.weeks = weeks

    def __call__(self, done: int) -> None:
        """`done` runs are finished."""
        self.show(done)  # the speed that is read next follows from it
        task = self.tasks[0]
        self.show(done, (task.finished_speed or task.speed or 0.0) * self.weeks)
        if done >= self.total:
            self.update(self.task, description="comparing: but-for shares, plausible ranges")


class SweepProgress(Bar):
    """Called with how far a study is."""

    def __init__(self, points: int, console: Console | None = None) -> None:
        super().__init__("running", points, "points", console)

    def __call__(self, done: "Done") -> None:
        """Shows the points done; the rate is of those run now, not of those kept before."""
        self.show(done.points, done.run_weeks / done.seconds if done.seconds else None)
