"""Pictures of any title under any settings of the user's own, and pictures that fail."""

import io
import warnings

import matplotlib
import pytest

from sim.errors import ResultError
from sim.outcomes.simulate import simulate
from sim.outcomes.store import write_result
from sim.plots.style import house_style, new_figure
from sim.report.pictures import RESULT, Picture, PictureWarning, left_out, pictures, write_pictures
from sim.scenario import Scenario
from tests.everyday import one_in

pytestmark = pytest.mark.usefixtures("coarse_pictures")

TITLES = ("A $\\foo{$ B", "Cost of $5 and $6 tariffs", "cost $$", "$200bn, then $300bn", "_^{}%&#~")
#: What a matplotlibrc could say; `text.usetex` would call a program that is not there.
USERS = {"text.usetex": True, "font.size": 30, "axes.titlesize": 30, "lines.linewidth": 9}


def result(title):
    scenario = Scenario.load("textbook/tft-noise").override({"title": title})
    return simulate(scenario, runs=40, but_for=True)


def drawn(thing, kind):
    page = io.BytesIO()
    thing.plot(kind).savefig(page)
    return page.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    "title", [TITLES[0], *(pytest.param(title, marks=pytest.mark.slow) for title in TITLES[1:])]
)
def test_a_title_is_text_in_every_picture(title):
    thing = result(title)
    for kind in pictures(RESULT):
        if not left_out(RESULT, kind, thing):
            assert drawn(thing, kind)[:4] == b"\x89PNG"


def test_dollars_are_drawn_and_not_read_as_mathematics():
    figure = result("Cost of $5 and $6 tariffs").plot("survival")
    assert "Cost of $5 and $6 tariffs" in [text.get_text() for text in figure.texts]
    assert not any(text.get_parse_math() for text in figure.texts)


@pytest.mark.parametrize("kind", one_in(3, ["survival", "endings", "trajectories"]))
def test_a_users_own_settings_change_nothing(kind):
    thing = result("plain")
    usual = drawn(thing, kind)
    with matplotlib.rc_context(USERS):
        assert drawn(thing, kind) == usual
        assert matplotlib.rcParams["font.size"] == 30  # and stay as they were


def test_a_picture_that_fails_costs_that_picture_alone(tmp_path, monkeypatch):
    thing = result("plain")
    row = pictures(RESULT)["survival"]

    def fails(_):
        raise ZeroDivisionError("no width")

    failing = Picture(row.name, row.of, fails, row.shows)
    monkeypatch.setitem(pictures.__globals__["_SHIPPED"], "survival", failing)
    with pytest.warns(PictureWarning, match="survival could not be drawn: ZeroDivisionError"):
        folder = write_result(thing, tmp_path, pictures=("survival", "endings"))
    assert [path.name for path in (folder / "figures").iterdir()] == ["endings.png"]
    assert (folder / "summary.md").is_file()
    assert "survival.png" not in (folder / "summary.md").read_text(encoding="utf-8")


def test_signs_that_the_font_lacks_are_named_together_and_once(recwarn):
    figure = new_figure(3.0)
    with house_style():
        figure.text(0.5, 0.5, "\u505c\u6218 of \u505c")
    for _ in range(2):
        figure.savefig(io.BytesIO())
    said = [str(one.message) for one in recwarn if "sign" in str(one.message)]
    text = "has no sign for \u505c\u6218: boxes stand in their place"
    assert said == [f"the font of pictures (DejaVu Sans) {text}"]
    assert not [one for one in recwarn if "Glyph" in str(one.message)]


def test_other_warnings_of_a_picture_pass(recwarn):
    with house_style():
        warnings.warn("an axis is empty", UserWarning, stacklevel=1)
    assert [str(one.message) for one in recwarn] == ["an axis is empty"]


def test_a_wrong_name_is_no_failed_picture(tmp_path):
    thing = result("plain")
    with pytest.raises(ResultError, match="allowed: trajectories"):
        write_pictures(tmp_path, [("nothing", lambda: thing.plot("nothing"))])
