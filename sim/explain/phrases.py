"""Names and phrases: what sides, allies and levers are called in a sentence, what moved, whence;
and how the sentence of one thing that happened is made of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from string import Formatter
from types import MappingProxyType
from typing import Any

from sim.explain.weeks import Trace
from sim.scenario.sides import Sides
from sim.world.params import LICENCE, TARIFF

Facts = Mapping[str, Any]
#: How the notch above all others is written.
REFUSED = "refused"
#: Allies whose ids are known; others go by their own.
ALLIES = {"jp": "Japan", "nl": "the Netherlands", "eu": "the EU"}
#: Names of levers of at most this length are abbreviations, written in capitals.
ABBREVIATION = 3
#: What a lever withholds, where its name does not say it.
_PLAIN = {"eda": "EDA software"}


class Names:
    """The names of one scenario: its two sides, and whoever else has a part."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def of(self, who: str) -> str:
        """A side or an ally as it is called in a sentence."""
        return self.sides.of(who).short if who in self.sides.ids else ALLIES.get(who, who)

    def whose(self, who: str) -> str:
        """The possessive of a side or an ally, or of the owner of a lever: "China's"."""
        return f"{self.of(who.partition('.')[0])}'s"

    def other(self, who: str) -> str:
        """The other side's name."""
        return self.sides.other(who).short

    def agency_of(self, who: str) -> str:
        """ "an American agency"."""
        return f"{self.sides.of(who).adjective} agency"

    def lever(self, name: str) -> str:
        """A lever's name with its owner: "China's rare earths"."""
        return f"{self.whose(name)} {label(name)}"


class Voice(Names):
    """Knows what things are called in one run's scenario."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace.scenario.sides)
        self.trace = trace
        rows = dict(zip(trace.compiled.levers, trace.compiled.params.levers, strict=True))
        self.notches = {name: int(row.notches) for name, row in rows.items()}
        self.tariffs = {name for name, row in rows.items() if row.control == TARIFF}
        self.licences = {name for name, row in rows.items() if row.control == LICENCE}

    def week(self, number: int) -> str:
        """A week and the day on which it begins: "week 6 (16 June)"."""
        date = self.trace.scenario.date_of_week(number)
        return f"week {number} ({date.day} {date:%B})"

    def measure(self, name: str) -> str:
        """What a lever is as a measure: "rare earths licences", "EDA software", "tariffs"."""
        return f"{label(name)} licences" if name in self.licences else label(name)

    def act(self, name: str) -> str:
        """What is done by a lever: "the US's measure on chip equipment"; tariffs as they are."""
        if name in self.tariffs:
            return self.lever(name)
        return f"{self.whose(name)} measure on {label(name)}"

    def change(self, moved: Facts) -> str:
        """One lever that moved: "EDA software (0→1 of 1)"."""
        name = moved["lever"]
        top = self.notches[name]
        before, after = (REFUSED if moved[k] > top else moved[k] for k in ("before", "after"))
        of = "" if after == REFUSED else f" of {top}"
        return f"{self.measure(name)} ({before}→{after}{of})"

    def owned(self, name: str) -> str:
        """A measure with its owner and the verb to be: "China's rare earths licences are"."""
        plural = "are" if self.measure(name).endswith("s") else "is"
        return opened(f"{self.whose(name)} {self.measure(name)} {plural}")

    def changes(self, moved: Iterable[Facts]) -> str:
        """Levers that moved, with verbs: "tightens visas (0→1 of 2) and lowers tariffs ..."."""
        groups = groupby(moved, key=self.verb)
        return listed([f"{verb} {listed([*map(self.change, group)])}" for verb, group in groups])

    def verb(self, moved: Facts) -> str:
        """What its owner does to the lever."""
        top, before, after = self.notches[moved["lever"]], moved["before"], moved["after"]
        tariff = moved["lever"] in self.tariffs
        if after > before:
            return "refuses" if after > top else "raises" if tariff else "tightens"
        return "ends its refusal of" if before > top else "lowers" if tariff else "eases"

    def origin(self, source: Facts) -> str:
        """Where a violation came from, as a noun: "a slip of an American agency (EDA, week 3)"."""
        who, item, week = source["who"], source["item"], self.week(source["week"])
        lever = label(item) if item else "nothing"
        agency = self.agency_of(who) if who in self.sides.ids else "an agency"
        nouns = {
            "overdue": f"{self.whose(who)} missed obligation on {lever}, {week}",
            "shock": f"the shock {item}, {week}",
            "misread": f"a false alarm that {self.of(who)} acted on in {week}",
            "slow_licences": f"{self.whose(who)} slow {lever} licences, "
            f"answered as a breach in {week}",
            "policy": f"{self.whose(who)} own policy, {week}",
            "slip": f"a slip of {agency} on {lever}, {week}",
            "lapse": f"the end of the term, {week}",
            "act": f"the act {item}, {week}",
        }
        return nouns[source["cause"]]


def label(lever: str) -> str:
    """A lever's name without its owner, if it has one: "rare earths", "EDA software"."""
    short = lever.partition(".")[2] or lever
    if short in _PLAIN:
        return _PLAIN[short]
    name = short.replace("_", " ")
    return name.upper() if len(name) <= ABBREVIATION else name


def verdict_on(reading: Facts, other: str, fully: bool = False) -> str:
    """What was seen of the other side, and whether it was true: "China in violation, rightly".

    `fully`: also whether an office is slower than its owner itself calls compliance.
    """
    right = reading["saw"] == reading["truth"]
    if reading["saw"] == "good":
        return f"{other} complying, {'rightly' if right else 'wrongly (a violation goes unseen)'}"
    if right:
        return f"{other} in violation, rightly"
    if reading["alarm"] == "slow_licences":
        slow = f"{label(reading['lever'])} licences are slow"
        promised = f", slower than {other} promised" if fully and reading["below_promise"] else ""
        short = ", and the shortage is severe and lasting" if reading.get("denied") else ""
        return f"{other} in violation, wrongly ({slow}{promised}{short})"
    return f"{other} in violation, wrongly (a false alarm)"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def opened(text: str) -> str:
    """The text with a capital at the front."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """A rung or an amount in few digits: "4", "2.5"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Event:
    """One thing that happened in a week. `kind` is one of story.KINDS.

    `who`: "us", "cn", an ally, or "" for the world; `lever`: a full name or ""; `facts`: what
    else its sentence needs, plain values. A `minor` event does not open a week: weeks with only
    such events are folded into one line.
    """

    week: int
    kind: str
    who: str = ""
    lever: str = ""
    minor: bool = False
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


#: What is said of a kind of event: a template, or a function.
Sentence = str | Callable[[Event, Voice], str]
#: What a template may name besides its event's facts: of who acts, of the lever, of levers moved.
WORDS: dict[str, Callable[[Event, Voice], str]] = {
    "who": lambda event, voice: voice.of(event.who),
    "whose": lambda event, voice: voice.whose(event.who),
    "other": lambda event, voice: voice.other(event.who),
    "agency": lambda event, voice: voice.agency_of(event.who),
    "label": lambda event, _: label(event.lever),
    "owned": lambda event, voice: voice.lever(event.lever),
    "measure": lambda event, voice: voice.measure(event.lever),
    "done": lambda event, voice: voice.act(event.lever),
    "moved": lambda event, voice: voice.changes(event.facts["levers"]),
    "measures": lambda event, _: str(len(event.facts["levers"])),
    "seen": lambda event, voice: verdict_on(event.facts, voice.other(event.who), fully=True),
}


class _Filling(Formatter):
    """Fills a template; {fact:week} is a week with its date, {fact:rung} a number in few digits."""

    def __init__(self, event: Event, voice: Voice) -> None:
        self.event, self.voice = event, voice

    def get_value(self, key: int | str, *_: Any) -> Any:
        """A word or a fact."""
        word = WORDS.get(str(key))
        return word(self.event, self.voice) if word else self.event.facts[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in its form."""
        if format_spec == "week":
            return self.voice.week(value)
        return number(value) if format_spec == "rung" else str(format(value, format_spec))


def said(sentence: Sentence, event: Event, voice: Voice) -> str:
    """A sentence on an event."""
    if callable(sentence):
        return sentence(event, voice)
    return _Filling(event, voice).format(sentence)


def either(test: str | Callable[[Facts], Any], yes: str, no: str) -> Sentence:
    """The template `yes` where a fact is there and holds, or a test of all facts; else `no`."""

    def chosen(event: Event, voice: Voice) -> str:
        holds = test(event.facts) if callable(test) else event.facts.get(test)
        return said(yes if holds else no, event, voice)

    return chosen
