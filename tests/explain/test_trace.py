"""The trace is the run of the batch, and accounts for every lever that moved."""

import numpy as np
import pytest

from sim.engines.batch import run_batch
from sim.explain import Trace, trace_run
from sim.world.state import CAUSES
from tests.explain import worlds

WEEKS = {
    "clean_week": "clean_week",
    "standing_week": "standing_week",
    "core_week": "core_week",
    "lapse_week": "lapse_week",
    "first_talks": "first_talks",
}


def rows(name: str, runs: int) -> np.ndarray:
    output = run_batch(worlds.scenario(name).compiled.params, worlds.SEED, 0, runs, keep=True)
    assert output.rows is not None
    return output.rows


@pytest.mark.parametrize("name", ["busy", *worlds.SHIPPED])
def test_every_outcome_is_that_of_the_batch(name):
    for run, row in enumerate(rows(name, 20)):
        outcome = worlds.trace(name, run).outcome
        for field, column in WEEKS.items():
            assert (getattr(outcome, field) or 0) == row[column]
        assert outcome.came["extended"] == row["extended"]
        assert outcome.talks == row["talks_count"]
        assert outcome.payoff == (row["payoff_us"], row["payoff_cn"])
        assert outcome.harm == (row["harm_us"], row["harm_cn"])
        cause = outcome.trigger.cause if outcome.trigger else None
        assert cause == (CAUSES[row["cause"]] if row["cause"] >= 0 else None)


def levels_end(trace: Trace) -> dict[str, int]:
    """Levels at the start, moved by every change told."""
    levels = {lever.name: lever.level for lever in trace.start}
    for week in trace.weeks:
        for change in week.changes:
            assert levels[change.lever] == change.before
            levels[change.lever] = change.after
    return levels


def test_changes_account_for_every_level():
    for trace in worlds.traces(20):
        last = trace.weeks[-1]
        talked = {change.lever: change.after for change in last.changes}
        ended = {lever.name: talked.get(lever.name, lever.level) for lever in last.levers}
        assert levels_end(trace) == ended


def test_every_reason_is_borne_out_by_the_week():
    for trace in worlds.traces(20):
        flip = bool(trace.compiled.params.rules[0].flip)
        for week in trace.weeks:
            sides = {side.who: side for side in week.sides}
            for change in week.changes:
                side = sides[change.who]
                match change.why:
                    case "retaliation":
                        assert side.move == "retaliate"
                        assert not side.order_failed
                        assert change.after > change.before
                    case "concession":
                        assert side.move == "concede"
                        assert change.lever == side.first_down
                    case "slip":
                        assert side.slipped
                        assert not flip
                        assert change.after == change.before + 1
                    case "flip":
                        assert side.slipped
                        assert flip
                    case "relief":
                        assert change.after < change.before
                    case "shock":
                        assert set(change.item.split(", ")) <= set(week.shocks)
                    case "deal":
                        assert set(change.item.split(", ")) <= set(week.deals)


def test_a_truce_is_told_from_start_to_end():
    for trace in worlds.traces(20):
        outcome = trace.outcome
        lapses = [week.number for week in trace.weeks if week.lapsed]
        if outcome.lapse_week:
            assert outcome.lapse_week == lapses[0]
        assert sum(week.talks for week in trace.weeks) == outcome.talks
        if outcome.came["extended"]:
            assert any(week.extended for week in trace.weeks)


def test_what_was_seen_and_what_was_true_are_kept_apart():
    wrong = [
        (week, side)
        for trace in worlds.traces(20)
        for week in trace.weeks
        for side in week.sides
        if not side.reading.right
    ]
    assert wrong
    for week, side in wrong:
        other = week.cn if side.who == "us" else week.us
        assert side.reading.violated == (other.rung > 0)
        assert bool(side.reading.alarm) == (side.reading.saw_bad and other.rung == 0)


def test_a_run_out_of_range_is_refused():
    with pytest.raises(ValueError, match="2\\^32 - 1"):
        trace_run(worlds.scenario("busy"), 1, -1)
    with pytest.raises(ValueError, match="seed"):
        trace_run(worlds.scenario("busy"), -1, 0)
