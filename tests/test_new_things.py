"""A policy, a picture, a command, a sensor, an effect, a kind of lever, a number: each is added.

All are added to one copy of the project, by edits of few files, and used there with the compiler
off. What an outcome takes is in tests/outcomes/test_new_outcome.py.
"""

import pytest

from tests.trees import edited, played

pytestmark = pytest.mark.slow

POLICY = {
    "sim/policies/named.py": [
        (
            "def tit_for_tat() -> Machine:\n",
            "def shy() -> Machine:\n"
            '    """Holds whatever happens."""\n'
            '    return machine([("shy", HOLD, ("shy",) * 4)], "shy")\n\n\n'
            "def tit_for_tat() -> Machine:\n",
        )
    ],
    "sim/policies/library.py": [
        (
            '    _row(named.tit_for_tat, "Axelrod 1984"),\n',
            '    _row(named.tit_for_tat, "Axelrod 1984"),\n    _row(named.shy, "judgement"),\n',
        )
    ],
}
PICTURE = {
    "sim/plots/count.py": [
        (
            "",
            '"""Picture: how many runs there were."""\n\n'
            "from sim.plots import style\n\n\n"
            "def count(result):\n"
            '    """The number of runs, as a line of text."""\n'
            "    figure = style.new_figure(2.0)\n"
            '    figure.text(0.1, 0.5, f"{result.n} runs were counted")\n'
            "    return figure\n",
        )
    ],
    "sim/plots/__init__.py": [
        (
            "PICTURES = (\n",
            'PICTURES = (\n    _row("count", RESULT, "count", "How many runs."),\n',
        ),
    ],
}
COMMAND = {
    "sim/cli/greet.py": [
        (
            "",
            '"""`detente greet`: a greeting."""\n\n'
            "from typing import Annotated\n\nimport typer\n\n\n"
            'def greet(name: Annotated[str, typer.Argument(help="Whom.")]) -> None:\n'
            '    """Greet somebody."""\n'
            '    typer.echo(f"good day, {name}")\n',
        )
    ],
    "sim/cli/main.py": [('"reproduce", "version"', '"reproduce", "version", "greet"')],
}
#: Its own felt shortage, a quantity of its own, above a threshold.
SENSOR = {
    "sim/world/sensors.py": [
        (
            ")\n#: Every sensor by name",
            '    Sensor("felt_above", {"felt": 1.0}, "it feels {0} or less", '
            '"it feels more than {0}"),\n)\n#: Every sensor by name',
        ),
        ("QUANTITIES = {\n", 'QUANTITIES = {\n    "felt": "the shortage that it feels",\n'),
    ],
    "sim/world/pressure.py": [
        (
            "    total = actor.weigh_belief * belief(side)\n",
            "    total = actor.weigh_felt * side.felt\n"
            "    total += actor.weigh_belief * belief(side)\n",
        ),
    ],
    "sim/native/week.c": [
        ("double weigh_belief,", "double weigh_felt, weigh_belief,"),
        (
            "    double total = a->weigh_belief * belief(s);\n",
            "    double total = a->weigh_felt * s->felt;\n"
            "    total += a->weigh_belief * belief(s);\n",
        ),
    ],
}
#: A ruling that the licences of an office are needed no longer.
EFFECT = {
    "sim/scenario/schema_world.py": [
        (
            '    talks: bool = parameter(False).means("forces talks"',
            '    delists: bool = parameter(False).means("lifts the need for licences", SHOCKS)\n'
            '    talks: bool = parameter(False).means("forces talks"',
        )
    ],
    "sim/world/params.py": [
        (
            '        ("removes", "i1"),',
            '        ("delists", "i1"),  # lifts the need for licences\n        ("removes", "i1"),',
        )
    ],
    "sim/world/dated.py": [
        (
            "    if shock.removes:\n",
            "    if shock.delists:\n        now.listed = 0\n"
            "        now.flow = now.third_flow = now.service = now.service_own = 1.0\n"
            "    if shock.removes:\n",
        )
    ],
    "sim/native/week.c": [
        (
            "    int8_t removes, talks, ends_truce;",
            "    int8_t delists, removes, talks, ends_truce;",
        ),
        (
            "    if (shock->removes) {\n",
            "    if (shock->delists)\n        l->listed = false;\n    if (shock->removes) {\n",
        ),
    ],
}
#: Binds only where it is pulled all the way.
KIND = {
    "sim/world/params.py": [
        (
            'CONTROLS = ("ban", "tariff", "licence")',
            'CONTROLS = ("ban", "tariff", "licence", "quota")',
        ),
        ("BAN, TARIFF, LICENCE = range", "BAN, TARIFF, LICENCE, QUOTA = range"),
    ],
    "sim/scenario/schema_lever.py": [
        ('Literal["ban", "tariff", "licence"]', 'Literal["ban", "tariff", "licence", "quota"]'),
        (
            "        return 1.0 - self.bite * level / self.notches\n",
            '        if self.control == "quota":\n'
            "            return 1.0 - self.bite * (level // self.notches)\n"
            "        return 1.0 - self.bite * level / self.notches\n",
        ),
    ],
    "sim/native/week.c": [
        ("enum { BAN, TARIFF, LICENCE };", "enum { BAN, TARIFF, LICENCE, QUOTA };"),
        (
            "        l->flow = 1.0 - q->bite * l->level / q->notches;\n",
            "        l->flow = 1.0 - q->bite * l->level / q->notches;\n"
            "        if (q->control == QUOTA)\n"
            "            l->flow = 1.0 - q->bite * (l->level / q->notches);\n",
        ),
    ],
}
#: A government that feels its shortages less when it comes to talks.
NUMBER = {
    "sim/scenario/schema_actor.py": [
        (
            "    reluctance: float = parameter(",
            '    stoicism: float = parameter(0.0, "share", span=(0, 0.5)).means(\n'
            '        "share of its shortage that it bears"\n    )\n'
            "    reluctance: float = parameter(",
        )
    ],
    "sim/world/params.py": [
        (
            '        ("reluctance", "f8"),\n',
            '        ("stoicism", "f8"),\n        ("reluctance", "f8"),\n',
        )
    ],
    "sim/world/pressure.py": [
        ("min(1.0, side.felt + actor", "min(1.0, side.felt * (1.0 - actor.stoicism) + actor")
    ],
    #: The second implementation of the week follows.
    "sim/native/week.c": [
        ("smoothing, spillover, reluctance;", "smoothing, spillover, stoicism, reluctance;"),
        ("min(1.0, s->felt + a->", "min(1.0, s->felt * (1.0 - a->stoicism) + a->"),
    ],
}

#: A world in which the sensor, the effect, the kind of lever and the number all matter.
WORLD = """
title = "All that is new"
start = 2025-05-12
weeks = 12

[actors.us]
policy = { name = "tit_for_tat", sensor = "felt_above", threshold = 0.1 }
stoicism = 0.5

[actors.cn]
slip = 0.4

[levers.us.visas]
control = "quota"
notches = 2
level = 1
bite = 0.8
dependence = 1.0
stock_weeks = 0

[levers.cn.rare_earths]
control = "licence"
level = 1
capacity = 0.3
stock_weeks = 0

[[shocks]]
name = "ruling"
date = 2025-06-09
lever = "cn.rare_earths"
delists = true
"""

EXTRAS = (POLICY, PICTURE, COMMAND)
MODEL = (SENSOR, EFFECT, KIND, NUMBER)


def together(all_edits):
    """One set of edits of several: those of a file one after the other."""
    files = {name: [] for edits in all_edits for name in edits}
    for edits in all_edits:
        for name, changes in edits.items():
            files[name] += changes
    return files


SCRIPT = """
import json, shutil
from pathlib import Path
from typer.testing import CliRunner
from sim import Scenario, TruceModel, simulate
from sim.cli.main import app
from sim.games.lineup import standard
from sim.outcomes.store import write_result
from sim.policies.library import build_policy
from sim.policies.machine import sentences
from sim.scenario.ranges import distributions
from docs.make_reference import COMMANDS, MADE, SCENARIOS, WORDS

def said(*words):
    return CliRunner().invoke(app, words).output

def set_to(value):
    return said("run", "new.toml", "--set", value)

world = Scenario.load("geneva-2025").override({"actors.us.policy": {"name": "shy"}, "weeks": 4})
result = simulate(world, runs=8, seed=3, threads=1, keep_runs=True)
folder = write_result(result, Path("out"), pictures=())
new = Scenario.load(Path("new.toml"))
model = TruceModel(new, 3)
while model.running:
    model.step()
weeks = model.datacollector.get_model_vars_dataframe()
agents = model.datacollector.get_agent_vars_dataframe().reset_index()
kept = simulate(new, runs=8, seed=3, threads=1, keep_runs=True).runs
found = {
    "shown": said("show", "shy"),
    "misspelt": said("run", "geneva-2025", "--set", "actors.us.policy.name=shi"),
    "lineup": list(standard(world)),
    "reference": MADE[SCENARIOS](),
    "refused": said("plot", str(folder), "--kind", "cont"),
    "plot": said("plot", str(folder), "--kind", "count", "--format", "svg"),
    "again": (folder / "figures" / "count.svg").is_file(),
    "help": said("--help"),
    "greeted": said("greet", "Ada"),
    "commands": MADE[COMMANDS](),
    "words": MADE[WORDS](),
    "schema": said("show", "--schema"),
    "nearest sensor": set_to("actors.us.policy.sensor=felt_abov"),
    "nearest kind": set_to("levers.us.visas.control=quotas"),
    "nearest number": set_to("actors.us.stoicsm=0.1"),
    "nearest effect": set_to("shocks.ruling.delist=true"),
    "no effect": set_to("shocks.ruling.delists=false"),
    "listing": said("show", "new.toml"),
    "told": sentences(build_policy(new.spec.actors["us"].policy)),
    "story": said("explain", "new.toml", "--run", "0", "--seed", "3"),
    "varied": list(distributions(new.spec)),
    "flow of office": list(weeks["flow cn.rare_earths"]),
    "visas": list(zip(weeks["level us.visas"], weeks["flow us.visas"])),
    "pressure": list(agents[agents["name"] == "us"]["pressure"]),
    "mesa": model.outcome["first_violation_week"],
    "batch": kept["first_violation_week"].fillna(0).astype(int).tolist()[0] or None,
}
if shutil.which("cc"):
    from benchmarks.floor import differences
    from sim.native import build
    found["week in c"] = differences(build(), new.compiled.params, 3, 8)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    tree = edited(tmp_path_factory.mktemp("tree"), together(EXTRAS + MODEL))
    (tree / "new.toml").write_text(WORLD, encoding="utf-8")
    return played(tree, SCRIPT)


@pytest.mark.parametrize(
    ("edits", "most"),
    [*((edits, 2) for edits in EXTRAS), (SENSOR, 3), (EFFECT, 4), (KIND, 8)],
)
def test_it_is_an_edit_of_few_files(edits, most):
    assert len(edits) <= most


def test_a_number_is_an_edit_of_three_files_and_of_the_second_implementation():
    assert len(NUMBER.keys() - {"sim/native/week.c"}) <= 3


def test_a_new_policy_is_shown_suggested_played_and_in_the_reference(found):
    assert "shy" in found["shown"]
    assert "Holds whatever happens" in found["shown"]
    assert "did you mean shy?" in found["misspelt"]
    assert "shy" in found["lineup"]
    assert "`shy`" in found["reference"]


def test_a_new_picture_is_suggested_and_drawn_by_its_name(found):
    assert "did you mean count?" in found["refused"]
    assert "count.svg" in found["plot"]
    assert found["again"]


def test_a_new_command_is_in_the_help_and_in_the_reference(found):
    assert "greet" in found["help"]
    assert found["greeted"] == "good day, Ada\n"
    assert "detente greet" in found["commands"]


def test_a_new_sensor_is_suggested_told_and_in_the_reference(found):
    assert "did you mean felt_above?" in found["nearest sensor"]
    assert "it feels more than 0.1" in " ".join(found["told"])
    assert "`felt_above`" in found["reference"]


def test_a_new_effect_of_a_shock_is_suggested_required_told_and_in_the_references(found):
    assert "did you mean shocks.ruling.delists?" in found["nearest effect"]
    assert "remove, delists, talks or ends_truce" in found["no effect"]
    assert 'The shock "ruling" lifts the need for licences.' in found["story"]
    for where in ("schema", "reference", "words"):
        assert "delists" in found[where]


def test_a_new_effect_of_a_shock_happens_in_its_week(found):
    assert max(found["flow of office"][:4]) < 1.0
    assert found["flow of office"][4:] == [1.0] * 8


def test_a_new_kind_of_lever_is_suggested_listed_and_in_the_references(found):
    assert "did you mean quota?" in found["nearest kind"]
    assert "quota" in found["listing"]
    for where in ("schema", "reference", "words"):
        assert "quota" in found[where]


def test_a_new_kind_of_lever_acts_as_its_rule_says_in_mesa_too(found):
    assert {level for level, _ in found["visas"]} == {1, 2}
    assert all(flow == (1.0 if level < 2 else 1.0 - 0.8) for level, flow in found["visas"])


def test_a_new_number_is_suggested_varied_and_in_the_references(found):
    assert "did you mean actors.us.stoicism?" in found["nearest number"]
    assert "actors.us.stoicism" in found["varied"]
    for where in ("schema", "reference", "words"):
        assert "stoicism" in found[where]


def test_a_new_number_is_read_by_the_week(found):
    """The office serves nobody in week 1: F is 1, of which half is borne, and λ is 0.2."""
    assert found["pressure"][0] == pytest.approx(0.2 * 0.5)


def test_every_engine_plays_all_that_is_new(found):
    assert found["mesa"] == found["batch"]
    if "week in c" not in found:
        pytest.skip("no C compiler")
    assert found["week in c"] == []
