"""Scenarios with as little in them as a file may have: every command answers, or says why not."""

import pytest

from tests.everyday import one_in

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
FEW = ("--us", "grim,tit_for_tat", "--cn", "grim,tit_for_tat", "--runs", "2")
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
    ("games", "bare.toml", "tournament", *FEW, "--no-pictures"),
    ("games", "bare.toml", "equilibria", *FEW),
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
