"""Names and phrases of a story: sides, levers, what moved, where a violation came from."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sim.explain.names import Names, label
from sim.explain.weeks import Trace
from sim.world.params import BAN, LICENCE, TARIFF

Facts = Mapping[str, Any]
#: How the notch above all others is written.
REFUSED = "refused"


class Voice(Names):
    """Knows what things are called in one run's scenario."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace.scenario.sides)
        self.trace = trace
        compiled = trace.compiled
        rows = compiled.params.levers
        self.notches = {n: int(rows[k].notches) for k, n in enumerate(compiled.levers)}
        controls = {n: int(rows[k].control) for k, n in enumerate(compiled.levers)}
        self.tariffs = {n for n, control in controls.items() if control == TARIFF}
        self.licences = {n for n, control in controls.items() if control == LICENCE}
        self.bans = {n for n, control in controls.items() if control == BAN}

    def week(self, number: int) -> str:
        """A week and the day on which it begins: "week 6 (16 June)"."""
        date = self.trace.scenario.date_of_week(number)
        return f"week {number} ({date.day} {date:%B})"

    def measure(self, name: str) -> str:
        """What a lever is as a measure: "rare earths licences", "EDA software", "tariffs"."""
        return f"{label(name)} licences" if name in self.licences else label(name)

    def change(self, moved: Facts) -> str:
        """One lever that moved: "EDA software (0→1 of 1)"."""
        name = moved["lever"]
        before, after = (self._level(name, moved[key]) for key in ("before", "after"))
        of = "" if after == REFUSED else f" of {self.notches[name]}"
        return f"{self.measure(name)} ({before}→{after}{of})"

    def owned(self, name: str) -> str:
        """A measure with its owner and the verb to be: "China's rare earths licences are"."""
        plural = "are" if self.measure(name).endswith("s") else "is"
        return opened(f"{self.whose(name.partition('.')[0])} {self.measure(name)} {plural}")

    def _level(self, name: str, level: int) -> str:
        """A level in words: the notch above all others is a refusal."""
        return REFUSED if level > self.notches[name] else f"{level}"

    def changes(self, moved: Iterable[Facts]) -> str:
        """Levers that moved, with verbs: "tightens visas (0→1 of 2) and lowers tariffs ..."."""
        groups = groupby(moved, key=self.verb)
        return listed(
            [f"{verb} {listed([self.change(lever) for lever in group])}" for verb, group in groups]
        )

    def verb(self, moved: Facts) -> str:
        """What its owner does to the lever."""
        top = self.notches[moved["lever"]]
        if moved["after"] > top and moved["after"] > moved["before"]:
            return "refuses"
        if moved["before"] > top and moved["after"] < moved["before"]:
            return "ends its refusal of"
        up, down = ("raises", "lowers") if moved["lever"] in self.tariffs else ("tightens", "eases")
        return up if moved["after"] > moved["before"] else down

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


def span(first: int, last: int) -> str:
    """ "week 3" or "weeks 5-7"."""
    return f"week {first}" if first == last else f"weeks {first}-{last}"
