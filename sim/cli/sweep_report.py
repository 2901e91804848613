"""What `detente sweep` prints: size and cost before, the headline of every point after."""

from typing import TYPE_CHECKING

from rich.table import Table

from sim.cli.console import out, plain_table, print_json
from sim.cli.failure import say
from sim.studies.study import load_study

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.experiment import Experiment
    from sim.studies.plan import Cost
    from sim.studies.store import StudyFolder

MOST_ROWS = 40
MOST_COLUMNS = 10
MOST_FACTORS = 6  # in a table of points; of more, none would be readable


def say_plan(study: "Experiment", cost: "Cost", dry_run: bool, json: bool) -> None:
    """Prints size, cost and expected time; to the error stream unless that is all there is."""
    if dry_run and json:
        print_json({"name": study.name, "runs": study.runs, **vars(cost)})
        return
    lines = [study.question] if study.question else []
    most = "" if study.until is None else "at most "
    size = f"{cost.points:,} points x {_runs(study)} = {most}{cost.run_weeks:,} run-weeks"
    how = "" if cost.measured else " (not measured here yet), and up to a minute to compile once"
    lines.append(f"{size}; about {_duration(cost.seconds)}{how}; about {_megabytes(cost.bytes)}")
    if dry_run:
        lines.append("every point makes sense; nothing was run")
        print("\n".join(lines))
    else:
        say("\n".join(lines))


def _runs(study: "Experiment") -> str:
    """Runs of a point in words: with `until` there may be fewer than the most."""
    if study.until is None:
        return f"{study.runs:,} runs"
    more = f" to {study.most_runs:,}" if study.most_runs > study.runs else ""
    return f"{study.runs:,}{more} runs (until +-{study.until:g})"


def _duration(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(1, round(seconds))} s"


def _megabytes(count: int) -> str:
    return f"{max(0.1, count / 1e6):,.1f} MB"


def report(study: "Experiment", folder: "StudyFolder", json: bool) -> None:
    """Prints the headline outcome of every point, and where the tables are."""
    finished = load_study(folder.path)
    rows = finished.headline()
    outcomes, weeks = finished.points["outcome"].unique(), finished.points["week"].unique()
    outcome = " or ".join(outcomes)
    week = int(weeks[0]) if len(weeks) == 1 else None
    if json:
        told = {"name": study.name, "question": study.question, "outcome": outcome, "week": week}
        told |= {"definition": finished.definition}
        print_json(told | {"points": rows.to_dict("records"), "folder": str(folder.path)})
        return
    console = out()
    names = [factor.name for factor in study.factors]
    when = "its own term" if week is None else f"week {week}"
    title = f"{outcome} at the end of {when}"
    if len(names) == 2 and _is_grid(rows, names):
        console.print(_crossed(rows, names, title))
    else:
        console.print(_listed(rows, names, title))
    if len(rows) > MOST_ROWS:
        console.print(f"... and {len(rows) - MOST_ROWS:,} more")
    console.print(f"{outcome}: share of runs with {finished.definition}", soft_wrap=True)
    console.print(f"written to {folder.path}/ (outcomes.parquet has every week)", soft_wrap=True)


def _is_grid(rows: "pd.DataFrame", names: list[str]) -> bool:
    """Whether each value of one factor meets each of the other, in a table that fits."""
    down, across = (rows[name].nunique() for name in names)
    fits = down <= MOST_ROWS and across <= MOST_COLUMNS
    return bool(fits and down * across == len(rows))


def _crossed(rows: "pd.DataFrame", names: list[str], title: str) -> Table:
    """Two factors: one down, one across."""
    down, across = names
    wide = rows.pivot_table(index=down, columns=across, values="p", sort=False)
    widest = ((rows["high"] - rows["low"]) / 2).max()
    table = plain_table(title)
    least, most = int(rows["n"].min()), int(rows["n"].max())
    runs = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    table.caption = f"{down} down, {across} across; n = {runs}; dice at most +-{widest:.3f}"
    table.add_column(down)
    for value in wide.columns:
        table.add_column(_text(value), justify="right")
    for label, shares in wide.iterrows():
        table.add_row(_text(label), *(f"{share:.3f}" for share in shares))
    return table


def _listed(rows: "pd.DataFrame", names: list[str], title: str) -> Table:
    """Any number of factors: a row a point."""
    table = plain_table(title)
    if len(names) > MOST_FACTORS:
        table.caption = f"{len(names)} factors: their values are in points.parquet"
        names = []
    for name in ("point", *names):
        table.add_column(name)
    for name in ("n", "p", "low", "high"):
        table.add_column(name, justify="right")
    for row in rows.head(MOST_ROWS).to_dict("records"):
        values = (_text(row[name]) for name in ("point", *names))
        numbers = (f"{row[name]:.3f}" for name in ("p", "low", "high"))
        table.add_row(*values, f"{row['n']:,}", *numbers)
    return table


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
