"""What stands in for the kernel plays the kernel's runs, and only beside the kernel's sources."""

import sys
import types
from functools import partial

import numpy as np
import pytest

from sim.engines import compiling, host
from sim.engines.batch import deciding_rows, run_parts
from sim.engines.block import CompiledHand
from sim.engines.counts import ROW
from sim.engines.host import HostHand
from sim.engines.trace import record_run
from sim.errors import ScenarioError
from sim.explain.find import with_ladder
from sim.outcomes.sample import _host_sample, _recorded_sample
from sim.outcomes.simulate import simulate
from sim.outcomes.spread import outer_loop
from sim.outcomes.store import write_result
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped
from sim.world.outcomes import outcome_of

KEY = (2**32 - 7, 2**31 + 3)
PAYOFFS = ("payoff_us", "payoff_cn", "harm_us", "harm_cn")


def same_rows(ours, theirs):
    for name in ROW.names:
        if name in PAYOFFS:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-14, atol=1e-14)
        else:
            assert np.array_equal(ours[name], theirs[name]), name


def same_runs(params, runs):
    ours, theirs = HostHand(params, KEY), CompiledHand(params, KEY)
    for start, count in ((0, runs), (2**32 - 5, 5)):
        same_rows(ours.play(start, count, True), theirs.play(start, count, True))
    for name, one, two in zip(ours.tally._fields, ours.tally, theirs.tally, strict=True):
        assert np.array_equal(one, two), name


@pytest.mark.parametrize("name", ["geneva-2025", "textbook/licence-queue"])
def test_it_plays_and_counts_the_runs_of_the_kernel(name):
    same_runs(Scenario.load(name).compiled.params, 500)


@pytest.mark.slow
@pytest.mark.parametrize("shipped", list_shipped(), ids=lambda shipped: shipped.name)
def test_it_plays_every_shipped_scenario(shipped):
    scenario = Scenario.load(shipped.path)
    for part in scenario.compiled.parts:
        same_runs(part.params, 3_000)
    same_samples(_host_sample(scenario.compiled, 5, 30), recorded(scenario.compiled, 5, 30))


def recorded(compiled, seed, runs):
    """The sample of the kernel's own records."""
    return _recorded_sample(
        compiled, runs, lambda run: record_run(compiled.params_of(run), seed, run)
    )


def same_samples(one, two):
    for name in ("conduct", "first_violation", "breakdown", "dispute", "shortage"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


@pytest.mark.parametrize("name", ["geneva-2025", "geneva-2025-readings"])
def test_its_sample_is_that_of_the_records(name):
    compiled = Scenario.load(name).compiled
    same_samples(_host_sample(compiled, 2025, 40), recorded(compiled, 2025, 40))


def test_a_run_without_the_compiler_is_the_run():
    params = Scenario.load("geneva-2025").compiled.params
    ours, theirs = compiling.record_plainly(params, 2025, 3), record_run(params, 2025, 3)
    same_rows(ours.row, theirs.row)
    for name in ("levels", "rungs", "first_up", "first_down", "struck", "deals", "memory", "run"):
        assert getattr(ours, name).tobytes() == getattr(theirs, name).tobytes(), name


@pytest.mark.slow
@pytest.mark.parametrize("name", ["geneva-2025-readings", "geneva-2025"])
def test_a_result_has_the_same_bytes_by_either(name, tmp_path, monkeypatch):
    few = partial(outer_loop, points=4, runs=20)
    monkeypatch.setattr("sim.outcomes.simulate.outer_loop", few)
    folders = []
    for usable in (True, False):
        monkeypatch.setattr(host, "is_usable", lambda usable=usable: usable)
        monkeypatch.setattr(compiling, "plain_is_quicker", lambda usable=usable: usable)
        scenario = Scenario.load(name)
        result = with_ladder(simulate(scenario, runs=300, but_for=True, spread=True))
        folders.append(write_result(result, tmp_path / str(usable), pictures=("survival",)))
    ours, theirs = ({p.name: p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in folders)
    assert ours.keys() == theirs.keys()
    assert [n for n in ours if ours[n] != theirs[n]] in ([], ["manifest.json"])


def test_a_mixture_is_refused():
    with pytest.raises(ScenarioError, match="several readings"):
        HostHand(Scenario.load("geneva-2025-readings").compiled.params, KEY)


def test_beside_other_sources_of_the_kernel_it_does_not_play(tmp_path, monkeypatch):
    assert host.is_of_these_sources()
    text = host.STAMP.read_text(encoding="utf-8")
    stale = tmp_path / "stale"
    others, kernel, _ = text.rpartition(f"  {host.KERNEL}")
    stale.write_text(others[:-64] + "0" * 64 + kernel + "\n", encoding="utf-8")
    monkeypatch.setattr(host, "STAMP", stale)
    assert not host.is_of_these_sources()


def test_many_runs_are_the_kernels():
    assert not host.stands_in(host.MOST_RUN_WEEKS + 1)


def test_a_module_that_another_thread_is_importing_is_no_kernel_yet(monkeypatch):
    monkeypatch.setitem(sys.modules, "sim.engines.block", types.ModuleType("sim.engines.block"))
    assert not compiling.is_loaded(compiling.BLOCK)


def test_a_kernel_on_the_disk_is_loaded_once_much_was_played(monkeypatch):
    monkeypatch.setattr(host, "is_loaded", lambda _: False)
    monkeypatch.setattr(host, "_was_cached", lambda: True)
    monkeypatch.setattr(host._program(), "played", 0)
    assert host.stands_in(host.LOADING_RUN_WEEKS)
    hand = HostHand(Scenario.load("textbook/grim-noise").compiled.params, KEY)
    hand.play(0, 10, False)
    assert host._program().played == 10 * hand.weeks
    assert not host.stands_in(host.LOADING_RUN_WEEKS)


@pytest.mark.parametrize("outcomes", [("standing",), ("clean", "core"), ("undisputed", "extended")])
def test_runs_that_end_when_they_are_decided_are_the_same_runs(outcomes, monkeypatch):
    monkeypatch.setattr(host, "is_loaded", lambda _: False)
    monkeypatch.setattr(host._program(), "played", 0)
    parts = Scenario.load("geneva-2025-readings").compiled.parts
    whole = run_parts(parts, 2025, 130, 150, keep=True, payoffs=False).rows
    cut = deciding_rows(parts, 2025, 130, 150, outcomes, threads=2)
    assert whole is not None
    for outcome in outcomes:
        field = outcome_of(outcome).field
        assert (cut[field] == whole[field]).all()
    assert ("extended" in outcomes) == (cut["talks_count"] == whole["talks_count"]).all()
