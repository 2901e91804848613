"""What no machine decides: dues, shocks, programmes, allies, promised reliefs; and what comes of it
all in goods: what licence offices let through, who waits, and who runs short."""

from collections.abc import Iterator
from typing import Any

from sim.explain.phrases import Event, Sentence, Voice, label, listed, number, said
from sim.explain.weeks import LeverWeek, Trace, Week, moves
from sim.scenario.calendar import week_of

#: Effects of a shock that have words of their own; any other is described by its meaning.
_NAMED = ("change", "level", "capacity", "remove", "talks", "ends_truce")
#: A flow is reported anew when it is this far from what was reported last (share of normal demand).
FLOW_STEP = 0.25
#: A backlog is reported when it passes one of these, weeks of normal demand.
BACKLOGS = (4, 8, 13, 26, 52, 104)
#: A shortage that adds less than this to what its target feels is not reported.
FELT = 0.1
#: An office that serves less than this share of normal demand is called slow.
SLOW = 0.9


def outside(trace: Trace) -> Iterator[Event]:
    """Everything that no machine decided."""
    yield from due_events(trace)
    yield from _programmes(trace)
    yield from _allies(trace)
    for week in trace.weeks:
        yield from _shocks(trace, week)
        yield from _reliefs(trace, week)


def due_events(trace: Trace) -> Iterator[Event]:
    """Obligations below the initial level that fall due, where a level is owed: met, or missed."""
    for k, (name, row) in enumerate(
        zip(trace.compiled.levers, trace.compiled.params.levers, strict=True)
    ):
        t = int(row.due) + 1
        if row.obligation < row.level and t <= len(trace.weeks) and not row.seen_owing_service:
            now = trace.week(t).levers[k]
            level = (trace.start if t == 1 else trace.week(t - 1).levers)[k].level
            facts = {"obligation": now.counts, "level": level, "from": int(row.level)}
            kind = "overdue" if level > now.counts and not now.gone else "due"
            yield Event(t, kind, trace.ids[int(row.owner)], name, facts=facts)


def _shocks(trace: Trace, week: Week) -> Iterator[Event]:
    """Shocks that struck, each with what it did."""
    specs = {shock.name: shock for shock in trace.scenario.spec.shocks}
    for name in week.shocks:
        spec, lever = specs[name], specs[name].lever or ""
        meanings = {effect: type(spec).model_fields[effect].description for effect in spec.effects}
        facts: dict[str, Any] = {
            "name": name,
            "talks": spec.talks,
            "ends_truce": spec.ends_truce,
            "capacity": spec.capacity,
            "remove": spec.remove,
            "other": [meaning for effect, meaning in meanings.items() if effect not in _NAMED],
            "change": next(([c.before, c.after] for c in week.changed_by("shock", name)), None),
        }
        yield Event(week.number, "shock", lever.partition(".")[0], lever, facts=facts)


def _reliefs(trace: Trace, week: Week) -> Iterator[Event]:
    """What a side takes back as it promised at talks."""
    for who in trace.ids:
        changes = [c for c in week.changes if c.why == "relief" and c.who == who]
        if changes:
            met = max(earlier.number for earlier in trace.weeks[: week.number - 1] if earlier.talks)
            facts = {"levers": moves(changes), "talks": met}
            yield Event(week.number, "relief", who, changes[0].lever, facts=facts)


def _programmes(trace: Trace) -> Iterator[Event]:
    """Dated supply that comes online and ends some of a dependence."""
    for side, levers in trace.scenario.spec.levers.items():
        for name, lever in levers.items():
            for programme in lever.programmes:
                t = week_of(programme.online, trace.compiled.start)
                if 1 <= t <= len(trace.weeks):
                    facts = {"name": programme.name, "share": programme.share}
                    yield Event(t, "programme", trace.other(side), f"{side}.{name}", facts=facts)


def _allies(trace: Trace) -> Iterator[Event]:
    """Allies that decide to join a lever, and the week in which that widens it."""
    for week in trace.weeks:
        for name in week.joined:
            ally = trace.scenario.spec.allies[name]
            lag, lever = max(1, ally.lag_weeks), ally.lever or ""
            facts = {"lag": lag, "coverage": ally.coverage}
            yield Event(week.number, "joined", name, lever, facts=facts)
            if week.number + lag <= len(trace.weeks):
                yield Event(week.number + lag, "coverage", name, lever, facts=facts)


def trade_events(trace: Trace) -> Iterator[Event]:
    """Flow, backlog and shortage of every lever, reported when they have changed enough."""
    params = trace.compiled.params
    for k, (name, row) in enumerate(zip(trace.compiled.levers, params.levers, strict=True)):
        owner = name.partition(".")[0]
        target = trace.other(owner)
        series = [week.levers[k] for week in trace.weeks]
        if any(now.queue for now in series):
            changed = list(flows(owner, series, bool(row.listed)))
            yield from changed
            weeks = {event.week for event in changed}
            queue = _backlogs(owner, series, float(row.backlog))
            yield from (event for event in queue if event.week not in weeks)
        if not params.rules[0].stage:
            severe = float(params.actors[trace.ids.index(target)].severe)
            yield from _shortages(target, series, float(row.harm_weight), severe)


def flows(owner: str, series: list[LeverWeek], listed: bool) -> Iterator[Event]:
    """What the office lets through, when it has moved by FLOW_STEP since it was last reported.

    `listed`: it has been at work before the start, so that its first flow is no change. What it
    is compared with is the week before; faster since talks is what grows while the lever stands
    where it stood.
    """
    reported, boosted = 1.0, False
    for t, now in enumerate(series, start=1):
        if abs(now.flow - reported) >= FLOW_STEP:
            facts: dict[str, Any] = {"flow": now.flow, "backlog": now.backlog, "able": now.able}
            if t == 1:
                facts |= {"before": None if listed else 1.0, "faster": False}
            else:
                last = series[t - 2]
                grew = now.level == last.level and now.flow > last.flow
                facts |= {"before": last.flow, "faster": grew and now.boosted and not boosted}
            reported, boosted = now.flow, now.boosted
            yield Event(t, "flow", owner, now.name, facts=facts)


def _backlogs(owner: str, series: list[LeverWeek], before: float) -> Iterator[Event]:
    """A queue that passes a round number of weeks on its way up, and one that is cleared."""
    worst = before
    for t, now in enumerate(series, start=1):
        passed = [mark for mark in BACKLOGS if worst < mark <= now.backlog]
        if passed:
            facts = {"backlog": now.backlog, "mark": passed[-1]}
            yield Event(t, "backlog", owner, now.name, minor=True, facts=facts)
        if before > 1e-9 and now.backlog <= 1e-9:
            yield Event(t, "queue_cleared", owner, now.name, facts={"worst": worst})
            worst = 0.0
        worst = max(worst, now.backlog)
        before = now.backlog


def _shortages(
    target: str, series: list[LeverWeek], weight: float, severe: float
) -> Iterator[Event]:
    """A target that runs short, or severely short, of what a lever withholds; and no longer.

    `severe`: the harm from which a shortage is.
    """
    worst = 0  # 1: short, 2: severely; since it had enough
    for t, now in enumerate(series, start=1):
        harm = weight * now.shortage
        grade = (harm >= FELT) + (harm >= max(severe, FELT))
        facts = {"shortage": now.shortage, "flow": now.flow, "severe": grade == 2}
        if grade > worst or grade == 0 < worst:
            worst = grade
            kind = "short" if grade else "supplied"
            yield Event(t, kind, target, now.name, minor=True, facts=facts)


def _shock(event: Event, voice: Voice) -> str:
    facts, effects = event.facts, []
    if facts["change"]:
        before, after = facts["change"]
        moved = {"lever": event.lever, "before": before, "after": after}
        effects.append(f"{voice.verb(moved)} {voice.whose(event.who)} {voice.change(moved)}")
    if facts["remove"]:
        effects.append(f"takes {voice.lever(event.lever)} away for good")
    if facts["capacity"] is not None:
        share = number(facts["capacity"])
        effects.append(f"sets the {label(event.lever)} office to {share} of normal demand a week")
    if facts["talks"]:
        effects.append("forces talks")
    if facts["ends_truce"]:
        effects.append("ends the truce")
    effects += facts["other"]
    return f'The shock "{facts["name"]}" {listed(effects) or "changes nothing"}.'


def _flow(event: Event, voice: Voice) -> str:
    """What an office lets through: it grants, grants slowly, or could grant all and holds back."""
    facts, licences = event.facts, voice.measure(event.lever)
    if facts["faster"]:
        does = f"grants {licences} faster since the talks"
    elif facts["flow"] >= SLOW:
        does = f"grants {licences}"
    else:
        does = f"grants {licences} slowly" if facts["able"] < SLOW else f"holds back {licences}"
    share = f"{facts['flow']:.0%} of normal demand"
    if facts["before"] is not None:
        share += f", after {facts['before']:.0%}"
    if facts["backlog"] > 0.05:
        share += f"; {facts['backlog']:.1f} weeks of applications wait"
    return f"{voice.of(event.who)} {does}: {share}."


def _short(event: Event, voice: Voice) -> str:
    severe = event.facts["severe"]
    text = f"{{who}} feels {{done}}{', severely' if severe else ''}"
    if event.lever in voice.licences:
        text = f"{{who}} runs {'severely ' if severe else ''}short of {{label}}"
    return said(text + ": {shortage:.0%} of its use is missing.", event, voice)


def _supplied(event: Event, voice: Voice) -> str:
    short = event.lever in voice.licences
    text = "is no longer short of {label}." if short else "no longer feels {owned}."
    return said("{who} " + text, event, voice)


def _joined(event: Event, voice: Voice) -> str:
    week = event.week + event.facts["lag"]
    return said(f"{{who}} decides to join {{done}}; it will count from week {week}.", event, voice)


WORLD: dict[str, Sentence] = {
    "due": "{whose} obligation on {label} ({obligation}) falls due and is met.",
    "overdue": "{whose} obligation on {label} falls due and is not met: still at {level}, not "
    "{obligation}.",
    "shock": _shock,
    "programme": "the programme {name} comes online: {who} needs {owned} for {share:.0%} less of "
    "its use.",
    "coverage": "{who} now applies {done} too: {coverage:.0%} more of the target's use is covered.",
    "relief": "relief, as agreed at the talks of {talks:week}: {who} {moved}.",
}
GOODS: dict[str, Sentence] = {
    "flow": _flow,
    "backlog": "{backlog:.1f} weeks of applications now wait for {whose} {label} licences.",
    "queue_cleared": "the queue for {whose} {label} licences is gone ({worst:.1f} weeks at worst).",
    "short": _short,
    "supplied": _supplied,
    "joined": _joined,
}
