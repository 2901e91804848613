"""Rivals of the model: the same world with other governments, in every table of the record."""

import numpy as np
import pytest

from docs.make_record import likelihood_table, section
from sim.history.backtest_page import backtest_report
from sim.history.governments import COIN, CONCEDE, GOVERNMENTS, with_governments
from sim.history.replay import replay
from sim.history.rivals import with_rivals
from sim.scenario import Scenario

RUNS, SEED = 1000, 2025


@pytest.fixture(scope="module")
def busan():
    return with_rivals(Scenario.load("busan-2025"), RUNS, SEED)


@pytest.mark.parametrize("truce", ["geneva", "london"])
@pytest.mark.parametrize(
    ("rival", "name"), [(COIN, "coin-flips"), (CONCEDE, "always-concede")], ids=str
)
def test_a_rival_is_the_shipped_one(truce, rival, name):
    made = with_governments(Scenario.load(f"{truce}-2025"), rival)
    if (truce, rival) == ("geneva", COIN):  # that file lets it meet whenever it likes
        made = made.override({"talks.since_weeks": "none"})
    shipped = Scenario.load(f"nulls/{truce}-{name}")
    assert replay(made, RUNS, SEED).facts == replay(shipped, RUNS, SEED).facts


def test_sides_of_ones_own_have_rivals_too():
    names = [{"id": "east", "name": "Eastland"}, {"id": "west", "name": "Westland"}]
    scenario = Scenario.load("busan-2025")
    renamed = scenario.override({"sides": names})
    for rival in GOVERNMENTS:
        made, same = (with_governments(each, rival).compiled.params for each in (scenario, renamed))
        assert all(np.array_equal(a, b) for a, b in zip(made, same, strict=True))


def test_every_rival_is_in_every_table(busan):
    report = backtest_report([busan])
    matches, places = report.sections
    assert [column.name for column in matches.columns] == ["fact", "busan-2025", *GOVERNMENTS]
    assert [row[0] for row in matches.rows] == [*busan.base.facts, "all of them"]
    assert [column.name for column in places.columns][-2:] == list(GOVERNMENTS)
    for rival, found in busan.rivals.items():
        assert f"{found.matching:,} ({rival})" in report.lead[0]
        assert report.data["scenarios"][0]["rivals"][rival]["facts"] == found.facts
    table = list(likelihood_table(busan.rows))
    assert len(table) == 2 + 1 + len(GOVERNMENTS)
    head = next(line for line in section(busan) if line.startswith("| quantity"))
    assert head.endswith(" | coin flips | always concede |")


def test_of_several_scenarios_one_table_says_which_matches(busan):
    report = backtest_report([busan, busan._replace(base=busan.rivals[CONCEDE])])
    overview, *details = report.sections
    assert [row[0] for row in overview.rows] == ["busan-2025"] * 2
    assert overview.rows[0][1].startswith(f"{busan.base.likelihood:.4f} (")
    assert overview.rows[0][2:] == tuple(f"{r.likelihood:.4f}" for r in busan.rivals.values())
    assert [part.detail for part in (overview, *details)] == [False, *[True] * 4]
    assert " 0 of 2 match it more often than each rival" in report.lead[0]
    assert len(report.data["scenarios"]) == 2


def test_what_always_concedes_never_breaks_busan(busan):
    """As the design's referee found: a rival without behaviour matches nearly always there."""
    assert busan.rivals[CONCEDE].likelihood > busan.base.likelihood > busan.rivals[COIN].likelihood
