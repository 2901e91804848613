"""The one page: both uncertainties, definitions, tables, caveats; as JSON, CSV and Markdown."""

import json

import pandas as pd
import pytest

from sim.outcomes.decomposition import Decomposition
from sim.outcomes.page import result_report
from sim.outcomes.spread import Spread
from sim.outcomes.summary import summary
from sim.report.content import figures_at
from sim.report.text import csv_frame, markdown
from tests.outcomes.tallies import result, small

_ENDS = ("outcome", "q05", "q50", "q95", "low", "high")
OVER = [
    dict(zip(_ENDS, ("standing", 0.24, 0.5, 0.86, 0.1, 0.9), strict=True)),
    dict(zip(_ENDS, ("clean", 0.0, 0.1, 0.2, 0.0, 0.3), strict=True)),
]
SLIPS = {"channel": "slips", "outcome": "standing", "week": 4, "n": 100, "p": 0.85}
SLIPS |= {"p_without": 0.95, "difference": 0.10, "low": 0.04, "high": 0.17, "gained": 11, "lost": 1}
BUT_FOR = pd.DataFrame([SLIPS])


@pytest.fixture
def page():
    return summary(result(spread=Spread(200, 500, 60, OVER), but_for=BUT_FOR))


def test_the_headline_has_both_uncertainties(page):
    text = page["headline"]["text"]
    assert text == (
        "0.85 at these settings (chance ±0.07); over plausible ranges 0.24 to 0.86, median 0.50"
    )


PART = Decomposition(
    points=200,
    runs=500,
    mean=0.5,
    mean_error=0.02,
    total=0.25,
    parameters=0.05,
    chance=0.2,
    luck=0.01,
    share=0.2,
    low=0.15,
    high=0.25,
)


def test_ignorance_and_dice_are_told_apart():
    outer = Spread(200, 500, 60, OVER, shaped=3, parts={"standing": PART})
    page = summary(result(spread=outer))
    first, second, third = page["spread"]["text"]
    assert first == (
        "plausible ranges: 5th to 95th percentile of 200 settings drawn from them, 500 runs each "
        "(chance ±0.04), common random numbers"
    )
    assert second == "60 of 60 uncertain settings affect this; drawn evenly except 3"
    assert third == (
        "on average over them: 0.50 (±0.04); of the variance of one truce 20 % (95 %: 15 to 25) "
        "comes from uncertain settings, 80 % from chance"
    )
    assert "| `standing` | 0.500 (±0.020) | 0.250 | 20% (15% to 25%) | 80% (75% to 85%) |" in (
        markdown(result_report(page))
    )
    rows = csv_frame(result_report(page)).set_index("section").loc["share of the parameters"]
    assert (rows["value"], rows["low"], rows["high"]) == (0.2, 0.15, 0.25)
    assert page["spread"]["variance"]["standing"]["chance"] == 0.2


def test_fresh_luck_is_said():
    outer = Spread(200, 500, 60, OVER, luck="fresh")
    assert summary(result(spread=outer))["spread"]["text"] == [
        "plausible ranges: 5th to 95th percentile of 200 settings drawn from them, 500 runs each "
        "(chance ±0.04), fresh random numbers at each",
        "60 of 60 uncertain settings affect this; drawn evenly",
    ]


def test_without_an_outer_loop_the_headline_has_the_dice_alone():
    assert summary(result())["headline"]["text"] == "0.85 at these settings (chance ±0.07)"


def test_the_page_is_json(page):
    assert json.loads(json.dumps(page, allow_nan=False)) == page


def test_each_outcome_has_n_interval_and_definition(page):
    for entry in page["outcomes"]:
        assert entry["definition"]
        assert entry["term"]["n"] == 100
        assert entry["term"]["low"] <= entry["term"]["p"] <= entry["term"]["high"]
        assert entry["term"]["date"] == "2025-06-08"
        assert entry["horizon"]["week"] == 6


def test_markdown_says_it_all(page):
    text = markdown(result_report(page, figures_at(["figures/survival.png"]), "detente run small"))
    for part in (
        "# Two tariffs",
        "0.85 at these settings",
        "n = 100 runs",
        "200 settings drawn from them, 500 runs each",
        "| any violation | 0.700 | 0.750 (here) |",
        "China missed what was due: cn.licences",
        "+0.100 (+0.040 to +0.170)",
        "Talks in 0.500 of the runs",
        "![survival](figures/survival.png)",
        "nothing here is an equilibrium",
        "cannot identify",
        "capacity or a design",
        "with K from 1 to 6 and a rupture at each of 2 rungs, `standing` goes from 0.70 to 0.95",
        "detente run small",
        "seed 1",
    ):
        assert part in text


def test_markdown_tables_are_rectangular(page):
    for block in markdown(result_report(page)).split("\n\n"):
        if block.startswith("|"):
            assert len({line.count("|") for line in block.splitlines()}) == 1


def test_csv_has_a_row_for_every_number(page):
    frame = csv_frame(result_report(page))
    assert {"headline", "standing by definition", "but for", "talks", "caveat"} <= set(
        frame["section"]
    )
    row = frame[(frame["section"] == "outcome by term") & (frame["key"] == "standing")].iloc[0]
    assert (row["value"], row["week"], row["n"]) == (0.85, 4, 100)


def test_without_a_truce_the_page_says_so():
    text = markdown(result_report(summary(result(small(truce=None)))))
    assert "`clean` at the horizon" in text
    assert r"not defined: the scenario has no \[truce\]" in text
    assert "K weeks in a row" not in text


def test_no_breakdowns_no_trigger_table():
    made = result()
    made.tally.trigger[:] = 0
    assert "What began the dispute" not in markdown(result_report(summary(made)))
