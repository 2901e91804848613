"""Sentences about the truce: how it breaks, talks and what they change, terms."""

from collections.abc import Iterator

from sim.explain.event import Event
from sim.explain.phrases import Facts, Voice, listed, number, opened


def mutual(event: Event, voice: Voice) -> str:
    """Both sides in violation, and not yet broken."""
    needed = event.facts["needed"]
    are = "break the truce" if event.facts["breaks"] else "are a dispute"
    return f"Both sides are in violation; {needed} such weeks in a row {are}."


def core(event: Event, voice: Voice) -> str:
    """The truce's core given up."""
    levers = listed([voice.lever(name) for name in event.facts["levers"]])
    stand = "stand" if levers.endswith("s") else "stands"
    above = f"{levers} {stand} above what was agreed" if levers else "an act ends the truce"
    return f"the core of the truce is broken: {above}."


def breakdown(event: Event, voice: Voice) -> str:
    """The end of `standing`: how, what began it, and the chain that led there."""
    return " ".join([f"THE TRUCE BREAKS: {_how(event.facts, voice)}.", *_match(event.facts, voice)])


def dispute(event: Event, voice: Voice) -> str:
    """The end of `undisputed` alone: how, what began it, and the chain that led there."""
    sentence_text = f"THE TRUCE IS IN DISPUTE, and stands: {_how(event.facts, voice)}."
    return " ".join([sentence_text, *_match(event.facts, voice)])


def _match(facts: Facts, voice: Voice) -> Iterator[str]:
    """What began it, and what came of it; nothing where that has been said."""
    trigger = facts["trigger"]
    if facts["how"] not in ("act", "lapse") and trigger is not None:
        yield f"What began it: {voice.origin(trigger)}."
        for link in facts["chain"]:
            yield opened(_link(link, trigger, voice))


def _how(facts: Facts, voice: Voice) -> str:
    how = facts["how"]
    if how == "act":
        return f"a dated act ends it, {facts['item']}"
    if how == "lapse":
        return "it lapsed at the end of last week"
    if how == "core":
        return "a lever of its core stands above what was agreed"
    weeks = facts["weeks"]
    if how == "rupture":
        long = "" if weeks == 1 else f" for {weeks} weeks in a row"
        return f"both sides have stood at rung {number(facts['rung'])} or above{long}, a rupture"
    if weeks == 1:
        who = "both sides are" if how == "mutual" else f"{voice.of(facts['who'])} is"
        return f"{who} in violation"
    who = "both sides have" if how == "mutual" else f"{voice.of(facts['who'])} has"
    return f"{who} been in violation for {weeks} weeks in a row"


def _link(link: Facts, trigger: Facts, voice: Voice) -> str:
    """Since when and why one side is in violation."""
    since, origin = link["since"], link["origin"]
    text = f"{voice.of(link['who'])} has been in violation since {voice.week(since)}"
    if origin["week"] == since and origin["who"] == link["who"]:
        by = voice.origin(origin).removesuffix(f", {voice.week(since)}")
        return f"{text}{'' if origin == trigger else ', by ' + by}."
    answered = "that" if origin == trigger else voice.origin(origin)
    read = f", seen in {voice.week(link['acted_on'])}" if link["acted_on"] else ""
    return f"{text}, in answer to {answered}{read}."


def truce_ended(event: Event, voice: Voice) -> str:
    """A truce that ends in law before its term."""
    which = "the truce" if event.facts["first"] else "the renewed truce"
    by = {"core": "a core lever was moved", "act": "by a dated act"}[event.facts["by"]]
    return f"{which} is no longer in force: {by}."


def talks(event: Event, voice: Voice) -> str:
    """Talks and what they change at once."""
    facts = event.facts
    pushed = [f"{pressure:.2f} on {voice.of(who)}" for who, pressure in facts["pressure"].items()]
    came = "brought about from outside" if facts["forced"] else f"under pressure: {listed(pushed)}"
    effects = ["both sides start afresh", "what they saw before no longer counts"]
    if facts["queues"]:
        effects.append(f"licence offices work faster until {voice.week(facts['boost_until'])}")
    return f"TALKS ({came}): {listed(effects)}."


def deal(event: Event, voice: Voice) -> str:
    """A deal struck at talks."""
    moved = [
        f"{voice.whose(m['lever'].partition('.')[0])} {voice.change(m)}"
        for m in event.facts["levers"]
    ]
    moves = f": {listed(moved)}" if moved else ", which moves nothing"
    return f"The deal {event.facts['name']} is struck{moves}."


def owed(event: Event, voice: Voice) -> str:
    """Relief that a side owes after talks."""
    facts = event.facts
    share, rung = f"{facts['share']:.0%}", number(facts["rung"])
    if facts["rung"] > facts["stands"]:
        owes = f"{share} of {rung} rungs (licences served below its promise count by their level)"
    else:
        owes = f"{share} of the {rung} rungs it stands above what is due"
    week = voice.week(facts["week"])
    when = f"in {week}"
    if facts["waits_for"]:
        when = f"once it has seen {voice.of(facts['waits_for'])} comply, not before {week}"
    return f"{voice.of(event.who)} owes relief: to take back {owes}, {when}."


def renewal(event: Event, voice: Voice) -> str:
    """A renewed truce."""
    until = f"until {voice.week(event.facts['until'])}" if event.facts["until"] else "open-ended"
    return f"The talks renew the truce, {until}."


def extension(event: Event, voice: Voice) -> str:
    """A term that ends in an extension."""
    accused = listed([voice.of(who) for who in event.facts["accused"]])
    accuse = "accuse" if len(event.facts["accused"]) > 1 else "accuses"
    why = f"{accused} {accuse}, but talks were held lately" if accused else "nobody accuses"
    which = "the truce" if event.facts["first"] else "the renewed truce"
    until = f" to {voice.week(event.facts['until'])}" if event.facts["until"] else ""
    return f"the term ends and {which} is extended{until}: {why}."


def lapse(event: Event, voice: Voice) -> str:
    """A term that ends in nothing."""
    facts = event.facts
    accusers = listed([voice.of(who) for who in facts["accused"]])
    accuse = "accuse" if len(facts["accused"]) > 1 else "accuses"
    met = (
        f"the last talks were in {voice.week(facts['talks'])}"
        if facts["talks"]
        else "there were no talks"
    )
    which = "THE TRUCE LAPSES" if facts["first"] else "The renewed truce lapses"
    broken = facts["broken"]
    since = f", broken in conduct since week {broken}" if broken else ""
    how = f"in law at the end of its term{since}" if broken else "at the end of its term"
    return f"{which} {how}: {accusers} {accuse}, and {met}."
