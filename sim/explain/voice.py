"""Names and phrases of a story: sides, levers, what moved, where a violation came from."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sim.explain.weeks import SIDES, Trace
from sim.world.params import TARIFF

NAMES = {"us": "the US", "cn": "China", "jp": "Japan", "nl": "the Netherlands", "eu": "the EU"}
_POSSESSIVE = {"us": "the US's", "cn": "China's"}
_ADJECTIVE = {"us": "an American", "cn": "a Chinese"}
#: Names of levers of at most this length are abbreviations, written in capitals.
ABBREVIATION = 3

Facts = Mapping[str, Any]
#: How the notch above all others is told.
REFUSED = "refused"


class Voice:
    """Knows what things are called in one run's scenario."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        compiled = trace.compiled
        rows = compiled.params.levers
        self.notches = {n: int(rows[k].notches) for k, n in enumerate(compiled.levers)}
        self.tariffs = {n for k, n in enumerate(compiled.levers) if rows[k].control == TARIFF}

    def change(self, moved: Facts) -> str:
        """One lever that moved: "EDA (0→1 of 1)"."""
        name = moved["lever"]
        before, after = (self._level(name, moved[key]) for key in ("before", "after"))
        of = "" if after == REFUSED else f" of {self.notches[name]}"
        return f"{label(name)} ({before}→{after}{of})"

    def _level(self, name: str, level: int) -> str:
        """A level in words: the notch above all others is a refusal."""
        return REFUSED if level > self.notches[name] else f"{level}"

    def changes(self, moved: Iterable[Facts]) -> str:
        """Levers that moved, with verbs: "tightens EDA (0→1 of 1) and eases visas (2→1 of 2)"."""
        groups = groupby(moved, key=self.verb)
        return listed(
            [f"{verb} {listed([self.change(one) for one in group])}" for verb, group in groups]
        )

    def verb(self, moved: Facts) -> str:
        """What its owner does to the lever."""
        if moved["after"] > self.notches[moved["lever"]] and moved["after"] > moved["before"]:
            return "refuses licences for"
        up, down = ("raises", "lowers") if moved["lever"] in self.tariffs else ("tightens", "eases")
        return up if moved["after"] > moved["before"] else down

    def origin(self, found: Facts) -> str:
        """Where a violation came from, as a noun: "a slip of an American agency (EDA, week 3)"."""
        who, item, week = found["who"], found["item"], f"week {found['week']}"
        lever = label(item) if item else "nothing"
        nouns = {
            "overdue": f"{whose(who)} missed obligation on {lever} ({week})",
            "shock": f"the shock {item} ({week})",
            "misread": f"a false alarm that {name_of(who)} acted on in {week}",
            "slow_licences": f"{whose(who)} slow {lever} licences, taken for a breach ({week})",
            "policy": f"{whose(who)} own policy ({week})",
            "slip": f"a slip of {_ADJECTIVE.get(who, 'an')} agency ({lever}, {week})",
            "lapse": f"the end of the term ({week})",
            "act": f"the act {item} ({week})",
        }
        return nouns[found["cause"]]


def name_of(who: str) -> str:
    """A side or an ally as it is called in a sentence."""
    return NAMES.get(who, who)


def whose(who: str) -> str:
    """Its possessive: "China's"."""
    return _POSSESSIVE.get(who, f"{name_of(who)}'s")


def agency_of(who: str) -> str:
    """ "an American agency"."""
    return f"{_ADJECTIVE[who]} agency"


def other(who: str) -> str:
    """The other side's name."""
    return name_of(SIDES[1 - SIDES.index(who)])


def label(lever: str) -> str:
    """A lever's name without its owner: "rare earths", "EDA"."""
    name = lever.partition(".")[2].replace("_", " ")
    return name.upper() if len(name) <= ABBREVIATION else name


def owned(lever: str) -> str:
    """A lever's name with its owner: "China's rare earths"."""
    return f"{whose(lever.partition('.')[0])} {label(lever)}"


def verdict_on(seen: Facts, them: str, fully: bool = False) -> str:
    """What was seen of the other side, and whether it was true: "China in violation, rightly".

    `fully`: also whether an office is slower than its owner itself calls compliance.
    """
    right = seen["saw"] == seen["truth"]
    if seen["saw"] == "good":
        return f"{them} complying, {'rightly' if right else 'wrongly (it misses a violation)'}"
    if right:
        return f"{them} in violation, rightly"
    if seen["alarm"] == "slow_licences":
        promised = (
            f", though slower than {them} promised" if fully and seen["below_promise"] else ""
        )
        return f"{them} in violation, wrongly (only slow {label(seen['lever'])} licences{promised})"
    return f"{them} in violation, wrongly (a false alarm)"


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
