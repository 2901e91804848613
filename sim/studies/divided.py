"""A study divided over machines that do not know of each other: each plays a portion of its points.

A portion has a folder of its own, whose manifest notes the parts that were played; `merging` puts
the folders of all portions together.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes.manifest import PART_OF_STUDY
from sim.studies.compaction import factor_columns
from sim.studies.parts import Group, write_parquet
from sim.studies.store import PLAN, RESUME, Heading, StudyFolder

if TYPE_CHECKING:
    from sim.studies.design import Point
    from sim.studies.experiment import Experiment

FACTORS = "factors.parquet"


@dataclass(frozen=True)
class Portion:
    """The `number`-th, from 1, of `of` nearly equal runs of the points of a study."""

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> "Portion | None":
        """What "2/3" says; None if that is no portion."""
        match = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
        portion = None if match is None else cls(int(match[1]), int(match[2]))
        return portion if portion is not None and 1 <= portion.number <= portion.of else None

    def points(self, size: int) -> range:
        """Its points, of `size` in all."""
        return range(size * (self.number - 1) // self.of, size * self.number // self.of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


class PortionFolder(StudyFolder):
    """The folder of one portion: the plan of the whole study, and parts that stay."""

    def __init__(self, root: Path, name: str, plan: dict[str, Any], portion: Portion) -> None:
        """Named after the study and the portion."""
        suffix = f"-part-{portion.number}-of-{portion.of}"
        super().__init__(root, name, plan, RESUME, suffix)
        self.portion = portion

    def span(self, points: int) -> range:
        """Which of so many points are played into it."""
        return self.portion.points(points)

    def finish(
        self,
        experiment: "Experiment",
        points: "Sequence[Point]",
        groups: Sequence[Group],
        command: str,
        seconds: float,
    ) -> None:
        """Notes what was played: the factors of its points, and every part."""
        import pyarrow as pa

        span = self.span(len(points))
        columns = factor_columns(experiment, points)
        every = pa.table({"point": pa.array(range(len(points)), pa.int32()), **columns})
        rows = every.slice(span.start, len(span))
        manifest = {
            "kind": PART_OF_STUDY,
            **asdict(Heading.of(experiment)),
            "part": [self.portion.number, self.portion.of],
            "groups": [[group.first, group.count] for group in groups],
        }
        with self._write_failures():
            write_parquet(self.path / FACTORS, rows.schema, iter([rows]))
            parts = [self.parts.file(group, table) for group in groups for table in self.tables]
            self.seal(manifest, [self.path / FACTORS, *parts], command, seconds)
        self.tidy()

    def tidy(self) -> None:
        """Removes what only an unfinished portion needs."""
        (self.path / PLAN).unlink(missing_ok=True)
