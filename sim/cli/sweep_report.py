"""What `detente sweep` prints: size and cost before, the headline of every point after."""

from typing import TYPE_CHECKING

from rich.table import Table

from sim.cli.console import out, plain_table, print_json
from sim.cli.failure import say
from sim.studies.rows import headline
from sim.studies.study import load_study

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.experiment import Experiment
    from sim.studies.plan import Cost
    from sim.studies.store import StudyFolder

MOST_ROWS = 40
MOST_COLUMNS = 10


def say_plan(study: "Experiment", cost: "Cost", dry_run: bool, json: bool) -> None:
    """Prints size, cost and expected time; to the error stream unless that is all there is."""
    if dry_run and json:
        print_json({"name": study.name, "runs": study.runs, **vars(cost)})
        return
    lines = [study.question] if study.question else []
    size = f"{cost.points:,} points x {study.runs:,} runs = {cost.run_weeks:,} run-weeks"
    how = "" if cost.measured else " (not measured here yet), and up to a minute to compile once"
    lines.append(f"{size}; about {_duration(cost.seconds)}{how}; about {_megabytes(cost.bytes)}")
    if dry_run:
        lines.append("every point makes sense; nothing was run")
        print("\n".join(lines))
    else:
        say("\n".join(lines))


def _duration(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(1, round(seconds))} s"


def _megabytes(count: int) -> str:
    return f"{max(0.1, count / 1e6):,.1f} MB"


def report(study: "Experiment", folder: "StudyFolder", json: bool) -> None:
    """Prints the headline outcome of every point, and where the tables are."""
    outcome, week = headline(study.worlds[study.base].compiled)
    rows = load_study(folder.path).headline()
    if json:
        told = {"name": study.name, "question": study.question, "outcome": outcome, "week": week}
        print_json(told | {"points": rows.to_dict("records"), "folder": str(folder.path)})
        return
    console = out()
    names = [factor.name for factor in study.factors]
    title = f"{outcome} at the end of week {week}"
    if len(names) == 2 and _is_grid(rows, names):
        console.print(_crossed(rows, names, title))
    else:
        console.print(_listed(rows, names, title))
    if len(rows) > MOST_ROWS:
        console.print(f"... and {len(rows) - MOST_ROWS:,} more")
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
    table.caption = f"{down} down, {across} across; dice at most +-{widest:.3f}"
    table.add_column(down)
    for value in wide.columns:
        table.add_column(_text(value), justify="right")
    for label, shares in wide.iterrows():
        table.add_row(_text(label), *(f"{share:.3f}" for share in shares))
    return table


def _listed(rows: "pd.DataFrame", names: list[str], title: str) -> Table:
    """Any number of factors: a row a point."""
    table = plain_table(title)
    for name in ("point", *names):
        table.add_column(name)
    for name in ("p", "low", "high"):
        table.add_column(name, justify="right")
    for row in rows.head(MOST_ROWS).to_dict("records"):
        values = (_text(row[name]) for name in ("point", *names))
        table.add_row(*values, *(f"{row[name]:.3f}" for name in ("p", "low", "high")))
    return table


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
