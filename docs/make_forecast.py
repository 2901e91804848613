"""Writes docs/forecast.md and its two pictures from the ledger of frozen forecasts.

python docs/make_forecast.py             # or: make docs

Every number comes from the ledger, the record and a fit that was made before (docs/frozen_fit.py),
but for the headline as shipped now, which is run. A test compares the page.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import frozen_fit
from make_images import FOLDER, save_small

from sim import Scenario, simulate
from sim.forecast.freeze import JEFFREYS, SAME_DAYS, SCALES, SHAPES
from sim.forecast.frozen import HAZARD, LEVELS, MEMBERS, MODEL, Frozen, ledger_of, read
from sim.forecast.observations import ACT_TOLERANCE, FLOW_TOLERANCE
from sim.forecast.posterior import bits_line, sizes_line
from sim.forecast.posterior import lead as lead_of_fit
from sim.forecast.posterior import sections as sections_of_fit
from sim.forecast.score_page import kinds_line, lead, power_line, sections
from sim.forecast.scored import (
    BINS,
    DATES,
    GAIN,
    USUAL_SPREAD,
    Scored,
    differences,
    needed_for,
    places,
    score,
)
from sim.forecast.scoring import AHEAD, BRIER
from sim.forecast.sizes import PARTICLES
from sim.history.record import COMPONENTS, NORMAL_TONNES
from sim.report.content import NAME, Figure, Report, Section, table
from sim.report.pictures import SCORED, draw
from sim.report.text import markdown
from sim.scenario.calendar import last_day
from sim.scenario.sourcing import knowledge

PAGE = Path(__file__).resolve().parent / "forecast.md"
PICTURES = {"scores": "forecast-scores", "calibration": "forecast-calibration"}


def scored() -> Scored:
    """The ledger against the record."""
    forecasts = read(ledger_of(None))
    names = dict.fromkeys(one.scenario for one in forecasts)
    return score(forecasts, [Scenario.load(name) for name in names])


def page(found: Scored) -> str:
    """The page."""
    gaps = differences(found.scores)
    tables = list(sections(found, gaps))
    report = Report(
        "Are the odds worth anything? Scores of frozen forecasts",
        (lead(found), _retrospective(found), kinds_line(found), _short(found)),
        (),
        (
            _fitted(found),
            *tables[:3],
            _pictures(),
            *tables[3:6],
            Section("The next clocks", (_NEXT,)),
            *_clocks(found),
            *_posterior(),
            _choices(found),
            _change(found),
            tables[6],
            Section("Typed", code=_TYPED),
        ),
    )
    return markdown(report)


def _retrospective(found: Scored) -> str:
    """When the ledger was written, and how far the scenario has come since."""
    late = [one for one in found.forecasts if one not in found.open]
    years = ", ".join(sorted({one.written[:4] for one in late}))
    first = min(late, key=lambda one: (one.as_of, one.scenario))
    then = first.forecasts[MODEL].holds["standing"][first.term - first.first]
    now = simulate(Scenario.load(first.scenario)).standing
    return (
        f"{len(late)} of the {len(found.forecasts)} forecasts are retrospective: computed in "
        f"{years} with facts cut at the day, after what they speak of, from the scenarios as they "
        "were then. So "
        f"`{first.scenario}` is scored with a `standing` of {then:.3f} at week {first.term}; as "
        f"shipped now it is {now.p:.3f}."
    )


def _short(found: Scored) -> str:
    truces = found.scores["scenario"].nunique()
    return (
        f"That is what {len(found.forecasts)} frozen days in {truces} truces of 2025 say, and they "
        f"are too few to say much. {power_line(differences(found.scores))}"
    )


def _fitted(found: Scored) -> Section:
    rows = [
        f"`{frozen.scenario}` on {frozen.as_of} is called a {frozen.forecasts[MODEL].kind}: "
        f"{frozen.notes[0].partition(': ')[2]}{_now(frozen)}."
        for frozen in found.forecasts
    ]
    return Section(
        "What was fitted to what",
        (
            "Frictions, cooldowns, the relief lag and office capacities of the model as shipped "
            "were estimated from 2025, part of it scored here: from removals of May to December "
            "(`sim.history.orders` counts them), the distances of rounds of talks, the tonnages of "
            "May and July. How often each side answers is counted to 12 May 2025; most other "
            "settings are judgements, of people who knew the year. Where a setting rests on what "
            "was known only after the day, the model's own number is a fit, not a forecast. A "
            "setting without a date may have been chosen by somebody who knew the end.",
            *rows,
        ),
        listed=True,
    )


def _now(frozen: Frozen) -> str:
    """The same of the scenario as it is now, where it has changed since the forecast was frozen."""
    scenario = Scenario.load(frozen.scenario)
    if scenario.hash == frozen.hashes["scenario"]:
        return ""
    told = knowledge(frozen.as_of, scenario.entries())
    return (
        f" (when it was frozen; of the scenario as it is now {len(told.late)} and "
        f"{len(told.undated)})"
    )


def _pictures() -> Section:
    shown = {
        "scores": "The model against its rivals, by measure",
        "calibration": "Reliability and PIT of the model, with counts",
    }
    at = {words: f"images/{PICTURES[kind]}.png" for kind, words in shown.items()}
    return Section("", figures=tuple(Figure(words, words, path) for words, path in at.items()))


_NEXT = (
    "Frozen before the record says how they end: made of what was known on the last day of the "
    "record and of nothing later. The day on which a file was written is named below it; where "
    "that is after the end that it speaks of, only the record's silence keeps it a forecast."
)
_TYPED = """detente score                                  # these tables, from the ledger
detente score geneva-2025 --every week         # and what would have been said every week
detente score --freeze 2025-12-31 busan-2025   # another day for the ledger, once"""


def _clocks(scored: Scored) -> Iterator[Section]:
    """What every forecaster says of outcomes that are still open: frozen, not yet scored."""
    for frozen in scored.open:
        for outcome in frozen.forecasts[MODEL].holds:
            yield _clock(frozen, outcome)


def _clock(frozen: Frozen, outcome: str) -> Section:
    weeks = {"13 weeks on": frozen.elapsed + 13, "26 weeks on": frozen.elapsed + 26}
    if frozen.term is not None and frozen.term > frozen.elapsed:
        weeks[f"end of the term ({last_day(frozen.start, frozen.term)})"] = frozen.term
    weeks = {name: week for name, week in weeks.items() if week <= frozen.weeks}
    rows = []
    for name, forecast in frozen.forecasts.items():
        if outcome in forecast.holds:
            chances = (forecast.holds[outcome][week - frozen.first] for week in weeks.values())
            rows.append((name, forecast.kind, *(f"{chance:.3f}" for chance in chances)))
    title = f"{frozen.scenario} as of {frozen.as_of}: `{outcome}` still holds"
    note = (
        f"{frozen.runs:,} runs of each forecaster with governments, seed {frozen.seed}: chance "
        f"alone leaves .02 at most (95 %). Written on {frozen.written}."
    )
    return table(title, (("forecaster", NAME), ("kind", NAME), *weeks), rows, note)


def _posterior() -> Iterator[Section]:
    found = frozen_fit.stored_summary()
    plan, says = found["plan"], found["says"]
    other = frozen_fit.changed(plan)
    now = (
        f"It was made of an older version of {', '.join(other)}: its numbers are those of then."
        if other
        else "It was made of the scenarios as they are now."
    )
    hashes = ", ".join(f"{name} {hash_[:8]}" for name, hash_ in plan["scenarios"].items())
    yield Section(
        "What the posterior says and does not",
        (
            *lead_of_fit(says),
            "It sees all four at once, so nothing is scored by it: what it says of these truces is "
            "a fit. Where one is frozen it stands in the tables as a forecaster of its own, "
            "labelled by the day up to which it has seen the record. Most of what it says is its "
            "prior: where a setting is not in the table below, the two are the same.",
            "`april-2025` is no truce but the climb before the first. What readings weigh is their "
            f"share of {says['points']} points: 1.00 says that none of them was left with the "
            "other, not that it is impossible, and it rests on months of magnets with their "
            "tolerance. In this model, as the readings are coded, the fit prefers capacity "
            "strongly; the design reading has less freedom in its office, of which it fixes "
            "capacity, squeeze and friction. So this is a statement about the coding: the sources "
            "leave open which it was (docs/record.md, capacity or design).",
            f"{sizes_line(says)} {now} Hashes: {hashes}.",
            bits_line(says),
        ),
        code=found["command"],
    )
    yield from sections_of_fit(says)


def _choices(found: Scored) -> Section:
    runs = ", ".join(sorted({f"{one.runs:,}" for one in found.forecasts}))
    seeds = ", ".join(sorted({f"{one.seed}" for one in found.forecasts}))
    days = ", ".join(f"{day}" for day in DATES)
    return Section(
        "Every choice of the analyst",
        (
            f"The days: {days}, chosen in 2026 because truces began on three of them and the "
            "fourth is the crisis of October; and the last day of the record.",
            "What an end is: the model's own rules (`standing`, `undisputed`, `core`, `clean`), "
            "read off the record's moves of levers. Rivals that know lives of truces mean an act "
            "that the table of truces names; both `standing` and `undisputed` are scored with it.",
            "One reader's coding of events as moves of levers, one grade for each. Odds and fits "
            "average it with a second coding by another rule: classes of acts by their grades, no "
            "lever and no notch in it. The forecasts of May to December 2025 in the ledger were "
            "frozen with the first alone.",
            "What was known on a day: events dated by it; an event without an exact day from the "
            "end of its month; a month's tonnage when the month is over, though customs publish "
            "it three weeks later.",
            f"Tonnage is compared with {NORMAL_TONNES:g} t a month, 2024.",
            "Truces that rivals see: those that ended before the day, without parts of packages "
            f"({', '.join(sorted(COMPONENTS))}) and without those that began within "
            f"{SAME_DAYS} days of the scenario. Extended, superseded and held ones are "
            "censored at their end.",
            f"Constant hazard: Jeffreys' prior (shape {JEFFREYS:g}). Frailty: even prior "
            f"in the logarithms of shape ({SHAPES[0]:g} to {SHAPES[1]:g}) and scale "
            f"({SCALES[0]:g} to {SCALES[1]:,.0f} weeks).",
            "Coin flips and always concede: the scenario with other governments and no slips.",
            f"What is scored: chances {', '.join(map(str, AHEAD))} weeks on and at the end of the "
            f"first term, every week's rung at these, months of flow; {len(LEVELS)} quantiles; "
            f"{MEMBERS} paths for the energy score; what had ended on the day is left out.",
            f"{runs} runs of each forecaster with governments, seed {seeds}. Chances of runs are "
            "moved off 0 and 1 (k + 1/2 of n + 1).",
            f"Mid-truce forecasts: a particle filter of {PARTICLES:,} copies follows the record's "
            f"moves; tolerance of a coded act {ACT_TOLERANCE:g}, sd of a month's logarithm of flow "
            f"{FLOW_TOLERANCE:g}, both judgement.",
            "Standard errors are between truces, three of them at most, so that a 95 % interval is "
            "± 4.3 of them, not 2; a power line assumes that "
            f"single differences spread by {USUAL_SPREAD:g}. Reliability and PIT have {BINS} bins.",
            "One scenario a truce: geneva-2025, london-2025, busan-2025. The first two overlap.",
        ),
        listed=True,
    )


def _change(found: Scored) -> Section:
    gaps = differences(found.scores)
    (hazard,) = (one for one in gaps if (one.measure, one.rival) == (BRIER, HAZARD))
    rungs = places(found.scores, "rung")
    return Section(
        "What would change our mind",
        (
            "The model is not worth its settings if, over the clocks that are frozen before they "
            "ring, its Brier score of `standing` is not below that of the constant hazard. That is "
            "the one comparison we name in advance.",
            f"By the spread found against that rival a gain of {GAIN:g} shows in about "
            f"{hazard.needed} independent forecasts ({needed_for(USUAL_SPREAD)} if single "
            f"differences spread by {USUAL_SPREAD:g} only). At two or three truces a year both are "
            "out of reach; what is not is a model that is "
            "surely wrong: an outcome that it gave less than one in a hundred ends the claim that "
            "its chances are chances.",
            f"{rungs[-1]} of {sum(rungs)} rungs of the record lie in the top fifth of its "
            f"forecasts, {sum(rungs) / BINS:.1f} are even: if as many of the coming ones do, it is "
            "too quiet, whatever its Brier score. Months of flow say nothing of that; they lie "
            "high where its offices are too slow.",
            "If coin flips are nearer to the path of rungs than the model at the next clock, "
            "reciprocity as it is written here has earned nothing.",
        ),
        listed=True,
    )


def draw_all(found: Scored) -> None:
    """Both pictures."""
    for kind, name in PICTURES.items():
        save_small(draw(SCORED, kind, found), FOLDER / f"{name}.png", colours=96)


if __name__ == "__main__":
    told = scored()
    draw_all(told)
    PAGE.write_text(page(told), encoding="utf-8")
