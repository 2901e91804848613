"""Everything the page knows of a scenario, with typical runs told, as one table for JSON."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.engines.counts import ENDED, FIRST_ONCE, RUNS, WATCHED
from sim.explain import tell, trace_run
from sim.explain.render import runs_with_stories, section_title
from sim.explain.story import odds_of, paragraph_text
from sim.explain.weeks import Trace
from sim.native.wasm import MODULE
from sim.outcomes.bands import PHRASES
from sim.outcomes.butfor import RunOdds
from sim.outcomes.definitions import K_VALUES, defined
from sim.outcomes.lead import plausible
from sim.outcomes.page import rung_words
from sim.outcomes.result import Result
from sim.scenario.scenario import Scenario
from sim.scenario.sides import DEFAULT, Sides
from sim.scenario.template import extended_name
from sim.version import __version__
from sim.web.controls import controls, library, seats
from sim.web.layout import channels, layout, tables
from sim.web.record import recorded
from sim.world.outcomes import ONCE, outcome_of
from sim.world.params import NEVER, QUANTITIES
from sim.world.state import CAUSES

#: Of what stands here; a link says which one it was made for.
VERSION = 1
#: Weeks in a row the page can be asked for: by both sides, and by one (0: never).
MUTUAL, ALONE = range(1, 7), range(27)
#: The name of a reading and the paths that it sets.
Reading = tuple[str, Sequence[str]]
NO_READING: Reading = ("", ())


def page_data(
    scenario: Scenario,
    result: Result,
    story_runs: int,
    changed: Mapping[str, Any],
    reading: Reading = NO_READING,
) -> dict[str, Any]:
    """What the page's script reads: the world in bytes, its settings, words, stories, the module.

    `story_runs`: runs searched for typical ones; 0 for no stories. `changed`: what was written
    over the file of the scenario. `reading`: which one of that file's it is, and what that sets.
    """
    compiled = result.compiled
    chairs = seats(scenario)
    placed, sliders = layout(compiled), controls(scenario)
    read = _readings(scenario, placed["tables"])
    return {
        "version": VERSION,
        "detente": __version__,
        "scenario": _of(scenario, changed, reading),
        "seed": str(result.seed),
        "start": compiled.start.isoformat(),
        "weeks": compiled.weeks,
        "never": NEVER,
        "headline": result.headline,
        "outcomes": _outcomes(result),
        "definitions": _definitions_by_weeks(result),
        "rungs": _rungs(result),
        "ranges": ranges(result),
        "counts": {"runs": RUNS, "watched": WATCHED},
        "words": {"causes": list(CAUSES), "phrases": PHRASES, "quantities": list(QUANTITIES)},
        "sides": _sides(compiled.sides),
        "levers": list(compiled.levers),
        "shocks": list(compiled.shocks),
        "seats": chairs,
        "policies": library(scenario, chairs),
        "channels": channels(compiled),
        "stories": stories(scenario, result.seed, story_runs) if story_runs else [],
        **sliders,
        "shared": [each["path"] for each in sliders["settings"] if _is_shared(each, read)],
        "chosen": [
            chair["side"]
            for number, chair in enumerate(chairs)
            if all(each["seats"][number] == chair for each in read)
        ],
        "readings": read,
        "record": recorded(scenario),
        **placed,
        "module": base64.b64encode(MODULE.read_bytes()).decode(),
    }


def _sides(sides: Sides) -> list[dict[str, str]]:
    """Both sides as the page speaks of them; a colour only where it is a scenario's own."""
    return [
        {
            "id": side.id,
            "label": side.label,
            "short": side.short,
            "colour": "" if side.colour == usual.colour else side.colour,
        }
        for side, usual in zip(sides, DEFAULT, strict=True)
    ]


def _of(scenario: Scenario, changed: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """Name, title, hash, the name by which a file of one's own extends it, and what was changed."""
    file = Path.cwd() / f"{scenario.path.stem if scenario.path else scenario.name}-of-mine.toml"
    extends = extended_name(scenario, file) if scenario.path else ""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "extends": extends,
        "changed": dict(changed),
        "reading": reading[0],
        "sets": list(reading[1]),
    }


def _outcomes(result: Result) -> list[dict[str, Any]]:
    """Those defined here, the headline first.

    `ended`: the row of `ended` that gives it by week, or None for one decided once, at the end
    of the term; `once`: then the place of its count. `field`: that of a run.
    """
    rows = []
    for name in defined(result.rules):
        outcome, words = outcome_of(name), result.definition(name)
        ended = None if outcome.once else ENDED.index(name)
        once = FIRST_ONCE + ONCE.index(outcome) if outcome.once else None
        row = {"name": name, "definition": words, "ended": ended, "once": once}
        rows.append(row | {"field": outcome.field})
    return rows


def _definitions_by_weeks(result: Result) -> dict[str, dict[str, str]]:
    """What `standing` and `undisputed` count, by "K/U": weeks in a row by both, and by one."""
    rules = result.rules.copy()
    words: dict[str, dict[str, str]] = {"standing": {}, "undisputed": {}}
    for mutual in MUTUAL:
        for alone in (weeks or NEVER for weeks in ALONE):
            rules["breakdown_after"], rules["unilateral_after"] = mutual, alone
            for name, by_weeks in words.items():
                by_weeks[f"{mutual}/{alone}"] = outcome_of(name).definition(rules, ())
    return words


def _rungs(result: Result) -> dict[str, Any]:
    """The rungs by which standing is counted: [words, row of `by_definition`]; which is its own."""
    counted = result.compiled.params.thresholds.tolist()
    return {
        "rows": [[rung_words(rung), counted.index(rung)] for rung in result.thresholds],
        "here": counted.index(float(result.rules["rupture_rung"])),
        "weeks": list(K_VALUES),
    }


def ranges(result: Result) -> dict[str, Any] | None:
    """Of the range over what is believed of the settings the sentence of each outcome, as the run
    says it, and the week that it is read at; None where nothing varies."""
    spread = result.spread
    if spread is None or not spread.ranges:
        return None
    judged = spread.mostly_judged
    said = {}
    for row in spread.outcomes:
        here = result.at(row["outcome"])
        ends = None if here is None else (here.low, here.high)
        said[row["outcome"]] = plausible(row, spread.fixed, judged, ends)
    return {"week": result.headline_week, "said": said}


def _readings(scenario: Scenario, base: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every reading: its weight, tables, and how settings get into them; none of a plain scenario.

    Run r belongs to a reading by r modulo SLOTS, as in the engine. `base`: the tables of the
    scenario itself; one that is the same is null here.
    """
    given = scenario.spec.readings or {}
    return [
        {
            "name": name,
            "weight": given[name].weight,
            "changes": sorted(given[name].values),
            "tables": [
                None if table == before else table
                for table, before in zip(tables(under.compiled), base, strict=True)
            ],
            "seats": seats(under),
            **controls(under),
        }
        for name, under in scenario.readings.items()
    ]


def _is_shared(setting: Mapping[str, Any], read: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a setting is the same in every reading; else it is theirs, not the page's."""
    keys = ("path", "value", "values")
    return all(
        any(all(row[key] == setting[key] for key in keys) for row in reading["settings"])
        for reading in read
    )


def stories(scenario: Scenario, seed: int, runs: int) -> list[dict[str, Any]]:
    """A typical run of each of the first kinds that happen, as in the page to mail."""
    return [
        story_table(scenario, seed, typical.run) | {"kind": typical.kind, "text": typical.text}
        for typical in runs_with_stories(scenario, seed, runs)
    ]


def story_table(scenario: Scenario, seed: int, run: int) -> dict[str, Any]:
    """The story of a run in words, its rungs, and the odds at each of its turns."""
    story = tell(trace_run(scenario, seed, run))
    weeks = story.trace.weeks
    return {
        "run": run,
        "verdict": story.frame.verdict,
        "agreed": list(story.frame.agreed),
        "policies": list(story.frame.policies),
        "ending": list(story.frame.ending),
        "sections": [
            {
                "first": section.first,
                "last": section.last,
                "title": section_title(section),
                "paragraphs": [paragraph_text(paragraph) for paragraph in section.paragraphs],
            }
            for section in story.sections
        ],
        "rungs": [[week.sides[i].rung_end for week in weeks] for i in (0, 1)],
        "odds": odds(story.trace, [0, *(section.last for section in story.sections)]),
    }


def odds(trace: Trace, weeks: list[int]) -> list[list[float]]:
    """[week, p, low, high, n, week read] of the headline outcome, at the end of each week.

    Ends with the week in which the outcome ends: then there are none.
    """
    return [[week, *share_of(at_week)] for week, at_week in odds_of(trace, weeks).items()]


def share_of(odds: RunOdds) -> list[float]:
    """p, low, high, n and the week read, of the headline outcome."""
    return [odds.truce.p, odds.truce.low, odds.truce.high, odds.truce.n, odds.read]
