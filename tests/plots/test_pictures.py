"""Every picture there is: drawn, complete, undated, and with nothing cut off."""

import datetime
import html
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from sim.engines.counts import new_tally
from sim.errors import ResultError
from sim.outcomes.result import Result
from sim.plots.curves import labels, spread_apart, ticks
from sim.plots.trajectories import crossings
from sim.report.pictures import RESULT, pictures, save
from tests.everyday import one_in
from tests.outcomes.tallies import but_for, full, ladder, result, sample, small, spread
from tests.plots.drawn import Drawn

PICTURES = tuple(pictures(RESULT))
WORLDS = {
    "truce": {},
    "no truce": {"truce": None},
    "open-ended": {"truce": {"core": ["us.tariffs"]}},
    "one week": {"weeks": 1, "truce": None, "shocks": []},
    "no levers of china": {"levers": {"us": {"tariffs": {"control": "tariff", "notches": 1}}}},
    "twenty years": {"weeks": 1043},
    "long title": {"title": "A truce between two very large countries " * 5},
    "allies": {
        "allies": {
            "jp": {"lever": "us.tariffs", "coverage": 0.1, "dependence": {"cn.licences": 0.5}},
            "european_union": {"dependence": {"cn.licences": 0.9}},
            "nl": {"lever": "us.tariffs", "coverage": 0.1},
            "kr": {"dependence": {"cn.licences": 0.9}},
        }
    },
}
#: All parts of a picture at once, and the least there can be; the other worlds are for a slow day.
EVERYDAY = ("allies", "one week")
#: Without an axis of time: one has K along it, one shares.
UNDATED = ("definition", "settings")
FORMS = ("png", "svg", "pdf")


def texts(figure) -> str:
    found = [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]
    return "\n".join(found)


def made(world: str):
    scenario = small(**WORLDS[world])
    if world in ("truce", "no truce", "open-ended", "long title", "allies"):
        return full(scenario)
    tally = new_tally(scenario.compiled.params)
    tally.counts[0] = 10
    tally.ended[:, -1] = 10
    tally.hist[:, :, 0] = 10
    tally.joined[:, -1] = 10
    parts = {"sample": sample(scenario), "ladder": ladder(scenario), "but_for": but_for()}
    parts |= {"spread": spread(scenario)}
    return Result(scenario, scenario.compiled, tally, seed=1, **parts)


@cache
def drawn(kind: str, world: str = "allies") -> Drawn:
    """A picture of a world, drawn once for all that look at it."""
    return Drawn(made(world).plot(kind))


def assert_readable(kind: str, world: str) -> None:
    """Nothing is cut off, no text lies over another, no line of data runs through one."""
    seen = drawn(kind, world)
    assert seen.cut_off() == []
    assert seen.over_each_other() == []
    assert seen.over_lines() == []
    assert not seen.figure.legends
    assert all(axes.get_legend() is None for axes in seen.figure.axes)


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("world", EVERYDAY)
def test_every_text_can_be_read(kind, world):
    assert_readable(kind, world)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("world", [world for world in WORLDS if world not in EVERYDAY])
def test_every_text_can_be_read_in_every_world(kind, world):
    assert_readable(kind, world)


@pytest.mark.parametrize("kind", [kind for kind in PICTURES if kind not in UNDATED])
def test_dates_run_along_every_axis_of_time(kind):
    for axes in drawn(kind).figure.axes:
        names = [label.get_text() for label in axes.get_xticklabels()]
        if any(names) and axes.get_title("left") != "What would have kept it":
            assert any("2025" in name for name in names), names


@pytest.mark.parametrize("kind", PICTURES)
def test_every_picture_says_what_it_shows(kind):
    text = texts(drawn(kind).figure).replace("\n", " ")
    assert "Two tariffs" in text
    assert "100 runs" in text
    assert "seed 1" in text
    assert "scenario small" in text
    assert "2025" in text


@pytest.mark.parametrize("kind", PICTURES)
def test_every_text_is_in_the_svg(kind, tmp_path):
    """Letters are drawn as paths, so that no font is needed; the words stand beside them."""
    words = [text.get_text() for text, _ in drawn(kind).texts]
    save(drawn(kind).figure, tmp_path / "picture.svg")
    written = html.unescape((tmp_path / "picture.svg").read_text(encoding="utf-8"))
    assert len(words) > 10
    assert [line for text in words for line in text.splitlines() if line not in written] == []


def assert_same_bytes(kind: str, form: str, folder: Path) -> None:
    for name in ("one", "two"):
        save(full().plot(kind), folder / f"{name}.{form}")
    one, two = ((folder / f"{name}.{form}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert len(one) > 5_000


@pytest.mark.parametrize("form", one_in(3, FORMS))
def test_the_same_result_gives_the_same_bytes(form, tmp_path):
    assert_same_bytes("raster", form, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in PICTURES if kind != "raster"])
@pytest.mark.parametrize("form", FORMS)
def test_the_same_result_gives_the_same_bytes_in_every_picture(kind, form, tmp_path):
    assert_same_bytes(kind, form, tmp_path)


@pytest.mark.slow
def test_pictures_are_made_without_pyplot():
    code = (
        "import sys; from tests.outcomes.tallies import full;"
        "from sim.report.pictures import RESULT, pictures;"
        "[full().plot(kind) for kind in pictures(RESULT)];"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=root, timeout=120, check=False).returncode
        == 0
    )


def test_survival_defines_every_outcome_it_draws():
    text = texts(result().plot("survival"))
    for outcome in ("standing", "clean", "core", "extended"):
        assert f"{outcome}: " in text
    assert "end of the term" in text
    text = texts(result(small(truce=None)).plot("survival"))
    assert "standing: not defined, the scenario has no [truce]" in text


def test_unknown_pictures_are_refused_with_those_there_are():
    with pytest.raises(ResultError, match="allowed: trajectories, survival, endings"):
        result().plot("pie")


def test_crossings_of_the_medians():
    """China ahead for two weeks, level for one, then the United States."""
    world = result()
    bands = world.compiled.params.bands
    tally = world.tally
    for index, heights in ((0, (10, 10, 30, 40, 40, 40)), (1, (20, 20, 30, 10, 10, 10))):
        band = next(v for v, b in enumerate(bands) if b["quantity"] == 1 and b["index"] == index)
        for week, height in enumerate(heights, start=1):
            tally.hist[band, week, round(height * 0.1 * bands[band]["scale"] / 10) + 1] = 100
    found = crossings(world)
    assert [(day, who) for day, _, who in found] == [(datetime.date(2025, 6, 2), "us")]


@pytest.mark.parametrize("weeks", [1, 2, 5, 10, 11, 26, 60, 200, 1043, 20_000, 100_000])
def test_dates_are_few_round_and_inside(weeks):
    start = datetime.date(2025, 5, 12)
    end = start + datetime.timedelta(days=7 * weeks - 1)
    for most in (4, 6, 12):
        days = ticks(start, end, most)
        assert 1 <= len(days) <= most + 1
        assert days == sorted(set(days))
        assert start <= days[0] <= days[-1] <= end
        names = labels(days, (end - start).days)
        assert str(days[0].year) in names[0]


def test_labels_are_moved_apart_as_little_as_needed():
    assert spread_apart([0.2, 0.8], 0.05) == [0.2, 0.8]
    assert spread_apart([1.0, 1.0, 0.5], 0.1) == pytest.approx([0.95, 1.05, 0.5])
    assert spread_apart([0.0, 0.0], 0.1) == pytest.approx([0.0, 0.1])
