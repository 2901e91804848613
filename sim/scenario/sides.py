"""The two sides of a scenario: their ids, names, adjectives and colours.

The one definition of who they are; us and cn, unless a scenario says. Engines know them as 0 and
1, in this order; whatever a user reads or types has their ids and names.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.errors import KeyPath, Problem, quoted

TABLE = "sides"
#: Longest id and name, a judgement: they head columns and stand in titles.
LONGEST_ID, LONGEST_NAME = 20, 80
_ID = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_ID - 1}}}")
ID_WORDS = f"1 to {LONGEST_ID} small letters, digits and _, a letter first"
#: What a name may hold besides letters and digits.
_PUNCTUATION = " .,'’()-"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

#: What stands for the two together, in files of policies and at the table.
BOTH = "both"
#: Ids that mean something else where a side may stand.
TAKEN = (BOTH, "neither", "none", "all", "talks", "simultaneous")


class Side(NamedTuple):
    """One side as everything that speaks of it needs it.

    `name` and `short` with their article ("the United States", "the US"), `plain` and `label` the
    same without it, `adjective` with the indefinite one ("an American").
    """

    id: str
    name: str
    short: str
    adjective: str
    colour: str

    @property
    def plain(self) -> str:
        """The name as a heading: "United States"."""
        return self.name.removeprefix("the ")

    @property
    def label(self) -> str:
        """The short name as a heading: "US"."""
        return self.short.removeprefix("the ")

    @property
    def possessive(self) -> str:
        """ "China's"."""
        return f"{self.short}'s"


class Sides(NamedTuple):
    """Both sides, the first as engines count them first."""

    first: Side
    second: Side

    @property
    def ids(self) -> tuple[str, str]:
        """Their ids, in order."""
        return self.first.id, self.second.id

    @property
    def names(self) -> dict[str, str]:
        """Their names as headings, by id: {"us": "United States", "cn": "China"}."""
        return {side.id: side.plain for side in self}

    @property
    def colours(self) -> dict[str, str]:
        """Their colours, by id."""
        return {side.id: side.colour for side in self}

    def of(self, who: str) -> Side:
        """The side of an id. Raises KeyError for another word."""
        return {side.id: side for side in self}[who]

    def other(self, who: str) -> Side:
        """The side that faces the one of an id."""
        return self.first if self.of(who) is self.second else self.second


# colours of Okabe and Ito (2008), "Color universal design": told apart with any colour vision
US = Side("us", "the United States", "the US", "an American", "#0072B2")
CN = Side("cn", "China", "China", "a Chinese", "#D55E00")
#: The sides of a scenario that names none.
DEFAULT = Sides(US, CN)


def sides_of(rows: Sequence[Mapping[str, Any]]) -> Sides:
    """The sides of two tables that are as they should be, or the default ones of none."""
    if len(rows) != len(DEFAULT):
        return DEFAULT
    first, second = (_side(row, usual) for row, usual in zip(rows, DEFAULT, strict=True))
    return Sides(first, second)


def _side(row: Mapping[str, Any], usual: Side) -> Side:
    name = row["name"]
    adjective = row.get("adjective") or name.removeprefix("the ")
    article = "an" if adjective[:1].lower() in "aeiou" else "a"
    return Side(
        id=row["id"],
        name=name,
        short=row.get("short") or name,
        adjective=f"{article} {adjective}",
        colour=row.get("colour") or usual.colour,
    )


def sides_in(table: Mapping[str, Any]) -> Sides:
    """The sides of a raw table; the default ones where it names none, or not as it should."""
    rows = table.get(TABLE)
    if not rows or any(_wrong(rows)):
        return DEFAULT
    return sides_of(rows)


def ids_in(table: Mapping[str, Any]) -> tuple[str, str]:
    """Their ids."""
    return sides_in(table).ids


def side_findings(table: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the sides that a raw table names: all keys of sides hang on them."""
    if TABLE in table and table[TABLE] not in ([], ()):
        yield from _wrong(table[TABLE])


def _wrong(rows: Any) -> Iterator[Problem]:
    tables = isinstance(rows, list | tuple) and all(isinstance(row, dict) for row in rows)
    if not tables or len(rows) != len(DEFAULT):
        found = f"{len(rows)} of them" if tables else quoted(rows)
        allowed = 'two tables [[sides]], as id = "us", name = "the United States"'
        yield Problem.at((TABLE,), found, allowed)
        return
    for number, row in enumerate(rows):
        yield from _wrong_side((TABLE, str(number)), row)
    for key in ("id", "name", "short"):
        texts = [row[key].casefold() for row in rows if isinstance(row.get(key), str)]
        if len(set(texts)) < len(texts):
            yield Problem.at(
                (TABLE, "1", key), quoted(rows[1][key]), f"another {key} for each side"
            )


def _wrong_side(place: KeyPath, row: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the id, the words and the colour of one side; the rest is structure."""
    name = row.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name) or name in TAKEN:
        found = quoted(name) if "id" in row else "nothing"
        yield Problem.at((*place, "id"), found, f"{ID_WORDS}; not {', '.join(TAKEN)}")
    for key in ("name", "short", "adjective"):
        if (key in row or key == "name") and not _is_name(row.get(key)):
            found = quoted(row[key]) if key in row else "nothing"
            allowed = f"1 to {LONGEST_NAME} letters, digits, spaces and {_PUNCTUATION.strip()}"
            yield Problem.at((*place, key), found, allowed)
    colour = row.get("colour")
    if "colour" in row and not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
        yield Problem.at((*place, "colour"), quoted(colour), 'a colour, as "#0072B2"')


def _is_name(text: Any) -> bool:
    """Whether a text is a name that stands unchanged in any page, table, picture and terminal.

    It holds no character that Markdown, HTML, a spreadsheet or a terminal may take for its own.
    """
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_NAME:
        return False
    marks = {letter for letter in text if unicodedata.category(letter).startswith("M")}
    plain = all(letter.isalnum() or letter in _PUNCTUATION for letter in {*text} - marks)
    return text[0].isalpha() and text == text.strip() and plain


#: Nobody waits; else the id of the side that delivers first stands before `_first`.
SIMULTANEOUS, FIRST = "simultaneous", "_first"


def sequencings(ids: tuple[str, str]) -> tuple[str, ...]:
    """What `talks.sequencing` may say: nobody waits, or who delivers first."""
    return (SIMULTANEOUS, *(f"{side}{FIRST}" for side in ids))
