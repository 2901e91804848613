"""`detente games ... tournament`, `equilibria` and `replicator` as typed."""

import json

import pytest

SMALL = ("--us", "grim,us_as_shipped,always_concede", "--cn", "tit_for_tat,cn_as_shipped")
FEWEST = ("--resamples", "100")
QUICK = (*SMALL, "--runs", "40", *FEWEST)


#: Two policies of each side that never keep the truce clean, but fare differently.
ALWAYS_SLIPS = (
    *("--us", "grim,random", "--cn", "grim,random"),
    *("--set", "actors.us.slip=1", "--set", "actors.cn.slip=1"),
)


def few(options):
    return () if "--runs" in options else ("--runs", "20")


def test_a_tournament_is_printed_drawn_and_kept(detente, tmp_path):
    told = detente("games", "geneva-2025", "tournament", *QUICK)
    assert told.exit_code == 0, told.stderr
    for words in ("3 x 2 pairs, 40 runs", "Ranking: United States", "equilibrium set"):
        assert words in told.stdout
    (folder,) = (tmp_path / "results").iterdir()
    names = sorted(path.name for path in (folder / "figures").iterdir())
    heat = [f"heat-{name}.png" for name in ("payoff_cn", "payoff_us", "standing")]
    assert names == [*heat, "ranking.png"]
    again = detente("games", "geneva-2025", "tournament", *QUICK)
    assert "already played" in again.stderr
    assert again.stdout == told.stdout


def test_json_carries_cells_ranking_and_equilibria(detente):
    told = detente("games", "geneva-2025", "tournament", *QUICK, "--json", "--no-pictures")
    content = json.loads(told.stdout)
    assert len(content["cells"]) == 6
    for cell in content["cells"]:
        for name in ("standing", "clean", "core", "extended", "payoff_us", "harm_cn"):
            assert cell[f"{name}_low"] <= cell[name] <= cell[f"{name}_high"]
    assert [one["policy"] for one in content["ranking"]["us"]][0] == "always_concede"
    assert content["ranking"]["against"] == "field"
    for one in content["equilibria"]["sets"]:
        assert one["survives"]["low"] <= one["survives"]["p"] <= one["survives"]["high"]
    assert content["as_shipped"] == {"us": "us_as_shipped", "cn": "cn_as_shipped"}
    assert content["pictures"] == []


def test_equilibria_of_what_was_played_are_not_played_again(detente):
    detente("games", "geneva-2025", "tournament", *QUICK, "--no-pictures")
    told = detente("games", "geneva-2025", "equilibria", *QUICK)
    assert told.exit_code == 0, told.stderr
    assert "already played" in told.stderr
    for words in ("Equilibria: 1", "as shipped change?", "Pareto frontier", "Price of distrust"):
        assert words in told.stdout


def test_a_connected_set_is_told_by_its_extreme_mixes(detente):
    """No noise: against always_concede, conceding and answering in kind are a tie.

    26 rounds of (5, 3, 1, 0): retaliating earns China 5 against always_concede, and 5 once, then
    1, against tit for tat, so that it is no better than 3 if 52 of 100 play tit for tat.
    """
    options = ("--us", "always_concede,tit_for_tat", "--cn", "always_concede,always_retaliate")
    told = detente("games", "textbook/quiet", "equilibria", *options, *FEWEST, "--runs", "2")
    assert told.exit_code == 0, told.stderr
    for words in ("connected set", "0.520 tit_for_tat + 0.480", "ties make it infinite"):
        assert words in told.stdout


def test_utilities_may_differ(detente):
    wanted = ("--utility", "us=standing,cn=payoff", "--json")
    told = detente("games", "geneva-2025", "equilibria", *QUICK, *wanted)
    content = json.loads(told.stdout)["equilibria"]
    assert content["utility"] == {"us": "standing", "cn": "payoff"}
    assert content["price_of_distrust"] == []


def test_ranking_against_the_equilibrium(detente):
    wanted = ("--against", "equilibrium", "--json", "--no-pictures")
    told = detente("games", "geneva-2025", "tournament", *QUICK, *wanted)
    assert json.loads(told.stdout)["ranking"]["against"] == "equilibrium"


def test_an_experiment_of_ones_own(detente, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'scenario = "geneva-2025"\nruns = 20\ndesign = "grid"\n'
        '[[factors]]\npath = "actors.us.policy"\n'
        'choices = { a = { name = "grim" }, b = { name = "random" } }\n'
        '[[factors]]\npath = "actors.cn.policy"\n'
        'choices = { a = { name = "grim" }, b = { name = "tit_for_tat" } }\n'
    )
    told = detente("games", "mine.toml", "tournament", "--json", "--no-pictures")
    assert told.exit_code == 0, told.stderr
    content = json.loads(told.stdout)
    assert list(content["policies"]["us"]) == ["a", "b"]
    refused = detente("games", "mine.toml", "tournament", "--runs", "30", "--us", "grim,random")
    assert refused.exit_code == 2
    assert "--runs" in refused.stderr
    assert "--us" in refused.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--us", "grim"), "two or more"),
        (("--us", "grim,grim"), "grim twice"),
        (("--us", "grim,trigge"), "did you mean trigger?"),
        (("--utility", "payof"), "did you mean payoff?"),
        (("--utility", "us=payoff"), "us=NAME,cn=NAME"),
        (("--utility", "clean", *ALWAYS_SLIPS), "in every cell"),
        (("--runs", "1"), "from 2"),
        (("--runs", "5000000"), "fewer runs or fewer policies"),
        (("--resamples", "5"), "from 100"),
        (("--set", "weeks=0"), "weeks"),
        (("--policies", "nowhere.toml"), "nowhere.toml"),
        (("--against", "feild"), "did you mean field?"),
    ],
)
def test_bad_input_is_one_error_and_nothing_is_drawn(detente, tmp_path, options, message):
    told = detente("games", "geneva-2025", "tournament", *few(options), *options)
    assert (told.exit_code, told.stdout) == (2, "")
    assert message in told.stderr
    assert not list(tmp_path.glob("results/*/figures"))


def test_a_scenario_that_fails_its_checks_is_refused(detente, tmp_path):
    (tmp_path / "broken.toml").write_text('extends = "geneva-2025.toml"\nweeks = -1\n')
    told = detente("games", "broken.toml", "tournament")
    assert told.exit_code == 2
    assert "weeks" in told.stderr
    assert not (tmp_path / "results").exists()


def test_past_the_limit_equilibria_are_refused_by_name(detente, monkeypatch):
    monkeypatch.setattr("sim.games.equilibria.MOST_POLICIES", 1)
    labels = "grim,tit_for_tat,always_retaliate"
    options = ("--us", labels, "--cn", labels, "--runs", "20", "--resamples", "100")
    told = detente("games", "textbook/tft-noise", "equilibria", *options)
    assert told.exit_code == 1  # no bad input: what was played is told and kept
    assert "pure equilibria (all): " in told.stdout
    assert "the runs are kept in results/" in told.stderr
    assert "policies left after strict dominance" in told.stderr
    assert "--us and --cn" in told.stderr
    ranked = detente("games", "textbook/tft-noise", "tournament", *options, "--no-pictures")
    assert ranked.exit_code == 0
    assert "pure equilibria (all)" in ranked.stdout


def test_interrupted_it_says_what_is_kept_and_the_same_command_continues(detente, monkeypatch):
    import sim.studies.runner as runner

    play = runner.Threads.play

    def stopped(self, groups, tell):
        for number, found in enumerate(play(self, groups, tell)):
            if number == 1:
                raise KeyboardInterrupt
            yield found

    monkeypatch.setattr(runner, "GROUP_RUN_WEEKS", 1)  # a group a pair
    with monkeypatch.context() as patch:
        patch.setattr(runner.Threads, "play", stopped)
        told = detente("games", "geneva-2025", "tournament", *QUICK)
    assert told.exit_code == 130
    assert "1 of 6 pairs are kept" in told.stderr
    assert "the same command continues" in told.stderr
    again = detente("games", "geneva-2025", "tournament", *QUICK, "--no-pictures")
    assert again.exit_code == 0, again.stderr
    assert "continuing what was begun" in again.stderr


@pytest.mark.slow
def test_v22_on_the_command_line(detente):
    """The textbook's dilemma with discount .9: the edge's rest point at 1/17."""
    discount = [f"actors.{side}.discount=0.9" for side in ("us", "cn")]
    settings = [word for one in (*discount, "weeks=260") for word in ("--set", one)]
    told = detente(
        "games",
        "textbook/base",
        "replicator",
        *settings,
        "--populations",
        "1",
        "--runs",
        "2",
        "--json",
    )
    assert told.exit_code == 0, told.stderr
    content = json.loads(told.stdout)
    (edge,) = (one for one in content["rest_points"] if len(one["mix"]) == 2)
    assert edge["mix"]["tit_for_tat"] == pytest.approx(1 / 17, abs=1e-6)
    assert not edge["stable"]
    assert len(content["pictures"]) == 1


def test_replicator_of_two_populations(detente, monkeypatch):
    monkeypatch.setattr("sim.games.replicator.RESAMPLES", 5)  # its intervals: in tests/games
    told = detente("games", "textbook/tft-noise", "replicator", "--runs", "40", "--time", "1")
    assert told.exit_code == 0, told.stderr
    assert "replicator-2.png" in told.stdout
    refused = detente("games", "textbook/base", "replicator", "--populations", "3")
    assert refused.exit_code == 2
    assert "1 or 2" in refused.stderr
