"""Single runs that a result keeps: the first few week by week, and one as a ladder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ResultError
from sim.outcomes.bands import PERCENTILES, by_percentile
from sim.scenario.calendar import week_dates
from sim.store.files import read_json
from sim.store.tables import like, read_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from sim.engines.setting import Record
    from sim.scenario.compile import Compiled
    from sim.world.params import Params

#: Runs in a sample: as many as a picture can show one line each.
SAMPLED = 200
#: Numbers in a sample at most: with a long horizon or many allies it has fewer runs.
MOST_KEPT = 2_000_000
#: Bytes of a ladder: one run, with some acts a week.
LARGEST = 1 << 26
#: Bits of a week's conduct, by side: in violation, and bad though not in violation (it serves fewer
#: licences than it promised). A file of before these had one bit for both, that of a violation.
US_VIOLATES, CN_VIOLATES, US_SHORT, CN_SHORT = 2, 1, 8, 4
#: Why of an act that is none: an obligation fell due with its lever still above it.
DUE = "due, not done"


@dataclass(frozen=True)
class Sample:
    """Runs 0 .. R - 1 of a result, played again with their weeks kept. H weeks, M allies."""

    conduct: NDArray[np.int8]  # (R, H), by week: a sum of the bits above
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
    from sim.engines import compiling, host

    count = min(runs, sampled(compiled.weeks, len(compiled.allies)))
    if again is not None:
        return _recorded_sample(compiled, count, again)
    if compiling.plain_is_quicker() and host.is_usable():
        return _host_sample(compiled, seed, count)
    from sim.engines.trace import recorder

    return _recorded_sample(compiled, count, recorder(compiled, seed))


def _recorded_sample(compiled: "Compiled", count: int, play: "Callable[[int], Record]") -> Sample:
    """The sample from records of its runs."""
    sample = _empty(count, compiled)
    for run in range(count):
        record = play(run)
        ally = record.allies[1:]
        shortage = np.maximum(ally["shortage_us"], ally["shortage_cn"])
        _note(sample, [run], compiled.params, record.row, _conduct_of(record), shortage)
    return sample


def _conduct_of(record: "Record") -> np.ndarray:
    """The bits of a run's conduct, by week."""
    violates = record.memory["other_violates"][1:, ::-1] > 0  # column of the side that does
    short = (record.seen["own_bad"][1:] > 0) & ~violates
    bits = violates * [US_VIOLATES, CN_VIOLATES] + short * [US_SHORT, CN_SHORT]
    return np.asarray(bits.sum(axis=1))


def _host_sample(compiled: "Compiled", seed: int, count: int) -> Sample:
    """The same by what stands in for the kernel."""
    from sim.engines.host import HostHand
    from sim.engines.setting import seed_words

    sample = _empty(count, compiled)
    for part in compiled.parts:
        own = [run for run in range(count) if run in part.slots]
        rows, conduct, shortage = HostHand(part.params, seed_words(seed)).sample(count)
        _note(sample, own, part.params, rows[own], conduct[own], shortage[own])
    return sample


def _note(
    sample: Sample,
    own: "Sequence[int]",
    params: "Params",
    rows: np.ndarray,
    conduct: np.ndarray,
    shortage: np.ndarray,
) -> None:
    """Puts some runs down: their rows, and by week their conduct and the allies' shortages."""
    sample.conduct[own] = conduct
    sample.shortage[own] = shortage
    sample.first_violation[own] = rows["clean_week"]
    if params.rules[0]["has_truce"]:
        sample.breakdown[own] = rows["standing_week"]
        sample.dispute[own] = rows["undisputed_week"]


def sampled(weeks: int, allies: int) -> int:
    """How many runs a sample has at most."""
    return max(1, min(SAMPLED, MOST_KEPT // (weeks * (1 + allies))))


def _empty(runs: int, compiled: "Compiled") -> Sample:
    weeks, allies = compiled.weeks, len(compiled.allies)
    never, shortage = np.zeros(runs, np.int32), np.zeros((runs, weeks, allies), np.float32)
    return Sample(np.zeros((runs, weeks), np.int8), never, never.copy(), never.copy(), shortage)


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
    np.savez_compressed(path, **vars(sample))


def read_sample(path: Path, compiled: "Compiled", runs: int) -> Sample:
    """The sample in a file, of a result of so many runs.

    Raises ResultError if it cannot be read or does not fit the scenario.
    """
    model = _empty(min(runs, SAMPLED), compiled)
    expected = {name: like(array) for name, array in vars(model).items()}
    return Sample(**read_arrays(path, expected))


@dataclass(frozen=True)
class Act:
    """What moved one side's levers in one week, for one reason.

    `moves`: (lever, level before, level after); for an obligation that fell due and was not
    met, the level reached and the one that counts from now on.
    """

    week: int
    who: str
    moves: tuple[tuple[str, int, int], ...]
    why: str


@dataclass(frozen=True)
class Ladder:
    """One run: both sides' rungs by week, and the acts that moved them. Week 0 stands for never."""

    run: int
    rungs: dict[str, list[float]]  # by side, in weeks 1..H, when the week's readings were made
    acts: tuple[Act, ...]  # in the order in which they happened
    talks: tuple[int, ...]  # weeks that ended in talks
    ends: tuple[tuple[int, str], ...]  # (week, what happened to the truce at its end)
    breakdown: int
    dispute: int
    trigger: str  # of the dispute, in words; "" if there is none


def ladder_text(ladder: Ladder) -> str:
    """A ladder as the text of its file."""
    return json.dumps(asdict(ladder), ensure_ascii=False) + "\n"


def read_ladder(path: Path) -> Ladder:
    """The ladder in a file; ResultError if it cannot be read."""
    try:
        table = read_json(path, LARGEST)
        acts = tuple(
            Act(act["week"], act["who"], tuple((a, b, c) for a, b, c in act["moves"]), act["why"])
            for act in table["acts"]
        )
        ends = tuple((week, text) for week, text in table["ends"])
        return Ladder(**(table | {"acts": acts, "ends": ends, "talks": tuple(table["talks"])}))
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
