"""The served page in a real browser: any run told in words, and a game played at its table."""

import threading

import pytest

from sim.play import Game
from sim.scenario import Scenario
from sim.web.calls import calls
from sim.web.page import explorer, page_policy
from sim.web.server import PageServer
from tests.web.conftest import DONE, SECONDS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server():
    scenario = Scenario.load("geneva-2025")
    made = PageServer()
    made.fill(
        explorer(scenario, story_runs=0, served=True), page_policy(served=True), calls(scenario)
    )
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(10)


@pytest.fixture
def page(browser, server):
    """At the end the console must be clean, and no request may have gone elsewhere."""
    seen = []
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    page.on("console", lambda message: seen.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    own = (server.address, "blob:")
    page.on("request", lambda r: seen.extend([] if r.url.startswith(own) else [r.url]))
    page.goto(server.address)
    page.wait_for_selector(DONE)
    yield page
    context.close()
    refused = "console: Failed to load resource: the server responded with a status of 422"
    assert [line for line in seen if not line.startswith(refused)] == []


def week(page, number):
    page.wait_for_selector(f"body[data-week='{number}']")


def test_any_run_is_told_in_words_with_its_odds(page):
    page.locator("#run").fill("17")
    page.locator("#run").press("Enter")
    page.wait_for_selector("body[data-run^='17/']")
    page.locator("#tell").click()
    page.wait_for_selector("body[data-told='17']")
    assert "Run 17 of seed 2025" in page.locator("#run-words h3").first.inner_text()
    assert "The odds at each turn: week 0" in page.locator("#run-odds").get_attribute("aria-label")


def begun(page, chair="us"):
    page.locator("#play-room > summary").click()
    page.locator("#chair").select_option(chair)
    page.locator("#begin").click()
    week(page, 0)


def test_a_game_is_played_undone_saved_loaded_and_kept(page, tmp_path):
    begun(page)
    page.locator("button[data-order='pull chips']").click()
    assert page.locator("#order").input_value() == "pull chips"
    page.locator("#words button", has_text="call for talks").click()
    assert page.locator("#order").input_value() == "pull chips, talks"
    page.locator("#order").press("Enter")
    week(page, 1)
    page.locator("#order").fill("pul chips")
    page.locator("#order").press("Enter")
    page.locator("#move-wrong", has_text="pull").wait_for()
    page.locator("#order").fill("hold")
    page.locator("#make-move").click()
    week(page, 2)
    game = Game("geneva-2025", 2025)
    game.play("pull chips, talks")
    game.play("hold")
    sight = str(game.briefing()).split("\n  Your levers:")[0].split("\n")
    assert page.locator("#sight li").all_inner_texts() == [line.strip() for line in sight[1:]]
    with page.expect_download() as download:
        page.locator("#save").click()
    file = tmp_path / "game.toml"
    download.value.save_as(file)
    assert Game.load(file).week == 2
    page.locator("#undo").click()
    week(page, 1)
    page.locator("#load").set_input_files(file)
    week(page, 2)
    page.reload()
    page.wait_for_selector(DONE)
    page.locator("#play-room > summary").click()
    page.locator("#go-on", has_text="week 3").click()
    week(page, 2)
    file.write_text(file.read_text(encoding="utf-8").replace('hash = "', 'hash = "0'))
    page.locator("#load").set_input_files(file)
    page.locator("#problem", has_text="has changed since the game was saved").wait_for()


def test_the_adviser_and_the_end(page):
    begun(page)
    page.locator("#advise").click()
    page.locator("#advice tbody tr").first.wait_for()
    told = Game("geneva-2025", 2025).adviser().odds["hold"].truce
    assert (
        f"{told.p:.3f} ({told.low:.3f} to {told.high:.3f})" in page.locator("#advice").inner_text()
    )
    for number in range(1, 27):
        page.locator("#make-move").click()
        week(page, number)
    page.locator("#debriefing tbody tr").first.wait_for()
    assert page.locator("#debriefing tbody tr").count() == 26
    assert "The truce" in page.locator("#sight h3").inner_text()


def test_two_people_do_not_see_each_others_table(page):
    begun(page, "both")
    page.locator("#ready").press("Enter")
    assert page.locator("#sight h3").inner_text().startswith("The US")
    page.locator("#order").press("Enter")
    page.locator("#ready", has_text="China").wait_for()
    assert page.locator("#own-levers").inner_text() == ""
    page.locator("#ready").click()
    assert page.locator("#sight h3").inner_text().startswith("China")
    page.locator("#order").press("Enter")
    week(page, 1)
