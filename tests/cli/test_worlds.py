"""Worlds with as little in them as may be, and with sides of their own, through the commands."""

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from tests.everyday import one_in
from tests.scenario.test_sides import OWN

HEAD = 'title = "Bare"\nstart = 2027-03-01\nweeks = 3\n'
ONE = '[levers.cn.only]\ncontrol = "ban"\n'
WORLDS = {
    "nothing": HEAD,
    "one lever": HEAD + ONE,
    "a truce and no lever": HEAD + "[truce]\nbreakdown_after = 1\n",
    "one lever a side": HEAD + ONE + '[levers.us.other]\ncontrol = "licence"\n[truce]\n',
    "one week": HEAD.replace("3", "1") + ONE + "[truce]\nterm_weeks = 1\n",
    "a shock on a lever that is at its end": HEAD
    + ONE
    + 'level = 1\n[[shocks]]\nname = "s"\ndate = 2027-03-02\nlever = "cn.only"\nchange = 1\n',
}
TWO_RUNS = ("--us", "grim,tit_for_tat", "--cn", "grim,tit_for_tat", "--runs", "2")
COMMANDS = (
    ("check", "bare.toml"),
    ("show", "bare.toml"),
    ("new", "child.toml", "--from", "bare.toml"),
    ("run", "bare.toml", "--runs", "4", "--no-pictures", "--keep-runs"),
    ("run", "bare.toml", "--runs", "4", "--brief"),
    ("run", "bare.toml", "--runs", "4", "--engine", "exact", "--no-pictures"),
    ("compare", "bare.toml", "--set", "talks.talks_rate=.2", "--runs", "4"),
    ("explain", "bare.toml"),
    ("explain", "bare.toml", "--find", "breakdown", "--runs", "10"),
    ("games", "bare.toml", "classify"),
    ("games", "bare.toml", "tournament", *TWO_RUNS, "--no-pictures"),
    ("games", "bare.toml", "equilibria", *TWO_RUNS),
    ("games", "bare.toml", "replicator", "--policies", "grim,tit_for_tat", "--runs", "2"),
    ("games", "bare.toml", "response", "--states", "1", "--runs", "100", "--no-pictures"),
    ("play", "bare.toml"),
    ("page", "bare.toml", "--no-stories"),
    ("odds", "bare.toml"),
    ("backtest", "bare.toml", "--runs", "2"),
    ("score", "bare.toml"),
    ("fit", "bare.toml"),
)
CASES = [(name, line) for line in COMMANDS for name in WORLDS]


@pytest.mark.parametrize("case", one_in(11, CASES), ids=lambda case: f"{case[0]}: {case[1][0]}")
def test_every_command_answers_or_says_why_not(case, detente, tmp_path):
    world, line = case
    (tmp_path / "bare.toml").write_text(WORLDS[world], encoding="utf-8")
    told = detente(*line)
    assert told.exit_code in (0, 2), told.output
    assert told.output.strip()


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_what_was_written_is_drawn_reported_exported_and_reproduced(world, detente, tmp_path):
    (tmp_path / "bare.toml").write_text(WORLDS[world], encoding="utf-8")
    assert detente("run", "bare.toml", "--runs", "4", "--out", ".").exit_code == 0
    folder = str(next(tmp_path.glob("bare-*")))
    for command in ("plot", "report", "export", "reproduce"):
        told = detente(command, folder)
        assert told.exit_code == 0, told.output


USUAL = re.compile(r"\b(US|China|American|Chinese|us|cn)\b|United States")
DUEL = 'extends = "textbook/tft-noise"\ntitle = "A duel"\n'
DUEL += "".join(
    "[[sides]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in side.items())
    for side in OWN
)
POLICIES = """
[east.slow]
name = "tit_for_k_tats"
k = 2
[both.hard]
name = "grim"
[both.mirror]
name = "tit_for_tat"
"""
STUDY = """# Does noise matter?
scenario = "duel.toml"
runs = 2
seed = 3
keep = ["runs", "payoffs", "bands", "triggers", "conduct"]
[design]
kind = "grid"
[[factors]]
name = "slip"
path = "actors.east.slip"
values = [0.0, 0.2]
"""
FEW = ("--runs", "6", "--resamples", "100", "--no-pictures")
LINES = {
    "check": ("check", "duel.toml"),
    "show": ("show", "duel.toml", "slip"),
    "story": ("explain", "duel.toml"),
    "story as values": ("explain", "duel.toml", "--json"),
    "exact": ("run", "duel.toml", "--engine", "exact", "--no-pictures"),
    "classify": ("games", "classify", "duel.toml"),
    "tournament": ("games", "tournament", "duel.toml", "--policies", "own.toml", *FEW),
    "equilibria as values": (
        *("games", "equilibria", "duel.toml", "--policies", "own.toml", *FEW[:-1], "--json"),
        *("--utility", "east=payoff,west=payoff"),
    ),
    "response": (
        *("games", "response", "duel.toml", "--side", "west", "--states", "1"),
        *("--policies", "own.toml", "--runs", "100", "--no-pictures"),
    ),
    "replicator": (
        *("games", "replicator", "duel.toml", "--policies", "grim,tit_for_tat", "--runs", "6"),
        *("--populations", "2", "--no-pictures", "--json"),
    ),
    "sweep": ("sweep", "study.toml", "--yes"),
    "play": ("play", "duel.toml", "--as", "west", "--no-adviser"),
}


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (("duel", DUEL), ("own", POLICIES), ("study", STUDY)):
        (tmp_path / f"{name}.toml").write_text(text)

    def of(*words, code=0):
        found = CliRunner().invoke(app, [*words], input="hold\nquit\n")
        assert found.exit_code == code, found.output + found.stderr
        return found.output

    return of


#: Cheap enough for every day.
EVERYDAY = ("check", "show", "story", "story as values", "exact", "play")


@pytest.mark.parametrize(
    "kind", [one if one in EVERYDAY else pytest.param(one, marks=pytest.mark.slow) for one in LINES]
)
def test_a_command_calls_the_sides_by_their_own_names(told, kind):
    text = told(*LINES[kind])
    assert not USUAL.search(text), USUAL.search(text)


@pytest.mark.parametrize(
    "words",
    [
        ("play", "duel.toml", "--as", "us"),
        ("games", "response", "duel.toml", "--side", "us"),
        ("games", "tournament", "duel.toml", "--utility", "us=payoff,cn=payoff", *FEW),
        ("show", "duel.toml", "actors.us.slip"),
        ("run", "duel.toml", "--set", "actors.us.slip=.1"),
    ],
)
def test_the_usual_ids_are_refused_with_those_there_are(told, words):
    assert re.search(r"\b(east|west)\b", told(*words, code=2))


@pytest.mark.slow
def test_the_columns_of_its_tables_are_its_own(told, tmp_path):
    told("sweep", "study.toml", "--yes")
    (folder,) = (tmp_path / "results").iterdir()
    runs = pd.read_parquet(folder / "runs.parquet")
    assert [*runs.columns[-4:]] == ["payoff_east", "payoff_west", "harm_east", "harm_west"]
    for name in ("payoffs", "bands", "triggers"):
        assert set(pd.read_parquet(folder / f"{name}.parquet")["who"]) <= {"east", "west"}
    pairs = set(pd.read_parquet(folder / "conduct.parquet")["pair"])
    assert pairs == {"both good", "east bad", "west bad", "both bad"}


def test_an_experiment_over_worlds_of_other_sides_is_refused(told, tmp_path):
    worlds = '[[factors]]\nname = "world"\npath = "scenario"\n'
    worlds += 'values = ["duel.toml", "textbook/tft-noise"]\n'
    (tmp_path / "study.toml").write_text(STUDY + worlds)
    assert "with the sides us and cn" in told("sweep", "study.toml", code=2)
