"""Looking for words in a scenario: in the names, meanings, units and words of its values."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.sourcing import Row

#: Hits that are shown; of more, how many there are.
MOST_HITS = 12
#: How like a word must be (difflib) to stand for one that is nowhere: license for licence.
CLOSE = 0.8
#: What is about the values, not one of them, comes last.
NOTES, PROSE = ("title", "description", "sources"), 3
#: Words this long may be the beginning of another.
BEGINNING = 3


def search(text: str, rows: Iterable["Row"]) -> tuple[str, list["Row"]]:
    """What was looked for and the values that have it, names before values before meanings.

    Each word must occur, whole or as a beginning; one that occurs nowhere is read as the most
    similar one that does.
    """
    all_rows = list(rows)
    places = [
        (
            words_of(row.path),
            _value_words(row),
            words_of(f"{row.meaning} {row.unit} {row.symbol}"),
        )
        for row in all_rows
    ]
    vocabulary = {word for row in places for part in row for word in part}
    words_wanted = [_nearest(word, vocabulary) for word in words_of(text)]
    if not words_wanted:
        return text, []
    ranked = []
    for row, parts in zip(all_rows, places, strict=True):
        ranks = [_rank(word, parts) for word in words_wanted]
        if all(rank is not None for rank in ranks):
            weight = PROSE if row.path.split(".")[0] in NOTES else 0
            ranked.append((weight + max(rank or 0 for rank in ranks), row))
    return " ".join(words_wanted), [row for _, row in sorted(ranked, key=lambda hit: hit[0])]


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; names with underscores also by their parts."""
    return re.findall(r"[^\W_]+", text.lower())


def _value_words(row: "Row") -> list[str]:
    return words_of(_text(row.value)) if not isinstance(row.value, bool | int | float) else []


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_text, value))
    return str(value)


def _nearest(word: str, vocabulary: set[str]) -> str:
    if any(_is(word, other) for other in vocabulary):
        return word
    return next(iter(get_close_matches(word, sorted(vocabulary), 1, CLOSE)), word)


def _is(word: str, other: str) -> bool:
    return word == other or (len(word) >= BEGINNING and other.startswith(word))


def _rank(word: str, parts: tuple[list[str], ...]) -> int | None:
    """Where a word occurs first: 0 in the name, 1 in the value, 2 in the meaning; None: nowhere."""
    for rank, words in enumerate(parts):
        if any(_is(word, other) for other in words):
            return rank
    return None
