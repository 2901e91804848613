"""Wrong keys, types and values of single fields, and what does not fit together."""

import pytest

from tests.scenario.conftest import DEAL, SHOCK, Wrong

#: Wrong keys, types and values of single fields.
FIELDS = [
    Wrong("[actors.us]\ngenerosity = 0", "actors.us.generosity", 3).says(
        "unknown key", "one of policy", "actors.us.policy.generosity"
    ),
    Wrong("[['+shocks']]\nname = '7'\nchance = 1\ntalks = true", "shocks.7.name", 3).says(
        '"7"', "letters"
    ),
    Wrong("[['+shocks']]\nname = 'a b'\nchance = 1\ntalks = true", "shocks.a b.name", 3).says(
        '"a b"', "letters"
    ),
    Wrong("[['+shocks']]\nname = 'x'\nchance = 1\nchange = 65", "shocks.x.change", 5).says(
        "65", "a whole number from -64 to 64"
    ),
    Wrong("[actors.us]\nslipp = 0.1", "actors.us.slipp", 3).says(
        'unknown key "slipp"', "one of policy", "slip"
    ),
    Wrong("levers.us.chip.level = 9", "levers.us.chip", 2).says(
        "a new lever, beside the inherited chips", "an inherited lever", "chips"
    ),
    Wrong("[lever.us.chips]\nlevel = 2", "lever", 2).says(
        'unknown key "lever"', "one of title", "levers"
    ),
    Wrong("[shock]\nx = 1", "shock", 2).says('unknown key "shock"', "one of title", "shocks"),
    Wrong("[truce]\ntalks_rate = 0.1", "truce.talks_rate", 3).says(
        "unknown key", "one of term_weeks", "talks.talks_rate"
    ),
    Wrong("[actors.us]\nslip = 1.5", "actors.us.slip", 3).says("1.5", "a number from 0 to 1"),
    Wrong("[actors.us]\nslip = -0.1", "actors.us.slip", 3).says("-0.1", "a number from 0 to 1"),
    Wrong("[actors.us]\nslip = nan", "actors.us.slip", 3).says(
        "nan, which is not finite", "from 0 to 1"
    ),
    Wrong("[actors.us]\nproportionality = inf", "actors.us.proportionality", 3).says(
        "inf, which is not finite", "a number from 0 to 1000"
    ),
    Wrong("[actors.us]\nslip = '0.1'", "actors.us.slip", 3).says('"0.1"', "a number from 0 to 1"),
    Wrong("[actors.us]\nslip = true", "actors.us.slip", 3).says("true", "a number from 0 to 1"),
    Wrong("[actors.us]\nstride = 1.5", "actors.us.stride", 3).says(
        "1.5", "a whole number from 1 to 16"
    ),
    Wrong("weeks = 0", "weeks", 2).says("0", "a whole number from 1 to 5200"),
    Wrong("weeks = 5_201", "weeks", 2).says("5201", "a whole number from 1 to 5200"),
    Wrong("start = 'May'", "start", 2).says('"May"', "a date, as 2025-05-12"),
    Wrong("start = 2025-05-12T10:00:00", "start", 2).says("2025-05-12T10:00:00", "a date"),
    Wrong("noise = 'flop'", "noise", 2).says('"flop"', "one of agency, flip", "flip"),
    Wrong("[levers.us.chips]\ncontrol = 'licens'", "levers.us.chips.control", 3).says(
        '"licens"', "one of ban, tariff, licence", "licence"
    ),
    Wrong("[levers.us.chips]\nnotches = 65", "levers.us.chips.notches", 3).says(
        "65", "a whole number from 1 to 64"
    ),
    Wrong("[levers.us]\nchips = 3", "levers.us.chips", 3).says("3", "a table"),
    Wrong("[levers.jp.resists]\nlevel = 0", "levers.jp", 2).says("no side", "us or cn"),
    Wrong("[levers.us.'a b']\nlevel = 0", "levers.us.a b", 2).says('"a b"', "letters, digits"),
    Wrong("[actors.usa]\nslip = 0.1", "actors.usa", 2).says("no side", "us or cn", "us"),
    Wrong("'+truce' = [1]", "+truce", 2).says(
        "+truce, which would extend what is no list", "as +shocks"
    ),
    Wrong("[['+shocks']]\ndate = 2025-05-12\ntalks = true", "shocks.1.name", 2).says(
        "nothing", "unique name"
    ),
    Wrong("[ranges]\n'actors.us.slip' = [0, nan]", "ranges.actors.us.slip", 3).says("nan", ""),
    Wrong("ranges = 'no'", "ranges", 2).says('"no"', "a table"),
    Wrong("[levers.us.chips]\nhalving_years = 0", "levers.us.chips.halving_years", 3).says(
        "0", 'a number above 0, at most 100000, or "none"'
    ),
    Wrong(
        "[allies.eu.dependence]\n'cn.rare_earths' = 2", "allies.eu.dependence.cn.rare_earths", 3
    ).says("2", "a number from 0 to 1"),
]
#: Levels, references, events, policies, ranges, sources.
TOGETHER = [
    Wrong("start = 9999-01-01\nweeks = 100", "weeks", 3).says("100", "at most 52 weeks"),
    Wrong("[levers.us.chips]\nlevel = 5", "levers.us.chips.level", 3).says(
        "5", "0 to 4, the notches"
    ),
    Wrong("[levers.us.chips]\nobligation = 5", "levers.us.chips.obligation", 3).says("5", "0 to 4"),
    Wrong("[levers.us.chips]\nobligation = 0", "levers.us.chips.floor", None).says(
        "1", "at most 0, the obligation"
    ),
    Wrong("[levers.us.chips]\nfloor = 3", "levers.us.chips.floor", 3).says(
        "3", "at most 2, the initial"
    ),
    Wrong("[actors.us]\nfalse_alarm = 0.6\nmiss = 0.5", "actors.us.miss", 4).says(
        "1.1 together", "at most 1"
    ),
    Wrong("[truce]\ncore = ['us.tarifs']", "truce.core.0", 3).says(
        'no lever "us.tarifs"', "a lever", "us.tariffs"
    ),
    Wrong("[truce]\ncore = ['us.tariffs', 'us.tariffs']", "truce.core.1", 3).says("twice", "once"),
    Wrong("[allies.eu]\nlever = 'us.chip'", "allies.eu.lever", 3).says(
        'no lever "us.chip"', "a lever", "us.chips"
    ),
    Wrong(
        "[allies.eu.dependence]\n'cn.rare_earth' = 1", "allies.eu.dependence.cn.rare_earth", 3
    ).says('no lever "cn.rare_earth"', "a lever", "cn.rare_earths"),
    Wrong(SHOCK + "talks = true", "shocks.new", 2).says(
        "neither date nor chance", "one of the two"
    ),
    Wrong(SHOCK + "date = 2025-05-12\nchance = 0.1\ntalks = true", "shocks.new.chance", 5).says(
        "both date and chance", "one of the two"
    ),
    Wrong(SHOCK + "chance = 0.1", "shocks.new", 2).says("no effect", "at least one of change"),
    Wrong(SHOCK + "chance = 0.1\nchange = 1", "shocks.new.lever", 2).says(
        "nothing", "the lever it acts on"
    ),
    Wrong(SHOCK + "chance = 0.1\nlever = 'us.chip'\nchange = 1", "shocks.new.lever", 5).says(
        'no lever "us.chip"', "a lever", "us.chips"
    ),
    Wrong(
        SHOCK + "chance = 0.1\nlever = 'us.chips'\nchange = 1\nlevel = 1", "shocks.new.level", 7
    ).says("both change and level", "one of the two"),
    Wrong(SHOCK + "chance = 0.1\nlever = 'us.chips'\nlevel = 9", "shocks.new.level", 6).says(
        "9", "0 to 4"
    ),
    Wrong(SHOCK + "date = 2025-05-11\ntalks = true", "shocks.new.date", 4).says(
        "2025-05-11", "from the start, 2025-05-12, on; shocks = [] leaves out all shocks"
    ),
    Wrong(
        "[['+shocks']]\nname = 'guidance'\nchance = 0.1\ntalks = true", "shocks.guidance.name", 3
    ).says('"guidance" twice', "a name of its own"),
    Wrong(
        DEAL + "levers = [{ lever = 'us.chips', level = 0 }]", "deals.swap.levers.0.level", 4
    ).says("0", "1 to 4, the floor and notches"),
    Wrong(
        DEAL + "levers = [{ lever = 'us.chops', level = 1 }]", "deals.swap.levers.0.lever", 4
    ).says('no lever "us.chops"', "a lever", "us.chips"),
    Wrong(
        DEAL + "date = 2025-01-01\nlevers = [{ lever = 'us.chips', level = 1 }]",
        "deals.swap.date",
        4,
    ).says("2025-01-01", "from the start"),
    Wrong(
        "[levers.us.chips]\nhistory = [{ date = 2025-05-13, level = 2 }]",
        "levers.us.chips.history.0.date",
        3,
    ).says("2025-05-13", "up to the start, 2025-05-12"),
    Wrong(
        "[levers.us.chips]\nhistory = [{ date = 2025-04-02, level = 1 }, "
        "{ date = 2025-04-01, level = 2 }]",
        "levers.us.chips.history.1.date",
        3,
    ).says("2025-04-01", "after 2025-04-02"),
    Wrong(
        "[levers.us.chips]\nhistory = [{ date = 2025-04-02, level = 1 }]",
        "levers.us.chips.level",
        None,
    ).says("2", "1, the last level of the history"),
    Wrong(
        "[levers.us.chips]\nprogrammes = [{ name = 'a', online = 2028-01-01, share = 0.1 },"
        " { name = 'a', online = 2029-01-01, share = 0.1 }]",
        "levers.us.chips.programmes.a.name",
        3,
    ).says('"a" twice', "a name of its own"),
    Wrong("[actors.us]\npolicy = { name = 'tit_for_tats' }", "actors.us.policy.name", 3).says(
        '"tit_for_tats"', "always_concede", "tit_for_tat"
    ),
    Wrong("[actors.us.policy]\ngenerosty = 0.1", "actors.us.policy.generosty", 3).says(
        "unknown key", "generosity", "generosity"
    ),
    Wrong("[actors.us.policy]\ngenerosity = 2", "actors.us.policy.generosity", 3).says(
        "2", "a number, 0 to 1"
    ),
    Wrong("[actors.us.policy]\ngenerosity = nan", "actors.us.policy.generosity", 3).says(
        "nan", "a number, 0 to 1"
    ),
    Wrong(
        "[actors.us.policy.machine]\nstart = 'a'\n[actors.us.policy.machine.states.a]\n"
        "move = { hold = 0.5, concede = 0.4 }\nnext = { any = 'a' }",
        "actors.us.policy.machine.states.a.move",
        5,
    ).says("a sum of 0.9", "sum to 1"),
    Wrong(
        "[stage_payoffs.us]\ngood = { good = 3, bad = 0 }\nbad = { good = 5, bad = 1 }",
        "stage_payoffs.cn",
        None,
    ).says("nothing", "a table"),
    Wrong("[ranges]\n'actors.us.slop' = [0, 1]", "ranges.actors.us.slop", 3).says(
        "no such key", "the path of a number", "actors.us.slip"
    ),
    Wrong("[ranges]\n'actors.us.slip' = [0.2, 0.1]", "ranges.actors.us.slip", 3).says(
        "[0.2, 0.1]", "the lower value first"
    ),
    Wrong("[ranges]\n'actors.us.slip' = [0, 2]", "ranges.actors.us.slip", 3).says(
        "[0, 2]", "from 0 to 1"
    ),
    Wrong("[ranges]\n'actors.us.lever_choice' = [0, 2]", "ranges.actors.us.lever_choice", 3).says(
        "no number", "the path of a number"
    ),
    Wrong("[sources]\n'levers.*.*.frction' = 'x'", "sources.levers.*.*.frction", 3).says(
        "no such key", "a key path", "levers.us.chips.friction"
    ),
    Wrong("[sources]\n'actors.us.slop' = 'x'", "sources.actors.us.slop", 3).says(
        "no such key", "a key path", "actors.us.slip"
    ),
]


@pytest.mark.parametrize("wrong", [*FIELDS, *TOGETHER], ids=lambda wrong: wrong.path)
def test_an_error_names_place_value_allowed_and_nearest(problems, wrong):
    wrong.check(problems)


def test_a_side_that_does_not_exist_hides_no_other_error(problems):
    found = problems("[levers.jp.eda]\nnotches = 1\n[truce]\ncore = ['us.tarifs']\n")
    assert {p.path for p in found} == {"levers.jp", "truce.core.0"}
