"""Sentences about the world outside, goods, and allies."""

from sim.explain.event import Event
from sim.explain.names import label
from sim.explain.phrases import Voice, listed, number, verdict_on


def due(event: Event, voice: Voice) -> str:
    """An obligation that fell due and is met."""
    at = event.facts["obligation"]
    text = (
        f"{voice.whose(event.who)} obligation on {label(event.lever)} ({at}) falls due and is met"
    )
    return text + "."


def overdue(event: Event, voice: Voice) -> str:
    """An obligation that fell due and is missed."""
    facts, lever = event.facts, label(event.lever)
    stands = f"still at {facts['level']}, not {facts['obligation']}"
    return f"{voice.whose(event.who)} obligation on {lever} falls due and is not met: {stands}."


def shock(event: Event, voice: Voice) -> str:
    """A shock and what it did."""
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


def programme(event: Event, voice: Voice) -> str:
    """New supply."""
    share = f"{event.facts['share']:.0%}"
    text = f"the programme {event.facts['name']} comes online: {voice.of(event.who)} needs"
    return f"{text} {voice.lever(event.lever)} for {share} less of its use."


def joined(event: Event, voice: Voice) -> str:
    """An ally that decides to join."""
    when = f"it will count from week {event.week + event.facts['lag']}"
    return f"{voice.of(event.who)} decides to join {_measure(event, voice)}; {when}."


def coverage(event: Event, voice: Voice) -> str:
    """An ally whose coverage begins to count."""
    wider = f"{event.facts['coverage']:.0%} more of the target's use"
    return f"{voice.of(event.who)} now applies {_measure(event, voice)} too: {wider} is covered."


def relief(event: Event, voice: Voice) -> str:
    """Relief given as promised."""
    met = voice.week(event.facts["talks"])
    did = voice.changes(event.facts["levers"])
    return f"relief, as agreed at the talks of {met}: {voice.of(event.who)} {did}."


#: An office that serves less than this share of normal demand is called slow.
SLOW = 0.9


def _grants(event: Event, voice: Voice) -> str:
    """What an office does: it grants, grants slowly, or could grant all and holds licences back."""
    facts, licences = event.facts, voice.measure(event.lever)
    if facts["faster"]:
        return f"grants {licences} faster since the talks"
    if facts["flow"] >= SLOW:
        return f"grants {licences}"
    return f"grants {licences} slowly" if facts["able"] < SLOW else f"holds back {licences}"


def flow(event: Event, voice: Voice) -> str:
    """What an office lets through now."""
    facts = event.facts
    share = f"{facts['flow']:.0%} of normal demand"
    share += "" if facts["before"] is None else f", after {facts['before']:.0%}"
    waiting = (
        f"; {facts['backlog']:.1f} weeks of applications wait" if facts["backlog"] > 0.05 else ""
    )
    return f"{voice.of(event.who)} {_grants(event, voice)}: {share}{waiting}."


def backlog(event: Event, voice: Voice) -> str:
    """A queue that has grown past a round number of weeks."""
    weeks = f"{event.facts['backlog']:.1f} weeks of applications"
    return f"{weeks} now wait for {voice.whose(event.who)} {label(event.lever)} licences."


def queue_cleared(event: Event, voice: Voice) -> str:
    """A queue that is gone."""
    worst = f"{event.facts['worst']:.1f} weeks at worst"
    queue = f"the queue for {voice.whose(event.who)} {label(event.lever)} licences is gone"
    return f"{queue} ({worst})."


def short(event: Event, voice: Voice) -> str:
    """A target that runs short, or severely short."""
    missing = f"{event.facts['shortage']:.0%} of its use is missing"
    badly = "severely " if event.facts["severe"] else ""
    who = voice.of(event.who)
    if event.lever in voice.licences:
        return f"{who} runs {badly}short of {label(event.lever)}: {missing}."
    return f"{who} feels {_measure(event, voice)}{', severely' if badly else ''}: {missing}."


def _measure(event: Event, voice: Voice) -> str:
    """A lever as what is done: "the US's measure on chip equipment"; tariffs as they are."""
    if event.lever in voice.tariffs:
        return voice.lever(event.lever)
    return f"{voice.whose(event.lever.partition('.')[0])} measure on {label(event.lever)}"


def supplied(event: Event, voice: Voice) -> str:
    """A target that has enough again."""
    if event.lever in voice.licences:
        return f"{voice.of(event.who)} is no longer short of {label(event.lever)}."
    return f"{voice.of(event.who)} no longer feels {voice.lever(event.lever)}."


def reading(event: Event, voice: Voice) -> str:
    """What a side saw of the other this week, and what was true."""
    saw = verdict_on(event.facts, voice.other(event.who), fully=True)
    return f"{voice.of(event.who)} sees {saw}."


def belief(event: Event, voice: Voice) -> str:
    """A belief that passes one half."""
    who, other = voice.of(event.who), voice.other(event.who)
    chance = f"(probability {event.facts['belief']:.2f})"
    if event.facts["accuses"]:
        return f"{who} now accuses {other}: bad faith is more likely than not {chance}."
    return f"{who} no longer accuses {other} of bad faith {chance}."
