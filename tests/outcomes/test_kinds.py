"""The kinds of folders: what the table names is there, and a folder is of the kind it says."""

import json

import pytest

from sim.cli.finding import TAKES, kind_of
from sim.errors import ResultError
from sim.outcomes.kinds import KINDS, PART_OF_STUDY, function, kind_in
from sim.outcomes.manifest import read_manifest
from sim.report.pictures import EXACT, RESULT, pictures


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_row_names_is_there(kind):
    row = KINDS[kind]
    made = (f"sim.web.mailed.{row.word}_page", f"sim.reproduce.again.{row.word}_again")
    for name in filter(None, (row.read, *(made if row.word else ()))):
        assert callable(function(name)), name
    if row.picture:
        assert row.picture in pictures(kind)
    assert TAKES[row.called] == row.takes
    assert bool(row.word) == (kind != PART_OF_STUDY)


def test_a_manifest_says_of_which_kind_it_is():
    assert kind_in({}) == kind_in({"engine": "batch", "name": "study"}) == RESULT
    assert kind_in({"engine": "exact"}) == EXACT
    for kind in (*KINDS, "another"):
        assert kind_in({"kind": kind}) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_is_called_what_it_is_whatever_its_name_is(kind, tmp_path):
    manifest = {"name": "study", "question": "part of a study", "kind": kind}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert kind_of(str(tmp_path)) == KINDS[kind].called


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (RESULT, EXACT)])
def test_what_is_no_result_of_a_run_says_what_it_is(kind, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": kind}), encoding="utf-8")
    with pytest.raises(ResultError, match=r"holds (one|a) .*(study|odds|fit|best response)"):
        read_manifest(tmp_path)
