"""The page of a backtest: how near runs come to the record, and where it lies among them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.history.replay import FLOW_DISTANCE, TALKS_WEEKS, VIOLATION_WEEKS, Place, Replay
from sim.outcomes.estimates import estimate
from sim.report.content import NAME, Report, Section, columns

if TYPE_CHECKING:
    from sim.scenario import Scenario

Played = tuple["Scenario", Replay]


def backtest_report(played: list[Played]) -> Report:
    """The report of scenarios played against a record; settings are those of the scenarios."""
    n, seed = played[0][1].n, played[0][1].seed
    return Report(
        "How near the runs come to the record",
        tuple(_lead(played)),
        (
            f"A run matches if every fact lies near the record's: first violations within "
            f"{VIOLATION_WEEKS} weeks, first talks within {TALKS_WEEKS}, the core and the end of "
            f"the first term as recorded, monthly flows within {FLOW_DISTANCE} on average.",
            f"{n:,} runs of each scenario, seed {seed}; as shipped (judgement), nothing is fitted. "
            "Intervals: 95 % Wilson, chance alone.",
        ),
        (_matches(played), *(_places(scenario, found) for scenario, found in played)),
        data={"scenarios": [content(scenario, found) for scenario, found in played]},
    )


def content(scenario: "Scenario", found: Replay) -> dict[str, Any]:
    """One backtest as plain values."""
    share = estimate(found.matching, found.n, "runs that match every fact")
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "weeks": found.path.weeks,
        "n": found.n,
        "seed": found.seed,
        "facts": dict(found.facts),
        "matching": asdict(share),
        "places": [asdict(place) for place in found.places],
    }


def _lead(played: list[Played]) -> Iterator[str]:
    for scenario, found in played:
        share = estimate(found.matching, found.n)
        yield f"The record is matched by {share} of the runs of {scenario.name}."


def _matches(played: list[Played]) -> Section:
    names = list(dict.fromkeys(name for _, found in played for name in found.facts))
    rows = tuple(
        (
            scenario.name,
            f"{found.path.weeks}",
            *(_share(found.facts, name) for name in names),
            f"{found.likelihood:.4f}",
        )
        for scenario, found in played
    )
    named = columns(("scenario", NAME), "weeks", *names, "all of them")
    return Section("Share of runs that match each fact", columns=named, rows=rows)


def _share(facts: Mapping[str, float], name: str) -> str:
    return f"{facts[name]:.3f}" if name in facts else "-"


def _places(scenario: "Scenario", found: Replay) -> Section:
    return Section(
        f"{scenario.name}: {found.path.weeks} weeks from {scenario.spec.start}",
        columns=columns(("quantity", NAME), "record", "median", "90 % of the runs", "quantile"),
        rows=tuple(_row(place) for place in found.places),
        notes=("Quantile: runs below the record, half of those equal to it counted in.",),
    )


def _row(place: Place) -> tuple[str, ...]:
    low, high = value(place.q05, place.beyond), value(place.q95, place.beyond)
    record, median = value(place.record, place.beyond), value(place.median, place.beyond)
    return place.name, record, median, f"{low} to {high}", f"{place.quantile:.2f}"


def value(number: float, beyond: int | None) -> str:
    """A place as text; weeks at `beyond` never came."""
    if beyond is None:
        return f"{number:.2f}".rstrip("0").rstrip(".")
    return "never" if number >= beyond else f"{number:.0f}"
