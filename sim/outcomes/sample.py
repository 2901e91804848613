"""The first few runs, kept week by week: what a picture of single runs is drawn from."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.calendar import week_dates
from sim.outcomes.trajectories import PERCENTILES, by_percentile
from sim.store.tables import like, read_arrays

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from sim.engines.record import Record
    from sim.scenario.compile import Compiled

#: Runs in a sample: as many as a picture can show one line each.
SAMPLED = 200
#: Numbers in a sample at most: with a long horizon or many allies it has fewer runs.
MOST_KEPT = 2_000_000


@dataclass(frozen=True)
class Sample:
    """Runs 0 .. R - 1 of a result, played again with their weeks kept. H weeks, M allies."""

    conduct: NDArray[np.int8]  # (R, H): 2 * (us bad) + (cn bad), by week
    first_violation: NDArray[np.int32]  # (R,): week, 0 = never
    breakdown: NDArray[np.int32]  # (R,): first week `standing` no longer holds, 0 = never
    dispute: NDArray[np.int32]  # (R,): first week `undisputed` no longer holds, 0 = never
    shortage: NDArray[np.float32]  # (R, H, M): of each ally, the worse of the two sides'

    @property
    def runs(self) -> int:
        """How many runs."""
        return len(self.conduct)


def take_sample(
    compiled: "Compiled", seed: int, runs: int, again: "Callable[[int], Record] | None" = None
) -> Sample:
    """Play the first `runs` runs, at most SAMPLED, again and keep their weeks.

    again: what plays a run and keeps it, where that is not the engine.
    """
    from sim.engines import host, plain

    weeks, allies = int(compiled.params.rules[0]["weeks"]), len(compiled.params.allies)
    count = min(runs, sampled(weeks, allies))
    if again is not None:
        return _recorded_sample(compiled, count, again)
    if plain.is_quicker() and host.is_usable():
        return _host_sample(compiled, seed, count)
    from sim.engines.trace import recorder

    return _recorded_sample(compiled, count, recorder(compiled, seed))


def _recorded_sample(compiled: "Compiled", count: int, play: "Callable[[int], Record]") -> Sample:
    """The sample from records of its runs."""
    weeks, allies = int(compiled.params.rules[0]["weeks"]), len(compiled.params.allies)
    truce = bool(compiled.params.rules[0]["has_truce"])
    sample = _empty(count, weeks, allies)
    for run in range(count):
        record = play(run)
        bad = record.seen["own_bad"][1:]
        sample.conduct[run] = 2 * bad[:, 0] + bad[:, 1]
        sample.first_violation[run] = record.row["clean_week"][0]
        sample.breakdown[run] = record.row["standing_week"][0] if truce else 0
        sample.dispute[run] = record.row["undisputed_week"][0] if truce else 0
        ally = record.allies[1:]
        sample.shortage[run] = np.maximum(ally["shortage_us"], ally["shortage_cn"])
    return sample


def _host_sample(compiled: "Compiled", seed: int, count: int) -> Sample:
    """The same by what stands in for the kernel."""
    from sim.engines.host import HostHand
    from sim.engines.setting import seed_words

    weeks, allies = int(compiled.params.rules[0]["weeks"]), len(compiled.params.allies)
    sample = _empty(count, weeks, allies)
    for part in compiled.parts:
        own = [run for run in range(count) if run in part.slots]
        rows, conduct, shortage = HostHand(part.params, seed_words(seed)).sample(count)
        sample.conduct[own] = conduct[own]
        sample.shortage[own] = shortage[own]
        sample.first_violation[own] = rows["clean_week"][own]
        if part.params.rules[0]["has_truce"]:
            sample.breakdown[own] = rows["standing_week"][own]
            sample.dispute[own] = rows["undisputed_week"][own]
    return sample


def sampled(weeks: int, allies: int) -> int:
    """How many runs a sample has at most."""
    return max(1, min(SAMPLED, MOST_KEPT // (weeks * (1 + allies))))


def _empty(runs: int, weeks: int, allies: int) -> Sample:
    return Sample(
        np.zeros((runs, weeks), np.int8),
        np.zeros(runs, np.int32),
        np.zeros(runs, np.int32),
        np.zeros(runs, np.int32),
        np.zeros((runs, weeks, allies), np.float32),
    )


def shortage_frame(sample: Sample, compiled: "Compiled") -> "pd.DataFrame":
    """Shortage of the allies over the sampled runs: ally, week, date, q05, q25, q50, q75, q95.

    Quantiles are values that occur (the smallest at or below which that share of the runs lies).
    """
    import pandas as pd

    weeks = sample.conduct.shape[1]
    shares = np.asarray(PERCENTILES) / 100
    values = np.quantile(sample.shortage, shares, axis=0, method="inverted_cdf")
    columns: dict[str, Any] = {
        "ally": np.repeat(np.array(compiled.allies, dtype=object), weeks),
        "week": np.tile(np.arange(1, weeks + 1), len(compiled.allies)),
        "date": np.tile(week_dates(compiled.start, weeks), len(compiled.allies)),
    }
    return pd.DataFrame(columns | by_percentile(values.transpose(0, 2, 1).astype(float)))


def write_sample(sample: Sample, path: Path) -> None:
    """One file of arrays, the same bytes for the same sample."""
    np.savez_compressed(path, **{field.name: getattr(sample, field.name) for field in _FIELDS})


def read_sample(path: Path, compiled: "Compiled", runs: int) -> Sample:
    """The sample in a file, of a result of so many runs.

    Raises ResultError if it cannot be read or does not fit the scenario.
    """
    weeks, allies = int(compiled.params.rules[0]["weeks"]), len(compiled.params.allies)
    model = _empty(min(runs, SAMPLED), weeks, allies)
    expected = {field.name: like(getattr(model, field.name)) for field in _FIELDS}
    return Sample(**read_arrays(path, expected))


_FIELDS = fields(Sample)
