"""What is wrong with an input: where, what was found, what is allowed, what was meant.

One `Problem` is one mistake; one error of the family below carries all the mistakes of an input.
Text of users goes through `quoted` and `printable`, so that no message is endless and none
reaches the terminal with control characters.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import Any

#: Keys from the top of a file to one place, as written; items of lists by their index.
KeyPath = tuple[str, ...]

LONGEST_VALUE = 80  # characters of a value that a message shows
LONGEST_PLACE = 200  # characters of a key path or file name
LONGEST_TEXT = 2_000  # characters of what was found or is allowed
MOST_PROBLEMS = 20  # problems that a message spells out
#: Problems that are looked for at all: the nearest name of each takes its time.
MOST_FOUND = 100
DEEPEST_VALUE = 12  # levels of a value that a message shows
#: Bounds within which the nearest name is looked for: the search takes the product of both.
LONGEST_NAME, MOST_NAMES = 100, 2_000
CLOSE_ENOUGH = 0.6  # similarity (difflib) from which a name counts as meant
#: Names that the literature gives to policies of the library.
ABBREVIATIONS = {
    "allc": "always_concede",
    "alld": "always_retaliate",
    "cooperator": "always_concede",
    "defector": "always_retaliate",
    "grudger": "grim",
    "pavlov": "win_stay_lose_shift",
    "tf2t": "tit_for_k_tats",
    "ttft": "two_tits_for_tat",
    "zd": "zero_determinant",
}
#: Words of the same meaning, where letters do not tell: what ends a truce, and a player's moves.
SYNONYMS = {
    **dict.fromkeys(("rupture", "break", "broken"), "breakdown"),
    **dict.fromkeys(("tighten", "raise", "escalate", "restrict", "impose"), "pull"),
    **dict.fromkeys(("relax", "lower", "concede", "loosen", "lift", "deescalate"), "ease"),
    **dict.fromkeys(("wait", "pass", "nothing"), "hold"),
    **dict.fromkeys(("talk", "call", "negotiate", "meet"), "talks"),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    `file` as the user knows it ("--set" for the command line), `line` where it is known, `path`
    the key path with dots ("" for the file itself), `found` and `allowed` in words, `nearest`
    the valid name that comes closest. A problem that is not `fatal` is a warning. `keys` are the
    parts of the path, where they are needed to find the place in a file.
    """

    file: str
    line: int | None
    path: str
    found: str
    allowed: str
    nearest: str | None = None
    fatal: bool = True
    keys: KeyPath = ()

    @classmethod
    def at(cls, keys: KeyPath, found: str, allowed: str, nearest: str | None = None) -> "Problem":
        """A problem that is not yet placed in a file."""
        return cls("", None, ".".join(keys), found, allowed, nearest, keys=keys)

    @classmethod
    def warning(cls, keys: KeyPath, found: str, advice: str) -> "Problem":
        """A problem that does not keep a scenario from running, not yet placed in a file."""
        return cls("", None, ".".join(keys), found, advice, fatal=False, keys=keys)

    @property
    def place(self) -> str:
        """File and line, as a compiler would write them."""
        file = printable(self.file, LONGEST_PLACE)
        return file if self.line is None else f"{file}:{self.line}"

    def moved(self, keys: KeyPath) -> "Problem":
        """The same problem at another place."""
        return replace(self, keys=keys, path=".".join(keys))

    def __str__(self) -> str:
        lines = [
            ": ".join(part for part in (self.place, printable(self.path, LONGEST_PLACE)) if part)
        ]
        lines.append(f"  found:   {printable(self.found, LONGEST_TEXT)}")
        lines.append(f"  allowed: {printable(self.allowed, LONGEST_TEXT)}")
        if self.nearest is not None:
            lines.append(f"  did you mean {printable(self.nearest, LONGEST_PLACE)}?")
        return "\n".join(lines)


class DetenteError(Exception):
    """Bad input, with every problem of it; the command line answers with exit code 2."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        texts = [str(problem) for problem in self.problems[:MOST_PROBLEMS]]
        more = len(self.problems) - MOST_PROBLEMS
        least = "at least " if len(self.problems) >= MOST_FOUND else ""
        return "\n".join([*texts, f"and {least}{more:,} more"] if more > 0 else texts)


class ScenarioError(DetenteError):
    """A scenario that cannot be read or does not make sense."""


class PolicyError(DetenteError):
    """A policy that cannot be built; the key paths of its problems start below the policy."""

    @classmethod
    def single(cls, path: KeyPath, found: str, allowed: str) -> "PolicyError":
        """An error about one place."""
        return cls([Problem.at(path, found, allowed)])

    def below(self, *head: str) -> "PolicyError":
        """The same error with `head` put before every key path."""
        return PolicyError(problem.moved((*head, *problem.keys)) for problem in self.problems)


class ExperimentError(DetenteError):
    """An experiment file that cannot be read or does not make sense."""


class AgentError(DetenteError):
    """A government written in Python that is none, or that does what no government may."""


class GameError(DetenteError):
    """A move that cannot be made, or a saved game that cannot be gone on with."""


class ExtensionError(DetenteError):
    """An extension that cannot be loaded, or that registers what it may not."""


class ResultError(DetenteError):
    """A result that cannot be made as asked, or a folder that cannot be read as one."""

    def __init__(self, text: str) -> None:
        super().__init__([])
        self.text = text

    def __str__(self) -> str:
        return self.text


class ResultWriteError(ResultError):
    """A folder that could not be written: nobody's bad input, so the exit code is 1."""


def first_found(problems: Iterable[Problem]) -> list[Problem]:
    """The problems one by one, until MOST_FOUND of them are fatal."""
    found: list[Problem] = []
    fatal = 0
    for problem in problems:
        found.append(problem)
        fatal += problem.fatal
        if fatal >= MOST_FOUND:
            break
    return found


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant by `word`, or None when none is like it.

    In this order: the same but for case, hyphens and underscores (`Geneva_2025`); an
    abbreviation, a synonym or the initials (`tft` for tit_for_tat); the shortest name that starts
    so; the most similar one. A word or a list that is too long to compare has none.
    """
    known = list(islice(names, MOST_NAMES + 1))
    if not word or len(word) > LONGEST_NAME or len(known) > MOST_NAMES:
        return None
    by_letters = {_letters(name): name for name in reversed(known)}
    letters = _letters(word)
    if letters in by_letters:
        return by_letters[letters]
    other_names = ABBREVIATIONS | SYNONYMS
    if other_names.get(letters) in known:
        return other_names[letters]
    by_initials = {_initials(name): name for name in reversed(known)}
    if len(letters) > 1 and letters in by_initials:
        return by_initials[letters]
    starting = [name for name in known if len(letters) > 2 and _letters(name).startswith(letters)]
    if starting:
        return min(starting, key=len)
    by_lower = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), by_lower, n=1, cutoff=CLOSE_ENOUGH)
    return by_lower[matches[0]] if matches else None


def _letters(name: str) -> str:
    return re.sub(r"[-_ ]", "", name.lower())


def _initials(name: str) -> str:
    return "".join(part[0] for part in re.split(r"[-_ ]", name.lower()) if part)


def one_of(names: Iterable[str]) -> str:
    """The names as a phrase for `allowed`."""
    return ", ".join(names)


def some_of(names: Sequence[str], most: int, where: str = "") -> str:
    """The first `most` names as a phrase, and how many more there are, with `where` to see them."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more{where}" if more > 0 else "")


def quoted(value: Any) -> str:
    """A value as a TOML file would write it, cut at 80 characters, control characters escaped."""
    text = ""
    for piece in _pieces(value, DEEPEST_VALUE):
        text += piece
        if len(text) > LONGEST_VALUE:
            return text[: LONGEST_VALUE - 3] + "..."
    return text


def printable(text: str, longest: int | None = None) -> str:
    """Text of a user with control characters escaped, cut where it is too long to show."""
    whole = longest is None or len(text) <= longest
    shown = text if whole else text[: longest - 3] + "..."  # type: ignore[operator]
    return shown if shown.isprintable() else "".join(map(_escaped, shown))


def as_toml(value: Any) -> str:
    """A value as a TOML file would write it, whole."""
    return "".join(_pieces(value, None))


def _pieces(value: Any, deepest: int | None) -> Iterator[str]:
    """The TOML of a value piece by piece; strings and depth are cut where `deepest` is given."""
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str):
        text = value if deepest is None else value[: LONGEST_VALUE + 1]
        yield '"' + "".join(map(_escaped, re.sub(r'([\\"])', r"\\\1", text))) + '"'
    elif isinstance(value, datetime.date | datetime.time):
        yield value.isoformat()
    elif isinstance(value, dict | list | tuple):
        yield from _table(value, deepest)
    elif isinstance(value, int) and value.bit_length() > 4 * LONGEST_VALUE:
        yield "a whole number of very many digits" if deepest is not None else hex(value)
    elif value is None:
        yield "nothing"
    else:
        yield str(value)


def _table(
    value: dict[str, Any] | list[Any] | tuple[Any, ...], deepest: int | None
) -> Iterator[str]:
    opening, closing = ("{ ", " }") if isinstance(value, dict) else ("[", "]")
    if not value or deepest == 0:
        yield (opening + ("..." if value else "") + closing).replace("{  }", "{}")
        return
    below = None if deepest is None else deepest - 1
    for number, item in enumerate(value.items() if isinstance(value, dict) else value):
        yield ", " if number else opening
        if isinstance(value, dict):
            yield f"{as_key(item[0])} = "
            yield from _pieces(item[1], below)
        else:
            yield from _pieces(item, below)
    yield closing


def as_key(key: Any) -> str:
    """A name as a TOML key, quoted where it has to be."""
    text = str(key)
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else as_toml(text)


def _escaped(character: str) -> str:
    """One character as TOML writes it in a string: as it is, or by its number."""
    if character.isprintable():
        return character
    simple = {"\n": r"\n", "\t": r"\t", "\r": r"\r"}.get(character)
    number = ord(character)
    return simple or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")
