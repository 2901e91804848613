"""Folders that an older version wrote are refused by name, with what to do."""

from pathlib import Path

import pytest

import sim
from sim.errors import ResultError
from sim.outcomes.manifest import FORMAT, read_manifest
from sim.studies.plan import FORMAT as OF_STUDIES
from sim.studies.study import load_study

HERE = Path(__file__).parent


def test_a_result_of_format_3_is_refused_by_name():
    folder = HERE / "older" / "format-3"
    for load in (sim.load, read_manifest):
        with pytest.raises(ResultError) as refused:
            load(folder)
        told = str(refused.value)
        assert "format-3 was written by detente 0.1.0 in format 3" in told
        assert f"reads format {FORMAT}: run the scenario again" in told


def test_a_study_of_format_2_is_refused_by_name():
    folder = HERE.parent / "studies" / "older" / "format-2"
    for load in (sim.load, load_study):
        with pytest.raises(ResultError) as refused:
            load(folder)
        told = str(refused.value)
        assert "format-2 was written by detente 0.1.0 in format 2 of studies" in told
        assert f"reads format {OF_STUDIES}: run the experiment again" in told
