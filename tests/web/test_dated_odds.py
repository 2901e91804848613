"""The odds as the record came in, on the page: the chances of the folder, the events by then."""

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.errors import ScenarioError
from sim.forecast.store import load_odds
from sim.scenario import Scenario
from sim.web.page import explorer
from sim.web.record import dated_odds
from tests.web.conftest import DONE

pytestmark = pytest.mark.slow


def made(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("odds")
    words = ("odds", "geneva-2025", "--every", "week", "--particles", "400", "--runs", "400")
    made(*words, "--anyway", "--no-pictures", "--out", place)
    return next(place.glob("geneva-2025-odds-*"))


def test_chances_and_events_are_those_of_the_folder(folder):
    kept = load_odds(folder)
    told = dated_odds(Scenario.load("geneva-2025"), folder)
    rows = kept.odds[(kept.odds["at"] == "term") & (kept.odds["outcome"] == "standing")]
    assert told["days"] == rows["as_of"].tolist()
    assert [row[0] for row in told["outcomes"]["standing"]] == rows["p"].tolist()
    dates = [date for _, date, _ in told["events"]]
    assert dates == sorted(dates)
    assert any("talks are held" in text for *_, text in told["events"])


def test_odds_of_another_scenario_are_refused(folder):
    with pytest.raises(ScenarioError, match="odds of geneva-2025"):
        dated_odds(Scenario.load("geneva-2025").override({"weeks": 20}), folder)


def test_odds_by_a_fit_are_told_week_by_week(tmp_path):
    """The page of a folder of a fit: the odds that `detente odds --fit` tells, on every week."""
    small = ("--points", "20", "--stages", "2", "--moves", "1", "--copies", "20", "--no-pictures")
    made("fit", "geneva-2025", "--as-of", "2025-06-15", *small, "--out", tmp_path)
    (fit,) = tmp_path.iterdir()
    file = tmp_path / "page.html"
    made("page", "geneva-2025", "--no-stories", "--odds", fit, "--out", file)
    assert 'id="odds-day"' in file.read_text(encoding="utf-8")
    told = dated_odds(Scenario.load("geneva-2025"), fit)
    assert told["settings"].startswith("fitted to the record up to 2025-06-15")
    assert told["days"][:2] == ["2025-05-12", "2025-05-18"]
    assert all(len(rows) == len(told["days"]) for rows in told["outcomes"].values())
    assert all(low <= p <= high for p, low, high, _ in told["outcomes"]["standing"])


def test_the_date_is_scrubbed(folder, opened, tmp_path):
    scenario = Scenario.load("geneva-2025")
    told = dated_odds(scenario, folder)
    file = tmp_path / "page.html"
    file.write_text(explorer(scenario, story_runs=0, odds=told), encoding="utf-8")
    page = opened(file)
    page.wait_for_selector(DONE)
    last = page.locator("#odds-events li").count()
    assert last == len([1 for _, date, _ in told["events"] if date <= told["days"][-1]])
    page.locator("#odds-day").press("Home")
    cells = page.locator("#odds-now tbody tr").first.locator("td").all_inner_texts()
    assert cells[0] == f"{told['outcomes']['standing'][0][0]:.3f}"
    assert page.locator("#odds-said").inner_text() == told["days"][0]
    assert page.locator("#odds-events li").count() < last
