"""A study divided over machines that do not know of each other, and put together again.

Each plays a portion of the points into a folder of its own, whose manifest notes the parts that
were played; merged, they are the bytes of the study that nobody divided.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import DetenteError, Problem, ResultError, some_of
from sim.outcomes.kinds import PART_OF_STUDY
from sim.store.checksums import FILES, check_seal, check_shape, intact
from sim.store.files import MANIFEST
from sim.store.folders import MOST_DIFFERENCES, PLAN, RESUME, differences
from sim.studies.plan import FORMAT, MANIFEST_KINDS, check_plan, code_hash
from sim.studies.store import (
    PARTS,
    Parts,
    StudyFolder,
    heading,
    manifest_in,
    write_parquet,
)
from sim.studies.tables import Columns, Group, factor_columns

if TYPE_CHECKING:
    from sim.studies.design import Point
    from sim.studies.experiment import Experiment

FACTORS = "factors.parquet"
COMMAND = "detente merge"
ALLOWED = "the folder of a part, as `detente sweep --part` writes it"
_KINDS = MANIFEST_KINDS | {"most_runs": int, "seconds": int | float, "part": list, "groups": list}
_MOST_MISSING = 20


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
        columns = factor_columns(experiment.factors, points)
        every = pa.table({"point": pa.array(range(len(points)), pa.int32()), **columns})
        rows = every.slice(span.start, len(span))
        manifest = {
            "kind": PART_OF_STUDY,
            **heading(experiment),
            "part": [self.portion.number, self.portion.of],
            "groups": [[group.start, len(group)] for group in groups],
        }
        with self.write_failures():
            write_parquet(self.path / FACTORS, rows.schema, iter([rows]))
            parts = [self.parts.file(group, table) for group in groups for table in self.tables]
            self.seal(manifest, [self.path / FACTORS, *parts], command, seconds)
        self.tidy()

    def tidy(self) -> None:
        """Removes what only an unfinished portion needs."""
        (self.path / PLAN).unlink(missing_ok=True)


class MergeError(DetenteError):
    """Folders that cannot be put together, with every reason."""


@dataclass(frozen=True)
class PlayedPortion:
    """The folder of one portion that was played whole."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def plan(self) -> dict[str, Any]:
        """The plan of the whole study."""
        return dict(self.manifest["plan"])

    @property
    def portion(self) -> Portion:
        """Which portion it is."""
        number, of = self.manifest["part"]
        return Portion(number, of)

    @property
    def groups(self) -> list[Group]:
        """The groups of points that were kept together."""
        return [Group(first, first + count) for first, count in self.manifest["groups"]]


def read_portion(folder: Path) -> PlayedPortion:
    """What a folder holds. Raises ResultError if it is no portion, unfinished, or damaged."""
    path = folder / MANIFEST
    unfinished = "unfinished: `detente sweep` with the same experiment, --part and --resume"
    none = f"not a part of a study: it has no {MANIFEST}"
    manifest = manifest_in(folder, f"{unfinished} finishes it", none)
    if manifest.get("kind") != PART_OF_STUDY:
        raise ResultError(f"{folder} is not a part of a study")
    check_seal(path, manifest)
    plan = manifest.get("plan")
    if not isinstance(plan, dict) or plan.get("format") != FORMAT:
        raise ResultError(f"{folder} was written in another format of studies: play it again")
    check_shape(path, manifest, _KINDS)
    check_plan(path, plan)
    _check_groups(path, manifest)
    return PlayedPortion(folder, manifest)


def _check_groups(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raises ResultError unless the groups are the points of the portion, one after the other."""
    try:
        number, of = manifest["part"]
        portion = Portion.read(f"{number}/{of}")
        groups = [range(first, first + count) for first, count in manifest["groups"]]
    except (TypeError, ValueError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
    span = None if portion is None else portion.points(manifest["points"])
    starts, stops = [group.start for group in groups], [group.stop for group in groups]
    if span is None or [span.start, *stops] != [*starts, span.stop]:
        raise ResultError(f"{path} does not fit itself: its groups are not the points of its part")


def gathered(folders: Sequence[Path]) -> list[PlayedPortion]:
    """All portions of one study, in their order. Raises MergeError with all that is wrong."""
    portions, problems = [], []
    for folder in folders:
        try:
            portions.append(read_portion(folder))
        except (ResultError, OSError) as error:
            problems.append(_problem(str(folder), str(error), ALLOWED))
    if portions and not problems:
        problems = list(_of_another_study(portions)) or list(_not_each_once(portions))
    if problems:
        raise MergeError(problems)
    return sorted(portions, key=lambda portion: portion.portion.number)


def _problem(place: str, found: str, allowed: str) -> Problem:
    return Problem(COMMAND, None, place, found, allowed)


def _of_another_study(portions: Sequence[PlayedPortion]) -> Iterator[Problem]:
    """Portions of another study than the first, or of one divided otherwise or of other code.

    What was played by another version is merged by that one, so that the bytes are its.
    """
    first = portions[0]
    for portion in portions[1:]:
        lines = list(islice(differences(first.plan, portion.plan), MOST_DIFFERENCES))
        if portion.portion.of != first.portion.of:
            lines.append(f"part {first.portion} there, {portion.portion} here")
        if lines:
            found = "; ".join(line.replace(" then, ", " there, ") for line in lines)
            allowed = f"parts of the same study as {first.folder}"
            yield _problem(str(portion.folder), found.replace(" now", " here"), allowed)
    code = first.plan.get("code")
    if code != code_hash():
        found = f"played by detente {first.plan.get('version')} (code {code})"
        allowed = f"the version at hand (code {code_hash()}), with the same --extension if any"
        yield _problem(str(first.folder), found, allowed)


def _not_each_once(portions: Sequence[PlayedPortion]) -> Iterator[Problem]:
    """Portions that are there twice, or missing."""
    first_folder: dict[int, Path] = {}
    for played in portions:
        number = played.portion.number
        if number in first_folder:
            found = f"part {played.portion}, as {first_folder[number]} is"
            yield _problem(str(played.folder), found, "each part once")
        first_folder.setdefault(number, played.folder)
    of = portions[0].portion.of
    missing = [f"{number}/{of}" for number in range(1, of + 1) if number not in first_folder]
    if missing:
        found = f"no folder of part {some_of(missing, _MOST_MISSING)}"
        yield _problem("", found, f"all {of:,} parts of the study")


def merge(portions: Sequence[PlayedPortion], folder: StudyFolder, command: str) -> None:
    """Writes the final tables of a study from all its portions, in their order.

    Raises ResultError if a file of a portion is damaged, or another process holds the folder,
    ResultWriteError if it cannot be written.
    """
    where = {
        group: Parts(portion.folder / PARTS, folder.tables).read
        for portion in portions
        for group in portion.groups
    }
    for portion in portions:
        for name in portion.manifest[FILES]:
            intact(portion.folder, portion.manifest, name)
    seconds = sum(float(portion.manifest["seconds"]) for portion in portions)
    factors = _factors(portions)
    with folder.locked():
        if folder.finished:
            return
        folder.begin()
        facts, groups = portions[0].manifest, list(where)
        folder.compact(facts, factors, lambda g, t: where[g](g, t), groups, command, seconds)


def _factors(portions: Sequence[PlayedPortion]) -> Columns:
    """The column of each factor, over all points. Raises ResultError for other tables."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [pq.read_table(portion.folder / FACTORS) for portion in portions]
    for portion, table in zip(portions, tables, strict=True):
        if table.schema != tables[0].schema or "point" not in table.column_names:
            raise ResultError(f"{portion.folder / FACTORS} is not the factors of this study")
    whole = pa.concat_tables(tables)
    return {name: whole[name].combine_chunks() for name in whole.column_names if name != "point"}
