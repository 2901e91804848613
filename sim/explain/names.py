"""What sides, allies and their levers are called in a sentence."""

from sim.scenario.sides import Sides

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
        """Its possessive: "China's"."""
        return f"{self.of(who)}'s"

    def other(self, who: str) -> str:
        """The other side's name."""
        return self.sides.other(who).short

    def agency_of(self, who: str) -> str:
        """ "an American agency"."""
        return f"{self.sides.of(who).adjective} agency"

    def lever(self, name: str) -> str:
        """A lever's name with its owner: "China's rare earths"."""
        return f"{self.whose(name.partition('.')[0])} {label(name)}"


def label(lever: str) -> str:
    """A lever's name without its owner: "rare earths", "EDA software"."""
    short = lever.partition(".")[2]
    if short in _PLAIN:
        return _PLAIN[short]
    name = short.replace("_", " ")
    return name.upper() if len(name) <= ABBREVIATION else name
