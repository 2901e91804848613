"""What frames a story: what was agreed, how both sides play, how it came out, and but for what."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.errors import quoted
from sim.explain.counterfactual import machines
from sim.explain.events_truce import in_law
from sim.explain.owed import owed_lines
from sim.explain.phrases import Voice, listed, number, opened
from sim.explain.weeks import Trace
from sim.outcomes.calendar import date_text, last_day
from sim.outcomes.definitions import term_of
from sim.policies.words import sentences as machine_sentences
from sim.world.outcomes import NAMES, outcome_of
from sim.world.params import NEVER


@dataclass(frozen=True)
class ButFor:
    """The same run with one channel off: weeks of breakdown and dispute then, None for never."""

    channel: str
    text: str
    breakdown_week: int | None
    dispute_week: int | None


@dataclass(frozen=True)
class Frame:
    """Sentences before and after the weeks."""

    title: str
    verdict: str
    agreed: tuple[str, ...]
    policies: tuple[str, ...]
    ending: tuple[str, ...]
    but_for: tuple[ButFor, ...]


def frame_of(trace: Trace, voice: Voice, but_for: bool) -> Frame:
    """What frames the story of a run."""
    replays = tuple(replayed(trace)) if but_for and has_truce(trace) else ()
    ending = (*_outcomes(trace, voice), *_replays(trace, replays))
    return Frame(
        title=trace.scenario.title,
        verdict=verdict(trace),
        agreed=tuple(_agreed(trace, voice)),
        policies=tuple(_policy(trace, i) for i in range(2)),
        ending=ending,
        but_for=replays,
    )


def has_truce(trace: Trace) -> bool:
    """Whether the scenario has a truce to break."""
    return bool(trace.compiled.params.rules[0].has_truce)


def verdict(trace: Trace) -> str:
    """How the run came out, in one sentence."""
    outcome, horizon = trace.outcome, len(trace.weeks)
    if not has_truce(trace):
        if outcome.clean_week is None:
            return f"No truce to break; nobody escalated in {horizon} weeks."
        return (
            f"No truce to break; the first escalation came in {_when(trace, outcome.clean_week)}."
        )
    if outcome.standing_week is not None:
        how = _broke(trace, outcome.standing_week)
        return f"The truce broke in {_when(trace, outcome.standing_week)}{how}."
    if outcome.undisputed_week is not None:
        since = _when(trace, outcome.undisputed_week)
        return f"The truce stood for all {horizon} weeks, in dispute from {since} on."
    how = " without a single violation" if outcome.clean_week is None else ""
    return f"The truce stood for all {horizon} weeks{how}."


def _broke(trace: Trace, broke: int) -> str:
    """How, where it was a rupture, which leaves a truce in force in law; and to when it was."""
    if trace.compiled.params.rules[0].rupture_rung <= 0 or in_law(trace, trace.week(broke)):
        return ""
    for week in trace.weeks[broke - 1 :]:
        if week.lapsed or not week.in_force:
            end = "lapsed" if week.lapsed else "ended"
            return f", by a rupture; in law it {end} in week {week.number}"
    return ", by a rupture; in law it stayed in force"


def _when(trace: Trace, week: int) -> str:
    first, last = trace.week(week).date, last_day(trace.compiled.start, week)
    month = "" if first.month == last.month else f" {first:%B}"
    return f"week {week} ({first.day}{month} to {date_text(last)})"


def _agreed(trace: Trace, voice: Voice) -> Iterator[str]:
    """The term, what breaks the truce, and what is owed by when."""
    rules = trace.compiled.params.rules[0]
    if not has_truce(trace):
        yield "There is no truce: to be in violation is to stand above the levels of the start."
        return
    open_ended = rules.term == NEVER
    term = "is open-ended"
    if not open_ended:
        end = date_text(last_day(trace.compiled.start, int(rules.term)))
        term = f"is agreed to week {rules.term}, {end}, at first"
    breaks = [f"{rules.breakdown_after} weeks in a row of violation by both sides"]
    if rules.breakdown_after == 1:
        breaks = ["one week of violation by both sides"]
    if rules.unilateral_after < NEVER:
        breaks.append(f"{rules.unilateral_after} by one")
    long = " or ".join(breaks)
    if rules.rupture_rung > 0:
        yield f"The truce {term}. It is in dispute after {long}. {_ruptures(rules)}"
    else:
        yield f"The truce {term}. It breaks after {long}, or if it ends in law ({_IN_LAW})."
    yield from owed_lines(trace, voice)


def _ruptures(rules: np.record) -> str:
    """What breaks a truce where not every dispute does."""
    weeks = int(rules.breakdown_after)
    long = "one week" if weeks == 1 else f"{weeks} weeks in a row"
    rung = number(float(rules.rupture_rung))
    return (
        f"It breaks after {long} with both sides at rung {rung} or above, or if it ends in law "
        f"({_IN_LAW})."
    )


#: How a truce ends in law.
_IN_LAW = "a core lever above its obligation, an act that ends it, or a lapse"


def _policy(trace: Trace, i: int) -> str:
    """How a side plays, by name and in the machine's own words."""
    policy = dict(list(trace.scenario.spec.actors.values())[i].policy)
    name = str(policy.pop("name", "a machine of its own"))
    settings = [f"{key} {quoted(value)}" for key, value in policy.items() if key != "machine"]
    plain = f"{name} ({', '.join(settings)})" if settings and name != "mixture" else name
    words = " ".join(machine_sentences(machines(trace.scenario)[i]))
    return f"{opened(trace.scenario.sides[i].short)} plays {plain}. {words}"


def _outcomes(trace: Trace, voice: Voice) -> Iterator[str]:
    """The outcomes of this run, and what it cost."""
    outcome = trace.outcome
    if has_truce(trace):
        yield " ".join(f"{opened(name)}: {_outcome_text(trace, name)}." for name in NAMES)
        if outcome.trigger is not None and outcome.trigger.cause not in ("act", "lapse"):
            trigger = outcome.trigger
            facts = {"cause": trigger.cause, "who": trigger.who, "item": trigger.item}
            yield f"What began it: {voice.origin(facts | {'week': trigger.week})}."
    met = [str(week.number) for week in trace.weeks if week.talks]
    when = f"in week{'s' if len(met) > 1 else ''} {listed(met)}" if met else "none"
    yield f"Talks: {when}."
    yield _cost(trace)


def _cost(trace: Trace) -> str:
    """What both sides suffered; in a textbook game, what they got."""
    stage = bool(trace.compiled.params.rules[0].stage)
    values = trace.outcome.payoff if stage else trace.outcome.harm
    heading = "Payoffs (discounted)"
    if not stage:
        heading = f"Harm suffered (discounted{_unit(trace)})"
    amounts = [f"{who.short} {values[i]:.1f}" for i, who in enumerate(trace.scenario.sides)]
    return f"{heading}: {listed(amounts)}."


def _unit(trace: Trace) -> str:
    """What shortage makes a harm of 1 in a week; nothing where that differs between goods."""
    convexities = np.unique(trace.compiled.params.levers["convexity"])
    if len(convexities) != 1:
        return ""
    bent = float(convexities[0])
    missing = 1 - (2 ** (-1 / bent) if bent > 0 else math.exp(-1))  # φ = 1 (docs/model.md, step 5)
    return f"; 1 is a week with {missing:.0%} of a good of weight 1 missing"


def _outcome_text(trace: Trace, name: str) -> str:
    """Until when an outcome held; of one decided once, whether it came about."""
    if name in trace.outcome.ended:
        week = trace.outcome.ended[name]
        return "to the end" if week is None else f"until week {week}"
    term = term_of(trace.compiled.params.rules[0], len(trace.weeks))
    if term is None:
        return "not defined"
    return f"{'yes' if trace.outcome.came[name] else 'no'}, at the end of week {term}"


def replayed(trace: Trace) -> Iterator[ButFor]:
    """The same run, chance the same, with one channel off at a time."""
    from sim.engines.batch import run_batch
    from sim.outcomes.butfor import channel_text, channels_off, without_bands

    compiled = trace.compiled
    for channel, params in channels_off(compiled.params, compiled.shocks).items():
        world = without_bands(params)
        output = run_batch(world, trace.seed, trace.run, 1, 1, keep=True, payoffs=False)
        if output.rows is not None:
            weeks = (int(output.rows[name][0]) or None for name in _ENDS.values())
            yield ButFor(channel, channel_text(channel), *weeks)


#: The weeks of a ButFor, in its order.
_ENDS = {name: outcome_of(name).field for name in ("standing", "undisputed")}


def _replays(trace: Trace, replays: tuple[ButFor, ...]) -> Iterator[str]:
    """What would have come of it but for one channel, all else and chance the same."""
    if not replays:
        return
    as_is = (trace.outcome.standing_week, trace.outcome.undisputed_week)
    same = []
    for replay in replays:
        if (replay.breakdown_week, replay.dispute_week) == as_is:
            same.append(_off(replay).partition(" (")[0])
        else:
            yield f"Without {_off(replay)}, and chance the same: {_otherwise(trace, replay)}."
    if same:
        yield f"Without {listed(same, 'or')}, and chance the same: {_no_difference(as_is)}."


def _no_difference(as_is: tuple[int | None, int | None]) -> str:
    """What is the same without a channel: the end that came, or that none did."""
    breakdown_week, dispute_week = as_is
    if breakdown_week is None and dispute_week is None:
        return "it would have stood as well, undisputed"
    return f"no difference to the {'breakdown' if breakdown_week else 'dispute'}"


def _otherwise(trace: Trace, replay: ButFor) -> str:
    """What a run would have come to; of a dispute only where that is no breakdown."""
    if replay.breakdown_week != trace.outcome.standing_week or replay.breakdown_week:
        how = "it would have stood to the end"
        if replay.breakdown_week is not None:
            how = f"it would have broken in week {replay.breakdown_week}"
        if trace.compiled.params.rules[0].rupture_rung <= 0:
            return how
    else:
        how = "it would have stood as well"
    if replay.dispute_week is None:
        return f"{how}, undisputed"
    return f"{how}, in dispute from week {replay.dispute_week} on"


def _off(replay: ButFor) -> str:
    return replay.text.replace("shock: ", "the shock ")
