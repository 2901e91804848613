"""What a result says at the end of the term, by the horizon, and where it says nothing."""

import pytest

from sim.world.outcomes import NAMES
from tests.outcomes.tallies import SMALL, result, small

TRUCE = SMALL["truce"]


def test_outcomes_are_read_at_the_end_of_the_term():
    made = result()
    assert (made.term, made.horizon, made.headline_week) == (4, 6, 4)
    assert made.standing.p == 0.85
    assert made.clean.p == 0.6
    assert made.core.p == 1.0
    assert made.extended.p == 0.7
    assert made.at("standing", 6).p == 0.65


def test_every_estimate_carries_its_definition():
    made = result()
    for outcome in NAMES:
        assert made.at(outcome).definition == made.definition(outcome)
    assert "2 weeks in a row" in made.standing.definition
    assert "8 weeks in a row by one" in made.standing.definition
    assert "us.tariffs" in made.core.definition


def test_extended_is_decided_once():
    made = result()
    assert made.at("extended", 3) is None
    assert made.at("extended", 6).p == 0.7
    frame = made.survival("extended")
    assert frame["week"].tolist() == [4]
    assert frame["p"].tolist() == [0.7]


def test_without_a_truce_only_clean_is_defined():
    made = result(small(truce=None))
    assert made.headline == "clean"
    assert made.headline_week == 6
    assert made.clean.p == 0.4
    assert "its first level" in made.clean.definition
    for outcome in ("standing", "core", "extended"):
        assert made.at(outcome) is None
        assert "no [truce]" in made.reason(outcome)
        assert made.survival(outcome).empty
    assert made.k_table.empty


def test_an_open_ended_truce_is_read_at_the_horizon():
    made = result(small(truce={key: TRUCE[key] for key in ("core", "breakdown_after")}))
    assert made.term is None
    assert made.standing.p == 0.65
    assert made.extended is None
    assert "open-ended" in made.reason("extended")


def test_a_term_beyond_the_horizon_is_not_defined():
    made = result(small(truce=TRUCE | {"term_weeks": 7}))
    assert made.standing.p == 0.65
    assert made.extended is None
    assert "longer than the horizon of 6" in made.reason("extended")


def test_a_term_that_ends_with_the_horizon_is_defined():
    made = result(small(truce=TRUCE | {"term_weeks": 6}))
    assert made.term == 6
    assert made.extended.p == 0.7
    assert set(made.k_table["week"]) == {6}


def test_k_table_has_six_definitions_at_two_weeks():
    table = result().k_table
    assert list(table.columns) == [
        *("rupture_rung", "breakdown_after", "week"),
        *("n", "p", "low", "high"),
    ]
    table = table[table["rupture_rung"] == 0]
    assert table.groupby("week")["p"].apply(list).loc[4] == [0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
    assert len(table) == 12


def test_the_table_of_definitions_has_a_row_a_rung_within_reach():
    """us reaches 2 and cn 2: of the rungs of the table 0 and 2, and the own one, 5."""
    made = result(small(truce=TRUCE | {"rupture_rung": 5}))
    assert made.thresholds == (0.0, 2.0, 5.0)
    assert sorted(set(made.k_table["rupture_rung"])) == [0.0, 2.0, 5.0]
    assert len(made.k_table) == 3 * 12
    with pytest.raises(ValueError, match="allowed: 0, 2, 5"):
        made.standing_after(2, 3.0)


def test_a_rupture_out_of_reach_is_warned_about():
    assert not any("rupture_rung" in text for text in small().warnings)
    (warning,) = [
        text for text in small(truce=TRUCE | {"rupture_rung": 5}).warnings if "rupture_rung" in text
    ]
    assert "us reaches 2 at most" in warning
    assert "at most 2, or 0" in warning


@pytest.mark.parametrize("week", [0, 7, -1])
def test_weeks_outside_the_horizon_are_refused(week):
    with pytest.raises(ValueError, match="allowed: 1 to 6"):
        result().at("clean", week)


def test_unknown_outcomes_are_refused():
    with pytest.raises(ValueError, match="allowed: standing"):
        result().at("stable")
