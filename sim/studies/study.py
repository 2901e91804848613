"""A finished study, read back from its folder alone, and its page.

The page: the headline of every point, what was varied, and how it was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.outcomes.manifest import refuse_part
from sim.report.content import NAME, TEXT, Figure, Report, Section, table
from sim.report.numbers import of_hundred, shift_text
from sim.report.text import InNotebook, in_a_line
from sim.scenario.sides import Sides
from sim.store.checksums import check_seal, check_shape, intact_table
from sim.store.files import MANIFEST, folder_called
from sim.studies.design import meaning
from sim.studies.plan import FORMAT, MANIFEST_KINDS, check_plan
from sim.studies.store import KIND, manifest_in, sides_of_plan
from sim.studies.tables import COLUMNS, KEPT, OUTCOMES, POINTS
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.result import Result


_SHARE = ("p", "low", "high")
MOST_ROWS = 40
MOST_COLUMNS = 10
MOST_FACTORS = 6  # in a table of points; of more, none would be readable


@dataclass(frozen=True)
class StudyFactor:
    """What was varied: the column, the key path, and its values or ends.

    `labels` are the values of its column where they were listed, `low` and `high` its ends where
    it was a range, `link` the name it shares with factors that move with it.
    """

    name: str
    path: str
    labels: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    link: str = ""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "StudyFactor":
        """The factor of which a plan keeps this."""
        known = {key: table[key] for key in ("name", "path", "low", "high", "link") if key in table}
        return cls(**known, labels=tuple(table.get("labels", ())))


@dataclass(frozen=True, repr=False)
class Study(InNotebook):
    """The tables of a study and how it was made; made by `load_study`. Tables are read when used.

    `manifest` holds all that is needed to repeat it; `runs` is the number of runs of a point
    (with `until`, of its first batch).
    """

    folder: Path
    manifest: dict[str, Any]

    def __repr__(self) -> str:
        varied = f"{len(self.factors)} factors varied"
        return in_a_line(self, self.name, self.question, varied, str(self.folder))

    @property
    def plan(self) -> dict[str, Any]:
        """The experiment as a table: scenario, runs, seed, design, factors, what was kept."""
        return dict(self.manifest["plan"]["experiment"])

    @property
    def name(self) -> str:
        """The name of its experiment."""
        return str(self.manifest["name"])

    @property
    def question(self) -> str:
        """What its experiment asks."""
        return str(self.manifest["question"])

    @property
    def design(self) -> str:
        """The kind of its design, as "grid"."""
        return str(self.plan["design"]["kind"])

    @property
    def runs(self) -> int:
        """Runs at each point; with `until` at least so many (each table says how many)."""
        return int(self.plan["runs"])

    @property
    def seed(self) -> int:
        """The seed of its experiment; with fresh random numbers each point has one of its own."""
        return int(self.plan["seed"])

    @property
    def until(self) -> float | None:
        """The precision asked for of each point's headline, if one was."""
        return self.plan["until"]

    @cached_property
    def factors(self) -> tuple[StudyFactor, ...]:
        """What was varied, in the order of the file."""
        return tuple(map(StudyFactor.of, self.plan["factors"]))

    @property
    def kept(self) -> tuple[str, ...]:
        """The tables it has besides points and outcomes."""
        return tuple(name for name in KEPT if name in self.plan["keep"])

    @property
    def definition(self) -> str:
        """What the headline counts as holding, in words."""
        return str(self.manifest["definition"])

    @cached_property
    def points(self) -> "pd.DataFrame":
        """A row a point: point, factors, seed, outcome, week, n, holds, p, low, high."""
        return self.table(POINTS)

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """A row a point, outcome and week: point, factors, outcome, week, n, holds, p, low, high.

        Large for many points: `table` reads only some columns or rows.
        """
        return self.table(OUTCOMES)

    @property
    def sides(self) -> Sides:
        """Who the two sides are."""
        return sides_of_plan(self.manifest["plan"])

    def table(
        self, name: str, columns: list[str] | None = None, filters: Any = None
    ) -> "pd.DataFrame":
        """Any of its tables; `columns` and `filters` as pandas.read_parquet takes them.

        Raises ResultError for one that was not kept, with those that were, or is unreadable.
        """
        tables = (POINTS, OUTCOMES, *self.kept)
        if name not in tables:
            how = f'; keep = ["{name}"] in the experiment keeps it' if name in COLUMNS else ""
            raise ResultError(
                f"{self.folder} has no table {name!r}; it has {', '.join(tables)}{how}"
            )
        return intact_table(self.folder, self.manifest, name, columns, filters)

    def headline(self) -> "pd.DataFrame":
        """The headline outcome of every point: point, factors, n, p, low, high.

        It is `standing` (or `clean` without a truce) at the end of each point's own term; the
        columns outcome and week of `points` tell which and when.
        """
        names = [factor.name for factor in self.factors]
        if not {*names} <= {*self.points.columns}:
            raise ResultError(f"{self.folder} does not fit itself: its factors head no columns")
        return self.points[["point", *names, "n", "p", "low", "high"]]


def load_study(folder: Path | str) -> Study:
    """The study of a folder. Raises ResultError if it is none, unfinished, or of another format."""
    folder = Path(folder)
    manifest = _manifest(folder)
    if manifest.get("kind") != KIND:
        raise ResultError(f"{folder} holds one result, not a study of many points")
    plan = manifest["plan"] if isinstance(manifest.get("plan"), dict) else {}
    if plan.get("format") != FORMAT:
        raise ResultError(
            f"{folder} was written by detente {plan.get('version', 'unknown')} in format "
            f"{plan.get('format')} of studies; this version reads format {FORMAT}: run the "
            "experiment again"
        )
    check_seal(folder / MANIFEST, manifest)
    check_shape(folder / MANIFEST, manifest, MANIFEST_KINDS)
    check_plan(folder / MANIFEST, plan)
    return Study(folder, manifest)


def load(folder: Path | str) -> "Result | Study":
    """What a folder of `results/` holds: the result of one scenario, or a study of many points.

    folder: a path, the name of a folder in `results/`, or that of what was run (the newest).
    Raises ResultError if it holds neither, or not whole.
    """
    folder = folder_called(folder) or Path(folder)
    if _manifest(folder).get("kind") == KIND:
        return load_study(folder)
    from sim.outcomes.store import load_result

    return load_result(folder)


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder. Raises ResultError for what only `detente merge` can read."""
    unfinished = "an unfinished study: `detente sweep` with the same experiment and --resume"
    none = f"neither a result nor a study: it has no {MANIFEST}"
    manifest = manifest_in(folder, f"{unfinished} finishes it", none)
    refuse_part(folder, manifest)
    return manifest


def runs_in_words(frame: "pd.DataFrame") -> str:
    """How many runs the points have, of which each row tells `n`."""
    low, high = int(frame["n"].min()), int(frame["n"].max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def report_of(
    study: Study, figures: Sequence[Figure] = (), built: Sequence[Section] = ()
) -> Report:
    """The report of a study; figures: its pictures; built: how it was made."""
    rows = study.headline()
    pictures = (Section("", figures=tuple(figures), detail=True),) if figures else ()
    return Report(
        study.question or study.name,
        tuple(_lead(study, rows)),
        (f"{' or '.join(_outcomes(study))}: share of runs with {study.definition}",),
        (_points(study, rows), *pictures, _factors(study), *built),
        content(study),
    )


def content(study: Study) -> dict[str, Any]:
    """The headline of every point as plain values, which JSON holds."""
    weeks = study.points["week"].unique()
    return {
        "name": study.name,
        "question": study.question,
        "outcome": " or ".join(_outcomes(study)),
        "week": int(weeks[0]) if len(weeks) == 1 else None,
        "definition": study.definition,
        "points": study.headline().to_dict("records"),
    }


def _outcomes(study: Study) -> Sequence[str]:
    return [str(name) for name in study.points["outcome"].unique()]


def when(study: Study) -> str:
    """When the headline of each point is read."""
    weeks = study.points["week"].unique()
    return f"week {int(weeks[0])}" if len(weeks) == 1 else "its own term"


def _lead(study: Study, rows: "pd.DataFrame") -> Iterator[str]:
    says = " or ".join(outcome_of(name).says for name in _outcomes(study))
    least, most = (of_hundred(float(end)) for end in (rows["p"].min(), rows["p"].max()))
    yield (
        f"Over {len(rows):,} settings {says} at the end of {when(study)} in {least} runs where it "
        f"holds least often and in {most} where it holds most."
    )
    widest = shift_text(_farthest(rows))
    yield (
        f"Chance alone moves the share of a setting by {widest} at most, in "
        f"{runs_in_words(rows)} runs each."
    )


def _farthest(rows: "pd.DataFrame") -> float:
    """How far chance may have moved a share at most: the longer side of any interval."""
    return float(max((rows["high"] - rows["p"]).max(), (rows["p"] - rows["low"]).max()))


def _points(study: Study, rows: "pd.DataFrame") -> Section:
    names = [factor.name for factor in study.factors]
    title = f"{' or '.join(_outcomes(study))} at the end of {when(study)}"
    if len(names) == 2:  # each value of one meets each of the other, in a table that fits
        down, across = (rows[name].nunique() for name in names)
        if down <= MOST_ROWS and across <= MOST_COLUMNS and down * across == len(rows):
            return _crossed(rows, names, title)
    return _listed(rows, names, title)


def _crossed(rows: "pd.DataFrame", names: list[str], title: str) -> Section:
    """Two factors: one down, one across."""
    down, across = names
    wide = rows.pivot_table(index=down, columns=across, values="p", sort=False)
    cells = (
        (_text(label), *(f"{share:.3f}" for share in shares)) for label, shares in wide.iterrows()
    )
    widest = _farthest(rows)
    note = f"{down} down, {across} across; n = {runs_in_words(rows)}; chance at most ±{widest:.3f}"
    return table(title, ((down, NAME), *map(_text, wide.columns)), cells, note)


def _listed(rows: "pd.DataFrame", names: list[str], title: str) -> Section:
    """Any number of factors: a row a point."""
    notes = []
    if len(names) > MOST_FACTORS:
        notes.append(f"{len(names)} factors: their values are in points.parquet")
        names = []
    if len(rows) > MOST_ROWS:
        notes.append(f"... and {len(rows) - MOST_ROWS:,} more")
    cells = []
    for row in rows.head(MOST_ROWS).to_dict("records"):
        values = (_text(row[name]) for name in ("point", *names))
        cells.append((*values, f"{row['n']:,}", *(f"{row[name]:.3f}" for name in _SHARE)))
    named = ((name, NAME) for name in ("point", *names))
    return table(title, (*named, "n", *_SHARE), cells, *notes)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _factors(study: Study) -> Section:
    """What was varied: the setting, over which values, and what it means."""
    rows = []
    for factor in study.factors:
        ends = f"{factor.low} to {factor.high}"
        values = ", ".join(map(str, factor.labels)) if factor.labels else ends
        rows.append((factor.name, factor.path, values, meaning(factor.path, study.sides).text))
    heads = ("factor", NAME), ("setting", TEXT), ("values", TEXT), ("meaning", TEXT)
    return table("What was varied", heads, rows, detail=True)
