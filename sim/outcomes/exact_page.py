"""The one page of an exact solution: its content as plain values, and its report."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.engines.long_run import NotSolvedError
from sim.outcomes.calendar import last_day
from sim.outcomes.definitions import definition, term_of, undefined
from sim.outcomes.page import how_to_repeat, outcome_columns, reads_of
from sim.outcomes.summary import Summary
from sim.outcomes.trajectories import pairs
from sim.report.content import NAME, TEXT, Figure, Report, Section, columns

if TYPE_CHECKING:
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
        "not_defined": undefined("standing", rules, scenario.spec.weeks),
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
        "definition": definition("clean", rules),
        **_outcome_entry(result, "clean"),
    }
    if undefined("standing", rules, result.scenario.spec.weeks):
        return
    own = result.game.breakdown_after
    failed = False
    for k in result.broken_after:
        kind = {"outcome": "standing", "breakdown_after": k, "here": k == own}
        entry = _outcome_entry(result, "standing", k, failed)
        # what takes longer to break is no easier to solve: the next one is not tried
        failed = entry["mean_text"].startswith(NOT_COMPUTED)
        yield {**kind, "definition": _broken_by(k), **entry}


def _broken_by(k: int) -> str:
    return "no week of violation by both" if k == 1 else f"no {k} such weeks in a row"


def _outcome_entry(
    result: "ExactResult", outcome: str, k: int | None = None, failed: bool = False
) -> Summary:
    """One outcome at the end of the term, at the horizon, and how long it holds on average.

    `failed`: that mean could not be computed for a breakdown that comes sooner.
    """
    weeks = result.scenario.spec.weeks
    curve = result.holds(outcome, weeks, k)
    term = term_of(result.scenario.compiled.params.rules[0], weeks)
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
    return (None, NEVER) if math.isinf(mean) else (mean, _mean_text(mean, digits))


def _mean_text(mean: float, digits: int) -> str:
    """A mean with six decimals, or as many digits as are right where they are fewer."""
    whole = len(f"{mean:.0f}")
    if whole > digits:
        return f"{mean:.{digits - 1}e}"
    return f"{mean:,.{min(6, digits - whole)}f}"


def exact_report(page: Summary, figures: Sequence[Figure] = (), command: str = "") -> Report:
    """The report of an exact solution from its `exact_summary`; arguments as `result_report`."""
    run = page["long_run"]
    payoffs = run["payoffs"]
    first, second = run["cooperation"]
    named = pairs((first, second))
    law = tuple(f"{share:.6f}" for share in run["law"].values())
    sides = tuple(
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
            Section("In the long run: share of weeks", columns=columns(*named), rows=(law,)),
            Section(
                "In the long run: each side",
                columns=columns(("side", NAME), "good weeks", "payoff a week"),
                rows=sides,
                notes=(f"The long-run law is {run['meaning']}.",),
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
    heading = outcome_columns(page["outcomes"], "is the probability of", [("mean weeks", TEXT)])
    return Section("Does it hold? Probabilities, exact", columns=heading, rows=tuple(rows))
