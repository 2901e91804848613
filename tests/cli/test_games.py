"""`detente games`: its subcommands, `classify`, and what the pages on games show."""

import json
import re
import shlex
import tomllib

import pytest
import typer
from typer.testing import CliRunner

from sim.cli.main import app
from sim.games.pages import ONE_WEEK
from sim.scenario import Scenario
from tests.docs.test_pages import ROOT
from tests.everyday import one_in

GAMES = typer.main.get_command(app).commands["games"]


@pytest.mark.parametrize("words", [(), ("--help",), ("geneva-2025", "--help")])
def test_help_lists_every_subcommand(detente, words):
    told = detente("games", *words)
    assert told.exit_code == (0 if words else 2)
    assert all(name in told.stdout + told.stderr for name in GAMES.commands)


@pytest.mark.parametrize("name", GAMES.commands)
def test_every_subcommand_explains_itself_and_its_options(detente, name):
    told = detente("games", "geneva-2025", name, "--help")
    assert told.exit_code == 0
    assert GAMES.commands[name].help
    assert all(parameter.help for parameter in GAMES.commands[name].params)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("geneva-2025",), "nothing after geneva-2025"),
        (("tournament",), "nothing before tournament"),
        (("geneva-2025", "turnament"), "did you mean tournament?"),
        (("geneva-2025", "equlibria"), "did you mean equilibria?"),
    ],
)
def test_what_is_missing_or_misspelt_is_said(detente, words, message):
    told = detente("games", *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert message in told.stderr
    assert told.stderr.startswith("detente games: ")


@pytest.mark.parametrize("name", GAMES.commands)
def test_help_of_a_subcommand_needs_no_scenario(detente, name):
    told = detente("games", name, "--help")
    assert told.exit_code == 0
    assert told.stdout == detente("games", "geneva-2025", name, "--help").stdout


@pytest.mark.parametrize(
    "words",
    one_in(
        2,
        [
            ("classify", "--years", "2", "textbook/chicken", "--json"),
            ("classify", "textbook/chicken", "--json"),
            ("classify", "--json", "textbook/chicken"),
            ("classify", "--years=2", "textbook/chicken", "--json"),
        ],
    ),
)
def test_the_scenario_may_follow_the_subcommand(detente, words):
    told = detente("games", *words)
    rest = [word for word in words if word not in ("classify", "textbook/chicken")]
    assert told.exit_code == 0, told.stderr
    assert told.stdout == detente("games", "textbook/chicken", "classify", *rest).stdout


CLASSIFY = ("games", "geneva-2025", "classify")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The game of a year, drawn into a folder that it has to make."""
    path = tmp_path_factory.mktemp("drawn") / "new" / "game.svg"
    told = CliRunner().invoke(app, [*CLASSIFY, "--years", "1", "--plot", str(path)])
    assert told.exit_code == 0, told.stderr
    assert path.stat().st_size > 10_000
    assert str(path) in told.stderr
    return told


def test_it_names_the_game_and_says_it_is_exact(told):
    assert "What game is this? Prisoner's dilemma (exact)" in told.stdout
    assert "us.eda 0→1, us.engines 0→1, cn.rare_earths 0→2" in " ".join(told.stdout.split())
    assert "chicken and stag hunt" in told.stdout
    assert "levers.us.*.own_gain" in told.stdout


def test_a_matrix_of_its_own_is_named_without_readings_and_years(detente):
    told = detente("games", "textbook/stag-hunt", "classify")
    assert told.exit_code == 0, told.stderr
    assert "Stag hunt (exact)" in told.stdout
    assert "By how bad" not in told.stdout
    assert "us good with p 0.667, cn with p 0.667" in " ".join(told.stdout.split())


@pytest.mark.usefixtures("coarse_borders")
def test_json_carries_the_same(detente):
    told = detente(*CLASSIFY, "--json", "--bad", "everything", "--years", "2", "--set", "weeks=4")
    found = json.loads(told.stdout)
    assert found["exact"] is True
    assert found["name"] == "prisoner's dilemma"
    assert found["bad"] == "everything"
    assert [row["year"] for row in found["by_year"]] == [0, 1, 2]
    assert found["sides"]["us"]["T-R"] == pytest.approx(
        found["sides"]["us"]["temptation"] - found["sides"]["us"]["reward"]
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--bad", "lots"), "a rung above 0, as 5, or everything"),
        (("--bad", "0"), "a rung above 0, as 5, or everything"),
        (("--bad", "nan"), "a rung above 0, as 5, or everything"),
        (("--years", "-1"), "a whole number from 0 to 50"),
        (("--plot", "game.gif"), "png, svg, pdf"),
    ],
)
def test_bad_options_are_refused_with_what_is_allowed(detente, words, message):
    told = detente(*CLASSIFY, *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert message in told.stderr
    assert told.stderr.startswith("detente games: ")


def test_a_side_without_room_is_refused(detente):
    levers = [f"levers.cn.{name}.level=4" for name in ("probes", "unreliable_entities")]
    texts = [*levers, "levers.cn.critical_minerals.level=3", "levers.cn.tariffs.level=3"]
    texts += ["levers.cn.rare_earths.obligation=3"]
    texts += [text.replace("level", "obligation") for text in texts[:4]]
    told = detente(*CLASSIFY, *(word for text in texts for word in ("--set", text)))
    assert told.exit_code == 2
    assert "levers.cn\n  found:   no lever that can stand above its obligation" in told.stderr
    assert told.stdout == ""


def test_it_says_how_a_dilemma_and_conceding_go_together(told):
    assert f"{ONE_WEEK} (docs/howto-best-response.md)." in " ".join(told.stdout.split())


ON_GAMES, ON_RESPONSE, ON_CLASS = (
    (ROOT / "docs" / f"howto-{name}.md").read_text(encoding="utf-8")
    for name in ("games", "best-response", "classify")
)
TOURNAMENT = "detente games geneva-tournament tournament"
SIDES = [
    f"detente games geneva-2025 response --side {side} --states 2 --runs 4000"
    for side in ("us", "cn")
]
BLOCK = r"```\n\n```text\n(.*?)```"
#: What is typed, and what a page shows of its output.
SHOWN = [
    *re.findall(r"```sh\n(detente [^`\n]*)\n" + BLOCK, ON_GAMES + ON_CLASS, re.S),
    (TOURNAMENT, re.findall(r"```text\n(8 x 8 pairs.*?)```", ON_GAMES, re.S)[0]),
    (SIDES[0], re.findall(BLOCK, ON_RESPONSE, re.S)[0]),
]
#: What the section on Geneva rests on.
ASKED = ("", " --utility standing")
ESTIMATE = re.compile(r"-?\d+\.\d+ \(-?\d+\.\d+ to -?\d+\.\d+\)")


def printed(detente, typed: str) -> str:
    done = detente(*shlex.split(typed)[1:])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def words(text: str) -> list[str]:
    """Lines as words, however wide their columns are; without rules and what was left out."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and line.strip("─ .")]


@pytest.mark.parametrize(("typed", "text"), SHOWN)
@pytest.mark.pages
def test_every_line_of_the_page_is_printed(detente, monkeypatch, typed, text):
    monkeypatch.setenv("COLUMNS", "120")
    there = words(printed(detente, typed))
    assert [line for line in words(text) if line not in there] == []


@pytest.mark.pages
def test_every_number_of_the_best_responses_is_printed(detente):
    estimates = set(ESTIMATE.findall(ON_RESPONSE))
    assert len(estimates) >= 10
    there = " ".join(printed(detente, typed) for typed in SIDES)
    assert {each for each in estimates if each not in there} == set()


@pytest.mark.pages
def test_the_numbers_of_the_textbook_are_printed(detente):
    told = printed(detente, "detente games textbook/gtft-noise response")
    said = ON_RESPONSE.split("games textbook/gtft-noise response")[1].split("The critical")[0]
    numbers = re.findall(r"\d+\.\d{3,}", said)
    assert len(numbers) == 3
    assert [number for number in numbers if number not in told] == []
    lacking = re.search(r"^  tit_for_tat +\S+ +(\S+)", told, re.M)[1]
    tutorial = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    assert f"tit for tat lacks {float(lacking):.1f} points of it" in tutorial


@pytest.mark.pages
def test_the_ranks_of_the_whole_library_are_those_of_the_page(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    told = printed(detente, "detente games geneva-2025 tournament")
    us, cn = (re.split(r"Ranking: ", told)[side].splitlines() for side in (1, 2))
    said = " ".join(ON_GAMES.split())
    assert (
        "`always_concede` is rank 1 of 17 for the United States and the policy as shipped" in said
    )
    for rank, name in (("1", "always_concede"), ("2", "us_as_shipped"), ("17", "always_retaliate")):
        assert any(re.match(rf" +{rank} +{name} .*settled", line) for line in us)
    assert "the policy as shipped is 6th, and the seven hardest are a tie" in said
    for rank, name in (("1 to 2", "win_stay_lose_shift"), ("1 to 2", "always_concede")):
        assert any(re.match(rf" +{rank} +{name} ", line) for line in cn)
    assert any(re.match(r" +6 +cn_as_shipped .*settled", line) for line in cn)
    assert sum(line.lstrip().startswith("11 to 17") for line in cn) == 7


@pytest.mark.pages
def test_what_the_stag_hunt_earns_is_printed(detente):
    typed = re.search(r"^detente games textbook/tft-noise equilibria .*$", ON_GAMES, re.M)[0]
    numbers = re.search(r"earns ([\d.]+) of the ([\d.]+) .* the best ([\d.]+):", ON_GAMES).groups()
    told = printed(detente, typed)
    worst, best = (
        [float(number) for number in re.findall(r"(-?[\d.]+) \(", line)]
        for line in told.splitlines()
        if line.strip().startswith(("worst equilibrium", "best equilibrium"))
    )
    assert numbers == (f"{worst[1]:.1f}", f"{worst[0]:.1f}", f"{best[1]:.1f}")


@pytest.mark.pages
def test_every_estimate_of_geneva_is_printed(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    text = ON_GAMES.split("### What Geneva's game says")[1].split("How much temptation")[0]
    estimates = set(ESTIMATE.findall(" ".join(text.split())))
    assert len(estimates) >= 10
    there = " ".join(printed(detente, f"detente games geneva-2025 equilibria{a}") for a in ASKED)
    assert {each for each in estimates if each not in " ".join(there.split())} == set()


@pytest.mark.pages
def test_the_policies_as_shipped_are_those_of_the_scenario():
    actors = Scenario.load("geneva-2025").to_table()["actors"]
    experiment = tomllib.loads((ROOT / "experiments" / "geneva-tournament.toml").read_text())
    for factor in experiment["factors"]:
        choice = factor["choices"]["as_shipped"]
        assert choice == {key: actors[factor["name"]]["policy"][key] for key in choice}
