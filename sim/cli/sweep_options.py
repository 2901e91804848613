"""What is typed after `detente sweep`, checked all at once before anything is run or written."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.run_options import problem, within, writable, wrong_threads
from sim.errors import Problem

if TYPE_CHECKING:
    from sim.studies.design import Point
    from sim.studies.experiment import Experiment
    from sim.studies.merging import Portion
    from sim.studies.runner import Player
    from sim.studies.store import StudyFolder

COMMAND = "detente sweep"
MOST_WORKERS = 1024
PARTS_ALLOWED = "I/N, as 2/3 for the second of three parts, with I from 1 to N"


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
    part: str | None = None

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with them."""
        yield from writable(self.out)
        yield from wrong_threads(self.threads)
        if self.until is not None and not 0 < self.until < 0.5:
            allowed = "half the width of an interval, between 0 and 0.5, as 0.01"
            yield problem("--until", self.until, allowed)
        if self.part is not None and self.portion is None:
            yield problem("--part", self.part, PARTS_ALLOWED)
        yield from hands_problems(self.threads, self.workers, self.cluster)

    def study(self, experiment: "Experiment") -> "Experiment":
        """The experiment with what the options change of it."""
        return experiment if self.until is None else replace(experiment, until=self.until)

    @property
    def portion(self) -> "Portion | None":
        """The part that is to be played; None for all of the study, or what is no part."""
        from sim.studies.merging import Portion

        return None if self.part is None else Portion.read(self.part)

    def folder(self, study: "Experiment") -> "StudyFolder":
        """Where the study, or its part, is played into."""
        from sim.studies.merging import PortionFolder
        from sim.studies.plan import plan_table
        from sim.studies.store import StudyFolder

        if self.portion is None:
            return StudyFolder(self.out, study.name, plan_table(study))
        return PortionFolder(self.out, study.name, plan_table(study), self.portion)

    def fits(self, study: "Experiment") -> Iterator[Problem]:
        """What is wrong with the options for this study."""
        if self.portion is not None and self.portion.of > study.size:
            found = f"{self.part}, of a study of {study.size:,} points"
            allowed = f"I/N with N up to {study.size:,}: a part has a point at least"
            yield problem("--part", found, allowed)

    @property
    def hands(self) -> int:
        """How many points are played at a time, as far as that is known here."""
        import os

        return self.threads or self.workers or os.cpu_count() or 1

    @contextlib.contextmanager
    def player(self, study: "Experiment", points: "Sequence[Point]") -> "Iterator[Player | None]":
        """What plays the points: None for the threads of this process."""
        if self.cluster is not None:
            from sim.studies.workers import Cluster, cluster_at

            with cluster_at(self.cluster) as client:
                yield Cluster(study, points, client)
        elif self.workers is not None:
            from sim.studies.workers import Processes

            yield Processes(study, points, self.workers)
        else:
            yield None


def hands_problems(
    threads: int | None, workers: int | None, cluster: str | None
) -> Iterator[Problem]:
    """What is wrong with who is to do the work: one of the three, and not too many of them."""
    yield from within("--workers", workers, 1, MOST_WORKERS)
    chosen = {"--threads": threads, "--workers": workers, "--cluster": cluster}
    options_given = [option for option, value in chosen.items() if value is not None]
    if len(options_given) > 1:
        allowed = "one of them: threads, processes of this machine, or those of a cluster"
        yield problem(options_given[-1], " and ".join(options_given), allowed)
