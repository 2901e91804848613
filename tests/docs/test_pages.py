"""The pages: what they show is what the project does now, and what they point at is there."""

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest
import typer

from sim import Scenario, simulate
from sim.cli.main import app
from sim.outcomes.store import write_result
from sim.outcomes.tables import tables
from sim.studies.reading import shipped_experiments

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "results" / "README.md"])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
COMMANDS = typer.main.get_command(app).commands
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LARGEST_PICTURE = 150_000  # bytes
LONGEST_README = 119


def script(name: str) -> ModuleType:
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(page.read_text()) if kind == language]


@pytest.mark.pages
def test_every_number_of_the_readme_is_what_the_commands_print_now():
    maker = script("make_readme")
    texts = [page.read_text(encoding="utf-8") for page in (maker.README, maker.UNCERTAINTY)]
    assert all(f"<!-- {name} -->" in "".join(texts) for name in maker.PARTS)
    for text in texts:
        assert maker.renewed(text) == text, "run `make docs`"


@pytest.mark.pages
def test_the_table_of_anticipation_is_what_its_experiment_gives():
    maker = script("make_anticipation")
    text = maker.PAGE.read_text()
    assert "<!-- table -->" in text
    assert maker.renewed(text) == text, "run `make docs`"


@pytest.mark.pages
def test_the_page_of_forecasts_is_that_of_the_ledger():
    maker = script("make_forecast")
    text = maker.PAGE.read_text()
    assert maker.page(maker.scored()) == text, "run `make docs`"
    lead = text.split("\n\n")[1]
    assert lead.startswith("**The model loses") or lead.startswith("**On average the model")


def test_the_fit_of_the_page_says_of_which_scenarios_it_is():
    """Its hashes are told, and whether they are those of now; changed ones are named."""
    frozen_fit, maker = script("frozen_fit"), script("make_forecast")
    found = frozen_fit.stored_summary()
    plan = found["plan"]
    text = maker.PAGE.read_text()
    for name, hash_ in plan["scenarios"].items():
        assert f"{name} {hash_[:8]}" in text
    other = frozen_fit.changed(plan)
    assert ("older version of " + ", ".join(other) if other else "as they are now") in text
    plan["scenarios"]["london-2025"] = "0"
    assert "london-2025" in frozen_fit.changed(plan)
    assert found["command"] in text


def test_references_and_words_are_those_of_the_registry_and_the_commands():
    for path, text in script("make_reference").MADE.items():
        assert path.read_text() == text(), f"{path.name} is old: run `make docs`"


def test_the_readme_is_short_and_begins_with_the_two_commands():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= LONGEST_README
    first = blocks(ROOT / "README.md", "sh")[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("name", NAMES)
def test_links_and_pictures_are_there(name):
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.parametrize("name", NAMES)
def test_code_is_code_and_shows_no_backtick(name):
    assert "\\`" not in (ROOT / name).read_text()


def test_pictures_are_small_and_used():
    text = "".join(page.read_text() for page in PAGES)
    pictures = list((ROOT / "docs" / "images").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < LARGEST_PICTURE
        assert picture.name in text


def typed(name: str) -> list[list[str]]:
    """The words of the commands of a page."""
    lines = [line for block in blocks(ROOT / name, "sh") for line in block.splitlines()]
    words = [shlex.split(line, comments=True) for line in lines]
    return [rest for first, *rest in filter(None, words) if first == "detente"]


#: Pages with what is looked at below.
TYPED = [name for name in NAMES if typed(name)]
SCENARIOS = [name for name in NAMES if blocks(ROOT / name, "toml")]
PLAYED = re.compile(r"\bn = [1-9]|[0-9] runs (a point|of each)")
SAMPLES = [name for name in NAMES if PLAYED.search((ROOT / name).read_text())]


def test_pages_have_what_is_looked_at():
    assert {"README.md", "docs/tutorial.md"} <= set(TYPED)
    assert min(len(TYPED), len(SCENARIOS), len(SAMPLES)) > 3


@pytest.mark.parametrize("name", TYPED)
def test_every_command_on_a_page_is_one(name):
    for command, *words in typed(name):
        if not command.startswith("--"):
            assert COMMANDS[command].make_context(command, words).params is not None


#: Commands that read a folder, and commands that write one called as what they run.
READERS, WRITERS = {"plot", "report", "analyze", "export"}, {"run", "sweep"}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_pasted_in_order_is_there(name):
    """No placeholder, no hash that another gets; a folder that is read was written above."""
    assert not re.search(r"[a-z0-9]-(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b", (ROOT / name).read_text())
    written: set[str] = set()
    for block in blocks(ROOT / name, "sh"):
        for line in block.splitlines():
            command, *words = [*shlex.split(line, comments=True), ""][1:]
            assert not any(re.fullmatch(r"<.*>|[A-Z]{4,}", word) for word in words), line
            if command in WRITERS:
                written |= {Path(word).stem for word in words[:1]} | {words[0]}
            elif command in READERS and name != "README.md":
                assert words[0] in written or words[0] == "--all", line


@pytest.mark.parametrize("name", SAMPLES)
def test_numbers_of_runs_say_their_seed(name):
    assert re.search(r"\bseed\b", (ROOT / name).read_text())


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_on_a_page_is_valid(name, tmp_path):
    for number, block in enumerate(blocks(ROOT / name, "toml")):
        path = tmp_path / f"{number}.toml"
        whole = "extends" in block or block.startswith("title = ")
        head = "" if whole else 'extends = "geneva-2025.toml"\n'
        path.write_text(head + block)
        assert Scenario.load(path).compiled.levers


def test_every_table_and_column_of_a_result_is_explained():
    scenario = Scenario.load("geneva-2025").override({"weeks": 3})
    result = simulate(scenario, runs=20, keep_runs=True, but_for=True)
    sections = (ROOT / "docs" / "reference-results.md").read_text().split("\n## ")
    found = {section.split("\n")[0]: section for section in sections}
    for name, table in tables(result):
        listed = found["Outcomes, one by one"] if name == "runs" else ""
        told = set(re.findall(r"`(\w+)`", found[name] + listed)) | {"point"}
        assert set(table.columns) <= told, name


def test_every_file_of_a_result_is_explained(tmp_path):
    scenario = Scenario.load("geneva-2025").override({"weeks": 3})
    result = simulate(scenario, runs=20, keep_runs=True, but_for=True)
    page = (ROOT / "docs" / "reference-results.md").read_text()
    for path in write_result(result, tmp_path, pictures=()).iterdir():
        assert path.suffix == ".parquet" or f"`{path.name}`" in page, path.name


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text()
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index, page.name


def test_the_index_lists_no_page_twice():
    rows = re.findall(r"^\| \[([^\]]+)\]", (ROOT / "docs" / "README.md").read_text("utf-8"), re.M)
    assert len(rows) == len(set(rows))


@pytest.mark.pages
def test_the_answers_of_the_experiments_are_those_of_now(tmp_path):
    maker = script("make_experiments")
    text, _ = maker.page(tmp_path)
    assert maker.PAGE.read_text() == text, "run `make docs`"


def test_every_shipped_experiment_is_answered_on_a_page():
    maker = script("make_experiments")
    told = {*maker.ANSWERS, *maker.ANALYZED, *maker.ELSEWHERE}
    assert told == set(shipped_experiments())
    for page in (*(page for _, page in maker.ELSEWHERE.values()), "tutorial.md"):
        assert "images/" in (ROOT / "docs" / page).read_text()


def test_every_figure_of_the_tutorial_is_of_an_experiment_or_of_a_command():
    drawn = {image for images in script("make_drawn").DRAWN.values() for image in images.values()}
    text = (ROOT / "docs" / "tutorial.md").read_text()
    figures = re.findall(r"images/(?:experiment-)?([a-z-]+)\.png", text)
    assert len(figures) >= 5
    for figure in figures:
        named = any(figure.startswith(name) for name in shipped_experiments())
        assert named or figure in drawn, figure
