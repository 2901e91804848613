"""What frames a story: what was agreed, how both sides play, how it came out, and but for what."""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from sim.errors import quoted
from sim.explain.phrases import Voice, listed, number, opened
from sim.explain.truce import in_law
from sim.explain.weeks import Trace
from sim.outcomes.definitions import date_text, term_of
from sim.policies.machine import sentences as machine_sentences
from sim.scenario.calendar import last_day
from sim.world.outcomes import NAMES, outcome_of
from sim.world.params import NEVER

#: What the stories count by.
RUNG = (
    "A side's rung is how far its levers stand above the levels they are held to, each notch by "
    "its severity; above 0 it is in violation."
)
#: The weeks of a ButFor, in its order.
_ENDS = [outcome_of(name).field for name in ("standing", "undisputed")]


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
    replays = tuple(replayed(trace)) if but_for and trace.has_truce else ()
    return Frame(
        title=trace.scenario.title,
        verdict=verdict(trace),
        agreed=(*_terms(trace), *owed_lines(trace, voice)),
        policies=tuple(_policy(trace, who) for who in trace.ids),
        ending=(*_outcomes(trace, voice), *_replays(trace, replays)),
        but_for=replays,
    )


def verdict(trace: Trace) -> str:
    """How the run came out, in one sentence."""
    outcome, horizon = trace.outcome, len(trace.weeks)
    if not trace.has_truce:
        came = f"nobody escalated in {horizon} weeks"
        if outcome.clean_week is not None:
            came = f"the first escalation came in {_when(trace, outcome.clean_week)}"
        return f"No truce to break; {came}."
    if outcome.standing_week is not None:
        how = _broke(trace, outcome.standing_week)
        return f"The truce broke in {_when(trace, outcome.standing_week)}{how}."
    how = " without a single violation" if outcome.clean_week is None else ""
    if outcome.undisputed_week is not None:
        how = f", in dispute from {_when(trace, outcome.undisputed_week)} on"
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


def _terms(trace: Trace) -> Iterator[str]:
    """The term, and what breaks the truce."""
    rules = trace.compiled.params.rules[0]
    if not trace.has_truce:
        yield "There is no truce: to be in violation is to stand above the levels of the start."
        return
    term = "is open-ended"
    if rules.term != NEVER:
        end = date_text(last_day(trace.compiled.start, int(rules.term)))
        term = f"is agreed to week {rules.term}, {end}, at first"
    weeks, one = rules.breakdown_after, rules.breakdown_after == 1
    after = f"{'one week' if one else f'{weeks} weeks in a row'} of violation by both sides"
    if rules.unilateral_after < NEVER:
        after += f" or {rules.unilateral_after} by one"
    breaks = f"It breaks after {after}"
    if rules.rupture_rung > 0:
        long = "one week" if one else f"{weeks} weeks in a row"
        rung = number(float(rules.rupture_rung))
        dispute = f"It is in dispute after {after}."
        breaks = f"{dispute} It breaks after {long} with both sides at rung {rung} or above"
    law = "a core lever above its obligation, an act that ends it, or a lapse"
    yield f"The truce {term}. {breaks}, or if it ends in law ({law})."


def owed_lines(trace: Trace, voice: Voice) -> Iterator[str]:
    """What is owed, a sentence or two for each side and for each lever that owes service."""
    if not trace.has_truce:
        return
    rows = dict(zip(trace.compiled.levers, trace.compiled.params.levers, strict=True))
    for side in trace.ids:
        own = {name: row for name, row in rows.items() if name.startswith(f"{side}.")}
        service = [name for name, row in own.items() if row.owes_service or row.seen_owing_service]
        eased = [
            f"ease {voice.measure(name)} {_from_level_to(row)}"
            for name, row in own.items()
            if row.obligation < row.level and name not in service
        ]
        if eased:
            yield opened(f"{voice.of(side)} is to {listed(eased)}.")
        for name in service:
            yield opened(_what(side, name, own[name], voice))
            k = trace.compiled.levers.index(name)
            full = float(trace.compiled.params.allowed[k, own[name].obligation])
            yield opened(_how_much(side, own[name], full, voice))
    yield RUNG


def _from_level_to(row: np.record) -> str:
    """From where to where a lever is to be eased, and by when."""
    by = "at once" if row.due == 0 else f"by the end of week {row.due}"
    return f"from level {row.level} of {row.notches} to {row.obligation} {by}"


def _what(side: str, name: str, row: np.record, voice: Voice) -> str:
    """What a lever owes, by the reading of both or by that of each."""
    who, other, what = voice.of(side), voice.other(side), voice.measure(name)
    if row.owes_service and row.seen_owing_service:
        return f"{who} {_as_service(what, row)}."
    own, seen = f"it {_as_service(what, row)}", f"it {_as_level(what, row)}"
    if not row.owes_service:
        own, seen = seen, own
    return (
        f"{who} and {other} read the terms differently. By {voice.whose(side)} reading {own}. "
        f"By {other}'s reading {seen}; the story judges violations by this one."
    )


def _as_service(what: str, row: np.record) -> str:
    """Service: deliveries count, and no level falls due."""
    none = "A slow office is no violation"
    if row.level > row.obligation:
        at = f"the lever at level {row.level} of {row.notches}"
        none = f"Neither {at} nor a slow office is a violation"
    return (
        f"owes service on {what}, not a level: to grant them as at level {row.obligation}. "
        f"{none}; raising the lever above its lowest level so far is"
    )


def _as_level(what: str, row: np.record) -> str:
    """A level: above it, once it is due, is a violation."""
    if row.obligation < row.level:
        return f"is to ease {what} {_from_level_to(row)}; above that it is in violation"
    return f"owes level {row.obligation} of {what}, and is in violation above it"


def _how_much(side: str, row: np.record, full: float, voice: Voice) -> str:
    """How much service the owner promised, and how much the other side expects.

    full: the share of normal demand that is owed.
    """
    who, other = voice.of(side), voice.other(side)
    if full <= 0 or row.expected <= 0:
        return f"{other} takes any such service for compliance."
    of = "what each holds to be owed"
    if row.owes_service and row.seen_owing_service:
        of = "normal demand" if full == 1 else f"the {full:.0%} of normal demand that this means"
    return (
        f"{who} promised to serve at least {row.promised:.0%} of {of}; {other} expects "
        f"{row.expected:.0%}, and may see a violation, wrongly, in anything less."
    )


def _policy(trace: Trace, who: str) -> str:
    """How a side plays, by name and in the machine's own words."""
    policy = dict(trace.scenario.spec.actors[who].policy)
    name = str(policy.pop("name", "a machine of its own"))
    settings = [f"{key} {quoted(value)}" for key, value in policy.items() if key != "machine"]
    plain = f"{name} ({', '.join(settings)})" if settings and name != "mixture" else name
    words = " ".join(machine_sentences(trace.machines[who]))
    return f"{opened(trace.scenario.sides.of(who).short)} plays {plain}. {words}"


def _outcomes(trace: Trace, voice: Voice) -> Iterator[str]:
    """The outcomes of this run, and what it cost."""
    trigger = trace.outcome.trigger
    if trace.has_truce:
        yield " ".join(f"{opened(name)}: {_outcome_text(trace, name)}." for name in NAMES)
        if trigger is not None and trigger.cause not in ("act", "lapse"):
            yield f"What began it: {voice.origin(asdict(trigger))}."
    met = [str(week.number) for week in trace.weeks if week.talks]
    when = f"in week{'s' if len(met) > 1 else ''} {listed(met)}" if met else "none"
    yield f"Talks: {when}."
    yield _cost(trace)


def _outcome_text(trace: Trace, name: str) -> str:
    """Until when an outcome held; of one decided once, whether it came about."""
    if name in trace.outcome.ended:
        week = trace.outcome.ended[name]
        return "to the end" if week is None else f"until week {week}"
    term = term_of(trace.compiled.params.rules[0], len(trace.weeks))
    if term is None:
        return "not defined"
    return f"{'yes' if trace.outcome.came[name] else 'no'}, at the end of week {term}"


def _cost(trace: Trace) -> str:
    """What both sides suffered; in a textbook game, what they got."""
    stage = bool(trace.compiled.params.rules[0].stage)
    values = trace.outcome.payoff if stage else trace.outcome.harm
    heading = "Payoffs (discounted)" if stage else f"Harm suffered (discounted{_unit(trace)})"
    amounts = [f"{who.short} {values[i]:.1f}" for i, who in enumerate(trace.scenario.sides)]
    return f"{heading}: {listed(amounts)}."


def _unit(trace: Trace) -> str:
    """What shortage makes a harm of 1 in a week; nothing where that differs between goods."""
    convexities = np.unique(trace.compiled.params.levers["convexity"])
    if len(convexities) != 1:
        return ""
    bent = float(convexities[0])
    missing = 1 - (2 ** (-1 / bent) if bent > 0 else math.exp(-1))  # φ = 1 (docs/model.md, step 5)
    return (
        f"; 1 is a week with {missing:.0%} of a good of weight 1 missing, 13 a quarter year of that"
    )


def replayed(trace: Trace) -> Iterator[ButFor]:
    """The same run, chance the same, with one channel off at a time."""
    from sim.engines.batch import run_batch
    from sim.outcomes.butfor import channel_text, channels_off, without_bands

    compiled = trace.compiled
    for channel, params in channels_off(compiled.params, compiled.shocks).items():
        world = without_bands(params)
        output = run_batch(world, trace.seed, trace.run, 1, 1, keep=True, payoffs=False)
        if output.rows is not None:
            weeks = (int(output.rows[field][0]) or None for field in _ENDS)
            yield ButFor(channel, channel_text(channel), *weeks)


def _replays(trace: Trace, replays: tuple[ButFor, ...]) -> Iterator[str]:
    """What would have come of it but for one channel, all else and chance the same."""
    broke, disputed = trace.outcome.standing_week, trace.outcome.undisputed_week
    same = []
    for replay in replays:
        off = replay.text.replace("shock: ", "the shock ")
        if (replay.breakdown_week, replay.dispute_week) == (broke, disputed):
            same.append(off.partition(" (")[0])
        else:
            yield f"Without {off}, and chance the same: {_otherwise(trace, replay)}."
    if same:
        what = f"no difference to the {'breakdown' if broke else 'dispute'}"
        if broke is None and disputed is None:
            what = "it would have stood as well, undisputed"
        yield f"Without {listed(same, 'or')}, and chance the same: {what}."


def _otherwise(trace: Trace, replay: ButFor) -> str:
    """What a run would have come to; of a dispute only where that is no breakdown."""
    how = "it would have stood as well"
    if replay.breakdown_week or trace.outcome.standing_week:
        how = "it would have stood to the end"
        if replay.breakdown_week is not None:
            how = f"it would have broken in week {replay.breakdown_week}"
        if trace.compiled.params.rules[0].rupture_rung <= 0:
            return how
    if replay.dispute_week is None:
        return f"{how}, undisputed"
    return f"{how}, in dispute from week {replay.dispute_week} on"
