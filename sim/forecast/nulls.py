"""Rivals beside the odds: what those say on the same days who know no settings of the model.

Governments without reciprocity follow the record and go on like the scenario's own, with fewer
copies and runs, since a thin line needs no more; those that know only how long earlier truces
lasted are arithmetic. All are asked about the headline alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sim.forecast.chances import Odds
from sim.forecast.facts import ForecastError
from sim.forecast.observations import Observations
from sim.forecast.odds import Question, every
from sim.forecast.rivals import LIVES, OF_LIVES
from sim.forecast.survival import lives
from sim.history.record import shipped
from sim.history.replay import GOVERNMENTS, with_governments

#: Copies and runs of a rival with governments (judgement, 2026-11-29: a thin line, +- .04).
COPIES = RUNS = 500

Rows = list[dict[str, Any]]


def nulls(question: Question, all_odds: Sequence[Odds], tables: Sequence[Observations]) -> Rows:
    """Rows as those of the odds, of every rival on their days; `settings` names the rival.

    tables: what was known on these days.

    Rivals that know lives of truces have no interval. A government that cannot follow the record
    at all has no rows.
    """
    headline = all_odds[0].chances[0].outcome
    rows = [
        row for rival in GOVERNMENTS for row in _by_governments(rival, question, all_odds, tables)
    ]
    if question.scenario.spec.truce is not None and headline in OF_LIVES:
        rows += [row for odds in all_odds for row in _lived(question, odds, headline)]
    return rows


def _by_governments(
    rival: str, question: Question, all_odds: Sequence[Odds], tables: Sequence[Observations]
) -> Iterator[dict[str, Any]]:
    """What a scenario with the governments of a rival says, by the scenario's own settings."""
    other, headline = with_governments(question.scenario, rival), all_odds[0].chances[0].outcome
    sizes: dict[str, Any] = {"particles": COPIES, "runs": RUNS, "fit": None, "anyway": True}
    try:
        rival_odds = every(
            replace(question, scenario=other, **sizes),
            [odds.as_of for odds in all_odds],
            tables,
        )
    except ForecastError:
        return
    for odds in rival_odds:
        for row in odds.rows():
            if row["outcome"] == headline:
                yield {**row, "settings": rival}


def _lived(question: Question, odds: Odds, headline: str) -> Iterator[dict[str, Any]]:
    """What lives of truces that ended before the day say of the readings of its headline."""
    past = lives(question.record or shipped(), odds.as_of, question.scenario.spec.start)
    of_headline = [row for row in odds.rows() if row["outcome"] == headline]
    for rival, law in LIVES.items() if past.names else ():
        ahead = [row["week"] - odds.after for row in of_headline]
        for row, p in zip(of_headline, law(past, float(odds.after), ahead), strict=True):
            when = ("as_of", "weeks_over", "outcome", "at", "week", "day")
            yield {name: row[name] for name in when} | {"p": float(p), "settings": rival}
