"""What `serve` answers in JSON: the story of any run, the odds at each week, a game's table.

Every call has the settings changed by the page, the seed and the run in it, so that the server
keeps nothing: a game is its moves, which are played again, to the bit, whenever something is asked.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sim.errors import Problem, ScenarioError, quoted
from sim.explain import trace_run
from sim.play import Game
from sim.scenario.scenario import Scenario
from sim.web.server import Call
from sim.web.stories import odds, story_table
from sim.web.table import Body, advised, checked, debriefed, game_of, loaded, saved, seen

#: A page names its runs; more than these are none of its own.
MOST_RUN, MOST_SEED, MOST_CHANGES = 2**31 - 1, 2**64 - 1, 1_000
#: Weeks at whose end the odds are asked for, at most; and the longest horizon played here.
MOST_TURNS, MOST_WEEKS = 60, 600


def calls(scenario: Scenario) -> dict[str, Call]:
    """The calls by name, for a scenario."""
    worlds = Worlds(scenario)

    def run(body: Body) -> tuple[Scenario, int, int]:
        return worlds.of(body), seed_of(body), run_of(body)

    def of_game(answer: Callable[[Game, Body], dict[str, Any]]) -> Call:
        return lambda body: answer(game_of(*run(body), body), body)

    games = {"table": seen, "check": checked, "advise": advised}
    games |= {"debrief": debriefed, "save": saved}
    return {
        "story": lambda body: story_table(*run(body)),
        "odds": lambda body: {"odds": _odds(*run(body))},
        **{name: of_game(answer) for name, answer in games.items()},
        "load": lambda body: loaded(worlds.of(body), body),
    }


class Worlds:
    """The scenario under the changes of a page; the last few are kept."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._changed = lru_cache(maxsize=8)(self._make)

    def of(self, body: Mapping[str, Any]) -> Scenario:
        """The scenario of a request. Raises ScenarioError for changes that do not fit."""
        changes = body.get("changes", {})
        plain = isinstance(changes, dict) and len(changes) <= MOST_CHANGES
        if not plain or not all(isinstance(v, str | bool | int | float) for v in changes.values()):
            raise wrong("changes", changes, "settings by their paths, each a word or a number")
        return self._changed(tuple(sorted(changes.items())))

    def _make(self, changes: tuple[tuple[str, Any], ...]) -> Scenario:
        changed = self.scenario.override(dict(changes)) if changes else self.scenario
        if changed.spec.weeks > MOST_WEEKS:
            raise wrong("weeks", changed.spec.weeks, f"1 to {MOST_WEEKS} here")
        return changed


def wrong(key: str, found: Any, allowed: str) -> ScenarioError:
    """That a request has something else than what is allowed."""
    return ScenarioError([Problem("the request", None, key, quoted(found), allowed)])


def seed_of(body: Mapping[str, Any]) -> int:
    """The seed, which JSON holds as digits. Raises ScenarioError."""
    return _whole("seed", str(body.get("seed", "")), MOST_SEED)


def run_of(body: Mapping[str, Any]) -> int:
    """The run. Raises ScenarioError."""
    return _whole("run", str(body.get("run", 0)), MOST_RUN)


def _whole(key: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) <= most):
        raise wrong(key, text, f"a whole number from 0 to {most}")
    return int(text)


def _odds(scenario: Scenario, seed: int, run: int) -> list[list[float]]:
    """At the end of every week, or of every so many of a long horizon."""
    trace = trace_run(scenario, seed, run)
    every = -(-len(trace.weeks) // MOST_TURNS)
    return odds(trace, [*range(0, len(trace.weeks) + 1, every)])
