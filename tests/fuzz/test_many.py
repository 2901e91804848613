"""Thousands of one thing in a file: one short error, or a scenario, within ten seconds."""

import contextlib

import pytest

from sim.errors import DetenteError
from sim.scenario import Scenario
from tests.everyday import one_in
from tests.fuzz.bounds import bounded

HEAD = 'title = "t"\nextends = "geneva-2025"\n'
STATES = "[actors.us.policy.machine]\nstart = 's0'\n"


def lines(form: str, count: int, between: str = "") -> str:
    return between.join(form.replace("#", str(n)) for n in range(count))


MANY = {
    "sources": "[sources]\n" + lines('"a.b#" = "x"\n', 4500),
    "ranges": "[ranges]\n" + lines('"a.b#" = [0, 1]\n', 1500),
    "unknown keys": lines("k# = 1\n", 9000),
    "levers": lines("[levers.us.l#]\nlevel = 0\n", 1500),
    "levers with unknown keys": lines("[levers.us.l#]\nxx = 0\n", 2500),
    "levers like another": lines("[levers.us.chips#]\nlevel = 0\n", 2500),
    "shocks of no lever": "shocks = ["
    + lines('{name="s#",chance=0.1,lever="us.chps",change=1}', 1500, ",")
    + "]",
    "shocks by chance": "shocks = [" + lines('{name="s#",chance=0.1,talks=true}', 2500, ",") + "]",
    "deals": lines('[[deals]]\nname = "d#"\nlevers = [{lever="us.x#",level=1}]\n', 1200),
    "allies": lines('[allies.a#]\nlever = "us.zz#"\n', 2500),
    "what an ally depends on": "[allies.a.dependence]\n" + lines('"us.q#" = 0.1\n', 5000),
    "core levers": "truce.core = [" + lines('"us.x#"', 9000, ",") + "]",
    "dates": "levers.us.chips.history = [" + lines("{date=2025-05-12,level=0}", 3000, ",") + "]",
    "states": STATES
    + lines("[actors.us.policy.machine.states.s#]\nmove='concede'\nnext={any='s#'}\n", 1500),
    "states without next": STATES
    + lines("[actors.us.policy.machine.states.s#]\nmove='concede'\nnext={any='t#'}\n", 1500),
}


@pytest.mark.parametrize("kind", one_in(8, list(MANY)))
def test_thousands_of_one_thing_take_no_time(kind, tmp_path):
    file = tmp_path / "many.toml"
    file.write_text(HEAD + MANY[kind])
    with bounded(), contextlib.suppress(DetenteError):
        scenario = Scenario.load(file)
        _ = scenario.compiled
        assert [row.origin for row in scenario.entries()]
        return
    with pytest.raises(DetenteError) as error:
        Scenario.load(file)
    assert len(str(error.value)) < 100_000
