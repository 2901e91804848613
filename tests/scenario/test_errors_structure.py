"""Wrong keys, types and values of single fields."""

import pytest

from tests.scenario.conftest import check

#: text added to the small world, key path, line in the child (None: elsewhere), words of what was
#: found and of what is allowed, nearest name
CASES = [
    (
        "[actors.us]\ngenerosity = 0",
        "actors.us.generosity",
        3,
        "unknown key",
        "one of policy",
        "actors.us.policy.generosity",
    ),
    (
        "[['+shocks']]\nname = '7'\nchance = 1\ntalks = true",
        "shocks.7.name",
        3,
        '"7"',
        "letters",
        None,
    ),
    (
        "[['+shocks']]\nname = 'a b'\nchance = 1\ntalks = true",
        "shocks.a b.name",
        3,
        '"a b"',
        "letters",
        None,
    ),
    (
        "[['+shocks']]\nname = 'x'\nchance = 1\nchange = 65",
        "shocks.x.change",
        5,
        "65",
        "a whole number from -64 to 64",
        None,
    ),
    (
        "[actors.us]\nslipp = 0.1",
        "actors.us.slipp",
        3,
        'unknown key "slipp"',
        "one of policy",
        "slip",
    ),
    ("[shock]\nx = 1", "shock", 2, 'unknown key "shock"', "one of title", "shocks"),
    (
        "[truce]\ntalks_rate = 0.1",
        "truce.talks_rate",
        3,
        "unknown key",
        "one of term_weeks",
        "talks.talks_rate",
    ),
    ("[actors.us]\nslip = 1.5", "actors.us.slip", 3, "1.5", "a number from 0 to 1", None),
    ("[actors.us]\nslip = -0.1", "actors.us.slip", 3, "-0.1", "a number from 0 to 1", None),
    (
        "[actors.us]\nslip = nan",
        "actors.us.slip",
        3,
        "nan, which is not finite",
        "from 0 to 1",
        None,
    ),
    (
        "[actors.us]\nproportionality = inf",
        "actors.us.proportionality",
        3,
        "inf, which is not finite",
        "a number from 0 to 1000",
        None,
    ),
    ("[actors.us]\nslip = '0.1'", "actors.us.slip", 3, '"0.1"', "a number from 0 to 1", None),
    ("[actors.us]\nslip = true", "actors.us.slip", 3, "true", "a number from 0 to 1", None),
    (
        "[actors.us]\nstride = 1.5",
        "actors.us.stride",
        3,
        "1.5",
        "a whole number from 1 to 16",
        None,
    ),
    ("weeks = 0", "weeks", 2, "0", "a whole number from 1 to 5200", None),
    ("weeks = 5_201", "weeks", 2, "5201", "a whole number from 1 to 5200", None),
    ("start = 'May'", "start", 2, '"May"', "a date, as 2025-05-12", None),
    ("start = 2025-05-12T10:00:00", "start", 2, "2025-05-12T10:00:00", "a date", None),
    ("noise = 'flop'", "noise", 2, '"flop"', "one of agency, flip", "flip"),
    (
        "[levers.us.chips]\ncontrol = 'licens'",
        "levers.us.chips.control",
        3,
        '"licens"',
        "one of ban, tariff, licence",
        "licence",
    ),
    (
        "[levers.us.chips]\nnotches = 65",
        "levers.us.chips.notches",
        3,
        "65",
        "a whole number from 1 to 64",
        None,
    ),
    ("[levers.us]\nchips = 3", "levers.us.chips", 3, "3", "a table", None),
    ("[levers.jp.resists]\nlevel = 0", "levers.jp", 2, "no side", "us or cn", None),
    ("[levers.us.'a b']\nlevel = 0", "levers.us.a b", 2, '"a b"', "letters, digits", None),
    ("[actors.usa]\nslip = 0.1", "actors.usa", 2, "no side", "us or cn", "us"),
    (
        "'+truce' = [1]",
        "+truce",
        2,
        "+truce, which would extend what is no list",
        "as +shocks",
        None,
    ),
    (
        "[['+shocks']]\ndate = 2025-05-12\ntalks = true",
        "shocks.1.name",
        2,
        "nothing",
        "unique name",
        None,
    ),
    ("[ranges]\n'actors.us.slip' = [0, nan]", "ranges.actors.us.slip", 3, "nan", "", None),
    ("ranges = 'no'", "ranges", 2, '"no"', "a table", None),
    (
        "[levers.us.chips]\nhalving_years = 0",
        "levers.us.chips.halving_years",
        3,
        "0",
        'a number above 0, at most 100000, or "none"',
        None,
    ),
    (
        "[allies.eu.dependence]\n'cn.rare_earths' = 2",
        "allies.eu.dependence.cn.rare_earths",
        3,
        "2",
        "a number from 0 to 1",
        None,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_an_error_names_place_value_allowed_and_nearest(problems, case):
    check(problems, *case)
