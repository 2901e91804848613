"""The page of a study: the headline of every point, what was varied, and how it was made."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.content import NAME, TEXT, Column, Figure, Report, Section, columns
from sim.report.numbers import moved, of_hundred
from sim.studies.answers import runs_in_words
from sim.studies.design import meaning
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.study import Study

_SHARE = ("p", "low", "high")
MOST_ROWS = 40
MOST_COLUMNS = 10
MOST_FACTORS = 6  # in a table of points; of more, none would be readable


def report_of(
    study: "Study", figures: Sequence[Figure] = (), built: Sequence[Section] = ()
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


def content(study: "Study") -> dict[str, Any]:
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


def _outcomes(study: "Study") -> Sequence[str]:
    return [str(name) for name in study.points["outcome"].unique()]


def when(study: "Study") -> str:
    """When the headline of each point is read."""
    weeks = study.points["week"].unique()
    return f"week {int(weeks[0])}" if len(weeks) == 1 else "its own term"


def _lead(study: "Study", rows: "pd.DataFrame") -> Iterator[str]:
    says = " or ".join(outcome_of(name).says for name in _outcomes(study))
    least, most = (of_hundred(float(end)) for end in (rows["p"].min(), rows["p"].max()))
    yield (
        f"Over {len(rows):,} settings {says} at the end of {when(study)} in {least} runs where it "
        f"holds least often and in {most} where it holds most."
    )
    widest = moved(float((rows["high"] - rows["low"]).max()) / 2)
    yield (
        f"Chance alone moves the share of a setting by {widest} at most, in "
        f"{runs_in_words(rows)} runs each."
    )


def _points(study: "Study", rows: "pd.DataFrame") -> Section:
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
    widest = ((rows["high"] - rows["low"]) / 2).max()
    cells = tuple(
        (_text(label), *(f"{share:.3f}" for share in shares)) for label, shares in wide.iterrows()
    )
    note = f"{down} down, {across} across; n = {runs_in_words(rows)}; chance at most ±{widest:.3f}"
    heading = columns((down, NAME), *(_text(value) for value in wide.columns))
    return Section(title, (), heading, cells, (note,))


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
    heading = columns(*((name, NAME) for name in ("point", *names)), "n", *_SHARE)
    return Section(title, (), heading, tuple(cells), tuple(notes))


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _factors(study: "Study") -> Section:
    """What was varied: the setting, over which values, and what it means."""
    rows = []
    for factor in study.factors:
        ends = f"{factor.low} to {factor.high}"
        values = ", ".join(map(str, factor.labels)) if factor.labels else ends
        rows.append((factor.name, factor.path, values, meaning(factor.path, study.sides).text))
    heading = (Column("factor", NAME), Column("setting"), Column("values"), Column("meaning", TEXT))
    return Section("What was varied", columns=heading, rows=tuple(rows), detail=True)
