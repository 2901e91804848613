"""Sentences about what the two sides do, on what they saw, and by which rule."""

from sim.explain.event import Event
from sim.explain.phrases import Voice, number, verdict_on

#: Acts that are said in the same words each time, after who acts.
SAME_WORDS = {
    # a retaliation ordered and not carried out
    "order_failed": "orders its agencies to hit back, and they do not carry it out",
    # a retaliation for which no lever is left
    "no_lever": "would hit back but has no lever left to pull",
    # a bad reading that the machine does not answer yet
    "patience": "does not answer yet",
    # nothing done, where the truth would have changed it
    "unaware": "sees nothing to answer",
}


def in_the_same_words(event: Event, voice: Voice) -> str:
    """One of SAME_WORDS."""
    return _act(event, voice, SAME_WORDS[event.kind])


def retaliation(event: Event, voice: Voice) -> str:
    """A retaliation carried out."""
    moved = event.facts["levers"]
    rung = f"to rung {_rung(event)}"
    if len(moved) > 1:
        how = f"answers with a package of {len(moved)} measures in one week"
    else:
        how = "hits back"
    return _act(event, voice, f"{how}: it {voice.changes(moved)}, {rung}")


def enough(event: Event, voice: Voice) -> str:
    """A retaliation that adds nothing: it stands high enough, or a notch would be too much.

    A notch is pulled with probability (aim - rung)/severity, so a draw refuses only a notch that
    overshoots.
    """
    stood, aim = event.facts["rung"][0], event.facts["aim"]
    due = f"an answer in proportion is rung {number(aim)}"
    if stood >= aim:
        text = f"stays at rung {number(stood)}, which is answer enough ({due})"
        return _act(event, voice, text)
    notch = f"one more notch of {voice.measure(event.lever)} would go too far"
    stands = f"it stands at rung {number(stood)}, and {due}"
    return _act(event, voice, f"would hit back, but {notch} ({stands})")


def concession(event: Event, voice: Voice) -> str:
    """A concession carried out."""
    did = voice.changes(event.facts["levers"])
    rung = f", to rung {_rung(event)}" if event.facts["rung"][0] > 0 else ""
    return _act(event, voice, f"{did}{rung}")


def stuck(event: Event, voice: Voice) -> str:
    """A removal ordered that does not happen: friction, or a lever its owner came to value."""
    return _act_sentences(event, voice, not_done(event, voice, bool(event.facts.get("again"))))


def not_done(event: Event, voice: Voice, again: bool) -> str:
    """An order to ease that is not carried out."""
    if again:
        return f"{voice.owned(event.lever)} still not eased, though ordered"
    eased = f"orders {voice.measure(event.lever)} eased"
    return f"{voice.of(event.who)} {eased}; it is not carried out yet"


def forgiven(event: Event, voice: Voice) -> str:
    """A state that may retaliate, and a draw that does not, or restraint after talks."""
    if event.facts.get("restrained"):
        why = "so soon after talks, or while it waits for relief that is not late"
        return _act(event, voice, f"would hit back and holds off, {why}")
    return _act(event, voice, "could hit back and lets it pass")


def slip(event: Event, voice: Voice) -> str:
    """An agency that acts on its own."""
    did = voice.changes(event.facts["levers"])
    text = f"{voice.agency_of(event.who)} acts on its own: on nobody's orders it {did}"
    return f"{text}, {_reached(event)}."


def flip(event: Event, voice: Voice) -> str:
    """A textbook slip: the opposite of the move drawn."""
    did = voice.changes(event.facts["levers"])
    text = f"{voice.of(event.who)} means to {event.facts['move']} and does the opposite: it {did}"
    return f"{text}, {_reached(event)}."


def _reached(event: Event) -> str:
    if event.facts["rung"][1] > 0:
        return f"to rung {_rung(event)}"
    return "which is within its obligations"


def violation(event: Event, voice: Voice) -> str:
    """A violation that begins, and where it came from."""
    facts, origin = event.facts, event.facts["origin"]
    begins = f"{voice.of(event.who)} is now in violation (rung {number(facts['rung'])})"
    if origin["week"] != event.week:
        return f"{begins}; this goes back to {voice.origin(origin)}."
    why = {"policy": ", by its policy alone", "misread": "; it answers a false alarm"}
    if origin["cause"] == "slow_licences":
        slow = f"{voice.lever(origin['item'])} licences, which are slow and no violation"
        return f"{begins}; it answers {slow}."
    return f"{begins}{why.get(origin['cause'], '')}."


def kept_again(event: Event, voice: Voice) -> str:
    """A violation that ends."""
    weeks = event.facts["weeks"]
    after = f"after {weeks} week{'s' if weeks > 1 else ''} in violation"
    return f"{voice.of(event.who)} is back within its obligations, {after}."


def _rung(event: Event) -> str:
    return number(event.facts["rung"][1])


def _act(event: Event, voice: Voice, does: str) -> str:
    """What a side does, and why."""
    return _act_sentences(event, voice, f"{voice.of(event.who)} {does}")


def _act_sentences(event: Event, voice: Voice, act: str) -> str:
    """The act, what it acted on, the rule that fired, and what the truth would have made it do."""
    exception = next((text for fact, text in _NOT_BY_RULE.items() if event.facts.get(fact)), "")
    parts = [f"{act}.", exception, _basis(event, voice), _rule(event), _instead(event, voice)]
    return " ".join(part for part in parts if part)


#: Why a side does not do what its machine drew.
_NOT_BY_RULE = {
    "ordered": "It moves on a player's order, not by its rule.",
    "tempted": "Its rule would have let it pass, but it counts on talks to come before an answer.",
    "insists": "Its rule would have let it pass, but it has learned what its levers are worth.",
}
#: Acts for which a true reading needs no sentence.
_UNPROVOKED = ("concession", "stuck")


def _basis(event: Event, voice: Voice) -> str:
    """What it acted on, and what was true then; nothing where there is nothing to tell."""
    facts = event.facts
    reading = facts.get("acted_on")
    if reading is None:
        return "It has seen nothing yet to act on." if event.kind == "retaliation" else ""
    if facts["sensor"] != "signal":
        return f"It acts on what it knew in {voice.week(reading['week'])}."
    right = reading["saw"] == reading["truth"]
    if right and (event.kind in _UNPROVOKED or (event.minor and facts.get("rule_known"))):
        return ""
    saw = verdict_on(reading, voice.other(event.who))
    return f"It acts on what it saw in {voice.week(reading['week'])}: {saw}."


def _rule(event: Event) -> str:
    """The rule that fired: in full when it first fires, then as an arrow between states."""
    facts = event.facts
    if "rule" not in facts or event.kind in ("concession", "stuck", "unaware"):
        return ""
    if facts.get("rule_known"):
        before, after = facts["state"]
        turns = f"turns from {before} to {after}" if before != after else f"stays {after}"
        return f"By its rule it {turns}."
    return f"Its rule: {facts['rule']}."


def _instead(event: Event, voice: Voice) -> str:
    """What it would have done had it seen the truth, by the same draw."""
    instead = event.facts.get("had_it_seen_the_truth")
    if instead is None:
        return ""
    if not instead["changes"]:
        return "The truth would have changed nothing."
    does = {"retaliate": "retaliated", "hold": "held", "concede": "conceded"}[instead["move"]]
    odds = instead["chances"][instead["move"]]
    did = does if odds >= 1 else f"by the same draw {does} (probability {odds:.2g})"
    same = " all the same" if instead["move"] == event.facts["move"] else ""
    first = f", {voice.measure(instead['lever'])} first" if instead["lever"] and not same else ""
    return f"Had it seen the truth it would have been {instead['state']} and {did}{same}{first}."
