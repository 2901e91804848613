"""The page to mail: all of it in one small file that says what was changed and how it was made."""

import json
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from sim.outcomes.manifest import manifest
from sim.outcomes.page import result_report
from sim.outcomes.simulate import simulate
from sim.outcomes.summary import summary
from sim.report.html import page
from sim.report.text import csv
from sim.scenario import Scenario
from sim.store.checksums import CHECKSUM, FILES
from sim.studies.pair import Pair
from sim.studies.pairs import compare
from sim.studies.study import load_study
from sim.web.mailed import mailed_comparison, mailed_result, mailed_study
from tests.outcomes.tallies import SMALL, spread
from tests.report.test_html import check_harmless
from tests.studies.experiments import GRID, experiment, finished

NASTY = '<script>alert("1")</script>'
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def mailed():
    scenario = Scenario.load("geneva-simple").override({"weeks": 20})
    result = replace(simulate(scenario, runs=300, seed=5, but_for=True), spread=spread(scenario))
    return mailed_result(result, manifest(result, "detente run geneva-simple --set weeks=20"))


def test_it_has_every_part_and_is_small(mailed):
    titles = [section.title for section in mailed.sections]
    for title in (
        "Changed by you",
        "Does it hold?",
        "The definition decides",
        "What began the dispute",
        "What would have kept it",
        "A typical run: breakdown",
        "Before you quote this",
        "How this number was built",
    ):
        assert title in titles
    assert sum(title.startswith("A typical run") for title in titles) == 3
    assert len(page(mailed)) < 1_000_000


def test_the_plausible_settings_are_a_click_away(mailed):
    """Above them the other pictures; on paper there is no room for it."""
    first, folded = (section for section in mailed.sections if section.figures)
    assert [figure.name for figure in first.figures] == ["survival", "trajectories"]
    assert ([figure.name for figure in folded.figures], folded.folded) == (["settings"], True)


def test_it_says_first_what_its_user_changed_and_from_what(mailed):
    assert mailed.lead[0] == "Changed by you: weeks = 20 (before: 26)."
    changed = next(part for part in mailed.sections if part.title == "Changed by you")
    assert changed.rows == (("weeks", "26", "20"),)


def test_what_the_file_changes_stands_apart():
    world = Scenario.load("geneva-2025").override({"actors.us.policy.name": "grim"})
    told = result_report(summary(simulate(world, 50)))
    assert told.lead[0] == (
        'Changed by you: actors.us.policy.name = "grim" (before: "generous_tit_for_tat").'
    )
    of_file = next(part for part in told.sections if part.title == "What was changed")
    assert "--set" not in {row[-1] for row in of_file.rows}
    as_base = Scenario.load("geneva-2025").override({"talks.cooldown_rate": 0.075})
    assert [row.path for row in as_base.changes.user] == ["talks.cooldown_rate"]


def test_it_holds_what_is_needed_to_get_the_numbers_again(mailed):
    built = next(part for part in mailed.sections if part.title == "How this number was built")
    assert built.code == "detente run geneva-simple --set weeks=20"
    recipe, numbers = built.downloads
    told = json.loads(recipe.text)
    again = simulate(Scenario.from_table(told["scenario"]), runs=told["runs"], seed=told["seed"])
    held = {row["outcome"]: row["horizon"]["p"] for row in mailed.data["outcomes"]}
    assert again.at("standing", again.horizon).p == held["standing"]
    assert numbers.text == csv(mailed)


def test_pictures_are_inside_and_say_what_they_show(mailed):
    figures = [figure for part in mailed.sections for figure in part.figures]
    assert [figure.name for figure in figures] == ["survival", "trajectories", "settings"]
    for figure in figures:
        assert figure.address.startswith("data:image/svg+xml,")
        assert figure.shows


def test_every_value_is_there_with_its_source(mailed):
    values = mailed.sections[-1]
    assert values.folded
    assert all(row[3] for row in values.rows)
    assert "actors.us.slip" in [row[0] for row in values.rows]


def test_the_names_of_settings_leave_room_for_their_sources(mailed):
    written = page(mailed)
    assert '<td class="text" data-column="setting">levers.<wbr>cn.<wbr>rare_<wbr>earths' in written


def test_values_stand_as_a_file_would_write_them(mailed):
    written = {row[0]: row[1] for row in mailed.sections[-1].rows}
    assert written["truce.core"] == '["us.tariffs", "cn.tariffs"]'
    assert written["levers.us.chips.listed"] == "false"
    assert written["start"] == "2025-05-12"


def test_a_scenario_cannot_write_into_the_page():
    table = {**SMALL, "title": NASTY, "description": NASTY, "sources": {"weeks": NASTY}}
    table["shocks"] = [{**SMALL["shocks"][0], "name": "x-onerror"}]
    scenario = Scenario.from_table(table, name=NASTY)
    result = simulate(scenario, runs=50, but_for=True)
    seen = check_harmless(page(mailed_result(result, manifest(result, f"detente run {NASTY}"))))
    assert "script" not in seen.tags
    assert sum(NASTY in text for text in seen.texts) >= 4


def test_without_a_truce_there_is_a_page_too():
    table = {key: value for key, value in SMALL.items() if key != "truce"}
    result = simulate(Scenario.from_table(table, name="small"), runs=20)
    text = page(mailed_result(result, manifest(result, "")))
    assert "the scenario has no [truce]" in text


def test_a_study_has_its_points_its_picture_and_its_recipe(tmp_path):
    study = load_study(finished(experiment(tmp_path, GRID), tmp_path))
    told = mailed_study(study)
    assert told.title == "Does it matter?"
    assert told.lead[0].startswith(
        "Over 6 settings the truce still stands at the end of week 13 in"
    )
    points, picture, varied, built = told.sections
    assert len(points.rows) * (len(points.columns) - 1) == 6
    assert [figure.name for figure in picture.figures] == ["map"]
    assert [row[0] for row in varied.rows] == ["capacity", "slip"]
    recipe, table = built.downloads
    assert (told.data["outcome"], len(told.data["points"])) == ("standing", 6)
    assert json.loads(recipe.text)["plan"]["experiment"]["seed"] == 7
    # what the folder holds, and the checksum of all that its manifest says, are no recipe
    assert not {FILES, CHECKSUM, "seconds"} & {*json.loads(recipe.text)}
    assert len(table.text.splitlines()) == 7
    check_harmless(page(told))


def test_a_comparison_says_what_b_is_and_changes():
    first = Scenario.load("geneva-2025")
    second = first.override({"actors.us.slip": 0.0})
    found = compare(first.compiled, second.compiled, 200, 1)
    pair = Pair(replace(first, name=NASTY), second, first)
    told = mailed_comparison(found, pair, {"n": 200}, "detente compare")
    changed = next(part for part in told.sections if part.title == "Changed by you in B")
    assert changed.rows == (("actors.us.slip", "0.027", "0.0"),)
    seen = check_harmless(page(told))
    assert any(NASTY in text for text in seen.texts)
    recipe = told.sections[-1].downloads[0]
    assert json.loads(recipe.text)["scenarios"]["B"]["actors"]["us"]["slip"] == 0.0


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here to print with")
def test_it_prints_to_two_or_three_pages(tmp_path):
    """n = 2,000 runs of the headline scenario, as a browser prints it."""
    result = simulate(Scenario.load("geneva-2025"), runs=2_000, but_for=True, spread=True)
    (tmp_path / "page.html").write_text(page(mailed_result(result, manifest(result, "x"))))
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    printed = tmp_path / "page.pdf"
    words = [CHROMIUM, *options, f"--print-to-pdf={printed}", f"file://{tmp_path}/page.html"]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) in (2, 3)


#: How many times its drawn size a picture has, and the lines that name a column and say nothing.
NARROW = """() => [
  [...document.querySelectorAll("img")].map((e) => [
    e.getBoundingClientRect().width / e.naturalWidth,
    getComputedStyle(e.closest("figure"), "::before").content,
  ]),
  [...document.querySelectorAll("td")].filter((e) => !e.textContent && e.checkVisibility()).length,
  document.documentElement.scrollWidth,
]"""


def test_on_a_narrow_screen_pictures_keep_their_size_and_no_line_is_empty(opened, mailed, tmp_path):
    file = tmp_path / "mailed.html"
    file.write_text(page(mailed), encoding="utf-8")
    shown = opened(file, viewport={"width": 390, "height": 700})
    shown.evaluate("document.querySelectorAll('details').forEach((room) => (room.open = true))")
    pictures, empty, width = shown.evaluate(NARROW)
    assert any(not cell for part in mailed.sections for row in part.rows for cell in row)
    assert (empty, width, len(pictures)) == (0, 390, 3)
    assert all(size >= 0.95 and "scroll" in cue for size, cue in pictures)
    shown.set_viewport_size({"width": 1200, "height": 700})
    pictures, _, _ = shown.evaluate(NARROW)
    assert all(cue == "none" for _, cue in pictures)
