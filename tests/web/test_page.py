"""What a reader does with the page: drag, pin, follow a link, copy, print; by keyboard too."""

import html
import re

import pytest

from sim.engines.batch import run_batch
from sim.native import dump
from sim.outcomes.butfor import channel_text
from sim.outcomes.definitions import holds_at
from sim.outcomes.estimates import paired
from sim.outcomes.page import report_of
from sim.outcomes.simulate import brief, simulate
from sim.outcomes.spread import outer_loop
from sim.outcomes.summary import known_failures
from sim.scenario import Scenario
from sim.web.data import ranges
from sim.web.page import explorer
from tests.web.conftest import DONE, bytes_of, written

LARGEST = 400_000
SLIP = "set-actors.us.slip"
HOSTILE = '</title></script><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


def headline(page):
    return page.locator("#headline").inner_text()


def moved(page, identity, key="End"):
    """A slider moved by its key, its group opened; waits until all runs of the new value are in."""
    page.evaluate("() => { document.body.dataset.runs = ''; }")
    slider = page.locator(f"[id='{identity}']")
    slider.evaluate("(element) => { element.closest('details').open = true; }")
    slider.press(key)
    page.wait_for_selector(DONE)


def test_the_file_is_small_and_names_no_address(geneva):
    text = geneva.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    assert not re.search(r"(?:src|href)=[\"']https?:", text)


def test_the_headline_is_that_of_detente_run(page):
    share = simulate(Scenario.load("geneva-2025"), 10_000, 2025).standing
    text = headline(page)
    assert f"{share.p:.3f}" in text
    assert f"{share.low:.3f} to {share.high:.3f}" in text
    assert "n = 10,000" in text


@pytest.fixture(scope="module")
def said():
    """The lines with which `detente run --brief` begins."""
    return brief(Scenario.load("geneva-2025"), 10_000, 2025).lead


@pytest.mark.slow
def test_below_the_headline_stands_the_range_over_the_settings(page, said):
    ranges = page.locator("#ranges")
    assert said[1].startswith(ranges.inner_text().removesuffix("."))
    assert page.locator("#headline + #ranges").is_visible()
    moved(page, SLIP, "End")
    assert "that of the settings as given, not of what the sliders say" in ranges.inner_text()
    page.locator("#reset").click()
    page.wait_for_function("() => !document.getElementById('ranges').innerText.includes('sliders')")


def test_the_file_begins_with_the_lines_of_the_run_for_readers_without_a_script(geneva, said):
    text = geneva.read_text(encoding="utf-8")
    assert all(f"<p>{line}</p>" in text for line in said)


def test_it_says_what_is_known_to_fail_and_that_it_is_a_hindcast(geneva):
    text = geneva.read_text(encoding="utf-8")
    assert text.count("A hindcast: ") == 2  # the second for readers without a script
    (line,) = known_failures(Scenario.load("geneva-2025"))
    assert line in html.unescape(text)


def test_a_result_with_nothing_varied_has_no_range():
    assert ranges(simulate(Scenario.load("geneva-2025"), 100)) is None


def test_a_slider_by_keyboard_gives_the_share_of_the_same_scenario_in_python(page):
    moved(page, SLIP, "End")
    value = page.evaluate("() => detente.state.changes['actors.us.slip']")
    changed = Scenario.load("geneva-2025").override({"actors.us.slip": value})
    assert f"{simulate(changed, 10_000, 2025).standing.p:.3f}" in headline(page)
    assert page.locator(f"[id='{SLIP}']").get_attribute("aria-valuetext").startswith(str(value))


@pytest.mark.slow
def test_a_slider_is_dragged_by_the_mouse(page):
    page.evaluate("() => { document.body.dataset.runs = ''; }")
    slider = page.locator(f"[id='{SLIP}']")
    slider.scroll_into_view_if_needed()
    box, most = slider.bounding_box(), float(slider.get_attribute("max"))
    before = float(slider.input_value())
    across = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * before / most, across)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, across, steps=6)
    page.mouse.up()
    page.wait_for_selector(DONE)
    assert float(slider.input_value()) > before
    value = page.evaluate("() => detente.state.changes['actors.us.slip']")
    assert f"actors.us.slip={value}" in page.evaluate("() => location.hash")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_light_or_dark_as_the_reader_has_it(page, scheme):
    page.emulate_media(color_scheme=scheme)
    style = "() => { const s = getComputedStyle(document.body);"
    style += " return [s.color, s.backgroundColor]; }"
    ink, paper = (sum(map(int, re.findall(r"\d+", c)[:3])) for c in page.evaluate(style))
    assert (ink < paper) == (scheme == "light")


def test_a_policy_from_the_menu(page):
    page.evaluate("() => { document.body.dataset.runs = ''; }")
    page.locator("#policy-us").select_option("always_retaliate")
    page.wait_for_selector(DONE)
    changed = Scenario.load("geneva-2025").override({"actors.us.policy.name": "always_retaliate"})
    assert f"{simulate(changed, 10_000, 2025).standing.p:.3f}" in headline(page)


def test_pinned_and_compared_run_by_run(page):
    page.locator("#pin").click()
    moved(page, SLIP, "Home")
    row = page.locator("#comparison-body tr", has_text="standing")
    cells = row.locator("td").all_inner_texts()
    base = Scenario.load("geneva-2025")
    rows = [
        run_batch(scenario.compiled.params, 2025, 0, 10_000, keep=True).rows
        for scenario in (base, base.override(page.evaluate("() => detente.state.changes")))
    ]
    before, after = (holds_at(each, "standing", 13) for each in rows)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    value, low, high = (float(100 * x) for x in paired(gained, lost, 10_000))
    assert cells[0] == f"{value:+.1f} points"
    assert cells[1] == f"{low:+.1f} to {high:+.1f}"
    assert [cells[3], cells[4]] == [f"{gained:,}", f"{lost:,}"]


@pytest.mark.slow
def test_a_link_is_a_scenario(opened, geneva, page):
    moved(page, SLIP, "End")
    page.locator("#pin").click()
    moved(page, "set-talks.cooldown_weeks", "Home")
    page.locator("#outcome-clean").click()
    said = headline(page)
    address = page.evaluate("() => location.hash")
    other = opened(geneva, address)
    other.wait_for_selector(DONE)
    other.locator("#comparison").wait_for(state="visible")
    assert headline(other) == said
    assert other.evaluate("() => detente.state.changes") == page.evaluate(
        "() => detente.state.changes"
    )


LINKS = {
    "#actors.us.slop=0.1": "actors.us.slop = 0.1: no such setting",
    "#actors.us.slip=7": "actors.us.slip = 7: not from",
    "#truce.term_weeks=7.5": "truce.term_weeks = 7.5",
    "#seed=-1&week=99": "seed = -1: not a whole number",
    "#actors.us.policy.name=tit": "no such policy",
    "#of=000000000000": "another version of this scenario",
    "#outcome=%3Cimg%3E": "outcome = <img>: not one of",
}


def test_what_a_link_has_wrong_is_said_and_left_out(page):
    for address, said in LINKS.items():
        page.evaluate("(address) => { location.hash = address; }", address)
        page.locator("#problem", has_text=said).wait_for(state="visible")
        assert page.evaluate("() => detente.state.changes") == {}


@pytest.mark.slow
def test_the_copied_file_is_the_scenario_shown(page, tmp_path):
    moved(page, SLIP, "End")
    page.evaluate("() => { document.body.dataset.runs = ''; }")
    page.locator("#policy-cn").select_option("trigger")
    page.wait_for_selector(DONE)
    file = tmp_path / "my.toml"
    file.write_text(page.evaluate("() => detente.file(detente.state.changes)"), encoding="utf-8")
    params = Scenario.load(file).compiled.params
    assert bytes_of(page, "detente.bytes(detente.state.changes)") == dump(params)


@pytest.mark.slow
def test_copy_where_the_clipboard_is_closed_shows_the_text(opened, geneva):
    script = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
    page = opened(geneva, script=script)
    page.wait_for_selector(DONE)
    page.locator("#file").click()
    page.locator("#copied").wait_for(state="visible")
    assert 'extends = "geneva-2025.toml"' in page.locator("#copied").input_value()


@pytest.mark.slow
def test_but_for_bars_k_table_and_trajectories_on_demand(page):
    for room in ("butfor", "k", "trajectories-room"):
        page.locator(f"#{room} > summary").click()
    page.wait_for_selector("#butfor[data-done='yes']")
    result = simulate(Scenario.load("geneva-2025"), 10_000, 2025, but_for=True)
    largest = result.but_for.iloc[0]
    first = page.locator("#butfor-body tbody tr").first.inner_text()
    assert channel_text(largest.channel) in first
    assert f"{100 * largest.difference:+.1f} points" in first
    assert page.locator("#k-body tbody tr").count() == 7
    page.locator("#variable").select_option("pressure")
    assert "pressure" in page.locator("#trajectories").get_attribute("aria-label")
    page.locator("#survival-details > summary").click()
    page.locator("#survival-table tbody tr").first.wait_for()
    assert page.locator("#survival-table tbody tr").count() == 26


def test_stories_are_stepped(page):
    page.locator("#later").click()
    assert "Week" in page.locator("#told h3").inner_text()
    page.locator("#place").press("End")
    assert page.locator("#told h3").inner_text() == "How it came out"
    assert page.locator("#later").is_disabled()


@pytest.mark.slow
def test_the_keyboard_reaches_everything_and_focus_is_seen(page):
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.id || e.textContent.slice(0, 20), s.outlineStyle, s.outlineWidth]; }"""
        )
        if found[0]:
            reached.add(found[0])
            assert found[1:] != ["none", "0px"], found
    assert {"policy-us", SLIP, "pin", "link", "file", "week"} <= reached


#: Boxes that can be scrolled sideways: the name of each, and how its background moves.
SCROLLED = """() => [...document.querySelectorAll("*")]
  .filter((e) => e.scrollWidth > e.clientWidth && e.checkVisibility())
  .map((e) => [e.id || e.className, getComputedStyle(e)])
  .filter(([, style]) => style.overflowX === "auto")
  .map(([name, style]) => [name, style.backgroundAttachment])"""
#: Of every legend how each of its swatches is drawn.
SWATCHES = """() => [...document.querySelectorAll(".u-legend")].map((legend) =>
  [...legend.querySelectorAll(".u-series:not([hidden]) .u-marker")]
  .map((e) => e.style.border).filter(Boolean))"""
OPEN_ALL = "document.querySelectorAll('details').forEach((room) => (room.open = true))"


def test_a_narrow_screen_has_no_sideways_scroll_and_what_scrolls_shows_it(opened, geneva):
    page = opened(geneva, viewport={"width": 340, "height": 700})
    page.wait_for_selector(DONE)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 340
    page.evaluate(OPEN_ALL)
    scrolled = page.evaluate(SCROLLED)
    assert {"outcomes", "triggers"} <= {name for name, _ in scrolled}
    for name, shadows in scrolled:
        assert {"local", "scroll"} <= set(shadows.split(", ")), name
    page.set_viewport_size({"width": 390, "height": 700})
    assert not {"outcomes", "triggers"} & {name for name, _ in page.evaluate(SCROLLED)}


def test_no_two_lines_of_a_chart_have_the_same_swatch(page):
    page.click("#pin")
    page.evaluate(OPEN_ALL)
    page.wait_for_selector("#trajectories .u-legend")
    legends = page.evaluate(SWATCHES)
    assert max(map(len, legends)) >= 5
    assert any("dotted" in swatch for legend in legends for swatch in legend)
    for swatches in legends:
        assert len(set(swatches)) == len(swatches), swatches


@pytest.mark.slow
def test_a_narrow_screen_has_no_sideways_scroll_with_a_report_below(opened, tmp_path):
    scenario, file = Scenario.load("geneva-2025"), tmp_path / "live.html"
    few = outer_loop(scenario, 1, points=2, runs=10)
    report = report_of(simulate(scenario, 300))
    file.write_text(explorer(scenario, story_runs=0, report=report, spread=few), encoding="utf-8")
    page = opened(file, viewport={"width": 390, "height": 700})
    page.wait_for_selector(DONE)
    assert page.locator("#report section table").first.is_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_names_in_what_to_know_before_quoting_are_code(page):
    known = page.locator("#caveats")
    assert "`" not in known.inner_text()
    assert "standing" in known.locator("code").all_inner_texts()


@pytest.mark.slow
def test_it_prints_without_its_controls_on_few_pages(page):
    page.emulate_media(media="print")
    assert page.locator("#pin").is_hidden()
    assert page.locator("#settings").is_hidden()
    assert page.locator(".u-legend").first.is_visible(), "a curve without its name"
    pressed = page.locator("button.choice[aria-pressed='true']")
    ink = "(element) => getComputedStyle(element).color"
    assert pressed.evaluate(ink) == "rgb(0, 0, 0)", "browsers print no backgrounds"
    printed = page.pdf(format="A4")
    assert 1 <= len(re.findall(rb"/Type /Page\b", printed)) <= 4


@pytest.mark.slow
def test_without_webassembly_the_numbers_are_still_there(opened, geneva):
    page = opened(geneva, script="delete globalThis.WebAssembly;")
    assert "WebAssembly" in page.locator("#static-note").inner_text()
    assert page.locator("#static tbody tr").count() == 5
    assert page.locator("#live").is_hidden()


@pytest.mark.slow
def test_a_browser_that_cannot_inflate_says_so(opened, geneva):
    page = opened(geneva, script="delete globalThis.DecompressionStream;")
    page.locator("#static-note", has_text="2023").wait_for()
    assert page.locator("#live").is_hidden()


def test_with_scripts_off_the_numbers_and_the_stories_are_there(opened, geneva):
    page = opened(geneva, java_script_enabled=False)
    assert page.locator("#static").is_visible()
    assert page.locator("#static h2").count() == 3


@pytest.mark.slow
def test_a_title_with_a_script_in_it_is_text(opened, tmp_path):
    words = {"title": HOSTILE, "description": HOSTILE, 'sources."actors.us.slip"': HOSTILE}
    scenario = Scenario.load("geneva-2025").override(words)
    page = opened(written(tmp_path, scenario))
    page.wait_for_selector(DONE)
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.evaluate("() => window.hacked") is None
    assert page.locator("img").count() == 0


def test_the_policy_of_the_page_allows_no_other_script(geneva):
    content = re.search(r'Content-Security-Policy" content="([^"]+)"', geneva.read_text("utf-8"))
    rules = content[1].replace("&#39;", "'")
    assert rules.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in rules
    assert "'unsafe-eval'" not in rules
    assert not re.search(r"https?:|\*", rules)
