"""The one page of an exact solution, and a result folder of its tables.

The tables are those of a batch, without runs and intervals.
"""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engines.long_run import NotSolvedError
from sim.outcomes.bands import pairs
from sim.outcomes.definitions import term_of, undefined
from sim.outcomes.manifest import write_manifest
from sim.outcomes.page import how_to_repeat, outcome_heads, reads_of
from sim.outcomes.store import folder_name
from sim.outcomes.summary import Summary
from sim.outcomes.tables import write_table
from sim.report import pictures
from sim.report.content import NAME, TEXT, Figure, Report, Section, figures_at, table
from sim.report.text import markdown
from sim.scenario.calendar import last_day
from sim.store.folders import written_folder
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.exact import ExactResult

NEVER = "it may hold for ever"
NOT_COMPUTED = "not computed"


def exact_summary(result: "ExactResult") -> Summary:
    """Outcomes by term and horizon, mean weeks, and the long run. Nothing in it is an estimate."""
    scenario = result.scenario
    rules = scenario.compiled.params.rules[0]
    law = result.law
    return {
        "scenario": {"name": scenario.name, "title": scenario.title, "hash": scenario.hash},
        "engine": result.engine,
        "states": len(result.chain.start),
        "breakdown_after": result.game.breakdown_after,
        "not_defined": undefined("standing", rules),
        "outcomes": list(_outcomes(result)),
        "long_run": {
            "law": law,
            "cooperation": result.cooperation,
            "payoffs": result.payoffs,
            "meaning": result.meaning,
            "classes": list(result.long_run.shares),
        },
    }


def _outcomes(result: "ExactResult") -> Iterator[Summary]:
    """`clean`, then `standing` by the weeks of mutual violation that break it."""
    rules = result.scenario.compiled.params.rules[0]
    yield {
        "outcome": "clean",
        "definition": outcome_of("clean").definition(rules, ()),
        **_outcome_entry(result, "clean"),
    }
    if undefined("standing", rules):
        return
    own = result.game.breakdown_after
    failed = False
    for k in result.broken_after:
        kind = {"outcome": "standing", "breakdown_after": k, "here": k == own}
        entry = _outcome_entry(result, "standing", k, failed)
        # what takes longer to break is no easier to solve: the next one is not tried
        failed = entry["mean_text"].startswith(NOT_COMPUTED)
        broken_by = "no week of violation by both" if k == 1 else f"no {k} such weeks in a row"
        yield {**kind, "definition": broken_by, **entry}


def _outcome_entry(
    result: "ExactResult", outcome: str, k: int | None = None, failed: bool = False
) -> Summary:
    """One outcome at the end of the term, at the horizon, and how long it holds on average.

    `failed`: that mean could not be computed for a breakdown that comes sooner.
    """
    weeks = result.scenario.spec.weeks
    curve = result.holds(outcome, weeks, k)
    term = term_of(result.scenario.compiled.params.rules[0])
    mean, text = (None, f"{NOT_COMPUTED}, as above") if failed else _mean(result, outcome, k)
    return {
        "term": None if term is None else _entry(result, term, float(curve[term - 1])),
        "horizon": _entry(result, weeks, float(curve[-1])),
        "mean_weeks": mean,
        "mean_text": text,
    }


def _entry(result: "ExactResult", week: int, p: float) -> Summary:
    day = last_day(result.scenario.spec.start, week).isoformat()
    return {"week": week, "date": day, "n": 0, "p": p, "low": p, "high": p}


def _mean(result: "ExactResult", outcome: str, k: int | None) -> tuple[float | None, str]:
    """Mean weeks until it no longer holds, and in words; None if that is no number."""
    try:
        mean, digits = result.mean_weeks(outcome, k)
    except NotSolvedError as problem:
        return None, f"{NOT_COMPUTED}: {problem}"
    if math.isinf(mean):
        return None, NEVER
    # six decimals, or as many digits as are right where they are fewer
    whole = len(f"{mean:.0f}")
    if whole > digits:
        return mean, f"{mean:.{digits - 1}e}"
    return mean, f"{mean:,.{min(6, digits - whole)}f}"


def exact_report(page: Summary, figures: Sequence[Figure] = (), command: str = "") -> Report:
    """The report of an exact solution from its `exact_summary`; arguments as `result_report`."""
    run = page["long_run"]
    payoffs = run["payoffs"]
    first, second = run["cooperation"]
    named = pairs((first, second))
    law = tuple(f"{share:.6f}" for share in run["law"].values())
    sides = (
        (side, f"{share:.6f}", "-" if payoffs is None else f"{payoffs[side]:.6f}")
        for side, share in run["cooperation"].items()
    )
    return Report(
        title=page["scenario"]["title"],
        lead=tuple(_lead(page)),
        notes=(
            f"exact: {page['states']:,} joint states, no runs, no random numbers, no intervals",
        ),
        sections=(
            _outcome_section(page),
            table("In the long run: share of weeks", named, [law]),
            table(
                "In the long run: each side",
                (("side", NAME), "good weeks", "payoff a week"),
                sides,
                f"The long-run law is {run['meaning']}.",
            ),
            Section("", figures=tuple(figures), detail=True),
            how_to_repeat(page, f"{page['states']:,} joint states", command),
        ),
        data=page,
    )


def _lead(page: Summary) -> Iterator[str]:
    """The first number as a sentence, and how sure it is."""
    shown_row = next((row for row in page["outcomes"] if row.get("here")), page["outcomes"][0])
    read = shown_row["term"] or shown_row["horizon"]
    end = "the end of the term" if shown_row["term"] else "the horizon"
    when = f"{end} (week {read['week']}, to {read['date']})"
    yield f"{shown_row['outcome']} at {when}: {read['p']:.6f}, exactly"
    yield "The two machines are a Markov chain that was solved: nothing here is left to chance."


def _outcome_section(page: Summary) -> Section:
    """Each outcome by term and horizon, with its mean weeks."""
    reads = reads_of(page["outcomes"])
    rows = []
    for row in page["outcomes"]:
        name = row["outcome"]
        if name == "standing":
            name += f", K = {row['breakdown_after']}{' (here)' if row['here'] else ''}"
        cells = [f"{row[read]['p']:.6f}" for read in reads]
        rows.append((name, *cells, row["mean_text"], row["definition"]))
    heads = outcome_heads(page["outcomes"], "is the probability of", ("mean weeks", TEXT))
    return table("Does it hold? Probabilities, exact", heads, rows)


def write_exact(
    result: "ExactResult",
    root: Path | str = "results",
    command: str = "",
    picture: bool = True,
    formats: Sequence[str] = ("png",),
    page: Summary | None = None,
) -> Path:
    """Write the folder of an exact solution below `root` and return it, as `write_result` does.

    `page` is its `exact_summary`, if that has been made already: means take seconds.
    """

    def fill(folder: Path) -> None:
        for name, frame in exact_tables(result):
            write_table(frame, folder / f"{name}.parquet")
        files = []
        if picture:
            drawing = partial(pictures.draw, pictures.EXACT, "exact", result)
            files = pictures.write_pictures(folder / "figures", [("survival", drawing)], formats)
        images = figures_at(f"figures/{path.name}" for path in files)
        text = markdown(exact_report(page or exact_summary(result), images, command))
        (folder / "summary.md").write_text(text, encoding="utf-8", newline="\n")
        write_manifest(result, folder, command)

    return written_folder(root, folder_name(result), fill)


def exact_tables(result: "ExactResult") -> Iterator[tuple[str, "pd.DataFrame"]]:
    """`survival` by breakdown_after (0: clean), `outcomes` and `conduct`, all with n = 0."""
    import pandas as pd

    has_truce = not undefined("standing", result.scenario.compiled.params.rules[0])
    clean = result.survival("clean").drop(columns="date")
    curves = [clean.assign(outcome="clean", breakdown_after=0)]
    for k in result.broken_after if has_truce else ():
        frame = result.survival("standing", breakdown_after=k).drop(columns="date")
        curves.append(frame.assign(outcome="standing", breakdown_after=k))
    survival = pd.concat(curves, ignore_index=True).assign(point=0)
    columns = ["point", "outcome", "breakdown_after", "week", "n", "p", "low", "high"]
    yield "survival", survival[columns]
    as_defined = survival["breakdown_after"].isin((0, result.game.breakdown_after))
    outcomes = survival[as_defined].assign(holds=0)
    # in one notch every dispute is a rupture
    same = outcomes[outcomes["outcome"] == "standing"].assign(outcome="undisputed")
    outcomes = pd.concat([outcomes, same], ignore_index=True)
    columns = ["point", "outcome", "week", "n", "holds", "p", "low", "high"]
    yield "outcomes", outcomes[columns].reset_index(drop=True)
    conduct = result.conduct().melt("week", var_name="pair", value_name="p")
    named = dict(zip(result.law, pairs(result.scenario.sides.ids), strict=True))
    conduct = conduct.assign(point=0, pair=conduct["pair"].map(named), n=0)
    ordered = conduct.sort_values("week", kind="stable", ignore_index=True)
    yield "conduct", ordered[["point", "week", "pair", "n", "p"]]
