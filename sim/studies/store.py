"""The folder of a study: a plan, parts that appear whole or not at all, and the final tables.

While it runs: plan.json and parts/. When it is finished: a Parquet file for each table and
manifest.json, which is written last. Tables hold no times: the same bytes for the same plan.
"""

import contextlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError, ResultWriteError
from sim.outcomes.manifest import write_sealed
from sim.report.pictures import STUDY
from sim.scenario.sides import Sides, sides_in
from sim.store.checksums import check_seal, read_sealed
from sim.store.drafts import DRAFTS, LOCK, locked_folder, sweep
from sim.store.files import MANIFEST, write_json
from sim.studies.compaction import Columns, Rows, compacted, factor_columns, final_schema
from sim.studies.parts import Group, Parts, write_parquet
from sim.studies.plan import FORMAT, differences, plan_hash
from sim.studies.study_tables import encodings, tables_of

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.studies.design import Point
    from sim.studies.experiment import Experiment

KIND = STUDY
PLAN = "plan.json"
PARTS = "parts"
MOST_DIFFERENCES = 12
RESUME = "--resume continues"


@dataclass(frozen=True)
class Heading:
    """What the final tables and the manifest need to know of an experiment besides its plan."""

    question: str
    definition: str
    points: int
    most_runs: int

    @classmethod
    def of(cls, experiment: "Experiment") -> "Heading":
        """That of an experiment."""
        return cls(
            experiment.question, experiment.definition, experiment.size, experiment.most_runs
        )


class StudyFolder:
    """The folder of one study, found by its name and plan."""

    def __init__(
        self,
        root: Path,
        name: str,
        plan: dict[str, Any],
        continued: str = RESUME,
        suffix: str = "",
    ) -> None:
        """`continued` says how what was begun is continued; `suffix` ends the folder's name."""
        self.name = name
        self.continued = continued
        self.plan = plan
        self.path = root / f"{name}-{plan_hash(plan)}{suffix}"
        self.tables = tables_of(plan["experiment"]["keep"])
        self.parts = Parts(self.path / PARTS, self.tables)

    def span(self, points: int) -> range:
        """Which of so many points are played into it: all."""
        return range(points)

    @property
    def finished(self) -> bool:
        """Whether the final tables are there."""
        return (self.path / MANIFEST).is_file()

    @property
    def begun(self) -> bool:
        """Whether there is anything to continue."""
        return (self.path / PLAN).is_file()

    def check(self) -> None:
        """Raises ResultError, with what differs, if the folder is of another study."""
        for name in (MANIFEST, PLAN):
            if (self.path / name).is_file():
                _same(self.path, _read_plan(self.path / name), self.plan)
                return
        passing = {self.path / LOCK, *self.path.glob(DRAFTS)}
        if self.path.exists() and set(self.path.iterdir()) - passing:
            raise ResultError(f"{self.path} is not a study: it has neither {PLAN} nor {MANIFEST}")

    def others(self) -> list[Path]:
        """Unfinished folders of the same name beside it, the latest last."""
        candidates = self.path.parent.glob(f"{self.name}-" + "[0-9a-f]" * 8)
        plans = [path / PLAN for path in candidates if path != self.path]
        with_plan = [path for path in plans if path.is_file()]
        return [path.parent for path in sorted(with_plan, key=lambda path: path.stat().st_mtime)]

    def refuse_others(self) -> None:
        """Raises ResultError if what is there to continue is of a changed study."""
        others = [] if self.begun or self.finished else self.others()
        if others:
            _same(others[-1], _read_plan(others[-1] / PLAN), self.plan)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Makes the folder and keeps other processes from writing it meanwhile.

        Raises ResultError while another process holds it, ResultWriteError if it cannot be made.
        """
        with contextlib.ExitStack() as holding:
            with self._write_failures():
                self.path.mkdir(parents=True, exist_ok=True)
                holding.enter_context(locked_folder(self.path))
            yield

    def _write_failures(self) -> contextlib.AbstractContextManager[None]:
        return write_failures_named(
            self.path, "study", f"what was finished is kept, {self.continued}"
        )

    def begin(self) -> None:
        """Notes the plan; clears what a killed run left half-written."""
        with self._write_failures():
            sweep(self.path)
            if not self.begun:
                write_json(self.path / PLAN, self.plan)
            self.parts.begin()

    def write_part(self, group: Group, tables: "dict[str, pa.Table]") -> None:
        """Keeps the rows of those points, each table whole or not at all."""
        with self._write_failures():
            self.parts.write(group, tables)

    def table(self, name: str) -> Path:
        """The file of a final table."""
        return self.path / f"{name}.parquet"

    def finish(
        self,
        experiment: "Experiment",
        points: "Sequence[Point]",
        groups: Sequence[Group],
        command: str,
        seconds: float,
    ) -> None:
        """Writes the final tables, then the manifest, then removes plan and parts."""
        factors = factor_columns(experiment, points)
        self.compact(Heading.of(experiment), factors, self.parts, groups, command, seconds)

    def compact(
        self,
        heading: Heading,
        factors: Columns,
        parts: Rows,
        groups: Sequence[Group],
        command: str,
        seconds: float,
    ) -> None:
        """Writes the final tables from the rows of `groups`, then the manifest; then tidies."""
        ids = sides_of_plan(self.plan).ids
        with self._write_failures():
            for name in self.tables:
                rows = compacted(parts, name, groups, factors, heading.most_runs, ids)
                how = encodings(name, heading.most_runs)
                write_parquet(self.table(name), final_schema(name, factors, ids), rows, **how)
            manifest = asdict(heading)
            del manifest["most_runs"]  # it follows from the plan
            self.seal({"kind": KIND, **manifest}, map(self.table, self.tables), command, seconds)
        self.tidy()

    def seal(
        self, facts: dict[str, Any], files: Iterable[Path], command: str, seconds: float
    ) -> None:
        """Writes the manifest, the last file of a folder: what was run, what the others hold."""
        own = {"name": self.name, "command": command, "seconds": round(seconds, 3)}
        write_sealed(self.path, {**facts, **own, "plan": self.plan}, files)

    def tidy(self) -> None:
        """Removes what only an unfinished study needs."""
        (self.path / PLAN).unlink(missing_ok=True)
        shutil.rmtree(self.parts.folder, ignore_errors=True)


def sides_of_plan(plan: Mapping[str, Any]) -> Sides:
    """Who the two sides of a study are: those of the scenario it starts from."""
    return sides_in(plan["scenarios"][plan["experiment"]["scenario"]]["table"])


@contextlib.contextmanager
def write_failures_named(folder: Path, thing: str, advice: str) -> Iterator[None]:
    """Turns a failure to write (full disk, no permission) into ResultWriteError.

    `thing` could not be written, and `advice` is what to do about it.
    """
    try:
        yield
    except OSError as problem:
        raise ResultWriteError(
            f"the {thing} could not be written to {folder}: {problem}; {advice}"
        ) from problem


def _read_plan(path: Path) -> dict[str, Any]:
    """The plan a folder was written for. Raises ResultError if it is not one, or is damaged."""
    content = read_sealed(path)
    plan = content.get("plan") if path.name == MANIFEST else content
    if not isinstance(plan, dict):
        raise ResultError(f"{path} is not of a study")
    if path.name == MANIFEST and plan.get("format") == FORMAT:
        check_seal(path, content)
    return plan


def _same(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Raises ResultError with what differs between the folder's plan and the one at hand."""
    changed = list(differences(old, new))
    if not changed:
        return
    lines = [f"  {line}" for line in changed[:MOST_DIFFERENCES]]
    if len(changed) > MOST_DIFFERENCES:
        lines.append(f"  and {len(changed) - MOST_DIFFERENCES} more")
    raise ResultError(
        "\n".join([f"{folder} cannot be continued: it was begun with other inputs", *lines])
        + "\nundo the change to continue it, or leave --resume away to begin a new folder"
    )
