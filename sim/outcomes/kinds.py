"""The kinds of folders that this program writes: what is in one, and who reads, shows, draws it and
makes it again.

A row a kind. Functions are named with their module, which is loaded when a folder of the kind is
met: rooms below need not know them, and no kind waits for another's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sim.report.pictures import EXACT, FIT, ODDS, RESPONSE, RESULT, STUDY

PART_OF_STUDY = "part of a study"


@dataclass(frozen=True)
class Kind:
    """One kind of folder; functions as "module.function", "" where there is none.

    called: in a message. takes: what to type for it, with {} for its name. read: gives what it
    holds, of its path. page: the report of it, to mail. again: makes it once more (a `Maker` of
    sim/reproduce/again.py). picture: the one that is drawn of what is read, if there is but one.
    """

    called: str
    takes: str
    read: str = ""
    page: str = ""
    again: str = ""
    picture: str = ""


#: By the word that a manifest has for it (`kind_in`).
KINDS: Mapping[str, Kind] = {
    RESULT: Kind(
        "result",
        "detente plot {}",
        "sim.outcomes.store.load_result",
        "sim.web.mailed.result_page",
        "sim.reproduce.again.result_again",
    ),
    EXACT: Kind(
        "exact solution",
        "detente report {}",
        page="sim.web.mailed.exact_page",
        again="sim.reproduce.again.result_again",
    ),
    STUDY: Kind(
        "result of a sweep",
        "detente analyze {} --sensitivity",
        "sim.studies.study.load_study",
        "sim.web.mailed.study_page",
        "sim.reproduce.again.study_again",
    ),
    PART_OF_STUDY: Kind(PART_OF_STUDY, "detente merge with all its parts"),
    ODDS: Kind(
        "folder of odds",
        "detente report {}",
        "sim.forecast.store.load_odds",
        "sim.web.mailed.odds_page",
        "sim.reproduce.again.odds_again",
        "odds",
    ),
    FIT: Kind(
        "fit",
        "detente report {}",
        "sim.forecast.fit_store.read_fit",
        "sim.web.mailed.fit_page",
        "sim.reproduce.again.fit_again",
        "fit",
    ),
    RESPONSE: Kind(
        "best response",
        "detente report {}",
        "sim.games.response.read_response",
        "sim.web.mailed.response_page",
        "sim.reproduce.again.response_again",
        "gaps",
    ),
}


def kind_in(manifest: Mapping[str, Any]) -> str:
    """The kind that a manifest names; RESULT, or EXACT by its engine, where it names none."""
    kind = str(manifest.get("kind", RESULT))
    return EXACT if kind == RESULT and manifest.get("engine") == "exact" else kind


def function(name: str) -> Callable[..., Any]:
    """The function of a row; its module is loaded now."""
    module, _, word = name.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), word)
    return found
