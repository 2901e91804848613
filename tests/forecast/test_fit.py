"""The fit: its sampler on laws known by hand, its folder, what it says, and who evaluates it."""

import json
import shutil
from datetime import date
from pathlib import Path

import networkx
import numpy as np
import pytest

import sim
from docs.make_architecture import imports, modules
from sim.errors import ResultError
from sim.forecast.fit import (
    SPELL,
    evaluated,
    make,
    new_fit,
    on_threads,
    on_workers,
    sent,
    spells,
)
from sim.forecast.fit_store import SOURCES, FitFolder, read_fit
from sim.forecast.fitted import fitted
from sim.forecast.observations import ForecastError
from sim.forecast.odds import Question, odds
from sim.forecast.posterior import fit_report, idle_bits, said
from sim.forecast.priors import prior_of
from sim.forecast.tempered import Particles
from sim.scenario import Scenario
from sim.studies.workers import Cluster, Processes, cluster_at
from sim.world.philox import normals, seeds
from tests.store.resealed import resealed
from tests.studies.test_workers import address_in, processes

GENEVA, LONDON = Scenario.load("geneva-2025"), Scenario.load("london-2025")
SMALL = {"points": 12, "stages": 2, "moves": 1, "copies": 20, "as_of": date(2025, 7, 20)}


def test_what_gains_no_more_than_an_idle_setting_is_said_to_gain_nothing():
    fit = new_fit([GENEVA], **SMALL)
    z = normals((3, 1), 400, 0, fit.size)
    z[:, 0] = 2 + z[:, 0] / 8  # moved far
    z[:, 1] = 0.7 + z[:, 1] / 1.5
    cloud = Particles(2, z, np.zeros((400, 1)), 0.5)
    assert said(fit, cloud)[:3] == ["much", "something", "nothing"]
    assert 0 < idle_bits(fit, cloud) < 0.1
    z[:, -1] = 1 + z[:, -1] / 2  # of an idle one the points say as much: so it is the sampler's
    assert said(fit, Particles(2, z, cloud.logs, 0.5))[:3] == ["much", "nothing", "nothing"]


def test_what_every_reading_sets_itself_is_not_fitted():
    names = [each.name for each in prior_of([Scenario.load("geneva-2025-readings")]).coordinates]
    assert "heat (geneva-2025-readings)" in names
    assert "levers.cn.rare_earths.capacity (geneva-2025-readings)" not in names


def test_coordinates_are_shared_or_of_one_truce():
    prior = prior_of([GENEVA, LONDON])
    names = [one.name for one in prior.coordinates]
    assert len(set(names)) == len(names)
    assert names.count("talks.talks_pressure") == 1
    assert {"heat (geneva-2025)", "heat (london-2025)"} <= set(names)
    values = prior.values(normals((1, 1), 3, 0, prior.size))
    place = {name: number for number, name in enumerate(names)}
    for row in values:
        worlds = [prior.world(one, row) for one in (GENEVA, LONDON)]
        for world in worlds:
            assert world.spec.talks.talks_pressure == row[place["talks.talks_pressure"]]
            assert world.spec.heat == row[place[f"heat ({world.name})"]]
            assert world.spec.actors["cn"].policy["k"] == row[place["actors.cn.policy.k"]]


def test_values_stay_within_what_is_believed():
    prior = prior_of([GENEVA])
    values = prior.values(normals((2, 1), 200, 0, prior.size))
    for place, one in enumerate(prior.coordinates):
        column = values[:, place]
        assert column.min() >= one.law.low
        assert column.max() <= one.law.high
        assert not one.whole or (column == np.round(column)).all()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("fits")
    return make(new_fit([GENEVA, LONDON], **SMALL), out, hand=on_threads(1))


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".json"}


def test_threads_do_not_change_a_byte(made, tmp_path):
    again = make(new_fit([GENEVA, LONDON], **SMALL), tmp_path, hand=on_threads(3))
    assert files(again) == files(made)


def test_a_fit_that_was_stopped_goes_on_to_the_same_bytes(made, tmp_path):
    class StoppedError(Exception):
        pass

    def stop(cloud):
        raise StoppedError

    fit = new_fit([GENEVA, LONDON], **SMALL)
    with pytest.raises(StoppedError):
        make(fit, tmp_path, on_stage=stop)
    with pytest.raises(ResultError, match="--resume"):
        make(fit, tmp_path)
    assert files(make(fit, tmp_path, resume=True)) == files(made)


def test_a_fit_goes_on_by_no_other_code(made, tmp_path, monkeypatch):
    fit = new_fit([GENEVA, LONDON], **SMALL)
    begun = FitFolder(tmp_path, fit)
    with begun.locked():
        begun.begin()
        with pytest.raises(ResultError, match="being written by another process"):
            make(fit, tmp_path, resume=True)
    monkeypatch.setattr("sim.forecast.fit_store.code_hash", lambda _: "other")
    with pytest.raises(ResultError, match=r'code: "[0-9a-f]{16}" then, "other" now'):
        make(fit, tmp_path, resume=True)
    assert read_fit(made).cloud is not None  # what is finished is read all the same


def test_a_fit_of_before_its_plan_had_the_code_is_read(made, tmp_path):
    older = Path(shutil.copytree(made, tmp_path / made.name))
    plan = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["plan"]
    del plan["code"]
    resealed(older, plan=plan)
    assert np.array_equal(read_fit(older).cloud.z, read_fit(made).cloud.z)


def test_every_source_that_decides_a_fit_is_in_the_hash():
    files = modules()
    graph = networkx.DiGraph((a, b) for a, targets in imports().items() for b in targets)
    needed = {files[name] for name in networkx.descendants(graph, "sim.forecast.fit")}
    package = Path(sim.__file__).parent
    shown = {package / room for room in ("report", "plots", "store", "explain")}
    hashed = {file for pattern in SOURCES for file in package.glob(pattern)}
    assert {file for file in needed if file.parent not in shown} <= hashed


def test_a_fit_is_read_and_told(made):
    fit = read_fit(made)
    assert [one.name for one in fit.prior.scenarios] == ["geneva-2025", "london-2025"]
    report = fit_report(fit)
    assert "up to 2025-07-20" in report.lead[0]
    assert f"of {fit.prior.size}" in report.lead[1]
    assert len(report.data["settings"]) == fit.prior.size
    assert report.data["truces"][0]["weeks"] == 10


def test_a_damaged_fit_is_refused(made, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(made, copy)
    (copy / "cloud.npz").write_bytes(b"none")
    with pytest.raises(ResultError, match="damaged"):
        read_fit(copy)


def test_odds_with_the_settings_of_a_fit_say_so(made):
    settings = fitted(read_fit(made))
    small = {"particles": 400, "runs": 400, "anyway": True, "fit": settings}
    asked = Question(GENEVA, 1, **small)
    after = odds(asked, date(2025, 7, 27))
    assert after.settings.startswith("fitted to the record up to 2025-07-20")
    assert after.chances[0].spread is not None
    before = odds(asked, date(2025, 6, 1))
    assert before.settings.endswith("in hindsight, no forecast")


@pytest.mark.parametrize(
    ("scenarios", "named", "words"),
    [
        ([GENEVA, GENEVA], {}, "each truce once"),
        ([GENEVA], {"as_of": date(2025, 5, 14)}, "a day after the first week"),
        ([Scenario.load("textbook/tft-noise")], {}, "ranges"),
        ([GENEVA], {"points": 1}, "points is 1"),
        ([GENEVA], {"shared": (), "own": ()}, "none is varied"),
    ],
)
def test_bad_fits(scenarios, named, words):
    with pytest.raises((ForecastError, ResultError), match=words):
        new_fit(scenarios, **named)


#: Points, of which a few make a spell.
Z, SEEDS = normals((3, 1), 12, 0, 3), seeds((3, 1), 12, 0)


class Made:
    """A likelihood that can be worked out by hand, and pickled."""

    def __call__(self, z, luck):
        return np.stack([z.sum(axis=1), np.array(luck, float) / 2.0**64], axis=1)


def test_spells_hold_every_point_once_and_in_order():
    assert np.array_equal(np.concatenate([z for z, _ in spells(Z, SEEDS)]), Z)
    assert [seed for _, own in spells(Z, SEEDS) for seed in own] == SEEDS
    assert max(len(z) for z, _ in spells(Z, SEEDS)) == SPELL


def test_threads_tell_what_is_done():
    done = []
    found = on_threads(3)(Made(), done.append, Z, SEEDS)
    assert np.array_equal(found, Made()(Z, SEEDS))
    assert sum(done) == len(Z)


@pytest.mark.slow
def test_processes_give_the_numbers_of_threads_and_are_begun_anew_when_one_dies():
    import multiprocessing

    done = []
    with Processes(1) as hands:
        hand = on_workers(hands)
        assert np.array_equal(hand(Made(), None, Z, SEEDS), Made()(Z, SEEDS))
        for child in multiprocessing.active_children():
            child.kill()
        assert np.array_equal(hand(Made(), done.append, Z, SEEDS), Made()(Z, SEEDS))
    assert sum(done) == len(Z)
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_a_cluster_gives_the_numbers_of_threads(tmp_path):
    file = tmp_path / "scheduler.json"
    with processes(file, 1), cluster_at(address_in(file)) as client:
        hand = on_workers(Cluster(client))
        assert np.array_equal(hand(Made(), None, Z, SEEDS), Made()(Z, SEEDS))


def test_other_code_on_a_worker_is_refused():
    package = sent(Made())
    package.code = "other"
    with pytest.raises(ResultError, match="another version"):
        evaluated(package, Z, SEEDS)
