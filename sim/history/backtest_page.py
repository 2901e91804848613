"""The page of a backtest: how near runs come to the record, and where it lies among them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sim.history.replay import FLOW_DISTANCE, TALKS_WEEKS, VIOLATION_WEEKS, Place, Replay
from sim.history.rivals import Replays
from sim.outcomes.estimates import estimate
from sim.report.content import NAME, Report, Section, columns


def backtest_report(played: list[Replays]) -> Report:
    """The report of scenarios played against a record; settings are those of the scenarios."""
    n, seed = played[0].base.n, played[0].base.seed
    return Report(
        "How near the runs come to the record",
        tuple(_lead(played)),
        (
            f"A run matches if every fact lies near the record's: first violations within "
            f"{VIOLATION_WEEKS} weeks, first talks within {TALKS_WEEKS}, the core and the end of "
            f"the first term as recorded, monthly flows within {FLOW_DISTANCE} on average.",
            f"{n:,} runs of each scenario, seed {seed}; as shipped (judgement), nothing is fitted. "
            "Intervals: 95 % Wilson, chance alone.",
            "Below each scenario: the same with governments that toss a coin each week, and with "
            "governments that always concede. Agreement that they have too says nothing for the "
            "model.",
        ),
        (_matches(played), *(_places(each) for each in played)),
        data={"scenarios": [content(each) for each in played]},
    )


def content(played: Replays) -> dict[str, Any]:
    """One backtest as plain values; its rivals in the same form, by name."""
    scenario, base = played.scenario, played.base
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "weeks": base.path.weeks,
        "n": base.n,
        "seed": base.seed,
        **_content(base),
        "rivals": {name: _content(rival) for name, rival in played.rivals.items()},
    }


def _content(replayed: Replay) -> dict[str, Any]:
    return {
        "facts": dict(replayed.facts),
        "matching": asdict(estimate(replayed.matching, replayed.n, "runs that match every fact")),
        "places": [asdict(place) for place in replayed.places],
    }


def _lead(played: list[Replays]) -> Iterator[str]:
    for scenario, base, rivals in played:
        share = estimate(base.matching, base.n)
        beside = ", ".join(f"{rival.matching:,} ({name})" for name, rival in rivals.items())
        yield (
            f"The record is matched by {base.matching:,} of {base.n:,} runs of {scenario.name} "
            f"(95 %: {share.low:.4f} to {share.high:.4f}); of its rivals by {beside}."
        )


def _matches(played: list[Replays]) -> Section:
    names = list(dict.fromkeys(name for each in played for name in each.base.facts))
    rows = tuple(
        (
            row,
            f"{replayed.path.weeks}",
            *(_share(replayed.facts, name) for name in names),
            f"{replayed.likelihood:.4f}",
        )
        for each in played
        for row, replayed in each.rows.items()
    )
    headings = columns(("scenario", NAME), "weeks", *names, "all of them")
    return Section("Share of runs that match each fact", columns=headings, rows=rows)


def _share(facts: Mapping[str, float], name: str) -> str:
    return f"{facts[name]:.3f}" if name in facts else "-"


def _places(played: Replays) -> Section:
    scenario, base = played.scenario, played.base
    heads = ("record", "median", "90 % of the runs", "quantile", *played.rivals)
    return Section(
        f"{scenario.name}: {base.path.weeks} weeks from {scenario.spec.start}",
        columns=columns(("quantity", NAME), *heads),
        rows=tuple((*row(place), *quantiles) for place, quantiles in with_quantiles(played)),
        notes=(
            "Quantile: runs below the record, half of those equal to it counted in; last columns: "
            "the same with the governments of each rival.",
        ),
    )


def with_quantiles(played: Replays) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Each place of the scenario, with the record's quantile under each rival as text."""
    for place, *others in zip(
        played.base.places, *(rival.places for rival in played.rivals.values()), strict=True
    ):
        yield place, tuple(f"{other.quantile:.2f}" for other in others)


def row(place: Place) -> tuple[str, ...]:
    """Cells of a place: name, record, median, nine runs of ten, quantile of the record."""
    low, high = value(place.q05, place.beyond), value(place.q95, place.beyond)
    record, median = value(place.record, place.beyond), value(place.median, place.beyond)
    return place.name, record, median, f"{low} to {high}", f"{place.quantile:.2f}"


def value(number: float, beyond: int | None) -> str:
    """A place as text; weeks at `beyond` never came."""
    if beyond is None:
        return f"{number:.2f}".rstrip("0").rstrip(".")
    return "never" if number >= beyond else f"{number:.0f}"
