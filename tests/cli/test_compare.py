"""`detente compare`: what it prints, and what it refuses; the numbers of its page."""

import json
from pathlib import Path

import pytest

from sim import Scenario
from sim.studies.pair import Pair, margin, pair_of, without
from sim.studies.pairs import compare

HAPPENED = "geneva-as-happened"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-compare.md"
ACTS = {
    "the 13 May guidance": "shock:ascend-guidance",
    "the 5 June call": "shock:leaders-call",
    "the EDA lever": "lever:us.eda",
}


@pytest.fixture(autouse=True)
def _few_settings(monkeypatch):
    """Enough of the outer loop to be told of it."""
    monkeypatch.setattr("sim.outcomes.spread.POINTS", 4)
    monkeypatch.setattr("sim.outcomes.spread.RUNS_A_POINT", 25)


def test_it_says_what_an_act_was_worth(detente):
    told = detente("compare", HAPPENED, "--without", "shock:leaders-call", "--runs", "500")
    assert told.exit_code == 0
    world = Scenario.load(HAPPENED)
    first, second = pair_of(world, removed=["shock:leaders-call"]).hashes
    assert first == world.hash != second
    assert f"A: {HAPPENED} (hash {first[:8]})\n" in told.stdout
    assert f"B: A without shock:leaders-call (hash {second[:8]})\n" in told.stdout
    who = f"A is {HAPPENED}, B is without shock:leaders-call\n"
    assert told.stdout.count(who) == 3
    assert "standing at the end of the term (week 13, to 2025-08-10)" in told.stdout
    assert "in week 4 at the earliest" in told.stdout
    assert "500 runs of each, seed 2025" in told.stdout


def test_two_scenarios_and_a_change_of_the_second(detente):
    told = detente(
        "compare", "geneva-2025", HAPPENED, "--set", "weeks=26", "--runs", "200", "--seed", "3"
    )
    assert told.exit_code == 0
    digests = [Scenario.load("geneva-2025").hash[:8]]
    digests.append(Scenario.load(HAPPENED).override({"weeks": 26}).hash[:8])
    assert f"A: geneva-2025 (hash {digests[0]})\n" in told.stdout
    assert f"B: {HAPPENED} with weeks = 26, not 33 (hash {digests[1]})\n" in told.stdout


def test_a_scenario_against_itself_never_parts(detente):
    told = detente("compare", HAPPENED, HAPPENED, "--runs", "200")
    assert told.exit_code == 0
    assert "the two never part" in told.stdout
    assert f"The runs that flip\nA is {HAPPENED}, B is {HAPPENED}\nnone\n" in told.stdout


def test_it_fits_a_terminal_of_80_columns(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    rare = ("--set", "talks.talks_rate=0", "--set", "talks.talks_pressure=0.2")
    told = detente("compare", "geneva-2025", *rare, "--runs", "300")
    assert told.exit_code == 0
    assert max(map(len, told.stdout.splitlines())) <= 80
    assert "…" not in told.stdout
    assert "runs with talks in both" in told.stdout


def test_json_has_the_numbers_of_the_library(detente):
    options = ("--without", "lever:us.eda", "--runs", "300", "--seed", "9", "--json")
    told = json.loads(detente("compare", HAPPENED, *options).stdout)
    world = Scenario.load(HAPPENED).compiled
    found = compare(world, without(world, ["lever:us.eda"]), 300, 9)
    assert told["outcomes"][0]["difference"]["value"] == found.outcomes[0].difference.value
    assert told["amounts"][3]["high"] == found.amounts[3].high
    assert told["divergence"]["earliest"] == found.divergence.earliest
    assert told["second"]["without"] == ["lever:us.eda"]
    assert told["second"]["is"] == "A without lever:us.eda"
    assert told["ranges"]["points"] == told["ranges"]["more"] + told["ranges"]["less"] + even(told)
    assert (told["n"], told["seed"], told["term"], told["horizon"]) == (300, 9, 13, 33)


def even(told):
    """Settings at which it makes no difference, from the rest of what is told."""
    ranges = told["ranges"]
    return 4 - ranges["more"] - ranges["less"]


def test_it_says_in_how_many_settings_it_helps_and_what_is_held(detente):
    change = ("--set", "actors.us.slip=0", "--runs", "50", "--threads", "1")
    told = detente("compare", "geneva-2025", *change)
    pair = pair_of(world := Scenario.load("geneva-2025"), world.override({"actors.us.slip": 0.0}))
    found = margin(pair, "standing", 2025, 1, 4, 25)
    low, high = (f"{100 * end:+.1f}" for end in (found.low, found.high))
    words = " ".join(told.stdout.split())
    sure = f"B holds more often in {found.surely_more}, A in {found.surely_less}, "
    assert f"4 plausible ones {sure}" in words
    assert f"B - A is {low} to {high} of 100 (5th to 95th percentile)" in words
    assert "held fixed, since B changes it: actors.us.slip\n" in told.stdout
    assert "as you decided it" not in told.stdout
    assert f"4 settings over {found.ranges} ranged parameters" in " ".join(told.stdout.split())
    off = detente("compare", "geneva-2025", *change, "--ranges", "off")
    assert "settings" not in off.stdout
    assert detente("compare", "geneva-2025", *change, "--ranges", "some").exit_code == 2


def test_what_is_set_to_its_own_value_is_said_to_change_nothing(detente):
    path = "levers.cn.rare_earths.capacity"
    entries = Scenario.load("geneva-2025").entries()
    same = f"{path}={next(entry.value for entry in entries if entry.path == path)}"
    told = " ".join(detente("compare", "geneva-2025", "--set", same, "--runs", "50").stdout.split())
    assert f"B is A: {path} has the value that was set already. Both are one scenario" in told
    assert "comes later" not in told
    assert "plausible ones" not in told


def test_a_difference_outside_its_range_over_the_settings_is_told(detente):
    change = ("--set", "levers.cn.rare_earths.capacity=1", "--runs", "200")
    told = " ".join(detente("compare", "geneva-2025", *change).stdout.split())
    numbers = json.loads(detente("compare", "geneva-2025", *change, "--json").stdout)
    value, over = numbers["outcomes"][0]["difference"]["value"], numbers["ranges"]
    assert value > over["high"]
    assert f"With the values as they are it is {100 * value:+.1f} of 100, above that range" in told
    assert "B is with levers.cn.rare_earths.capacity = 1, not 0.25 Common" in told


def test_independent_luck_has_neither_flips_nor_a_week_they_part(detente):
    options = ("--without", "shock:leaders-call", "--runs", "400", "--independent")
    told = detente("compare", HAPPENED, *options)
    assert told.exit_code == 0
    assert "Random numbers of their own; 95 % (Newcombe)" in told.stdout
    for absent in ("flip", "fewer", "McNemar", "The two part"):
        assert absent not in told.stdout
    numbers = json.loads(detente("compare", HAPPENED, *options, "--json").stdout)
    assert (numbers["luck"], numbers["divergence"]) == ("independent", None)
    assert len(numbers["curves"][0]["difference"][0]) == numbers["horizon"]


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "form", ["svg", pytest.param("png", marks=SLOW), pytest.param("pdf", marks=SLOW)]
)
def test_a_picture_is_drawn_beside_the_numbers(detente, form):
    file = Path(f"call.{form}")
    options = ("--without", "shock:leaders-call", "--runs", "200", "--plot", str(file))
    told = detente("compare", HAPPENED, *options)
    assert told.exit_code == 0, told.stderr
    assert f"drawn in {file}" in told.stderr
    assert file.stat().st_size > 5000
    assert [path.name for path in Path().iterdir()] == [file.name]


def test_the_page_to_mail_is_written(detente):
    options = ("--set", "actors.us.slip=0", "--runs", "100", "--report", "page.html")
    told = detente("compare", "geneva-2025", *options)
    assert told.exit_code == 0, told.stderr
    assert "wrote page.html" in told.stderr
    assert "What was changed in B" in Path("page.html").read_text()


def test_notes_are_printed(detente):
    told = detente("compare", "geneva-2025", "--set", "truce.term_weeks=10", "--runs", "50")
    assert told.exit_code == 0
    assert "note: the terms differ (13 weeks and 10 weeks)" in told.stdout
    assert "standing at the horizon (week 26" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((HAPPENED,), "a second scenario, --set or --without"),
        (("geneva-2025", HAPPENED), "26 weeks in the first scenario, 33 in the second"),
        ((HAPPENED, "--without", "shock:leader-call"), "did you mean shock:leaders-call?"),
        ((HAPPENED, "--without", "lever:us.edaa"), "did you mean lever:us.eda?"),
        ((HAPPENED, "--set", "actors.us.slipp=0"), "actors.us.slip"),
        ((HAPPENED, "geneva-20255"), "geneva-2025"),
        ((HAPPENED, HAPPENED, "--runs", "1"), "--runs"),
        ((HAPPENED, HAPPENED, "--seed", "-1"), "--seed"),
        ((HAPPENED, HAPPENED, "--threads", "0"), "--threads"),
        ((HAPPENED, HAPPENED, "--plot", "a.gif"), "ends in .png, .svg, .pdf"),
        ((HAPPENED, HAPPENED, "--plot", "none/a.png"), "a folder that is there"),
    ],
)
def test_bad_input_is_refused(detente, tmp_path, arguments, said):
    told = detente("compare", *arguments)
    assert told.exit_code == 2
    assert said in told.stderr
    assert not told.stdout
    assert not list(tmp_path.iterdir())


def worth(name: str, thing: str) -> str:
    """A row of the page's table."""
    world = Scenario.load(HAPPENED).compiled
    row = compare(world, without(world, [thing]), 20_000, 2025).outcomes[0]
    change = row.difference
    interval = f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
    flips = f"{change.gained / change.n:.1%} | {change.lost / change.n:.1%}"
    return f"| {name} | {row.first:.3f} | {row.second:.3f} | {interval} | {flips} |"


@pytest.mark.pages
@pytest.mark.parametrize("name", ACTS)
def test_the_table_of_the_page_is_what_comes_out_now(name):
    row = worth(name, ACTS[name])
    assert row in PAGE.read_text(encoding="utf-8"), row


@pytest.mark.pages
def test_what_the_page_says_of_the_eda_lever_and_the_call_is_so():
    world = Scenario.load(HAPPENED).compiled
    eda = compare(world, without(world, ["lever:us.eda"]), 20_000, 2025)
    harm = eda.amounts[3]
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"({-harm.difference:.1f} lower without it, of {harm.first:.1f})" in text
    call = compare(world, without(world, ["shock:leaders-call"]), 20_000, 2025)
    met = call.first_talks
    assert met is not None
    assert f"(week {met.second:.1f} instead of {met.first:.1f} on average)" in text
    fewer = -100 * call.outcomes[0].difference.value
    assert f"stands in {fewer:.0f} of 100 fewer runs" in text


def test_a_hash_is_of_what_was_really_run():
    world = Scenario.load(HAPPENED)
    changes = [(), ("shock:leaders-call",), ("lever:us.eda",), ("lever:us.eda", "shock:x")]
    pairs = [Pair(world, world, world, removed).hashes for removed in changes]
    assert {first for first, _ in pairs} == {world.hash}
    assert pairs[0] == (world.hash, world.hash)
    assert len({second for _, second in pairs}) == len(changes)
