"""The page of a backtest: how near runs come to the record, and where it lies among them."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from sim.history.replay import FLOW_DISTANCE, TALKS_WEEKS, VIOLATION_WEEKS, Place, Replay, Replays
from sim.outcomes.estimates import estimate
from sim.report.content import NAME, Report, Section, table
from sim.report.numbers import with_interval


def backtest_report(played: list[Replays]) -> Report:
    """The report of scenarios played against a record; settings are those of the scenarios.

    Of several one table says how often each matches; fact by fact stands where there is room.
    """
    n, seed = played[0].base.n, played[0].base.seed
    several = len(played) > 1
    sections = tuple(part for each in played for part in (_matches(each), _places(each)))
    return Report(
        "How near the runs come to the record",
        tuple(_lead_of_all(played) if several else _lead(played[0])),
        (
            f"A run matches if every fact lies near the record's: first violations within "
            f"{VIOLATION_WEEKS} weeks, first talks within {TALKS_WEEKS}, the core and the end of "
            f"the first term as recorded, monthly flows within {FLOW_DISTANCE} on average.",
            f"{n:,} runs of each scenario, seed {seed}; as shipped (judgement), nothing is fitted. "
            "Intervals: 95 % Wilson, chance alone.",
            "Beside each scenario: the same with governments that toss a coin each week, and with "
            "governments that always concede. Agreement that they have too says nothing for the "
            "model.",
        ),
        (_overview(played), *(replace(part, detail=True) for part in sections))
        if several
        else sections,
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


def _lead(played: Replays) -> Iterator[str]:
    scenario, base, rivals = played
    share = estimate(base.matching, base.n)
    beside = ", ".join(f"{rival.matching:,} ({name})" for name, rival in rivals.items())
    yield (
        f"The record is matched by {base.matching:,} of {base.n:,} runs of {scenario.name} "
        f"(95 %: {share.low:.4f} to {share.high:.4f}); of its rivals by {beside}."
    )


def _lead_of_all(played: list[Replays]) -> Iterator[str]:
    least, *_, most = sorted(played, key=lambda each: each.base.matching)
    ahead = sum(
        _interval(each.base)[0] > max(_interval(rival)[1] for rival in each.rivals.values())
        for each in played
    )
    yield (
        f"Of {len(played)} scenarios {most.scenario.name} matches the record most often, in "
        f"{most.base.matching:,} of {most.base.n:,} runs; {least.scenario.name} least often, in "
        f"{least.base.matching:,}. {ahead} of {len(played)} match it more often than each rival, "
        "beyond chance (intervals that do not overlap)."
    )


def _overview(played: list[Replays]) -> Section:
    rows = (
        (
            scenario.name,
            with_interval(base.likelihood, *_interval(base), ".4f"),
            *(f"{rival.likelihood:.4f}" for rival in rivals.values()),
        )
        for scenario, base, rivals in played
    )
    return table(
        "Share of runs that match every fact",
        (("scenario", NAME), "as shipped (95 %)", *played[0].rivals),
        rows,
        "Fact by fact, with the record among the runs: detente backtest SCENARIO.",
    )


def _interval(replayed: Replay) -> tuple[float, float]:
    share = estimate(replayed.matching, replayed.n)
    return share.low, share.high


def _matches(played: Replays) -> Section:
    """A row a fact, a column for the scenario and for each rival."""
    replays = (played.base, *played.rivals.values())
    facts = (
        (name, *(f"{each.facts[name]:.3f}" if name in each.facts else "-" for each in replays))
        for name in played.base.facts
    )
    every = ("all of them", *(f"{each.likelihood:.4f}" for each in replays))
    return table(
        "Share of runs that match each fact",
        (("fact", NAME), played.scenario.name, *played.rivals),
        (*facts, every),
    )


def _places(played: Replays) -> Section:
    scenario, weeks = played.scenario, played.base.path.weeks
    heads = "record", "median", "90 % of the runs", "quantile", *played.rivals
    return table(
        f"{scenario.name}: {weeks} weeks from {scenario.spec.start}",
        (("quantity", NAME), *heads),
        ((*row(place), *quantiles) for place, quantiles in with_quantiles(played)),
        "Quantile: runs below the record, half of those equal to it counted in; last columns: "
        "the same with the governments of each rival.",
    )


def with_quantiles(played: Replays) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Each place of the scenario, with the record's quantile under each rival as text."""
    for place, *others in zip(
        played.base.places, *(rival.places for rival in played.rivals.values()), strict=True
    ):
        yield place, tuple(f"{other.quantile:.2f}" for other in others)


def row(place: Place) -> tuple[str, ...]:
    """Cells of a place: name, record, median, nine runs of ten, quantile of the record."""
    numbers = (place.record, place.median, place.q05, place.q95)
    record, median, low, high = (value(number, place.beyond) for number in numbers)
    return place.name, record, median, f"{low} to {high}", f"{place.quantile:.2f}"


def value(number: float, beyond: int | None) -> str:
    """A place as text; weeks at `beyond` never came."""
    if beyond is None:
        return f"{number:.2f}".rstrip("0").rstrip(".")
    return "never" if number >= beyond else f"{number:.0f}"
