"""Writes the tables of docs/record.md anew: the record in every dated scenario, and the 2x2.

python docs/make_record.py               # or: make docs; with - it only prints them
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path as File
from typing import TYPE_CHECKING

from sim.history.backtest_page import row, with_quantiles
from sim.history.path import dated_by_name, dated_scenarios
from sim.history.replay import RUNS, Replay, Replays, replay, with_rivals
from sim.numbers import DEFAULT_SEED

if TYPE_CHECKING:
    from sim.scenario import Scenario

PAGE = File(__file__).resolve().parent / "record.md"
BEGIN = "<!-- numbers of `python docs/make_record.py`: begin -->"
END = "<!-- end -->"
#: What the office's settings were chosen to agree with: no test of them (page, what it says).
CALIBRATED = ("flow, May 2025", "flow, July 2025")
#: The question the sources leave open, in two worlds: name of the scenario, then of its readings.
READINGS = {
    "geneva-2025": "without the shocks of the record",
    "geneva-as-happened": "with the dated shocks",
}


def main(arguments: Sequence[str]) -> int:
    """Writes the tables between the marks of the page, or of the file named; "-" prints them."""
    text = "\n".join(tables())
    if list(arguments) == ["-"]:
        print(text)
        return 0
    file = File(arguments[0]) if arguments else PAGE
    page = file.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    return 0


def tables() -> Iterator[str]:
    """Lines: the likelihoods, the 2x2 of readings, then a section per scenario."""
    played = [with_rivals(scenario) for scenario in dated_scenarios()]
    yield "## How near a run comes"
    yield ""
    yield from likelihood_table({k: v for each in played for k, v in each.rows.items()})
    yield ""
    yield "## The shipped rivals: scenarios/nulls"
    yield ""
    yield from likelihood_table(
        {f"nulls/{rival.name}": replay(rival) for rival in shipped_rivals()}
    )
    yield ""
    yield "## Capacity or design: `standing` at the end of the term"
    yield ""
    yield from readings_table()
    for each in played:
        yield ""
        yield f"## {each.scenario.name}"
        yield ""
        yield from section(each)


def shipped_rivals() -> list["Scenario"]:
    """The rivals that stand in scenarios/nulls, by name."""
    return [scenario for name, scenario in dated_by_name().items() if name.startswith("nulls/")]


def likelihood_table(results: dict[str, Replay]) -> Iterator[str]:
    """Share of runs that match each fact, and all facts."""
    names = list(dict.fromkeys(name for result in results.values() for name in result.facts))
    yield "| scenario | weeks | " + " | ".join(names) + " | all of them |"
    yield "|---|---|" + "---|" * (len(names) + 1)
    for scenario, result in results.items():
        shares = [_share(result.facts[name]) if name in result.facts else "-" for name in names]
        all_facts = f"**{_share(result.likelihood)}** ({result.matching:,} of {result.n:,})"
        yield f"| {scenario} | {result.path.weeks} | {' | '.join(shares)} | {all_facts} |"


def readings_table() -> Iterator[str]:
    """The 2x2, with the base between: share of runs that stand, 95 % interval."""
    from sim.outcomes.simulate import simulate
    from sim.scenario import Scenario

    yield "| scenario | slow by capacity | as in the base | slow by design |"
    yield "|---|---|---|---|"
    for name, words in READINGS.items():
        cells = []
        for reading in ("-capacity", "", "-design"):
            share = simulate(Scenario.load(name + reading), runs=RUNS, seed=DEFAULT_SEED).at(
                "standing"
            )
            cells.append(f"{share.p:.3f} ({share.low:.3f} to {share.high:.3f})" if share else "-")
        yield f"| {name}, {words} | {' | '.join(cells)} |"
    yield ""
    yield f"{RUNS:,} runs each, seed {DEFAULT_SEED}; 95 % Wilson intervals, chance alone."


def section(played: Replays) -> Iterator[str]:
    """One scenario's table of places, with what it compares; the record's quantile under each
    rival stands beside."""
    scenario, base = played.scenario, played.base
    yield (
        f"{scenario.title}. {base.path.weeks} weeks from {scenario.spec.start}, {base.n:,} runs, "
        f"seed {base.seed}."
    )
    yield ""
    heads = ("quantity", "record", "model median", "90 % of the runs", "quantile of the record")
    yield _row((*heads, *played.rivals))
    yield "|" + "---|" * (len(heads) + len(played.rivals))
    for place, others in with_quantiles(played):
        quantity, *numbers = row(place)
        mark = " (calibrated)" if quantity in CALIBRATED else ""
        yield _row((quantity + mark, *numbers, *others))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _share(value: float) -> str:
    return f"{value:.3f}" if 0.0005 <= value <= 0.9995 else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
