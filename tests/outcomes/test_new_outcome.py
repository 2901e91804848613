"""A new outcome is a row of one table and the rule that fills it: everything else finds it.

`peaceful` is added to a copy of the project, by edits of four files, and played there with the
compiler off: single runs, a sweep, pictures, Mesa, exports, references and the week in C know it.
"""

import pytest

from tests.trees import edited, played

pytestmark = pytest.mark.slow

FEWEST_RUNS = 8

#: (text, what stands in its place) by file of the project.
EDITS = {
    "sim/world/outcomes.py": [
        (
            "OUTCOMES = (\n",
            'OUTCOMES = (\n    Outcome("peaceful", "peaceful_week", "first_clash_week", 9, "sky", '
            '"the two never clash", _peaceful),\n',
        ),
        (
            "def _extended(",
            "def _peaceful(rules: Any, core: Sequence[str]) -> str:\n"
            '    return "no week of violation by both sides"\n\n\ndef _extended(',
        ),
    ],
    "sim/world/truce.py": [
        (
            "    run = s.run[0]\n    count_violations(p, s, t)\n",
            "    run = s.run[0]\n    count_violations(p, s, t)\n"
            "    if run.mutual == 1 and run.peaceful_week == 0:\n        run.peaceful_week = t\n",
        )
    ],
    "docs/model.md": [
        (
            "| outcome | holds in week t if |\n|---|---|\n",
            "| outcome | holds in week t if |\n|---|---|\n"
            "| `peaceful` | mutual was 0 in weeks 1..t |\n",
        )
    ],
    "sim/native/week.c": [
        ("    bool extended;\n", "    bool extended;\n    int peaceful_week;\n"),
        ("    int32_t clean_week,", "    int32_t peaceful_week, clean_week,"),
        (
            "    row.clean_week = run->clean_week;\n",
            "    row.clean_week = run->clean_week;\n    row.peaceful_week = run->peaceful_week;\n",
        ),
        ("    OF_CLEAN,\n", "    OF_PEACEFUL,\n    OF_CLEAN,\n"),
        (
            "    count_end(y, OF_CLEAN, run->clean_week, weeks);\n",
            "    count_end(y, OF_CLEAN, run->clean_week, weeks);\n"
            "    count_end(y, OF_PEACEFUL, run->peaceful_week, weeks);\n",
        ),
        (
            "        first_week(&truce->clean_week, t);\n",
            "        first_week(&truce->clean_week, t);\n"
            "    if (us && cn)\n        first_week(&truce->peaceful_week, t);\n",
        ),
    ],
}

#: Plays a few runs with the new outcome and prints where it was met, as JSON.
SCRIPT = f"""
import json, shutil
from pathlib import Path
import pandas as pd
from sim import Scenario, TruceModel, simulate
from sim.games.sizes import UTILITIES
from sim.engines.batch import run_batch
from sim.outcomes.tables import export_csv
from sim.outcomes.store import write_result
from sim.plots.survival import survival
from sim.studies.pairs import compare
from docs.make_reference import MADE, RESULTS
from tests.studies.experiments import HEAD, experiment, finished

slips = {{"actors.us.slip": 0.2, "actors.cn.slip": 0.2}}
world = Scenario.load("geneva-2025").override({{"weeks": 10, "truce.term_weeks": 6}} | slips)
result = simulate(world, runs={FEWEST_RUNS}, seed=3, keep_runs=True, threads=1)
folder = write_result(result, Path("out"), pictures=())
export_csv(folder)
rows = run_batch(world.compiled.params, 3, 0, {FEWEST_RUNS}, threads=1, keep=True).rows
model = TruceModel(world, 3)
while model.running:
    model.step()
frame = model.datacollector.get_model_vars_dataframe()
text = HEAD.replace("runs = 200", "runs = 2\\nkeep = ['runs']") + (
    '[[factors]]\\nname = "slip"\\npath = "actors.us.slip"\\nvalues = [0.0, 0.2]\\n')
study = finished(experiment(Path("."), text), Path("swept"), 1)
found = {{
    "share": result.peaceful.p,
    "of_rows": float(((rows["peaceful_week"] == 0) | (rows["peaceful_week"] > 6)).mean()),
    "page": (folder / "summary.md").read_text(),
    "csv": (folder / "csv" / "outcomes.csv").read_text(),
    "runs": list(pd.read_parquet(folder / "runs.parquet").columns),
    "picture": [t.get_text() for a in survival(result).axes for t in a.texts],
    "mesa": [bool(held) for held in frame["peaceful"]],
    "mesa_week": model.outcome["first_clash_week"],
    "utilities": list(UTILITIES),
    "sweep": list(pd.read_parquet(study / "outcomes.parquet")["outcome"].unique()),
    "sweep_runs": list(pd.read_parquet(study / "runs.parquet").columns),
    "compared": [c.outcome for c in compare(world.compiled, world.compiled, 2, 3).outcomes],
    "reference": MADE[RESULTS](),
}}
if shutil.which("cc"):
    from benchmarks.floor import differences
    from sim.native import build
    found["week_in_c"] = differences(build(), world.compiled.params, 3, {FEWEST_RUNS})
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict:
    """What the copy of the project, with the new outcome, says of it."""
    return played(edited(tmp_path_factory.mktemp("tree"), EDITS), SCRIPT)


def test_a_new_outcome_is_an_edit_of_few_files():
    assert len(EDITS) + 1 <= 6  # its own test among them


def test_its_share_is_that_of_the_runs(found):
    assert found["share"] == found["of_rows"]
    assert 0 < found["share"] < 1


@pytest.mark.parametrize("where", ["page", "csv", "reference"])
def test_it_is_on_every_page(found, where):
    assert "peaceful" in found[where]


def test_it_is_in_the_pictures(found):
    assert any(text.startswith("peaceful") for text in found["picture"])


@pytest.mark.parametrize("where", ["utilities", "sweep", "compared"])
def test_it_is_among_the_outcomes(found, where):
    assert "peaceful" in found[where]


@pytest.mark.parametrize("where", ["runs", "sweep_runs"])
def test_it_has_a_column_in_every_table_of_runs(found, where):
    assert "first_clash_week" in found[where]


def test_mesa_watches_it(found):
    week = found["mesa_week"] or 11
    assert found["mesa"] == [number < week for number in range(1, 11)]


def test_the_week_in_c_agrees(found):
    if "week_in_c" not in found:
        pytest.skip("no C compiler")
    assert found["week_in_c"] == []
