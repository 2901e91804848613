"""docs/model.md: its examples are played, its recipe gives the table, a symbol is one thing."""

import re
from collections import Counter
from math import fsum

import numpy as np
import pytest

from sim.policies import POLICIES
from sim.scenario.draw_tables import poisson_table
from sim.scenario.registry import registry
from tests.docs.test_pages import ROOT, script
from tests.world.play import Game, ban, licence, meeting, shock, table
from tests.world.play import script as plays

PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
#: Rows of the table of symbols: (symbols, keys).
SYMBOLS = [
    (re.split("[,;] ", symbols.strip()), re.findall("`([a-z_]+)`", keys))
    for symbols, keys in re.findall(
        r"^\|([^|]+)\|([^|]*)\|[^|]*\|$",
        PAGE.split("## Symbols")[1].split("\n## ")[0],
        re.MULTILINE,
    )[2:]
]


def test_the_worked_examples_are_what_the_engine_plays():
    maker = script("make_model")
    assert "<!-- stretch -->" in PAGE
    assert maker.renewed(PAGE) == PAGE, "run `python docs/make_model.py`"


def test_the_examples_show_what_the_text_says():
    """The answer keeps the slow office as its origin; a notch refused once stays refused."""
    assert PAGE.count("(slow_licences, cn, rare_earths, 2)") >= 4
    refused = re.findall(
        r"^\| ([23]) \| retaliate \| 2 \| 2 \| 0\.982 .* no \|", PAGE, re.MULTILINE
    )
    assert refused == ["2", "3"]
    assert re.search(r"^\| 5 \| retaliate \| 2 \| 2 \| .* yes \|", PAGE, re.MULTILINE)


def recipe(mean: float) -> list[float]:
    """The cumulative Poisson table as the page says."""
    last, mode = int(np.ceil(mean + 12 * mean**0.5)) + 39, int(mean)
    weight = [0.0] * (last + 1)
    weight[mode] = 1.0
    for n in range(mode + 1, last + 1):
        weight[n] = weight[n - 1] * mean / n
    for n in range(mode, 0, -1):
        weight[n - 1] = weight[n] * n / mean
    total, so_far, cumulative = fsum(weight), 0.0, []
    for one in weight:
        so_far += one / total
        cumulative.append(min(1.0, so_far))
    cumulative[-1] = 1.0
    return cumulative


@pytest.mark.parametrize("mean", [0.4, 1.0, 20.0, 1000.0])
def test_the_recipe_of_the_poisson_table(mean):
    assert poisson_table([mean])[0].tolist() == recipe(mean)


def test_a_symbol_has_one_meaning_on_the_page():
    symbols = [symbol for found, _ in SYMBOLS for symbol in found]
    assert len(symbols) > 60
    assert [symbol for symbol, count in Counter(symbols).items() if count > 1] == []


def test_the_symbols_of_the_registry_are_those_of_the_page():
    page = {symbol: keys for found, keys in SYMBOLS for symbol in found}
    given: dict[str, set[str]] = {}
    for row in registry():
        if row.entry.symbol:
            given.setdefault(row.entry.symbol, set()).add(row.path.rpartition(".")[2])
    assert len(given) > 35
    for symbol, keys in given.items():
        assert len(keys) == 1, f"{symbol} stands for {sorted(keys)}"
        assert keys <= set(page[symbol]), f"{symbol} is {sorted(keys)}"


def test_the_page_says_where_the_states_of_policies_are(capsys):
    from sim.cli.main import app

    assert "detente show POLICY" in PAGE
    for name in list(POLICIES)[:3]:
        app(["show", name], standalone_mode=False)
        assert "It starts in state" in capsys.readouterr().out


def test_a_stock_without_a_limit_given_is_never_more_than_at_the_start():
    """`stock_cap_weeks` unset: the page's I_max is `stock_weeks`."""
    levers = {"us": {}, "cn": {"ree": licence(capacity=2.0, stock_weeks=3.0, restock=1.0)}}
    game = Game(table(levers), {}).week(4)
    assert game.at("cn.ree").stock == 3.0
    more = {"ree": levers["cn"]["ree"] | {"stock_cap_weeks": 5.0}}
    assert Game(table({"us": {}, "cn": more}), {}).week(4).at("cn.ree").stock == 5.0


def test_an_act_in_the_week_after_a_lapse_leaves_the_lapse_as_trigger():
    truce = {"term_weeks": 2, "quiet_weeks": 1}
    world = table(truce=truce, shocks=[shock(3, ends_truce=True)], us={"belief_prior_good": 0.1})
    game = Game(world, {}).week(3)
    assert game.run.lapse_week == 2
    assert game.trigger() == ("lapse", 0, -1, 3)


def test_a_capacity_set_by_a_shock_is_boosted_again_by_later_talks():
    office = licence(capacity=0.5, capacity_after_talks=2.0)
    shocks = [shock(2, "cn.ree", capacity=0.1), meeting(3)]
    game = Game(table({"us": {}, "cn": {"ree": office}}, shocks=shocks), {})
    flows = [float(game.week().at("cn.ree").flow) for _ in range(4)]
    assert flows[:3] == [0.5, 0.1, 0.1]
    assert flows[3] > 1.0


def test_an_agency_may_pull_what_was_conceded_ahead_of_its_date():
    """A chosen pull passes over a lever below what counts; an agency does not ask."""
    lever = ban(notches=2, level=2, obligation=0, due_weeks=9)
    slips = {(3, "slip", "us"): 0.0, (3, "slip_lever", "us"): 0.0, (1, "friction", "us"): 0.0}
    us = {"policy": plays("CH"), "slip": 0.5}
    game = Game(table({"us": {"a": lever}, "cn": {}}, us=us), slips)
    assert [game.week().level("us.a") for _ in range(3)] == [1, 1, 2]
    chosen = Game(table({"us": {"a": lever}, "cn": {}}, us={"policy": plays("CHR")}), {})
    assert [chosen.week().level("us.a") for _ in range(3)] == [1, 1, 1]


def test_a_tempted_week_counts_in_the_stretch_and_can_be_stopped():
    talks = {"talks_rate": 1.0, "cooldown_weeks": 0}
    us = {"policy": plays("H"), "anticipation": 1.0, "slip_fail": 0.5}
    luck = {(1, "temptation", "us"): 0.0, (1, "slip_fail", "us"): 0.0}
    game = Game(table(us=us, talks=talks), luck).week()
    assert game.us.tempted == 1
    assert game.us.stretch == 1
    assert game.level("us.move") == 0
