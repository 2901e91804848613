"""A row of the table of all benchmarks: what was measured, its aim, whether that is met."""

import os
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim import threads

HEAD = ("what", "median", "least to most", "aim", "met")


@dataclass(frozen=True)
class Row:
    """One measurement.

    values: of each turn, ratios where `unit` is "x"; most, least: the aim for their median, if any.
    """

    what: str
    values: Sequence[float]
    unit: str = "x"
    most: float | None = None
    least: float | None = None

    @property
    def median(self) -> float:
        """Of all turns."""
        return statistics.median(self.values)

    @property
    def aim(self) -> str:
        """In words."""
        if self.most is not None:
            return f"at most {self.most:g} {self.unit}"
        return "" if self.least is None else f"at least {self.least:g} {self.unit}"

    @property
    def met(self) -> str:
        """yes, no, or nothing where there is no aim."""
        if not self.aim:
            return ""
        over = self.most is not None and self.median > self.most
        under = self.least is not None and self.median < self.least
        return "no" if over or under else "yes"

    @property
    def cells(self) -> tuple[str, ...]:
        """As text, in the order of HEAD."""
        span = f"{min(self.values):.3g} to {max(self.values):.3g} ({len(self.values)})"
        return self.what, f"{self.median:.3g} {self.unit}", span, self.aim, self.met


def ratios(over: Iterable[float], under: Iterable[float]) -> list[float]:
    """Turn by turn."""
    return [one / two for one, two in zip(over, under, strict=True)]


def machine() -> str:
    """What this ran on: processor, cores, system, Python, and how busy it was."""
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else ""
    cores = threads.cores()
    return (
        f"{_processor()}, {cores} cores, {platform.system()} {platform.release()}, Python "
        f"{platform.python_version()}; load at the end {busy or 'unknown'}"
    )


def _processor() -> str:
    """Its name, where the system tells it."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def markdown(rows: Iterable[Row]) -> Iterator[str]:
    """The table, line by line."""
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{'---|' * len(HEAD)}"
    for row in rows:
        yield f"| {' | '.join(row.cells)} |"
