"""Everything the page knows of a scenario, as one table that JSON can hold."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.engines.counts import RUNS, WATCHED
from sim.native.wasm import MODULE
from sim.outcomes.result import Result
from sim.outcomes.triggers import PHRASES
from sim.scenario.scenario import Scenario
from sim.scenario.sides import DEFAULT, Sides
from sim.scenario.template import extended_name
from sim.version import __version__
from sim.web import machines
from sim.web.channels import channels
from sim.web.controls import controls
from sim.web.layout import layout
from sim.web.outcomes import definitions_by_weeks, outcomes, rungs
from sim.web.ranges import ranges
from sim.web.readings import readings, same_seats, shared
from sim.web.recorded import recorded
from sim.web.stories import stories
from sim.world.params import NEVER, QUANTITIES
from sim.world.state import CAUSES

#: Of what stands here; a link says which one it was made for.
VERSION = 1
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
    chairs = machines.seats(scenario)
    placed, sliders = layout(compiled), controls(scenario)
    read = readings(scenario, placed["tables"])
    return {
        "version": VERSION,
        "detente": __version__,
        "scenario": _of(scenario, changed, reading),
        "seed": str(result.seed),
        "start": compiled.start.isoformat(),
        "weeks": compiled.weeks,
        "never": NEVER,
        "headline": result.headline,
        "outcomes": outcomes(result),
        "definitions": definitions_by_weeks(result),
        "rungs": rungs(result),
        "ranges": ranges(result),
        "counts": {"runs": RUNS, "watched": WATCHED},
        "words": {"causes": list(CAUSES), "phrases": PHRASES, "quantities": list(QUANTITIES)},
        "sides": _sides(compiled.sides),
        "levers": list(compiled.levers),
        "shocks": list(compiled.shocks),
        "seats": chairs,
        "policies": machines.library(scenario, chairs),
        "channels": channels(compiled),
        "stories": stories(scenario, result.seed, story_runs) if story_runs else [],
        **sliders,
        "shared": [setting["path"] for setting in shared(sliders["settings"], read)],
        "chosen": same_seats(chairs, read),
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
