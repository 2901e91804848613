"""`detente score`: a forecast is frozen once, scored beside its rivals, and drawn."""

import json
import sys

import pytest

FREEZE = ("score", "--freeze", "2025-06-27", "london-2025", "--ledger", "ledger", "--runs", "50")


def test_a_forecast_is_frozen_once_and_scored(detente, tmp_path):
    frozen = detente(*FREEZE)
    assert frozen.exit_code == 0, frozen.output
    again = detente(*FREEZE)
    assert again.exit_code == 2
    assert "never edited" in again.output
    printed = detente("score", "--ledger", "ledger", "--plot", "s.png")
    assert printed.exit_code == 0, printed.output
    told = printed.output
    assert told.index("The model loses") < told.index("Scores on")
    assert "constant hazard (Gamma-Poisson)" in told
    assert (tmp_path / "s.png").is_file()
    assert (tmp_path / "s-calibration.png").is_file()
    listed = json.loads(detente("score", "--ledger", "ledger", "--json").stdout)
    assert [one["as_of"] for one in listed["forecasts"]] == ["2025-06-27"]
    assert {row["forecaster"] for row in listed["scores"]} >= {"model", "coin flips"}


def test_options_of_runs_that_play_nothing_say_so(detente):
    """The ledger has forecasts of the scenario, and nothing is forecast now."""
    said = "--runs and --seed play nothing here"
    assert said in detente("score", "geneva-2025", "--runs", "500").stderr
    assert said not in detente("score", "geneva-2025").stderr


def test_wrong_options_come_all_at_once(detente):
    typed = ("--freeze", "2025-06-27", "--every", "day", "--runs", "3", "--fit", "x")
    refused = detente("score", *typed)
    assert refused.exit_code == 2
    for said in ("--runs", "--every", "week", "--freeze", "--fit"):
        assert said in refused.output


def test_an_empty_ledger_says_so(detente):
    nothing = detente("score", "--ledger", "ledger")
    assert nothing.exit_code == 2
    assert "nothing to score" in nothing.output


def test_without_scoringrules_the_line_to_type_is_said(detente, monkeypatch):
    monkeypatch.setitem(sys.modules, "scoringrules", None)
    missing = detente("score", "--ledger", "ledger")
    assert missing.exit_code == 2
    assert "pip install 'detente[forecast]'" in missing.output


@pytest.mark.parametrize("command", ["score", "odds"])
@pytest.mark.parametrize("name", ["nowhere", "here", "/dev/null", "a" * 5000])
def test_a_folder_that_holds_no_fit_is_refused(command, name, detente, tmp_path):
    (tmp_path / "here").mkdir()
    refused = detente(command, "geneva-2025", "--fit", name)
    assert refused.exit_code == 2
    assert name[:20] in refused.output
