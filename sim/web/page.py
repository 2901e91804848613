"""The HTML of the page: a template, one stylesheet, the scripts in order, and the data."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.numbers import DEFAULT_SEED
from sim.outcomes.definitions import defined
from sim.outcomes.lead import about, lead
from sim.outcomes.result import Result
from sim.outcomes.simulate import simulate
from sim.outcomes.spread import Spread
from sim.outcomes.summary import caveats, headline
from sim.report.content import Report
from sim.report.html import body, inline
from sim.scenario.scenario import Scenario
from sim.web.data import NO_READING, Reading, page_data

ASSETS = Path(__file__).parent / "assets"
#: Runs behind the numbers that stand in the page before its script begins.
RUNS = 10_000
#: In the order in which they are read; one scope for all.
SCRIPTS = (
    "uplot/uPlot.iife.min.js",
    *("data.js", "tables.js", "statistics.js", "state.js", "engine.js", "marks.js", "charts.js"),
    *("controls.js", "views.js", "compare.js", "stories.js", "runs.js"),
    *("odds.js", "served.js", "play.js", "main.js"),
)
STYLES = ("uplot/uPlot.min.css", "style.css")
WORKER = "worker.js"


def explorer(
    scenario: Scenario,
    seed: int = DEFAULT_SEED,
    story_runs: int = RUNS,
    changed: Mapping[str, Any] | None = None,
    served: bool = False,
    report: Report | None = None,
    odds: Mapping[str, Any] | None = None,
    reading: Reading = NO_READING,
    spread: Spread | None = None,
) -> str:
    """The page of a scenario: one HTML document that needs nothing else.

    `story_runs`: how many runs are searched for the typical ones whose stories it has; 0: none.
    `changed`: what was written over its file, for the file that the page copies to have it too.
    `served`: for `serve`: the page asks where it came from for stories, odds and games.
    `report`: to stand below, whole. `odds`: those of `dated_odds`, to be scrubbed.
    `reading`: which one of its file's readings it is, and what that sets. `spread`: its range over
    the settings, where it is known already.
    Raises ScenarioError for a scenario that cannot be compiled.
    """
    result = simulate(scenario, RUNS, seed, spread=spread is None)
    result = result if spread is None else replace(result, spread=spread)
    data = page_data(scenario, result, story_runs, changed or {}, reading)
    return (
        _environment()
        .get_template("page.html")
        .render(
            data=data,
            packed=_packed(data | {"worker": _asset(WORKER), "served": served, "odds": odds}),
            script=Markup(_together(SCRIPTS)),
            style=Markup(_together(STYLES)),
            policy=page_policy(served, pictures=report is not None),
            report=None if report is None else Markup(body(report)),
            served=served,
            odds=odds,
            rows=_rows(result),
            first=_first_lines(result),
            week=result.headline_week,
            description=scenario.spec.description,
            hindcast=about(scenario)["hindcast"],
            caveats=[inline(each) for each in caveats(result)],
        )
    )


def _packed(data: Mapping[str, Any]) -> str:
    """The data as text: its JSON deflated, in base64, which is a third of its size."""
    compact = json.dumps(data, separators=(",", ":")).encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(deflate.compress(compact) + deflate.flush()).decode()


def page_policy(served: bool = False, pictures: bool = False) -> str:
    """A content security policy that allows the page's script and style, and nothing else.

    `served`: also what the page asks of where it came from; `pictures`: those inside it.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(_together(SCRIPTS))}' 'wasm-unsafe-eval'",
            f"style-src '{_digest(_together(STYLES))}'",
            "worker-src blob:",
            *(("connect-src 'self'",) if served else ()),
            *(("img-src data:",) if pictures else ()),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _together(assets: tuple[str, ...]) -> str:
    return "\n".join(_asset(name) for name in assets)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _rows(result: Result) -> list[dict[str, Any]]:
    """The outcomes of the scenario as given, for readers without a script."""
    estimates = ((name, result.at(name)) for name in defined(result.rules))
    return [
        {
            "name": name,
            **{name: f"{number:.3f}" for name, number in share.row().items()},
            "n": f"{share.n:,}",
            "definition": share.definition,
        }
        for name, share in estimates
        if share is not None
    ]


def _first_lines(result: Result) -> list[str]:
    """What the run says first: the headline, and both that is not known of it."""
    spread = result.spread
    over = None
    if spread is not None:
        over = {"ranges": spread.ranges, "judged": spread.judged, "held": spread.fixed}
    first = {**about(result.scenario), "headline": headline(result)}
    return list(lead({**first, "runs": result.n, "spread": over}))
