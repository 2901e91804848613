"""The kinds of folders that this program writes: what is in one, and who reads, shows, draws it and
makes it again.

A row a kind. Functions are named with their module, which is loaded when a folder of the kind is
met: rooms below need not know them, and no kind waits for another's.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from sim.report.pictures import EXACT, FIT, ODDS, RESPONSE, RESULT, STUDY

PART_OF_STUDY = "part of a study"
_REPORT = "detente report {}"


class Kind(NamedTuple):
    """One kind of folder; "" for what it has not.

    called: in a message. takes: what to type for it, with {} for its name. word: begins the names
    of the functions `_page` (sim/web/mailed.py), which makes its page to mail, and `_again`
    (sim/reproduce/again.py). read: the function that gives what it holds, of its path. picture:
    the one that is drawn of that, where there is but one.
    """

    called: str
    takes: str
    word: str = ""
    read: str = ""
    picture: str = ""


#: By the word that a manifest has for it (`kind_in`).
KINDS: Mapping[str, Kind] = {
    RESULT: Kind("result", "detente plot {}", "result", "sim.outcomes.store.load_result"),
    EXACT: Kind("exact solution", _REPORT, "exact"),
    STUDY: Kind(
        "result of a sweep",
        "detente analyze {} --sensitivity",
        "study",
        "sim.studies.study.load_study",
    ),
    PART_OF_STUDY: Kind(PART_OF_STUDY, "detente merge with all its parts"),
    ODDS: Kind("folder of odds", _REPORT, "odds", "sim.forecast.store.load_odds", "odds"),
    FIT: Kind("fit", _REPORT, "fit", "sim.forecast.fit_store.read_fit", "fit"),
    RESPONSE: Kind(
        "best response", _REPORT, "response", "sim.games.response.read_response", "gaps"
    ),
}


def kind_in(manifest: Mapping[str, Any]) -> str:
    """The kind that a manifest names; RESULT, or EXACT by its engine, where it names none."""
    kind = str(manifest.get("kind", RESULT))
    return EXACT if kind == RESULT and manifest.get("engine") == "exact" else kind


def function(name: str) -> Callable[..., Any]:
    """The function of a name with its module, which is loaded now."""
    module, _, word = name.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), word)
    return found
