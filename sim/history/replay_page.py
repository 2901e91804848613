"""The tables of docs/record.md, in Markdown: the record in every dated scenario, and the 2x2."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path as File
from typing import TYPE_CHECKING

from sim.history.backtest_page import value
from sim.history.dated import stretch_of
from sim.history.replay import RUNS, SEED, Place, Replay, replay

if TYPE_CHECKING:
    from sim.scenario import Scenario

BEGIN = "<!-- numbers of `python -m sim.history.replay_page`: begin -->"
END = "<!-- end -->"
#: The question the sources leave open, in two worlds: name of the scenario, then of its readings.
READINGS = {
    "geneva-2025": "without the shocks of the record",
    "geneva-as-happened": "with the dated shocks",
}


def main(arguments: Sequence[str]) -> int:
    """Prints the tables, or writes them between the marks of the file named."""
    text = "\n".join(tables())
    if not arguments:
        print(text)
        return 0
    file = File(arguments[0])
    page = file.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    return 0


def tables() -> Iterator[str]:
    """Lines: the likelihoods, the 2x2 of readings, then a section per scenario."""
    found = {scenario.name: (scenario, replay(scenario)) for scenario in dated_scenarios()}
    yield "## How near a run comes"
    yield ""
    yield from likelihood_table({name: result for name, (_, result) in found.items()})
    yield ""
    yield "## Capacity or design: `standing` at the end of the term"
    yield ""
    yield from readings_table()
    for name, (scenario, result) in found.items():
        yield ""
        yield f"## {name}"
        yield ""
        yield from section(scenario, result)


def dated_scenarios() -> list["Scenario"]:
    """The shipped scenarios with which the record can be compared, by name.

    A scenario for tutorials that is another one with the same values is left out.
    """
    from sim.scenario import Scenario
    from sim.scenario.shipped import list_shipped

    found: dict[str, Scenario] = {}
    for shipped in list_shipped():
        if "/" in shipped.name:
            continue
        scenario = Scenario.load(shipped.path)
        if scenario.readings:  # its readings are scenarios of their own, in the table of both
            continue
        if stretch_of(scenario.compiled) is not None and shipped.name != "geneva-simple":
            found[shipped.name] = scenario
    return list(found.values())


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
            held = simulate(Scenario.load(name + reading), runs=RUNS, seed=SEED).at("standing")
            cells.append(f"{held.p:.3f} ({held.low:.3f} to {held.high:.3f})" if held else "-")
        yield f"| {name}, {words} | {' | '.join(cells)} |"
    yield ""
    yield f"{RUNS:,} runs each, seed {SEED}; 95 % Wilson intervals, chance alone."


def section(scenario: "Scenario", result: Replay) -> Iterator[str]:
    """One scenario's table of places, with what it compares."""
    path = result.path
    yield (
        f"{scenario.title}. {path.weeks} weeks from {scenario.spec.start}, {result.n:,} runs, "
        f"seed {result.seed}."
    )
    yield ""
    yield "| quantity | record | model median | 90 % of the runs | quantile of the record |"
    yield "|---|---|---|---|---|"
    yield from (_line(place) for place in result.places)


def _line(place: Place) -> str:
    values = [value(v, place.beyond) for v in (place.record, place.median, place.q05, place.q95)]
    record, median, low, high = values
    return f"| {place.name} | {record} | {median} | {low} to {high} | {place.quantile:.2f} |"


def _share(value: float) -> str:
    return f"{value:.3f}" if 0.0005 <= value <= 0.9995 else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
