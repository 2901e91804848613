"""Plays the articles' story and writes docs/story.md anew, beside rivals of the model.

python docs/make_story.py                # or: make docs

The expectations are those of a reader of both articles, written down before any run; they are not
targets, and nothing is tuned to them. What fails stands first.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).resolve().parent))

from energy_score import EnergyScore, energy_score
from story_chain import Chain, follow

from sim import Scenario, simulate
from sim.engines.batch import run_batch
from sim.history.path import record_path
from sim.history.replay import play
from sim.outcomes.butfor import without_bands
from sim.outcomes.estimates import Estimate, estimate
from sim.outcomes.result import Result
from sim.outcomes.spread import design, held_at_term, up_to_the_term, whole_paths
from sim.world.outcomes import OUTCOMES
from sim.world.params import Params

PAGE = Path(__file__).resolve().parent / "story.md"
#: What the caveats of every result quote of this page.
KEPT = PAGE.parents[1] / "sim" / "outcomes" / "known_failures.json"
LICENCE = "cn.rare_earths"
RUNS, SEED = 10_000, 2025
SCORED_RUNS = 2_000
POINTS, RUNS_A_POINT = 400, 250
EARLY = 3  # weeks, from 12 May to 1 June 2025
#: The scenario of the story, its readings, and its rivals, with a word for each column.
COLUMNS = {
    "geneva-2025": "model",
    "geneva-2025-capacity": "slow by capacity",
    "geneva-2025-design": "slow by design",
    "nulls/geneva-first-settings": "first settings",
    "nulls/geneva-coin-flips": "coin flips",
    "nulls/geneva-always-concede": "always concede",
}
#: Truces whose path of rungs is scored, and their rivals.
SCORED = {
    "Geneva": ("geneva-2025", "nulls/geneva-coin-flips", "nulls/geneva-always-concede"),
    "Geneva, first settings": ("nulls/geneva-first-settings",),
    "London": ("london-2025", "nulls/london-coin-flips", "nulls/london-always-concede"),
}
#: The scenario with one thing that may interrupt the chain taken away, or as it was before.
ONE_AWAY: dict[str, dict[str, float | int | str]] = {
    "as shipped": {},
    "Washington lets no week pass that it reads as bad": {"actors.us.policy.generosity": 0.0},
    "what is missing is read in full, felt or not": {"actors.us.felt": 1.0},
    "no answer is too small for the lever that is chosen": {
        "actors.us.proportionality": 10.0,
        "actors.us.package": 1,
    },
    "no agency loses an order": {"actors.us.slip_fail": 0.0},
    "no talks": {
        "talks.talks_rate": 0.0,
        "talks.talks_pressure": 0.0,
        "talks.cooldown_rate": 0.0,
    },
    "Beijing does not ease the squeeze unasked": {"levers.cn.rare_earths.friction": 1.0},
    "no side learns what a lever is worth": {
        "actors.us.value_learning": 0.0,
        "actors.cn.value_learning": 0.0,
    },
    "before: generosities .89 and .77": {
        "actors.us.policy.generosity": 0.89,
        "actors.cn.policy.generosity": 0.77,
    },
    "before: never talks within six weeks of others": {
        "talks.cooldown_weeks": 6,
        "talks.cooldown_rate": 0.0,
    },
    "before: talks from the first week on": {"talks.since_weeks": "none"},
    "before: those generosities, and talks from the first week on": {
        "actors.us.policy.generosity": 0.89,
        "actors.cn.policy.generosity": 0.77,
        "talks.since_weeks": "none",
    },
}
RUNS_AWAY = 4_000
#: Settings that the articles put at the centre: how many licences the office grants, and what
#: the other side expects of it.
CENTRE = ("levers.cn.rare_earths.capacity", "levers.cn.rare_earths.expected_by_target")


@dataclass(frozen=True)
class Told:
    """One scenario, played: the chain in its first term, and its outcomes."""

    name: str

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as shipped."""
        return Scenario.load(self.name)

    @cached_property
    def result(self) -> Result:
        """RUNS runs under SEED."""
        return simulate(self.scenario, runs=RUNS, seed=SEED)

    @cached_property
    def weeks(self) -> int:
        """The first term, or the horizon."""
        return self.result.headline_week

    @cached_property
    def chain(self) -> Chain:
        """The articles' chain within the first term."""
        return follow(self.scenario.compiled, LICENCE, RUNS, SEED, self.weeks)


@dataclass(frozen=True)
class Expectation:
    """What a reader of the articles expects, what came out, and whether that is it."""

    words: str
    came: str
    met: bool


def share(flags: NDArray[np.bool_]) -> Estimate:
    """The share of runs with a flag."""
    return estimate(int(flags.sum()), len(flags))


def said(of: Estimate | None) -> str:
    """A share with its 95 % interval."""
    return f"{of.p:.3f} ({of.low:.3f} to {of.high:.3f})" if of else "-"


def early_answer(told: Told) -> Estimate:
    """Share of runs in which the US orders a measure within EARLY weeks."""
    return share((told.chain.struck > 0) & (told.chain.struck <= EARLY))


def over_the_ranges(scenario: Scenario) -> tuple[Estimate, list[tuple[str, float, float]]]:
    """The record's first weeks over the plausible ranges, and how each setting moves the headline.

    POINTS points of a Latin hypercube, RUNS_A_POINT runs each, the same runs at every point.
    Gives the share of points whose mean US rung of the first EARLY weeks is the record's or above;
    and path, Spearman's correlation with the headline's share, its p-value, the largest first.
    """
    believed = scenario.distributions()
    points = design(believed, whole_paths(scenario), POINTS, SEED)
    recorded = record_path(scenario).rungs[0, :EARLY].mean()
    reached, held = np.zeros(POINTS, bool), np.zeros(POINTS)
    for place, point in enumerate(points):
        compiled = scenario.with_values(point).compiled
        rungs = play(compiled, LICENCE, RUNS_A_POINT, SEED).rungs[0, :, :EARLY]
        reached[place] = rungs.mean() >= recorded
        held[place] = headline_share(compiled.params)
    moved, inert = [], scenario.inert()
    for path in believed:
        if path in inert:
            continue
        values = np.array([float(point[path]) for point in points])
        if np.ptp(values):
            rank, chance = spearmanr(values, held)
            moved.append((path, float(rank), float(chance)))
    return share(reached), sorted(moved, key=lambda row: -abs(row[1]))


def headline_share(params: Params) -> float:
    """Share of RUNS_A_POINT runs that stand at the end of the term."""
    rows = run_batch(up_to_the_term(without_bands(params)), SEED, 0, RUNS_A_POINT, keep=True).rows
    if rows is None:
        raise ValueError("the engine kept no rows")
    return float(held_at_term(rows, params.rules[0])["standing"].mean())


def scores() -> dict[str, list[EnergyScore]]:
    """By truce: the scores of the model and of its rivals."""
    found: dict[str, list[EnergyScore]] = {}
    for truce, names in SCORED.items():
        found[truce] = []
        for name in names:
            scenario = Scenario.load(name)
            path = record_path(scenario)
            runs = play(scenario.compiled, LICENCE, SCORED_RUNS, SEED)
            found[truce].append(energy_score(runs.rungs[:, :, : path.weeks], path.rungs))
    return found


def expectations(
    told: Told,
    early: Estimate,
    moved: list[tuple[str, float, float]],
    scored: dict[str, list[EnergyScore]],
) -> Iterator[Expectation]:
    """Every expectation of a reader of both articles, in the order of the articles."""
    whole = share(told.chain.tightened > 0)
    yield Expectation(
        "the articles' chain, to its end, in 25 % of the runs or more",
        f"{said(whole)} of the runs",
        whole.p >= 0.25,
    )
    answered = early_answer(told)
    yield Expectation(
        f"a US order by week {EARLY} in 35 % of the runs or more",
        f"{said(answered)} of the runs",
        answered.p >= 0.35,
    )
    yield Expectation(
        f"a mean US rung of weeks 1 to {EARLY} at the record's or above at 5 % of the points over the plausible ranges or more",
        f"{said(early)} of {early.n} points",
        early.p >= 0.05,
    )
    for truce, (model, *rivals) in scored.items():
        if not rivals:
            continue
        best = min(rivals, key=lambda rival: rival.value)
        yield Expectation(
            f"the path of rungs of {truce} nearer the record than both rivals",
            f"energy score {model.value:.1f} against {best.value:.1f} of the better rival "
            f"(standard errors {model.error:.2f}, {best.error:.2f}; lower is better)"
            + (ASIDE[truce](scored) if truce in ASIDE else ""),
            model.value < best.value,
        )
    ranks = {path: rank for rank, (path, _, _) in enumerate(moved, 1)}
    places = ", ".join(f"`{path}` is number {ranks[path]}" for path in CENTRE if path in ranks)
    yield Expectation(
        "licence capacity and what is expected of the office among the five settings that matter most",
        f"{places} of {len(ranks)} that can move it",
        all(ranks.get(path, len(moved) + 1) <= 5 for path in CENTRE),
    )
    core = told.result.at("core")
    yield Expectation("`core` below 1", f"{said(core)}", core is not None and core.high < 1)


def known_failures(scored: dict[str, list[EnergyScore]]) -> dict[str, dict[str, float | str]]:
    """By scenario its energy score, and the better rival with its own, where that is lower."""
    found: dict[str, dict[str, float | str]] = {}
    for truce, (model, *rivals) in scored.items():
        if rivals:
            name, *others = SCORED[truce]
            best, rival = min(zip(rivals, others, strict=True), key=lambda pair: pair[0].value)
            known: dict[str, float | str] = {"score": round(model.value, 1)}
            if best.value < model.value:
                word = rival.partition("-")[2].replace("-", " ")
                known |= {"rival": word, "rival_score": round(best.value, 1)}
            found[name] = known
    return found


def _first_settings_too(scored: dict[str, list[EnergyScore]]) -> str:
    first = scored["Geneva, first settings"][0]
    return f"; the first settings of this model have {first.value:.1f} ({first.error:.2f})"


#: What else is to be known of a truce's score.
ASIDE: dict[str, Callable[[dict[str, list[EnergyScore]]], str]] = {
    "Geneva": _first_settings_too,
}


def beside_table(
    columns: dict[str, Told], early: Estimate, scored: dict[str, list[EnergyScore]]
) -> Iterator[str]:
    """What can be said of every column of each expectation, beside what is expected."""
    names = [name for name in columns if "capacity" not in name and "design" not in name]
    yield "| expected | " + " | ".join(COLUMNS[name] for name in names) + " |"
    yield "|---|" + "---|" * len(names)
    told = [columns[name] for name in names]
    rows: dict[str, Callable[[Told], str]] = {
        "the whole chain, .25 or more": lambda t: said(share(t.chain.tightened > 0)),
        f"a US order by week {EARLY}, .35 or more": lambda t: said(early_answer(t)),
        "`core`, below 1": lambda t: said(t.result.at("core")),
    }
    for words, cell in rows.items():
        yield f"| {words} | " + " | ".join(cell(t) for t in told) + " |"
    yield (
        f"| mean US rung of weeks 1 to {EARLY} at the record's, .05 of the points or more | "
        f"{said(early)} |" + " - |" * (len(names) - 1)
    )
    geneva, london = scored["Geneva"], scored["London"]
    first = scored["Geneva, first settings"][0]
    for words, row in (
        ("Geneva", [geneva[0], first, *geneva[1:]]),
        ("London", [london[0], None, *london[1:]]),
    ):
        cells = (f"{s.value:.1f} ± {1.96 * s.error:.1f}" if s else "-" for s in row)
        yield f"| energy score of {words}, the model's the lowest | " + " | ".join(cells) + " |"


def away_table(scenario: Scenario) -> Iterator[str]:
    """The chain with one thing away at a time: what interrupts it."""
    yield f"| | whole chain | US order by week {EARLY} | `standing` |"
    yield "|---|---|---|---|"
    for words, changes in ONE_AWAY.items():
        changed = scenario.override(changes) if changes else scenario
        result = simulate(changed, runs=RUNS_AWAY, seed=SEED)
        chain = follow(changed.compiled, LICENCE, RUNS_AWAY, SEED, result.headline_week)
        struck = share((chain.struck > 0) & (chain.struck <= EARLY))
        cells = said(share(chain.tightened > 0)), said(struck), said(result.at("standing"))
        yield f"| {words} | " + " | ".join(cells) + " |"


def chain_table(columns: dict[str, Told]) -> Iterator[str]:
    """The chain, step by step, with a column a scenario."""
    yield "| share of runs, first term | " + " | ".join(COLUMNS[name] for name in columns) + " |"
    yield "|---|" + "---|" * len(columns)
    rows: dict[str, Callable[[Told], NDArray[np.bool_]]] = {
        "licences come slower than the US expects": lambda told: told.chain.slow > 0,
        "... and the US answers it with an order": lambda told: told.chain.answered > 0,
        "... and China then tightens (**the whole chain**)": lambda told: told.chain.tightened > 0,
    }
    for words, flags in rows.items():
        yield f"| {words} | " + " | ".join(said(share(flags(t))) for t in columns.values()) + " |"
    early = " | ".join(said(early_answer(told)) for told in columns.values())
    yield f"| a US order by week {EARLY}, whatever it answered | {early} |"


def stops_table(columns: dict[str, Told]) -> Iterator[str]:
    """Where runs leave the chain."""
    yield (
        "| the furthest stretch of a run stops because | "
        + " | ".join(COLUMNS[name] for name in columns)
        + " |"
    )
    yield "|---|" + "---|" * len(columns)
    stops = {name: told.chain.interruptions() for name, told in columns.items()}
    for words in next(iter(stops.values())):
        yield f"| {words} | " + " | ".join(f"{s[words] / RUNS:.3f}" for s in stops.values()) + " |"


def outcome_table(columns: dict[str, Told]) -> Iterator[str]:
    """Every outcome at the end of the first term."""
    yield "| at the end of the first term | " + " | ".join(COLUMNS[n] for n in columns) + " |"
    yield "|---|" + "---|" * len(columns)
    for outcome in OUTCOMES:
        cells = " | ".join(said(told.result.at(outcome.name)) for told in columns.values())
        yield f"| `{outcome.name}` | {cells} |"


def score_table(scored: dict[str, list[EnergyScore]]) -> Iterator[str]:
    """Energy scores with their standard errors."""
    yield "| path of rungs of | model | coin flips | always concede |"
    yield "|---|---|---|---|"
    for truce, row in scored.items():
        cells = [f"{score.value:.2f} ± {score.error:.2f}" for score in row]
        yield f"| {truce} | " + " | ".join([*cells, *["-"] * (3 - len(cells))]) + " |"


def page() -> Iterator[str]:
    """The lines of docs/story.md."""
    columns = {name: Told(name) for name in COLUMNS}
    told = columns["geneva-2025"]
    early, moved = over_the_ranges(told.scenario)
    scored = scores()
    rows = list(expectations(told, early, moved, scored))
    failed, met = [r for r in rows if not r.met], [r for r in rows if r.met]
    known = known_failures(scored)
    known[told.name] |= {"expected": len(rows), "failed": len(failed)}
    KEPT.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    yield HEAD
    yield f"## Where it fails ({len(failed)} of {len(rows)})"
    yield ""
    yield from (f"- Expected: {row.words}. Came out: {row.came}." for row in failed)
    yield ""
    yield f"## Where it does not ({len(met)} of {len(rows)})"
    yield ""
    yield from (f"- Expected: {row.words}. Came out: {row.came}." for row in met)
    yield BESIDE
    yield from beside_table(columns, early, scored)
    yield CHAIN
    yield from chain_table(columns)
    yield ""
    yield from stops_table(columns)
    yield AWAY
    yield from away_table(told.scenario)
    yield OUTCOME
    yield from outcome_table(columns)
    yield SCORE
    yield from score_table(scored)
    yield MOVED
    yield "| setting | rank correlation with `standing` | p-value |"
    yield "|---|---|---|"
    yield from (f"| `{path}` | {r:+.2f} | {p:.1g} |" for path, r, p in moved[:10])
    yield ""


HEAD = f"""# The articles' story, and what the model makes of it

The two articles that detente was built to question ([sources.md](sources.md)) describe one chain of events: licences for rare earths come slowly; Washington, not satisfied, hits back
with a package of other measures; Beijing, hit, may refuse the licences after all; and "the fragile truce remains in place for now". This page says how often runs of
`geneva-2025` follow it, what interrupts it, and what rivals say: governments without any reciprocity, and this model at its first settings (before it followed its sources). `make docs` writes it: {RUNS:,} runs of each scenario, seed {SEED}; intervals are 95 % (Wilson)
and cover chance alone, at the settings as shipped (judgement, [sources.md](sources.md#defaults)). The expectations were written down before the runs and are not targets.
"""
BESIDE = """
## Beside rivals

Intervals are 95 %; of the energy scores 1.96 standard errors. What moves `standing` is given for the model only (last section).
"""
AWAY = f"""
## What interrupts it

The chain with one thing away at a time ({RUNS_AWAY:,} runs each, the first term). What is away raises the chain as far as it interrupts it; what comes before in a week can hide what comes after. The last
rows have what was corrected in this version as it was: how, and why, was written down before these runs ([sources.md](sources.md#answering)).
"""
CHAIN = """
## The chain, step by step

A run follows the chain as far as its furthest stretch between two rounds of talks does. *Slow*: the flow of licences falls short of what the other side expects. *Answers*: the first US order
of the stretch has the slow office as its cause. *Tightens*: China then orders a measure. Agency slips, threats and words are no orders.
"""
OUTCOME = """
## The outcomes

What each means is in [model.md](model.md#outcomes). A dash: not defined there.
"""
SCORE = f"""
## How near the paths come

The energy score of the rungs of both sides, week by week, against the record's ({SCORED_RUNS:,} runs; ± standard error from chance; lower is better). Frictions, cooldowns,
relief lag and office capacities of the model were estimated from 2025, part of it scored here, and no truce is left out ([forecast.md](forecast.md#what-was-fitted-to-what)). One path a truce decides little: read differences of a point or two as none.
"""
MOVED = f"""
## What moves it

The ten settings whose value over its plausible range goes most with `standing` at the end of the first term (Spearman's rank correlation over {POINTS} points of a Latin hypercube, {RUNS_A_POINT} runs each;
about .1 is chance).
"""

if __name__ == "__main__":
    PAGE.write_text("\n".join(page()), encoding="utf-8")
