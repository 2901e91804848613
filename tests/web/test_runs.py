"""Single runs in the page: week by week as the engine plays them, by raster, keys and number."""

import numpy as np
import pytest

from sim.engines.batch import run_parts
from sim.engines.host import dump
from sim.engines.weekly import CONDUCT
from sim.explain import trace_run
from sim.outcomes.definitions import holds_at
from sim.scenario import Scenario
from sim.web.page import explorer
from tests.web.conftest import DONE, SECONDS, bytes_of, tally_of, written

#: Every day the page's own engine is compared with the kernel (test_engine.py), its runs are not.
pytestmark = pytest.mark.slow
MIXTURE = "geneva-2025-readings"
OPEN = "body[data-run]"


@pytest.fixture
def page(page):
    page.wait_for_selector(OPEN)
    return page


def test_weeks_of_runs_are_those_of_the_trace(page):
    scenario = Scenario.load("geneva-2025")
    for run in (0, 3, 356):
        weeks = page.evaluate("(run) => detente.weeks(run)", run)
        for ours, theirs in zip(weeks, trace_run(scenario, 2025, run).weeks, strict=True):
            for side in ("us", "cn"):
                told = getattr(theirs, side)
                assert ours["sides"][side]["rung"] == told.rung_end
                assert ours["sides"][side]["violates"] == (told.violation_weeks > 0)
                assert ours["sides"][side]["saw_bad"] == told.reading.saw_bad
                assert ours["sides"][side]["pressure"] == told.pressure
            assert ours["world"]["talks"] == theirs.talks
            assert ours["world"]["in_force"] == theirs.in_force
            assert [lever["flow"] for lever in ours["levers"]] == [q.flow for q in theirs.levers]


def test_conduct_is_that_of_the_weeks(page):
    weeks = len(page.evaluate("() => detente.weeks(7)"))
    conduct = np.frombuffer(bytes_of(page, "detente.conduct(200)"), np.uint8).reshape(200, weeks)
    told = trace_run(Scenario.load("geneva-2025"), 2025, 7).weeks
    assert [bool(c & CONDUCT["cn"]) for c in conduct[7]] == [w.cn.violation_weeks > 0 for w in told]
    assert [bool(c & CONDUCT["talks"]) for c in conduct[7]] == [w.talks for w in told]


def test_a_click_and_the_keys_open_runs_and_weeks(page):
    raster = page.locator("#raster")
    raster.scroll_into_view_if_needed()
    box = raster.bounding_box()
    raster.click(position={"x": box["width"] * 5.5 / 26, "y": box["height"] - 1})
    page.wait_for_selector("body[data-run$='/6']")
    last = page.evaluate("() => document.body.dataset.run")
    assert page.locator("#run-told h3").inner_text().startswith(f"Run {last.split('/')[0]}, week 6")
    raster.press("ArrowUp")
    page.wait_for_function("(last) => document.body.dataset.run !== last", arg=last)
    raster.press("ArrowRight")
    page.wait_for_selector("body[data-run$='/7']")
    page.locator("#run").fill("356")
    page.locator("#run").press("Enter")
    page.wait_for_selector("body[data-run='356/7']")
    page.locator("#run").fill("x")
    page.locator("#run").press("Enter")
    page.locator("#problem", has_text="run = x").wait_for()


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("london-2025", "0/13", "A truce is agreed anew, open-ended."),
        ("geneva-2025", "21/7", "A truce is agreed anew, to week 20."),  # it ended in that week
        pytest.param(
            *("geneva-2025", "2/6", "A truce is agreed anew, to week 19."), marks=pytest.mark.slow
        ),
        pytest.param(
            *("geneva-2025", "2/19", "The truce is extended to week 32."), marks=pytest.mark.slow
        ),
    ],
)
def test_a_truce_agreed_anew_is_not_an_extended_one(opened, tmp_path, name, place, said):
    page = opened(written(tmp_path, Scenario.load(name)))
    page.wait_for_selector(DONE)
    run, week = place.split("/")
    page.locator("#run").fill(run)
    page.locator("#run").press("Enter")
    page.wait_for_selector(f"body[data-run^='{run}/']")
    page.locator("#raster").focus()
    for _ in range(int(week) + 30):
        if page.evaluate("() => document.body.dataset.run") == place:
            break
        now = int(page.evaluate("() => document.body.dataset.run.split('/')[1]"))
        page.keyboard.press("ArrowRight" if now < int(week) else "ArrowLeft")
    assert said in page.locator("#run-told").inner_text()


@pytest.fixture(scope="module")
def mixture(browser, tmp_path_factory):
    """The page of a scenario with readings; nothing here changes what it shows."""
    page = browser.new_page()
    file = written(tmp_path_factory.mktemp("mixture"), Scenario.load(MIXTURE))
    page.goto(file.as_uri())
    page.wait_for_selector(DONE, timeout=SECONDS)
    yield page
    page.close()


MIXED = (
    {},
    {"readings.capacity.weight": 0.13, "readings.design.weight": 0.87},
    {"readings.capacity.weight": 0.99, "readings.design.weight": 0.01, "actors.us.slip": 0.1},
    {"actors.cn.policy.name": "grim", "truce.breakdown_after": 3},
)


@pytest.mark.parametrize("changes", MIXED, ids=range(len(MIXED)))
def test_a_mixture_of_readings_counts_the_same(mixture, changes):
    compiled = Scenario.load(MIXTURE).override(changes).compiled
    theirs = run_parts(compiled.parts, 11, 0, 1_000).tally
    ours = tally_of(mixture, compiled.params, changes, 1_000, 11)
    bins = theirs._fields.index("hist")
    for place, (name, one, two) in enumerate(zip(ours._fields, ours, theirs, strict=True)):
        assert place == bins or np.array_equal(one, two), name


def test_outcomes_under_each_reading(mixture):
    compiled = Scenario.load(MIXTURE).compiled
    rows = run_parts(compiled.parts, 2025, 0, 10_000, keep=True).rows
    cells = mixture.locator("#by-reading tbody tr").nth(1).locator("td").all_inner_texts()
    own = holds_at(rows, "standing", 13)[np.arange(10_000) % 100 >= 50]
    assert cells[0] == "5,000"
    assert cells[1].startswith(f"{own.mean():.3f} (")


def test_weights_move_together_and_a_link_keeps_them(opened, tmp_path):
    page = opened(written(tmp_path, Scenario.load(MIXTURE)), "#readings.capacity.weight=0.3")
    page.locator("#problem", has_text="30 + 50 hundredths, not 100").wait_for()
    page.locator("[id='set-readings.capacity.weight']").press("Home")
    page.wait_for_selector(DONE)
    changes = page.evaluate("() => detente.state.changes")
    assert changes == {"readings.capacity.weight": 0.01, "readings.design.weight": 0.99}
    assert "readings.design.weight=0.99" in page.evaluate("() => location.hash")
    file = tmp_path / "my.toml"
    file.write_text(page.evaluate("() => detente.file(detente.state.changes)"), encoding="utf-8")
    parts = Scenario.load(file).compiled.parts
    assert [part.slots.share for part in parts] == [0.01, 0.99]


def test_the_copied_file_of_a_reading_plays_that_reading(opened, tmp_path):
    base = Scenario.load(MIXTURE)
    sets = tuple(base.spec.readings["design"].values)
    file = tmp_path / "page.html"
    text = explorer(base.reading("design"), story_runs=0, reading=("design", sets))
    file.write_text(text, encoding="utf-8")
    page = opened(file)
    page.wait_for_selector(DONE)
    changes = {"levers.cn.rare_earths.friction": 0.5, "actors.us.slip": 0.1}
    copied = tmp_path / "my.toml"
    copied.write_text(page.evaluate("(c) => detente.file(c)", changes), encoding="utf-8")
    ours = Scenario.load(copied).reading("design").compiled.params
    theirs = base.reading("design").override(changes).compiled.params
    assert dump(ours) == dump(theirs)
