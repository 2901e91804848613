"""`detente check`: every problem of every file, exit code 2 if there is one."""

import json
from pathlib import Path

from sim.scenario.shipped import list_shipped

GOOD = 'extends = "textbook/quiet.toml"\ntitle = "quiet"\n'
BAD = 'title = "bad"\nstart = 2025-05-12\nweaks = 3\n\n[actors.us]\nslip = 1.5\n'


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_every_shipped_scenario_is_ok(detente):
    told = detente("check", *(scenario.name for scenario in list_shipped()))
    assert told.exit_code == 0, told.stderr
    assert told.stdout.count(": ok") == len(list_shipped())


def test_all_problems_of_all_files_are_told(detente):
    told = detente("check", write("a.toml", BAD), write("good.toml", GOOD), write("b.toml", "x ="))
    assert told.exit_code == 2
    assert told.stdout == "good.toml: ok\n"
    assert "a.toml:3: weaks" in told.stderr
    assert "did you mean weeks?" in told.stderr
    assert "a.toml:6: actors.us.slip" in told.stderr
    assert "1.5" in told.stderr
    assert "b.toml:1" in told.stderr


def test_a_missing_file_is_named_with_the_nearest(detente):
    told = detente("check", "geneva-2052")
    assert told.exit_code == 2
    assert "geneva-2052" in told.stderr
    assert "did you mean geneva-2025?" in told.stderr


def test_warnings_are_told_and_are_not_errors(detente):
    late = GOOD + "as_of = 2025-01-01\nshocks = [{ name = 'x', date = 2025-02-01, talks = true }]\n"
    told = detente("check", write("late.toml", late))
    assert told.exit_code == 0, told.stderr
    assert told.stderr.startswith("warning: ")
    assert "late.toml: ok (" in told.stdout


def test_json(detente):
    told = detente("check", "--json", write("a.toml", BAD), write("good.toml", GOOD))
    assert told.exit_code == 2
    bad, good = json.loads(told.stdout)
    lines = {problem["path"]: problem["line"] for problem in bad["problems"]}
    assert lines == {"weaks": 3, "actors.us.slip": 6}
    assert good == {
        "file": "good.toml",
        "kind": "scenario",
        "command": "detente run good.toml",
        "problems": [],
        "warnings": [],
        "notes": good["notes"],
    }


def test_what_a_source_says_is_held_against_as_of(detente):
    """Told by `check`, and by `show` with the fields that carry no date."""
    late = GOOD + 'as_of = 2025-05-12\n[sources]\n"actors.us.slip" = "claim 7, known 2025-05-19"\n'
    told = detente("check", write("late.toml", late))
    assert told.exit_code == 0, told.stderr
    assert "1 value rests on what was known later: actors.us.slip (2025-05-19)" in told.stderr
    assert "undated sources" in told.stderr
    shown = " ".join(detente("show", "late.toml").stdout.split())
    assert "actors.us.slip (2025-05-19)" in shown
    assert "undated: " in shown
    (entry,) = json.loads(detente("show", "late.toml", "actors.us.slip", "--json").stdout)
    assert entry["known"] == "2025-05-19"
