"""Every kind of error: where, what was found, what is allowed, what was meant."""

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sim.errors import nearest, quoted
from sim.scenario import DetenteError, ExperimentError, Problem, Scenario, ScenarioError
from sim.scenario.registry import patterns
from tests.scenario.conftest import DEAL, SHOCK


def failure(path: Path | str) -> list[Problem]:
    with pytest.raises(ScenarioError) as error:
        Scenario.load(path)
    return error.value.problems


#: text added to the small world, words of the one warning
WARNINGS = [
    (SHOCK + "date = 2026-05-12\ntalks = true\n", "after the last week"),
    ("as_of = 2025-05-11\n", "shocks.guidance.date: 2025-05-12, later than as_of"),
    (
        "as_of = 2025-05-20\n" + SHOCK + "date = 2025-05-21\ntalks = true\n",
        "child.toml:5: shocks.new.date: 2025-05-21, later than as_of",
    ),
    (
        DEAL + "date = 2025-06-01\nlevers = [{ lever = 'us.chips', level = 1 }]\n",
        "deals.swap.date: 2025-06-01, later than as_of",
    ),
    ("as_of = 2025-05-12\n[levers.us.chips]\ncapacity = 0.5\n", "levers.us.chips.capacity"),
    ("[allies.eu.dependence]\n'us.chips' = 0.5\n", "a bilateral lever"),
    ("truce = 'none'\n" + SHOCK + "chance = 0.1\nends_truce = true\n", "no truce to end"),
    (SHOCK + "chance = 0.1\ntalks = true\nlever = 'us.chips'\n", "a lever on which nothing acts"),
    (
        "[actors.us.policy.machine]\nstart = 'a'\n[actors.us.policy.machine.states.a]\n"
        "move = 'hold'\nnext = { any = 'a' }\n[actors.us.policy.machine.states.b]\n"
        "move = 'hold'\nnext = { any = 'a' }\n",
        'state "b" is never reached',
    ),
]


@pytest.mark.parametrize(("text", "words"), WARNINGS)
def test_a_warning_says_what_and_where(child, text, words):
    warnings = Scenario.load(child(text)).warnings
    assert any(words in warning for warning in warnings), warnings


def test_programmes_may_be_announced_for_later(child):
    text = "[levers.us.chips]\nprogrammes = [{ name = 'a', online = 2028-01-01, share = 0.1 }]\n"
    assert Scenario.load(child(text)).warnings == ()


def test_all_problems_of_a_file_come_at_once(problems):
    found = problems(
        "noise = 'flop'\nweeks = 0\n[actors.us]\nslipp = 1\nslip = 2\n"
        "[truce]\ncore = ['us.tarifs']\n[actors.cn]\nfalse_alarm = 0.6\nmiss = 0.6\n"
    )
    assert {p.path for p in found} == {
        *("noise", "weeks", "actors.us.slipp", "actors.us.slip"),
        *("truce.core.0", "actors.cn.miss"),
    }


def test_a_wrong_number_of_an_actor_does_not_hide_what_is_wrong_with_its_policy(problems):
    found = problems(
        "[actors.us]\nslip = 3\npolicy = { name = 'generous_tit_for_tat', generosty = 0.3 }\n"
        "[truce]\nterm_week = 5\n"
    )
    assert {(p.path, p.nearest) for p in found} == {
        ("actors.us.slip", None),
        ("actors.us.policy.generosty", "generosity"),
        ("truce.term_week", "term_weeks"),
    }


def test_nothing_is_said_of_dates_when_the_calendar_is_wrong(problems):
    found = problems("weeks = 0\n" + SHOCK + "date = 2020-01-01\nlever = 'us.chipps'\nlevel = 1\n")
    assert [(p.path.split(".")[-1], p.nearest) for p in found] == [
        ("weeks", None),
        ("lever", "us.chips"),
    ]


def test_nothing_is_said_of_a_lever_that_could_not_be_read(problems):
    lever = "[levers.us.chips]\nnotches = 'four'\nlevel = 4\n"
    (problem,) = problems(lever + SHOCK + "chance = 0.1\nlever = 'us.chips'\nlevel = 3\n")
    assert problem.path == "levers.us.chips.notches"


def test_an_error_in_an_inherited_file_names_that_file(write):
    write('title = "t"\nstart = 2025-05-12\nweek = 3\n', "base.toml")
    (problem,) = failure(write('extends = "base.toml"\n', "top.toml"))
    assert (problem.file, problem.line, problem.nearest) == ("base.toml", 3, "weeks")


def test_what_is_missing_is_named(write):
    found = failure(write("weeks = 3\n"))
    assert [(p.path, p.found, p.file) for p in found] == [
        ("title", "nothing", "world.toml"),
        ("start", "nothing", "world.toml"),
    ]
    assert found[1].allowed == "a date, as 2025-05-12 (first day of week 1)"


def test_toml_that_is_not_toml_has_its_line(write):
    (problem,) = failure(write('title = "t"\nstart = \nweeks = 3\n'))
    assert (problem.file, problem.line) == ("world.toml", 2)
    assert problem.found == '"start =": Invalid value'
    assert "TOML" in problem.allowed


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("actors.us.policy.name = tit_for_tat", 'actors.us.policy.name = "tit_for_tat"'),
        ("name = grim   # mine", 'name = "grim"'),
        ("talks = True", "talks = true"),
        ("start = ", None),
        ("slip = 5%", None),
        (f"name = {'x' * 5_000}", None),
    ],
)
def test_a_word_without_quotes_is_shown_with_them(write, line, meant):
    (problem,) = failure(write(f'title = "t"\n{line}\n'))
    assert (problem.line, problem.nearest) == (2, meant)


def test_toml_that_ends_too_early_names_the_last_line(write):
    (problem,) = failure(write('title = "t"\nweeks = [1,'))
    assert problem.line == 2


def test_a_missing_file_offers_the_nearest_of_its_folder(write, tmp_path):
    write("", "geneva.toml")
    (problem,) = failure(tmp_path / "genevva.toml")
    assert problem.found == "no such file"
    assert problem.nearest == (tmp_path / "geneva.toml").as_posix()
    (problem,) = failure("genevva")
    assert problem.nearest == "geneva.toml"


def test_a_folder_is_not_a_scenario(write, tmp_path):
    write("", "folder/one.toml")
    (problem,) = failure("folder")
    assert (problem.file, problem.found) == ("folder", "a folder")
    assert problem.allowed == "a scenario file, as folder/one.toml"


def test_a_file_that_cannot_be_read_says_why(write, monkeypatch):
    path = write("")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (problem,) = failure(path)
    assert (problem.file, problem.found) == ("world.toml", "Permission denied")


def test_a_file_that_is_not_utf8_has_its_line(write):
    path = write("")
    path.write_bytes(b'title = "t"\n# caf\xe9\n')
    (problem,) = failure(path)
    assert (problem.file, problem.line) == ("world.toml", 2)
    assert problem.found == "byte 0xe9, which is not UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_are_read(write):
    path = write("")
    path.write_bytes(b'\xef\xbb\xbftitle = "t"\r\nstart = 2025-05-12\r\nweeks = 0\r\n')
    (problem,) = failure(path)
    assert (problem.path, problem.line) == ("weeks", 3)


def test_extends_must_not_go_in_circles(write):
    write('extends = "b.toml"\n', "a.toml")
    write('title = "b"\nextends = "a.toml"\n', "b.toml")
    (problem,) = failure("a.toml")
    assert problem.found == "a circle: a.toml -> b.toml -> a.toml"
    assert (problem.file, problem.line, problem.path) == ("b.toml", 2, "extends")


def test_a_file_must_not_extend_itself(write):
    (problem,) = failure(write('extends = "world.toml"\n'))
    assert problem.found == "a circle: world.toml -> world.toml"


def test_extends_names_a_file_that_exists(write):
    write("", "base/us-chinna.toml")
    (problem,) = failure(write('\nextends = "base/us-chinaa.toml"\n'))
    assert (problem.file, problem.line, problem.path) == ("world.toml", 2, "extends")
    assert problem.found == '"base/us-chinaa.toml", which is not there'
    assert problem.nearest in ("base/us-china.toml", "base/us-chinna.toml")
    (problem,) = failure(write("extends = 3\n"))
    assert problem.found == "3"


def test_a_problem_reads_as_one_block():
    problem = Problem("world.toml", 3, "actors.us.slipp", 'the unknown key "slipp"', "slip", "slip")
    assert str(ScenarioError([problem])) == (
        "world.toml:3: actors.us.slipp\n"
        '  found:   the unknown key "slipp"\n'
        "  allowed: slip\n"
        "  did you mean slip?"
    )


def test_one_family_of_errors():
    assert all(issubclass(e, DetenteError) for e in (ScenarioError, ExperimentError))


def test_nearest_and_spelling():
    assert nearest("Slipp", ["slip", "miss"]) == "slip"
    assert nearest("zzz", ["slip"]) is None
    assert quoted({"a": [1, True, "x"]}) == '{ a = [1, true, "x"] }'
    assert len(quoted("x" * 100)) == 80


JUNK = [5, -1, 1e300, float("nan"), "x", "", [], {}, [1], [[]], {"a": 1}, {"": {}}, True]


def test_a_value_of_no_use_in_every_place_is_a_scenario_error(world):
    for index, pattern in enumerate(patterns()):
        put_and_set(world, pattern, JUNK[index % len(JUNK)])


@pytest.mark.slow
@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_no_value_in_any_place_gives_anything_but_a_scenario_error(world, junk):
    for pattern in patterns():
        put_and_set(world, pattern, junk)


def put_and_set(world, pattern, junk):
    """A value in a file, and one set over it: accepted, or a scenario error, never another."""
    table = copy.deepcopy(world.tree.table)
    here: Any = table
    for part in pattern[:-1]:
        here = step(here, part)
    here[pattern[-1]] = junk
    with suppress(ScenarioError):
        Scenario.from_table(table)
    with suppress(ScenarioError):
        world.override({".".join(pattern).replace("*", "us", 1): junk})


def step(here: Any, part: str) -> Any:
    """Goes down one part of a pattern, * standing for the first name or item."""
    if isinstance(here, list):
        return here[0]
    if part == "*":
        return here.setdefault(next(iter(here), "us"), {})
    return here.setdefault(part, [{}] if part in LISTS else {})


LISTS = ("shocks", "deals", "programmes", "history")
