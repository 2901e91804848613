"""Any file: one clear error, or a valid result, within ten seconds and a gigabyte.

Scenarios, experiments and files of policies, each mutated in any key by any type of TOML, cut,
deepened and made huge. `make attack` tries ten thousand.
"""

import contextlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from sim.engines.batch import run_batch
from sim.errors import DetenteError
from sim.games.lineup import choose
from sim.outcomes.tables import runs_frame
from sim.scenario import Scenario
from sim.scenario.loading import shipped_files
from sim.studies.plan import check_points
from sim.studies.reading import read_experiment, shipped_experiments
from tests.fuzz.bounds import bounded
from tests.fuzz.mutations import mutated

EVERYDAY = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    # explaining a failure traces every line of every case, against which work is bounded
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
SLOW = settings(EVERYDAY, max_examples=10_000, derandomize=False)
FEW_RUNS, FEW_POINTS, MOST_WEEKS_PLAYED = 3, 30, 300_000

SCENARIOS = {name: tomllib.loads(path.read_text("utf-8")) for name, path in shipped_files().items()}
EXPERIMENTS = {
    name: tomllib.loads(path.read_text("utf-8")) for name, path in shipped_experiments().items()
}
POLICIES = {
    "both": tomllib.loads(
        """
        [us.patient]
        name = "tit_for_k_tats"
        k = 3
        [cn.mixed]
        name = "mixture"
        parts = [
            { weight = 0.5, policy = { name = "grim" } },
            { weight = 0.5, policy = { name = "random" } },
        ]
        [both.own.machine]
        start = "calm"
        [both.own.machine.states.calm]
        move = "concede"
        next = { any = "calm" }
        """
    )
}


@contextlib.contextmanager
def one_clear_error() -> Iterator[None]:
    """Errors of this project are fine, if their text is some and not endless."""
    try:
        yield
    except DetenteError as error:
        if not 0 < len(str(error)) < 100_000:
            raise AssertionError("an error of no text, or of too much") from error


def play(scenario: Scenario) -> None:
    """A few runs: every number is finite, every week within the horizon."""
    compiled = scenario.compiled
    runs = FEW_RUNS if compiled.weeks * len(compiled.levers) <= MOST_WEEKS_PLAYED else 1
    rows = run_batch(compiled.params, 2025, 0, runs, threads=1, keep=True).rows
    for name in rows.dtype.names:
        assert np.isfinite(rows[name]).all(), name
        if name.endswith("_week"):
            assert ((rows[name] >= -10_000_000) & (rows[name] <= compiled.weeks + 1)).all(), name
    assert len(runs_frame(rows, compiled)) == runs


def a_scenario(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with one_clear_error():
        scenario = Scenario.load(file)
        play(scenario)
        list(scenario.entries())
        assert Scenario.from_table(scenario.to_table()).hash == scenario.hash


def an_experiment(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with one_clear_error():
        study = read_experiment(file)
        if study.size <= FEW_POINTS:
            check_points(study)


def a_lineup(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with one_clear_error():
        choose(Scenario.load("textbook/tft-noise"), {"us": None, "cn": None}, file)


KINDS = {
    "scenarios": (SCENARIOS, a_scenario),
    "experiments": (EXPERIMENTS, an_experiment),
    "policies": (POLICIES, a_lineup),
}


def attack(kind: str, folder: Path, profile: settings) -> None:
    tables, use = KINDS[kind]
    place = folder / {"scenarios": "scenarios", "experiments": "experiments"}.get(kind, "x")
    place.mkdir(exist_ok=True)
    Scenario.load("textbook/tft-noise").compiled  # noqa: B018 - what is imported once is not timed
    play(Scenario.load("textbook/tft-noise"))

    @profile
    @given(mutated(tables))
    def one(text: str) -> None:
        with bounded():
            use(place / "mutated.toml", text)

    one()


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_refused_clearly_or_gives_a_finite_result(kind, tmp_path):
    attack(kind, tmp_path, EVERYDAY)


@pytest.mark.attack
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_mutated_files(kind, tmp_path):
    attack(kind, tmp_path, SLOW)
