"""Writes the table and draws the picture of docs/howto-anticipation.md, from its experiment.

python docs/make_anticipation.py         (or: make docs)

What experiments/anticipation.toml asks, played again with conduct counted; a test compares the
table with the page.
"""

import io
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from anticipation_picture import anticipation
from few_colours import in_few_colours

from sim import Scenario, simulate
from sim.outcomes.estimates import wilson
from sim.outcomes.result import Result
from sim.studies.reading import read_experiment

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "howto-anticipation.md"
PICTURE = DOCS / "images" / "anticipation.png"
EXPERIMENT = read_experiment("anticipation")
#: Anticipation of us and of cn as a share of the level, by who counts on talks.
WHO = {"us": (1, 0), "cn": (0, 1), "both": (1, 1)}
PANELS = (
    "standing",
    "bad conduct of the US",
    "bad conduct of China",
)


def scenario_with(us: float, cn: float) -> Scenario:
    """The experiment's scenario with the two values."""
    values = {
        factor.path: value for factor, value in zip(EXPERIMENT.factors, (us, cn), strict=True)
    }
    return EXPERIMENT.worlds[EXPERIMENT.base].override(values)


@cache
def played(us: float, cn: float, talks: bool = True) -> Result:
    """The experiment's runs of one point; or with no talks at all."""
    scenario = scenario_with(us, cn)
    if not talks:
        scenario = scenario.override({"talks.talks_rate": 0.0, "talks.talks_pressure": 0.0})
    return simulate(scenario, runs=EXPERIMENT.runs, seed=EXPERIMENT.seed)


def shares(result: Result) -> dict[str, tuple[float, float, float]]:
    """(p, low, high) of standing, clean and each side's bad conduct, at the end of the term."""
    found = {}
    for name in ("standing", "clean"):
        estimate = result.at(name, result.term)
        assert estimate is not None
        found[name] = (estimate.p, estimate.low, estimate.high)
    week = result.conduct[result.conduct["week"] == result.term].set_index("pair")
    for side in ("us", "cn"):
        bad = int(week.loc[[f"{side} bad", "both bad"], "count"].sum())
        low, high = wilson(bad, result.n)
        found[side] = (bad / result.n, float(low), float(high))
    return found


def table() -> str:
    """The ends of the range, and a world without talks."""
    rows: list[tuple[str, Result]] = [("nobody (as shipped)", played(0.0, 0.0))]
    names = {"us": "the US, fully", "cn": "China, fully", "both": "both, fully"}
    rows += [(names[who], played(*map(float, on))) for who, on in WHO.items()]
    rows += [("nobody, and there are no talks", played(0.0, 0.0, talks=False))]
    head = "| who counts on talks | standing | clean | bad conduct, US | bad conduct, China |"
    lines = ["", head, "|---|---|---|---|---|"]
    for name, result in rows:
        cells = ("{:.3f} ({:.3f} to {:.3f})".format(*cell) for cell in shares(result).values())
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(["", *lines, "", ""])


def frame() -> pd.DataFrame:
    """A row for each panel, who and level of anticipation."""
    rows: list[dict[str, Any]] = []
    for panel, measure in zip(PANELS, ("standing", "us", "cn"), strict=True):
        for who, (us, cn) in WHO.items():
            for level in EXPERIMENT.factors[0].levels:
                value = float(level.value)
                p, low, high = shares(played(us * value, cn * value))[measure]
                rows.append({"panel": panel, "who": who, "anticipation": value})
                rows[-1] |= {"p": p, "low": low, "high": high}
    return pd.DataFrame(rows)


def renewed(text: str) -> str:
    """The page with its table as it should be now."""
    return re.sub(
        r"<!-- table -->.*?<!-- /table -->",
        lambda _: f"<!-- table -->{table()}<!-- /table -->",
        text,
        flags=re.DOTALL,
    )


def draw() -> None:
    """Draws the picture, saved small."""
    result = played(0.0, 0.0)
    notes = [
        f"At the end of the term (week {result.term}). "
        f"standing: {result.definition('standing')}. Bad conduct: a lever above its obligation, or "
        "licences served below what their owner promised.",
        f"n = {result.n:,} runs a point, common random numbers; bars: 95 % Wilson intervals. "
        "Source: detente, experiments/anticipation.toml.",
    ]
    drawn = io.BytesIO()
    title = result.scenario.spec.title
    anticipation(frame(), title, notes).savefig(drawn, format="png", dpi=150)
    in_few_colours(Image.open(drawn), 64).save(PICTURE, optimize=True)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    draw()
