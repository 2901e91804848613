"""Things of one's own, from a file: found where the shipped ones are, or refused by name."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim import extensions
from sim.errors import ExtensionError
from sim.outcomes.manifest import result_hash
from sim.outcomes.simulate import simulate
from sim.plots import PICTURES as SHIPPED
from sim.policies import POLICIES, build_policy
from sim.report import pictures
from sim.scenario import Scenario
from sim.studies.plan import code_hash

PICTURES = tuple(row.name for row in SHIPPED)
POLICY = '''
from sim.policies import POLICIES, Machine, Policy, machine
from sim.policies.library import Parameter


def forgiving_grim(mercy: float = 0.5) -> Machine:
    """Grim, but each week it may forgive."""
    hostile = (1.0 - mercy, 0.0, mercy)
    rows = [
        ("calm", (0.0, 0.0, 1.0), ("calm", "cross", "calm", "cross")),
        ("cross", hostile, ("cross",) * 4),
    ]
    return machine(rows, "calm")


mercy = Parameter("mercy", 0.5, 0.0, 1.0, "chance that it forgives in a week", range=(0.2, 0.8))
POLICIES.register(Policy("forgiving_grim", forgiving_grim, "mine", (mercy,)))
'''


@pytest.fixture(autouse=True)
def nothing_loaded(monkeypatch):
    """What these tests load is forgotten after each: it would tell other tests' studies apart."""
    monkeypatch.setattr(extensions, "_LOADED", type(extensions._LOADED)())
    yield
    for name in pictures._ROWS.added:
        pictures._ROWS.withdraw(name)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A file that brings one policy, which is gone again after the test."""
    file = tmp_path / "mine.py"
    file.write_text(POLICY)
    yield file
    for name in POLICIES.added:
        POLICIES.withdraw(name)


def test_a_policy_of_ones_own_is_found_like_the_shipped(own):
    extensions.load(own)
    extensions.load(own)  # the same file twice is nothing new
    assert "forgiving_grim" in list(POLICIES)
    assert build_policy({"name": "forgiving_grim", "mercy": 1.0}).moves[1].tolist() == [0, 0, 1]
    base = Scenario.load("geneva-2025")
    mine = base.override({"actors.us.policy.name": "forgiving_grim"})
    path = "actors.us.policy.mercy"
    assert (mine.distributions()[path].low, mine.distributions()[path].high) == (0.2, 0.8)
    assert mine.override({path: 0.25}).spec.actors["us"].policy["mercy"] == 0.25
    assert own in extensions.loaded()
    assert len(extensions.fingerprint()) == 64


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\nraise ValueError('no')\n", 2, "ValueError: no"),
        ("x = (\n", 1, "SyntaxError"),
        ("import no_such_module_at_all\n", 1, "no_such_module_at_all"),
    ],
)
def test_a_file_that_fails_is_named_with_its_line(tmp_path, text, line, words):
    file = tmp_path / "broken.py"
    file.write_text(text)
    with pytest.raises(ExtensionError) as error:
        extensions.load(file)
    (problem,) = error.value.problems
    assert (problem.file, problem.line) == (str(file), line)
    assert words in problem.found


def test_a_missing_file_has_a_nearest_name(own):
    with pytest.raises(ExtensionError, match=r"did you mean mine\.py"):
        extensions.load(own.with_name("min.py"))


@pytest.mark.parametrize("name", ["grim", "no name", "", 5])
def test_a_name_that_is_taken_or_is_none_is_refused(name):
    from sim.policies import Policy
    from sim.policies.named import grim

    with pytest.raises(ExtensionError, match="name of a policy"):
        POLICIES.register(Policy(name, grim, "mine"))


PICTURE = """
from sim.report.pictures import Picture, register

register(Picture("{name}", "{of}", print, "Nothing."))
"""


@pytest.mark.parametrize(
    ("name", "of", "words"),
    [
        ("survival", "result", ["name of a picture", '"survival", which is shipped']),
        ("../up", "result", ["name of a picture", '"../up"', "a Python name"]),
        ("mine", "resul", ['the picture "mine"', "exact solution", "did you mean result?"]),
    ],
)
def test_a_picture_that_may_not_be_is_refused_with_file_and_line(tmp_path, name, of, words):
    file = tmp_path / "drawn.py"
    file.write_text(PICTURE.format(name=name, of=of))
    with pytest.raises(ExtensionError) as error:
        extensions.load(file)
    (problem,) = error.value.problems
    assert (problem.file, problem.line) == (str(file), 4)
    assert all(word in str(problem) for word in words)
    assert set(pictures.pictures()) == set(PICTURES)


def test_a_picture_of_ones_own_stands_after_the_shipped(tmp_path):
    file = tmp_path / "drawn.py"
    file.write_text(PICTURE.format(name="my-own", of="result"))
    extensions.load(file)
    assert [*pictures.pictures("result")][-1] == "my-own"


def test_two_files_cannot_register_one_name(own, tmp_path):
    extensions.load(own)
    other = tmp_path / "other.py"
    other.write_text(POLICY)
    with pytest.raises(ExtensionError, match=rf"other\.py:17: .*\n.*which {own} registers"):
        extensions.load(other)


def test_an_edit_of_ones_own_policy_is_another_study_and_another_result(own):
    without = code_hash()
    extensions.load(own)
    before = code_hash()
    result = simulate(Scenario.load("textbook/tft-noise"), runs=10)
    folder = result_hash(result)
    own.write_text(POLICY.replace("mercy: float = 0.5", "mercy: float = 0.4"))
    extensions.load(own)
    assert len({without, before, code_hash()}) == 3
    assert result_hash(result) != folder


def test_installed_packages_are_loaded_and_told_apart_by_version(own, monkeypatch):
    prints = []
    for version in ("1.0", "1.1"):
        dist = SimpleNamespace(version=version)
        point = SimpleNamespace(
            name="mine", value="mine", dist=dist, load=lambda: extensions.load(own)
        )
        monkeypatch.setattr(extensions, "entry_points", lambda group, point=point: [point])
        extensions.load_installed()
        prints.append(extensions.fingerprint())
    assert "forgiving_grim" in POLICIES
    assert len(set(prints)) == 2


@pytest.mark.slow
def test_a_policy_of_ones_own_is_played_from_the_command_line(own):
    command = [sys.executable, "-m", "sim", "--extension", str(own), "run", "textbook/tft-noise"]
    command += ["--set", "actors.us.policy.name=forgiving_grim", "--runs", "20", "--no-pictures"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, cwd=own.parent
    )
    assert done.returncode == 0, done.stderr
    refused = subprocess.run(
        [*command[:3], *command[5:]], capture_output=True, text=True, timeout=300, check=False
    )
    assert refused.returncode == 2
    assert "forgiving_grim" in refused.stderr
