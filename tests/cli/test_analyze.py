"""`detente analyze`, and what the pages of the analysed experiments have of it."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.docs.test_pages import ROOT
from tests.studies.experiments import CAPACITY, GRID, HEAD, SLIP, experiment, finished

ENDS = {
    CAPACITY: "low = 0.1\nhigh = 1.0\n",
    SLIP: "low = 0.0\nhigh = 0.15\n",
    SLIP.replace("us.slip", "cn.slip").replace('"slip"', '"theirs"'): "low = 0.0\nhigh = 0.15\n",
}
FACTORS = "".join(head + ends for head, ends in ENDS.items())
FEW = HEAD.replace("200", "60")
DESIGNS = {
    "grid": GRID,
    "saltelli": FEW
    + 'design = { kind = "saltelli", samples = 16, second_order = true }\n'
    + FACTORS,
    "morris": FEW + 'design = { kind = "morris", trajectories = 6 }\n' + FACTORS,
    "lhs": FEW + 'design = { kind = "latin_hypercube", points = 160 }\n' + FACTORS,
    "list": FEW + 'design = { kind = "list", rows = [[0.1], [0.0]] }\n' + SLIP,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("studies")
    return {name: finished(experiment(root, text, name), root) for name, text in DESIGNS.items()}


@pytest.fixture
def study(made, tmp_path):
    """The folder of a study, by the name of its design, to write into."""
    return lambda name: Path(shutil.copytree(made[name], tmp_path / "results" / made[name].name))


METHODS = {
    "grid": ("Sobol indices over the grid", {"first", "total"}),
    "saltelli": ("Sobol indices by Saltelli's design", {"first", "total"}),
    "morris": ("elementary effects (Morris)", {"mu_star", "mu", "sigma", "chance"}),
    "lhs": ("first-order indices from the points as given", {"first"}),
}


@pytest.mark.parametrize("name", METHODS)
def test_sensitivity_prints_its_method_its_dice_and_writes_tables_and_a_picture(
    detente, study, name
):
    folder = study(name)
    told = detente("analyze", folder.name, "--sensitivity")
    assert told.exit_code == 0, told.stderr
    for part in ("Does it matter?", METHODS[name][0], "capacity", "variance over", "seed 7"):
        assert part in told.stdout
    table = pd.read_parquet(folder / "sensitivity.parquet")
    assert METHODS[name][1] <= set(table["index"])
    (title,) = (line for line in told.stdout.splitlines() if line.startswith(METHODS[name][0]))
    indices = table[table["index"].isin(METHODS[name][1])]
    assert title.endswith(", 95 %") == indices["low"].notna().any()
    assert len(pd.read_csv(folder / "sensitivity.csv")) == len(table)
    assert (folder / "figures" / "sensitivity.png").is_file()


@pytest.mark.parametrize("name", METHODS)
def test_json_has_the_numbers_of_the_table(detente, study, name):
    folder = study(name)
    told = json.loads(detente("analyze", str(folder), "--sensitivity", "--json").stdout)
    found = told["sensitivity"]
    table = pd.read_parquet(folder / "sensitivity.parquet").set_index(["factor", "other", "index"])
    for row in found["indices"]:
        for index in METHODS[name][1]:
            assert table.loc[(row["factor"], "", index), "value"] == pytest.approx(row[index])
    assert found["variance"]["share"] == pytest.approx(
        table.loc["", "", "variance, chance share"]["value"]
    )
    assert len(found["pairs"]) == (3 if name == "saltelli" else 0)


def test_another_outcome_and_week_have_files_of_their_own(detente, study):
    folder = study("grid")
    words = ("--sensitivity", "--outcome", "clean", "--week", "4", "--format", "svg")
    told = detente("analyze", str(folder), *words)
    assert told.exit_code == 0, told.stderr
    assert "clean at the end of week 4" in told.stdout
    assert "no week in which a lever stood above its obligation" in told.stdout
    names = {path.name for path in folder.rglob("*clean-4*")}
    assert names == {f"sensitivity-clean-4.{form}" for form in ("parquet", "csv", "svg")}


def middle(folder):
    """A threshold that about half of the points of a study fail, in hundredths."""
    return f"{pd.read_parquet(folder / 'points.parquet')['p'].median():.2f}"


def test_discovery_prints_a_sentence_checked_on_the_other_half(detente, study):
    folder = study("lhs")
    share = middle(folder)
    told = detente("analyze", str(folder), "--discover", "--threshold", share)
    assert told.exit_code == 0, told.stderr
    words = " ".join(told.stdout.split())
    assert "the truce fails in" in words
    assert "held-out:" in words
    assert "slip is above" in words
    assert f"in fewer than {100 * float(share):.0f} % of the runs" in words
    table = pd.read_csv(folder / "discovery.csv")
    assert {"box", "factor", "from", "to", "density", "held_density", "sentence"} <= set(table)
    assert (folder / "figures" / "discovery.png").is_file()
    again = detente("analyze", str(folder), "--discover", "--threshold", share, "--json")
    found = json.loads(again.stdout)["discovery"]
    assert found["boxes"][0]["sentence"] in " ".join(told.stdout.split())
    assert found["boxes"][0]["held_out"]["density_n"] < 80


def test_both_at_once(detente, study):
    folder = study("lhs")
    words = ("--sensitivity", "--discover", "--threshold", middle(folder), "--json")
    told = json.loads(detente("analyze", str(folder), *words).stdout)
    assert set(told) == {"sensitivity", "discovery"}


def test_the_tables_of_a_study_stay_as_they_are(detente, study):
    folder = study("lhs")
    before = {path.name: path.read_bytes() for path in folder.glob("*.parquet")}
    detente("analyze", str(folder), "--sensitivity")
    assert all((folder / name).read_bytes() == text for name, text in before.items())


REFUSED = {
    "nothing asked": ("lhs", [], "--sensitivity, --discover, or both"),
    "no share": ("lhs", ["--discover", "--threshold", "50"], "a share between 0 and 1"),
    "density without boxes": ("lhs", ["--sensitivity", "--density", "0.9"], "beside --discover"),
    "unknown outcome": ("lhs", ["--sensitivity", "--outcome", "standin"], "did you mean standing?"),
    "unknown week": ("lhs", ["--sensitivity", "--week", "99"], "a week from 1 to 26"),
    "unknown format": ("lhs", ["--sensitivity", "--format", "gif"], "allowed: png, svg, pdf"),
    "no such folder": ("nowhere", ["--sensitivity"], "which is not there"),
    "indices of a list": ("list", ["--sensitivity"], "chosen by hand"),
    "boxes of walks": ("morris", ["--discover"], "latin_hypercube"),
    "no failures": ("lhs", ["--discover", "--threshold", "0.001"], "allowed: a --threshold"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_words_and_nothing_is_written(detente, study, case):
    name, words, expected = REFUSED[case]
    folder = study(name) if name in DESIGNS else Path(name)
    before = sorted(folder.rglob("*")) if folder.exists() else []
    told = detente("analyze", str(folder), *words)
    assert told.exit_code == 2
    assert expected in told.stderr
    assert told.stdout == ""
    assert (sorted(folder.rglob("*")) if folder.exists() else []) == before


def test_a_result_of_one_scenario_is_no_study(detente, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "manifest.json").write_text('{"format": 2}')
    told = detente("analyze", str(tmp_path / "one"), "--sensitivity")
    assert told.exit_code == 2
    assert "not a study of many points" in told.stderr


def test_a_full_disk_leaves_no_half_table(detente, study, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder = study("grid")
    monkeypatch.setattr("sim.studies.analysis_page.write_text", full)
    told = detente("analyze", str(folder), "--sensitivity")
    assert told.exit_code == 1
    assert "No space left" in told.stderr
    assert not list(folder.glob("*.csv"))
    assert not list(folder.glob(".*"))


FITTING = {"grid": "map", "saltelli": "panels", "morris": "sensitivity", "lhs": "panels"}


@pytest.mark.parametrize("name", FITTING)
def test_plot_draws_the_picture_that_fits_a_study(detente, study, name):
    folder = study(name)
    told = detente("plot", folder.name, "--format", "svg", "--format", "png")
    assert told.exit_code == 0, told.stderr
    written = {path.name for path in (folder / "figures").iterdir()}
    assert written == {f"{FITTING[name]}.{form}" for form in ("svg", "png")}


def test_plot_draws_another_kind_outcome_and_week(detente, study, tmp_path):
    words = (
        "--kind",
        "panels",
        "--outcome",
        "clean",
        "--week",
        "5",
        "--out",
        str(tmp_path / "new"),
    )
    told = detente("plot", str(study("grid")), *words)
    assert told.exit_code == 0, told.stderr
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["panels-clean-5.png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "panel"), "did you mean panels?"),
        (("--kind", "survival"), "allowed: line, map, panels, sensitivity, all"),
        (("--kind", "line"), "more than one factor was varied"),
        (("--run", "3"), "only with the result of one scenario"),
        (("--week", "0"), "a week from 1 to 26"),
        (("--format", "gif"), "allowed: png, svg, pdf"),
    ],
)
def test_plot_refuses_what_a_study_does_not_have(detente, study, words, said):
    folder = study("grid")
    told = detente("plot", str(folder), *words)
    assert told.exit_code == 2
    assert said in told.stderr
    assert not (folder / "figures").exists()


def test_sweep_draws_the_picture_that_fits(detente, tmp_path):
    (tmp_path / "small.toml").write_text(GRID)
    told = detente("sweep", "small.toml", "--json")
    assert "drawn: " in told.stderr
    assert len(list(tmp_path.glob("results/small-*/figures/map.png"))) == 1


ESTIMATE = re.compile(r"(-?\d\.\d\d)(?:, | \()(?:95 % )?(-?\d\.\d\d) to (-?\d\.\d\d)")
NAMES = {"which-five-matter": ("mu_star",), "which-five-matter-sobol": ("first", "total")}


def text_of(name: str) -> str:
    """What the page says of now: before it tells what earlier versions found."""
    page = (ROOT / "docs" / "experiments" / f"{name}.md").read_text("utf-8")
    return page.split("\nBefore, ")[0]


def analysed(detente, name, option):
    for words in (("sweep", name), ("analyze", name, option, "--json")):
        done = detente(*words)
        assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.pages
def test_every_index_of_the_page_is_given(detente, name):
    rows = analysed(detente, name, "--sensitivity")["sensitivity"]["indices"]
    given = {
        tuple(f"{row[f'{index}{end}']:.2f}" for end in ("", "_low", "_high"))
        for row in rows
        for index in NAMES[name]
    }
    shown = set(ESTIMATE.findall(" ".join(text_of(name).split())))
    assert len(shown) >= 5
    assert shown - given == set()


@pytest.mark.pages
def test_the_line_on_chance_of_the_page_is_printed(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert detente("sweep", "which-five-matter-sobol").exit_code == 0
    told = detente("analyze", "which-five-matter-sobol", "--sensitivity")
    page = (ROOT / "docs" / "howto-analyze.md").read_text("utf-8")
    (line,) = re.findall(r"^variance over .*$", page, re.M)
    assert line in told.stdout


@pytest.mark.pages
def test_the_box_of_the_page_is_found(detente):
    found = analysed(detente, "where-geneva-fails", "--discover")["discovery"]
    (box,) = found["boxes"]
    assert f"\n> {box['sentence']}\n" in text_of("where-geneva-fails")
    assert box["sentence"] in (ROOT / "docs" / "howto-analyze.md").read_text("utf-8")
    share = [f"{100 * found['fails'][end]:.0f}" for end in ("p", "low", "high")]
    assert "in {} % of 2,000 settings (95 % {} to {})".format(*share) in text_of(
        "where-geneva-fails"
    )
