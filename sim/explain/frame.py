"""What frames a story: what was agreed, how both sides play, how it came out, and but for what."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from sim.errors import quoted
from sim.explain.counterfactual import machines
from sim.explain.voice import Voice, label, listed, name_of, opened
from sim.explain.weeks import SIDES, Trace
from sim.outcomes.calendar import last_day
from sim.outcomes.definitions import term_of
from sim.policies.words import sentences as machine_sentences
from sim.world.outcomes import NAMES
from sim.world.params import NEVER


@dataclass(frozen=True)
class ButFor:
    """The same run with one channel off: the week it breaks then, None for never."""

    channel: str
    text: str
    breakdown_week: int | None


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
        agreed=tuple(_agreed(trace)),
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
        return f"The truce broke in {_when(trace, outcome.standing_week)}."
    kept = " without a single violation" if outcome.clean_week is None else ""
    return f"The truce stood for all {horizon} weeks{kept}."


def _when(trace: Trace, week: int) -> str:
    first, last = trace.week(week).date, last_day(trace.compiled.start, week)
    month = "" if first.month == last.month else f" {first:%B}"
    return f"week {week} ({first.day}{month} to {day(last)})"


def day(date: datetime.date) -> str:
    """A date as a reader writes it: "2 June 2025"."""
    return f"{date.day} {date:%B %Y}"


def _agreed(trace: Trace) -> Iterator[str]:
    """The term, what breaks the truce, and what is owed by when."""
    rules = trace.compiled.params.rules[0]
    if not has_truce(trace):
        yield "There is no truce: to be in violation is to stand above the levels of the start."
        return
    open_ended = rules.term == NEVER
    term = "is open-ended" if open_ended else f"runs to week {rules.term} at first"
    breaks = [f"{rules.breakdown_after} weeks in a row of violation by both sides"]
    if rules.breakdown_after == 1:
        breaks = ["one week of violation by both sides"]
    if rules.unilateral_after < NEVER:
        breaks.append(f"{rules.unilateral_after} by one")
    yield f"The truce {term}. It breaks after {' or '.join(breaks)}, or if it ends in law."
    for side in SIDES:
        owed = list(_owed(trace, side))
        if owed:
            yield opened(f"{name_of(side)} is to ease {listed(owed)}.")


def _owed(trace: Trace, side: str) -> Iterator[str]:
    """Obligations below the initial level."""
    for k, name in enumerate(trace.compiled.levers):
        row = trace.compiled.params.levers[k]
        if name.startswith(f"{side}.") and row.obligation < row.level:
            by = "at once" if row.due == 0 else f"by the end of week {row.due}"
            yield f"{label(name)} from {row.level} to {row.obligation} {by}"


def _policy(trace: Trace, i: int) -> str:
    """How a side plays, by name and in the machine's own words."""
    policy = dict(list(trace.scenario.spec.actors.values())[i].policy)
    name = str(policy.pop("name", "a machine of its own"))
    settings = [f"{key} {quoted(value)}" for key, value in policy.items() if key != "machine"]
    plain = f"{name} ({', '.join(settings)})" if settings and name != "mixture" else name
    words = " ".join(machine_sentences(machines(trace.scenario)[i]))
    return f"{opened(name_of(SIDES[i]))} plays {plain}. {words}"


def _outcomes(trace: Trace, voice: Voice) -> Iterator[str]:
    """The outcomes of this run, and what it cost."""
    outcome = trace.outcome
    if has_truce(trace):
        yield " ".join(f"{opened(name)}: {_held(trace, name)}." for name in NAMES)
        if outcome.trigger is not None and outcome.trigger.cause not in ("act", "lapse"):
            found = outcome.trigger
            facts = {"cause": found.cause, "who": found.who, "item": found.item}
            yield f"What struck the match: {voice.origin(facts | {'week': found.week})}."
    met = [str(week.number) for week in trace.weeks if week.talks]
    when = f"in week{'s' if len(met) > 1 else ''} {listed(met)}" if met else "none"
    yield f"Talks: {when}."
    yield _cost(trace)


def _cost(trace: Trace) -> str:
    """What both sides suffered; in a textbook game, what they got."""
    stage = bool(trace.compiled.params.rules[0].stage)
    values = trace.outcome.payoff if stage else trace.outcome.harm
    what = "Payoffs (discounted)"
    if not stage:
        what = "Harm suffered (discounted, in units of one week of harm weight 1)"
    told = [f"{name_of(who)} {values[i]:.1f}" for i, who in enumerate(SIDES)]
    return f"{what}: {listed(told)}."


def _held(trace: Trace, name: str) -> str:
    """Until when an outcome held; of one decided once, whether it came about."""
    if name in trace.outcome.ended:
        week = trace.outcome.ended[name]
        return "to the end" if week is None else f"until week {week}"
    term = term_of(trace.compiled.params.rules[0], len(trace.weeks))
    if term is None:
        return "not defined"
    return f"{'yes' if trace.outcome.came[name] else 'no'}, at the end of week {term}"


def replayed(trace: Trace) -> Iterator[ButFor]:
    """The same run, same luck, with one channel off at a time."""
    from sim.engines.batch import run_batch
    from sim.outcomes.butfor import channel_text, channels_off, without_bands

    compiled = trace.compiled
    for channel, params in channels_off(compiled.params, compiled.shocks).items():
        output = run_batch(without_bands(params), trace.seed, trace.run, 1, 1, keep=True)
        if output.rows is not None:
            week = int(output.rows["standing_week"][0]) or None
            yield ButFor(channel, channel_text(channel), week)


def _replays(trace: Trace, replays: tuple[ButFor, ...]) -> Iterator[str]:
    """What the same luck would have made of it but for one channel."""
    if not replays:
        return
    as_is = trace.outcome.standing_week
    same = [_off(replay).partition(" (")[0] for replay in replays if replay.breakdown_week == as_is]
    for replay in replays:
        if replay.breakdown_week != as_is:
            how = "it would have stood to the end"
            if replay.breakdown_week is not None:
                how = f"it would have broken in week {replay.breakdown_week}"
            yield f"The same luck without {_off(replay)}: {how}."
    if same:
        yield f"The same luck without {listed(same, 'or')}: no difference to the breakdown."


def _off(replay: ButFor) -> str:
    return replay.text.replace("shock: ", "the shock ")
