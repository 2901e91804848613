"""The folder of a best response: read back as it was written, and what is said of a damaged one."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sim import Scenario
from sim.errors import ResultError, ResultWriteError
from sim.games.best_response import Response, best_response
from sim.games.responding import Question
from sim.games.response import question_of, read_response, response_report, write_response
from sim.games.searches import Watcher
from sim.policies.inline import policy_table
from sim.policies.library import POLICIES, build_policy
from tests.store.resealed import resealed

NAMED = ("always_concede", "grim", "generous_tit_for_tat")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Question, Response, Path]:
    world = Scenario.load("textbook/tft-noise").override({"actors.us.slip": 0.125})
    named = {name: build_policy({"name": name}) for name in NAMED}
    question = Question(world, "cn", named, states=1, against="tit_for_tat")
    response = best_response(question, 100, 3, Watcher())
    root = tmp_path_factory.mktemp("response")
    return question, response, write_response(response, 100, root, "detente games x")


@pytest.fixture
def copy(written, tmp_path) -> Path:
    return Path(shutil.copytree(written[2], tmp_path / written[2].name))


def test_it_is_read_back_with_every_machine_and_number(written):
    _, response, folder = written
    again = read_response(folder)
    question = again.question
    same = {"question": response.question, "space": response.space}
    assert replace(again, **same) == response
    assert replace(question, scenario=response.question.scenario) == response.question
    assert question.scenario.hash == response.question.scenario.hash
    assert again.space.machines == response.space.machines
    assert response_report(again) == response_report(response)


def test_its_question_is_read_back(written):
    question, _, folder = written
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    again = question_of(folder, manifest)
    assert again.scenario.hash == question.scenario.hash
    assert replace(again, scenario=question.scenario) == question


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_is_the_same_machine_after_its_table(name):
    machine = build_policy({"name": name})
    assert build_policy(json.loads(json.dumps(policy_table(machine)))) == machine


def test_other_policies_beside_it_are_another_folder(written, tmp_path):
    question, response, folder = written
    fewer = replace(question, named={"grim": question.named["grim"]})
    other = write_response(replace(response, question=fewer), 100, tmp_path, "detente games x")
    assert other.name != folder.name
    assert write_response(response, 100, tmp_path, "another").name == folder.name


def test_it_is_written_whole_or_not_at_all(written, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.games.response.write_sealed", full)
    with pytest.raises(ResultWriteError, match="the response could not be written to .*run it"):
        write_response(written[1], 100, tmp_path, "detente games x")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named(copy):
    (copy / "response.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ResultError, match=r"response\.json cannot be read: it is damaged"):
        read_response(copy)


@pytest.mark.parametrize(
    "forged",
    [
        {"side": "eu"},
        {"states": 4},
        {"states": 0},
        {"runs": 99},
        {"runs": 2**32 + 1},
        {"seed": -1},
        {"seed": 2**64 - 1},
        {"scenario_hash": "0"},
        {"named": {"mine": {"name": "grimm"}}},
        {"named": {"mine": 3}},
        {"scenario": {}},
    ],
)
def test_a_manifest_that_does_not_fit_itself_is_refused(copy, forged):
    resealed(copy, **forged)
    with pytest.raises(ResultError, match=r"manifest\.json does not fit itself"):
        read_response(copy)


@pytest.mark.parametrize("text", ["{}", "[]", '{"machines": {}, "policies": [{}]}'])
def test_a_forged_answer_is_refused(copy, text):
    (copy / "response.json").write_text(text, encoding="utf-8")
    resealed(copy)
    with pytest.raises(ResultError, match=r"response\.json cannot be read"):
        read_response(copy)


def test_another_kind_is_refused(copy):
    resealed(copy, kind="odds")
    with pytest.raises(ResultError, match="holds no best response"):
        read_response(copy)
