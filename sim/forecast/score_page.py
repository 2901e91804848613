"""The page of scores: where the model loses first, then every table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from sim.forecast.frozen import FIT, FITTED, LEVELS, MODEL
from sim.forecast.scored import (
    BINS,
    GAIN,
    POWER,
    RECORD,
    SCENARIO,
    SURE,
    USUAL_SPREAD,
    Bin,
    Difference,
    Scored,
    common,
    differences,
    kinds,
    losses_by_day,
    means,
    needed_for,
    places,
    reliability,
    unsettled,
    with_digits,
)
from sim.forecast.scoring import BRIER
from sim.report.content import NAME, TEXT, Report, Section, table
from sim.report.numbers import NOTHING, hundredths, short_share

if TYPE_CHECKING:
    import pandas as pd

_UNITS = {"CRPS, week of the end": " weeks"}
_UNSETTLED = "Brier, unsettled"
_INFINITE = (
    "Infinite: it gave 0 % to what happened. Chances of runs are moved off 0 and 1 by half a run; "
    "lives of truces and persistence have no runs to move them by."
)


def score_report(scored: Scored) -> Report:
    """The report of scores."""
    gaps = differences(scored.scores)
    return Report(
        "Scores of frozen forecasts",
        (lead(scored), kinds_line(scored)),
        tuple(_notes(scored, gaps)),
        tuple(sections(scored, gaps)),
        data=content(scored),
    )


def loses(gaps: Sequence[Difference]) -> str:
    """Where the model is worse than a rival on average, in a paragraph."""
    worse = [each for each in gaps if each.loses]
    if not worse:
        return "On average the model loses to no rival by any measure; see how little that says."
    rivals = dict.fromkeys(each.rival for each in worse)
    losses = "; ".join(
        f"to {rival} by " + ", ".join(_gap(each) for each in worse if each.rival == rival)
        for rival in rivals
    )
    return f"The model loses: {losses}. Lower scores are better; ± is {error_words(gaps)}."


def error_words(gaps: Sequence[Difference]) -> str:
    """What a standard error is, and how many of them an interval takes with so few truces."""
    truces = max((each.truces for each in gaps), default=0)
    if truces < 2:
        return "one standard error"
    from scipy.stats import t

    reach = t.ppf(0.975, truces - 1)
    return f"one standard error, and of {truces} truces a 95 % interval is ± {reach:.1f} of them"


def lead(scored: Scored) -> str:
    """Where the model loses: on average, day by day, and to which side of its forecasts."""
    lost, count = losses_by_day(scored.scores)
    rivals = Counter(loss.rival for loss in lost)
    counts = ", ".join(f"{rival} in {times}" for rival, times in rivals.most_common())
    days = (
        f"Day by day the best of its rivals, picked afterwards, beats it in {len(lost)} of {count} "
        f"comparisons{f': {counts}' if counts else ''}."
    )
    return f"{loses(differences(scored.scores))} {days} {_sides(scored)}"


def _sides(scored: Scored) -> str:
    """Whether the record lies at one end of the forecasts."""
    rungs, flows = (places(scored.scores, of) for of in ("rung", "flow"))
    width = 100 // BINS
    return (
        f"Of {sum(rungs)} recorded rungs {rungs[-1]} lie in the top {width} % of its forecasts and "
        f"{rungs[0]} in the lowest ({sum(rungs) / BINS:.1f} is even), of {sum(flows)} months of "
        f"flow {flows[-1]} and {flows[0]} ({sum(flows) / BINS:.1f} is even). They are of "
        f"{scored.different('rung')} different weeks and {scored.different('flow')} different "
        "months: what is forecast on several days, or of two truces, counts each time."
    )


def _gap(each: Difference) -> str:
    error = f" ± {with_digits(each.error, each.measure)}" if isfinite(each.error) else ""
    gap = f"{with_digits(each.mean, each.measure)}{_UNITS.get(each.measure, '')}{error}"
    truces = f"{each.truces} truce{'' if each.truces == 1 else 's'}"
    return f"{each.measure} ({gap}; n = {each.n}, {truces})"


def kinds_line(scored: Scored) -> str:
    """How many of the frozen days are fits."""
    fits = kinds(scored.forecasts).get(FIT, 0)
    return (
        f"Of {len(scored.forecasts)} frozen days {fits} are fits, not forecasts: the model's "
        "settings have seen what came later. Settings of the others are judgements of people who "
        "may have known the end."
    )


def power_line(gaps: Sequence[Difference]) -> str:
    """How many forecasts it would take."""
    needed = [each.needed for each in gaps if each.needed]
    range_text = f"; by the spread found here, {min(needed):,} to {max(needed):,}" if needed else ""
    return (
        f"To see a mean Brier gain of {GAIN:g} (two-sided 5 %, power {POWER:g}) takes about "
        f"{needed_for(USUAL_SPREAD)} independent forecasts where single differences spread by "
        f"{USUAL_SPREAD:g}{range_text}. Forecasts of one truce are not independent."
    )


def _notes(scored: Scored, gaps: Sequence[Difference]) -> Iterator[str]:
    yield power_line(gaps)
    yield (
        "Scored: chances 4, 13 and 26 weeks on and at the end of the term (Brier, logarithmic), "
        "the week of an end (ranked probability score), rungs and months of flow (CRPS by "
        f"{len(LEVELS)} quantiles), the path of both rungs (energy). Lower is better."
    )
    yield "Model: as shipped (judgement). Rivals see only truces that ended before the day."
    fitted = (each.forecasts[FITTED] for each in scored.forecasts if FITTED in each.forecasts)
    labels = dict.fromkeys(f"{forecast.label} ({forecast.kind})" for forecast in fitted)
    yield from (f"{FITTED}: {text}." for text in labels)
    if any(scored.changed):
        of_scenario = sum(SCENARIO in each for each in scored.changed)
        of_record = sum(RECORD in each for each in scored.changed)
        yield (
            f"Since they were frozen, the scenario of {of_scenario} of {len(scored.changed)} "
            f"forecasts has changed and of {of_record} the record of what was known on the day; "
            "they are scored as frozen. The table of the forecasts says which."
        )


def sections(scored: Scored, gaps: Sequence[Difference]) -> Iterator[Section]:
    """Every table."""
    frame = scored.scores
    same = common(frame)
    if len(same):
        yield _means("Scores on what every forecaster was asked", same)
    yield _means("Scores on all that each was asked", frame)
    yield _differences(gaps)
    yield _lost(scored)
    yield _reliability(reliability(frame))
    yield _places(frame)
    yield _forecasts(scored)


def _means(title: str, frame: "pd.DataFrame") -> Section:
    wide, some = means(frame), unsettled(frame)
    counts = frame.groupby(["forecaster", "measure"]).size().to_dict()
    of_some, some_counts = (
        getattr(some.groupby("forecaster")["value"], of)().to_dict() for of in ("mean", "size")
    )
    rows = []
    for who, row in wide.iterrows():
        name, measures = str(who), [(str(measure), value) for measure, value in row.items()]
        cells = [_mean(value, of, counts.get((name, of), 0)) for of, value in measures]
        cells.insert(1, _mean(of_some.get(name, nan), BRIER, some_counts.get(name, 0)))
        rows.append((name, *cells))
    heads = [*map(str, wide.columns)]
    heads.insert(1, _UNSETTLED)
    notes = ["Mean (n).", _settled_line(counts[MODEL, BRIER], some_counts.get(MODEL, 0))]
    if any("infinite" in cell for row in rows for cell in row):
        notes.append(_INFINITE)
    return table(title, (("forecaster", NAME), *heads), rows, *notes)


def _mean(value: float, measure: str, n: int) -> str:
    return f"{with_digits(value, measure)} ({n})" if n else "-"


def _settled_line(asked: int, left: int) -> str:
    return (
        f"{_UNSETTLED}: without {asked - left} of the model's {asked} chances, of what every "
        f"forecaster with governments gives {SURE:g} or more, or {1 - SURE:.2g} or less: the "
        "scenario settles it, whoever governs."
    )


def _differences(gaps: Sequence[Difference]) -> Section:
    rows = (
        (
            each.measure,
            each.rival,
            with_digits(each.mean, each.measure),
            with_digits(each.error, each.measure),
            f"{each.n}",
            f"{each.truces}",
            f"{each.needed:,}" if each.needed else "-",
        )
        for each in gaps
    )
    heads = ("measure", NAME), ("rival", NAME), "mean", "std. error", "n", "truces", "n needed"
    note = (
        f"Std. error: {error_words(gaps)}. n needed: independent forecasts to see a mean Brier "
        f"gain of {GAIN:g}."
    )
    return table("Model minus rival, pair by pair", heads, rows, note)


def _lost(scored: Scored) -> Section:
    rows = sorted(
        (loss.as_of, loss.scenario, loss.measure, loss.rival, with_digits(loss.gap, loss.measure))
        for loss in losses_by_day(scored.scores)[0]
    )
    heads = ("as of", NAME), ("scenario", NAME), ("measure", NAME), ("best rival", NAME), "by"
    note = "The best of all rivals, picked afterwards: by chance alone it would often be better."
    return table("Day by day: where the best rival beats the model", heads, rows, note)


def _reliability(bins: Sequence[Bin]) -> Section:
    rows = (
        (
            f"{each.low:.1f} to {each.high:.1f}",
            hundredths(each.said),
            short_share(each.came.p, each.came.low, each.came.high),
            f"{each.came.n}",
        )
        for each in bins
    )
    heads = ("chance said", NAME), "mean said", "came about", "n"
    note = "Intervals: 95 % Wilson, as if forecasts were independent, which they are not."
    return table("Reliability of the model's chances, pooled", heads, rows, note)


def _places(frame: "pd.DataFrame") -> Section:
    width, counts = 100 // BINS, [places(frame, of) for of in ("rung", "flow", "")]
    rows = (
        (f"{b * width} to {(b + 1) * width} %", *(f"{each[b]}" for each in counts))
        for b in range(BINS)
    )
    title = "Where recorded rungs and flows lie in the model's forecasts (PIT)"
    note = "Even counts: calibrated; many at the ends: too sure; many in one end: biased."
    heads = ("part of the forecast", NAME), "rungs", "months of flow", "both"
    return table(title, heads, rows, note)


def _forecasts(scored: Scored) -> Section:
    rows = []
    for frozen, changed in zip(scored.forecasts, scored.changed, strict=True):
        waiting = " (nothing of it on record yet)" if frozen in scored.open else ""
        kind, ahead = frozen.forecasts[MODEL].kind, f"{frozen.weeks - frozen.elapsed}"
        since, seen = ", ".join(changed) or NOTHING, "; ".join(frozen.notes) + waiting
        rows.append((f"{frozen.as_of}", frozen.scenario, kind, ahead, since, seen))
    named = ("as of", NAME), ("scenario", NAME), ("kind", NAME)
    heads = *named, "weeks ahead", ("changed since", TEXT), ("seen", TEXT)
    return table("The forecasts", heads, rows)


def content(scored: Scored) -> dict[str, Any]:
    """The scores as plain values."""
    gaps = differences(scored.scores)
    return {
        "loses": loses(gaps),
        "power": power_line(gaps),
        "forecasts": [
            {
                "scenario": frozen.scenario,
                "as_of": f"{frozen.as_of}",
                "kind": frozen.forecasts[MODEL].kind,
                "hashes": dict(frozen.hashes),
                "seed": frozen.seed,
                "runs": frozen.runs,
            }
            for frozen in scored.forecasts
        ],
        "scores": scored.scores.to_dict("records"),
        "differences": [asdict(each) for each in gaps],
        "reliability": [asdict(each) for each in reliability(scored.scores)],
        "places": places(scored.scores),
        "places_of": {of: places(scored.scores, of) for of in ("rung", "flow")},
        "unsettled": unsettled(scored.scores).groupby("forecaster")["value"].mean().to_dict(),
    }
