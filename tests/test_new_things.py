"""A policy, a picture, a command: each an edit of two files, known wherever such things are.

All three are added to one copy of the project and used there with the compiler off. What an
outcome takes is in tests/outcomes/test_new_outcome.py.
"""

import pytest

from tests.trees import edited, played

POLICY = {
    "sim/policies/reciprocity.py": [
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
            '    Policy("tit_for_tat", kin.tit_for_tat, "Axelrod 1984"),\n',
            '    Policy("tit_for_tat", kin.tit_for_tat, "Axelrod 1984"),\n'
            '    Policy("shy", kin.shy, "judgement"),\n',
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
            'PICTURES = (\n    Picture("count", RESULT, by_name("count"), "How many runs."),\n',
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

SCRIPT = """
import json
from pathlib import Path
from typer.testing import CliRunner
from sim import Scenario, simulate
from sim.cli.main import app
from sim.games.lineup import standard
from sim.outcomes.store import write_result
from docs.make_reference import COMMANDS, MADE, SCENARIOS, WORDS

def said(*words):
    return CliRunner().invoke(app, words).output

world = Scenario.load("geneva-2025").override({"actors.us.policy": {"name": "shy"}, "weeks": 4})
folder = write_result(simulate(world, runs=8, seed=3, threads=1, keep_runs=True), Path("out"))
print(json.dumps({
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
}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    edits = POLICY | PICTURE | COMMAND
    return played(edited(tmp_path_factory.mktemp("tree"), edits), SCRIPT)


@pytest.mark.parametrize("edits", [POLICY, PICTURE, COMMAND])
def test_it_is_an_edit_of_two_files(edits):
    assert len(edits) == 2


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
