"""What is typed after `detente sweep`, checked all at once before anything is run or written."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.run_options import problem, within, writable

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.studies.design import Point
    from sim.studies.experiment import Experiment
    from sim.studies.runner import Player

COMMAND = "detente sweep"
MOST_WORKERS = 1024


@dataclass(frozen=True)
class SweepOptions:
    """The options of one `detente sweep`, as typed."""

    resume: bool
    dry_run: bool
    out: Path
    json: bool
    yes: bool
    threads: int | None
    until: float | None
    workers: int | None
    cluster: str | None

    def problems(self) -> "Iterator[Problem]":
        """Everything that is wrong with them."""
        for found in self._problems():
            yield replace(found, file=COMMAND)

    def _problems(self) -> "Iterator[Problem]":
        yield from writable(self.out)
        if self.threads is not None:
            yield from within("--threads", self.threads, 1, 4096)
        if self.workers is not None:
            yield from within("--workers", self.workers, 1, MOST_WORKERS)
        if self.until is not None and not 0 < self.until < 0.5:
            allowed = "half the width of an interval, between 0 and 0.5, as 0.01"
            yield problem("--until", self.until, allowed)
        chosen = {"--threads": self.threads, "--workers": self.workers, "--cluster": self.cluster}
        given = [option for option, value in chosen.items() if value is not None]
        if len(given) > 1:
            allowed = "one of them: threads, processes of this machine, or those of a cluster"
            yield problem(given[-1], " and ".join(given), allowed)

    def study(self, experiment: "Experiment") -> "Experiment":
        """The experiment with what the options change of it."""
        return experiment if self.until is None else replace(experiment, until=self.until)

    @property
    def hands(self) -> int:
        """How many points are played at a time, as far as that is known here."""
        import os

        return self.threads or self.workers or os.cpu_count() or 1

    @contextlib.contextmanager
    def player(self, study: "Experiment", points: "Sequence[Point]") -> "Iterator[Player | None]":
        """What plays the points: None for the threads of this process."""
        if self.cluster is not None:
            from sim.studies.cluster import Cluster, cluster_at

            with cluster_at(self.cluster) as client:
                yield Cluster(study, points, client)
        elif self.workers is not None:
            from sim.studies.processes import Processes

            yield Processes(study, points, self.workers)
        else:
            yield None
