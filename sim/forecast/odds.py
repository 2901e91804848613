"""What the odds of a scenario's outcomes were on a date, given only what was known by then.

Islands of copies follow the record to the last week that is over on the date; what they have
come to goes on with random numbers of its own, and the share of these runs in which an outcome
holds is its chance. The interval is Wilson's at the effective number of runs, which the spread
between the islands tells, so the noise of the filter is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.forecast.filter import islands_of
from sim.forecast.fitted import Settings, as_shipped
from sim.forecast.observations import Date, ForecastError, Observations, observations
from sim.forecast.sizes import (
    CODINGS,
    FEWEST,
    FEWEST_EFFECTIVE,
    ISLANDS,
    MOST_PARTICLES,
    MOST_RUNS,
    MOST_WEEKS,
    PARTICLES,
    RUNS,
    WEEKS,
)
from sim.forecast.stops import (
    Fan,
    Reading,
    Stop,
    StopShares,
    follow_all,
    passes,
    readings_at,
    term_end,
)
from sim.history.record import Record, shipped
from sim.numbers import DEFAULT_SEED, MOST_SEEDS
from sim.outcomes.definitions import counted, defined
from sim.outcomes.estimates import Estimate, wilson
from sim.outcomes.simulate import whole
from sim.scenario.calendar import last_day, weeks_over
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Chance:
    """The chance of one outcome at the end of one week, as it was seen on the day.

    at: "term", "13 weeks on" or "26 weeks on". estimate: p, its interval and the effective number
    of runs. spread: the 5 and 95 % points over the settings of what the runs of each say, noise and
    all, so that settings that are alike differ too; None where the settings are one.
    """

    outcome: str
    at: str
    week: int
    day: Date
    estimate: Estimate
    error: float
    spread: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Odds:
    """The odds on one day. `after`: the weeks that were over; `effective`: the fewest effective
    copies of any week times the effective number of islands; `evidence`: the logarithm of the
    chance of all that was seen, by the tolerances stated."""

    question: "Question"
    as_of: Date
    after: int
    effective: float
    evidence: float
    chances: tuple[Chance, ...]
    fan: Fan

    @property
    def settings(self) -> str:
        """What the settings are called on the day."""
        return self.question.settings.label_on(self.as_of)

    def at(self, outcome: str, at: str = "term") -> Estimate:
        """One chance. Raises KeyError if the outcome is not defined or not read there."""
        for chance in self.chances:
            if (chance.outcome, chance.at) == (outcome, at):
                return chance.estimate
        raise KeyError((outcome, at))

    def rows(self, outcome: str | None = None) -> list[dict[str, Any]]:
        """A row a chance, of one outcome or of all, as they are written to odds.csv."""
        asked = [chance for chance in self.chances if outcome in (None, chance.outcome)]
        return [self._row(chance) for chance in asked]

    def _row(self, chance: Chance) -> dict[str, Any]:
        low, high = chance.spread or (None, None)
        return {
            "as_of": self.as_of.isoformat(),
            "weeks_over": self.after,
            "outcome": chance.outcome,
            "at": chance.at,
            "week": chance.week,
            "day": chance.day.isoformat(),
            **chance.estimate.row(),
            "effective_runs": chance.estimate.n,
            "runs": self.question.runs,
            "settings_low": low,
            "settings_high": high,
            "effective_sample": self.effective,
            "tolerance": self.question.tolerance,
            "codings": self.question.codings,
            "settings": self.settings,
        }


#: Weeks on at which chances are read, besides the end of the term.
AHEAD = (13, 26)


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked, on whatever day.

    weeks: how far ahead. particles, runs: copies that follow the record, and runs that go on from
    them. record: the shipped one where none is given. fit: settings in place of the scenario's own.
    tolerance: a factor on those of the facts, infinite for facts that say nothing. codings: of the
    acts, 1 or 2. threads: the numbers do not depend on them. anyway: also with an effective sample
    below 20.
    """

    scenario: "Scenario"
    seed: int = DEFAULT_SEED
    weeks: int = WEEKS
    particles: int = PARTICLES
    runs: int = RUNS
    record: Record | None = None
    fit: Settings | None = None
    tolerance: float = 1.0
    codings: int = CODINGS
    threads: int | None = None
    anyway: bool = False

    @property
    def settings(self) -> Settings:
        """The settings that are used."""
        return self.fit or as_shipped(self.scenario)

    def check(self) -> None:
        """Raises ResultError for sizes out of range."""
        whole("seed", self.seed, 0, MOST_SEEDS - 1)
        whole("weeks", self.weeks, 1, MOST_WEEKS)
        whole("particles", self.particles, FEWEST, MOST_PARTICLES)
        whole("runs", self.runs, FEWEST, MOST_RUNS)
        whole("codings", self.codings, 1, CODINGS)

    def check_day(self, day: Date) -> None:
        """Raises ForecastError for a day before the scenario's start, or after the record's end."""
        start, end = self.scenario.spec.start, (self.record or shipped()).extent[1]
        if day < start or start <= end < day:
            allowed = f"a day from {start}, the start of {self.scenario.name}, to {end}, the end "
            raise ForecastError.single("--as-of", f"{day}", f"{allowed}of the record")

    def facts(self, scenario: "Scenario", day: Date | None) -> Observations:
        """What was known on a day, the record's last by default."""
        return observations(scenario, self.record, day, self.codings)


def odds(
    question: Question, as_of: Date | None = None, observed: Observations | None = None
) -> Odds:
    """The odds of every outcome on a day, given the facts known by then.

    as_of: the last day of the record within the scenario by default; only weeks that are over on it
    are followed. observed: the facts themselves in place of the record's. Same arguments, same
    numbers.
    Raises ForecastError for a question that makes no sense, for facts dated after the day, facts
    that no copy can follow, and an effective sample below 20 unless `anyway`; ResultError for sizes
    out of range.
    """
    question.check()
    day = as_of or (observed or question.facts(question.scenario, None)).until
    return every(question, [day], None if observed is None else [observed])[0]


def every(
    question: Question, dates: Sequence[Date], tables: Sequence[Observations] | None = None
) -> list[Odds]:
    """The odds on each of several days: those that `odds` gives for each, bit for bit, so that
    nothing that became known later is in them. Days of which a later day knows no more are served
    by one filter. Only the last has a fan. tables: `facts_by_day` of the days, where it is there
    already.
    Raises as `odds` does."""
    question.check()
    tables, long = tables or facts_by_day(question, dates), _calendar(question, max(dates))
    points = question.settings.points(long, ISLANDS)
    stops = [
        Stop(
            table.known_on(day),
            readings_at(long, table.weeks, question.weeks, AHEAD),
            place == len(dates) - 1,
        )
        for place, (day, table) in enumerate(zip(dates, tables, strict=True))
    ]
    by_place: dict[int, Odds] = {}
    for group in passes(stops):
        of_group = [stops[place] for place in group]
        islands = islands_of(
            points, of_group[-1].observed, question.particles, question.seed, question.tolerance
        )
        weighed = question.settings.weighed_from
        results = follow_all(islands, of_group, question.runs, question.threads, weighed)
        for place, result in zip(group, results, strict=True):
            by_place[place] = _odds(dates[place], stops[place].reads, result, long, question)
    return [by_place[place] for place in range(len(dates))]


def facts_by_day(question: Question, dates: Sequence[Date]) -> list[Observations]:
    """The facts that were known on each of several days."""
    long = _calendar(question, max(dates))
    return [question.facts(long, day) for day in dates]


def weeks_on_record(
    scenario: "Scenario", record: Record | None = None, until: Date | None = None
) -> list[Date]:
    """The start of a scenario, and the last day of each of its weeks that is on record."""
    weeks = observations(scenario, record, until).weeks
    return [scenario.spec.start, *(last_day(scenario.spec.start, w) for w in range(1, weeks + 1))]


def _calendar(question: Question, day: Date) -> "Scenario":
    """The scenario with a calendar as long as the weeks whose chances are asked for on a day."""
    question.check_day(day)
    scenario, start = question.scenario, question.scenario.spec.start
    over = weeks_over(start, day)
    weeks = max(scenario.spec.weeks, over + question.weeks, term_end(scenario, over))
    return scenario if weeks == scenario.spec.weeks else scenario.override({"weeks": weeks})


def _odds(
    day: Date, reads: Sequence[Reading], result: StopShares, long: "Scenario", question: Question
) -> Odds:
    """The odds of one day, where enough copies are left."""
    if result.effective < FEWEST_EFFECTIVE and not question.anyway:
        text = f"{result.effective:.1f} of {question.particles:,} copies on {day}"
        allowed = f"{FEWEST_EFFECTIVE:g} or more: more particles, a larger tolerance, or --anyway"
        raise ForecastError.single("effective sample", text, allowed)
    return Odds(
        question,
        as_of=day,
        after=result.after,
        effective=result.effective,
        evidence=result.evidence,
        chances=tuple(_chances(long, question, result, reads)),
        fan=result.fan,
    )


def _chances(
    long: "Scenario", question: Question, result: StopShares, reads: Sequence[Reading]
) -> list[Chance]:
    """Every outcome that is defined, at every week that is read."""
    rules = long.compiled.parts[0].params.rules[0]
    chances = []
    for place, read in enumerate(reads):
        for outcome in defined(rules, read.week):
            if outcome_of(outcome).once and read.at != "term":
                continue
            shares = result.shares[outcome][:, place]
            words = counted(long.compiled, outcome)
            estimate, error = _estimate(shares, result.weights, question.runs, words)
            spread = _spread(shares, result.weights) if question.settings.several else None
            chances.append(Chance(outcome, read.at, read.week, read.day, estimate, error, spread))
    return chances


def _estimate(
    shares: NDArray[np.float64], weight: NDArray[np.float64], runs: int, words: str
) -> tuple[Estimate, float]:
    """The weighted mean over islands with its interval, and its standard error.

    The variance is that of a ratio of means (Cochran 1977, Sampling Techniques, 6.3); at least
    that of `runs` runs, weighed as the islands are.
    """
    p = min(1.0, max(0.0, float(weight @ shares)))
    count, most = len(shares), runs / (len(shares) * float((weight**2).sum()))
    between = float(weight**2 @ (shares - p) ** 2) * count / max(1, count - 1)
    variance = max(between, p * (1 - p) / most)
    n = p * (1 - p) / variance if variance > 0 else most
    low, high = wilson(p * n, n)
    return Estimate(p, float(low), float(high), max(1, int(n)), words), float(np.sqrt(variance))


def _spread(shares: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float]:
    """The 5 and 95 % points of a chance over the settings, as each one's island says it.

    The noise of the islands is in it. It cannot be taken off: what the filter's copies add to that
    of the runs, which is binomial, would take a second island of the same settings.
    """
    order = np.argsort(shares, kind="stable")
    total = np.cumsum(weight[order])
    places = (min(int(np.searchsorted(total, q)), len(order) - 1) for q in (0.05, 0.95))
    low, high = (float(shares[order][place]) for place in places)
    return low, high
