"""Plays small worlds by hand: a quiet world to switch things on in, and luck that is dictated.

A `Game` is one run of the plain copy of the world (tests/plain.py), a week or a step at a time.
With `luck` given, every uniform that is not named in it is the largest there is, so that nothing
happens but what is certain; the names and their places are the published table of draws in
docs/model.md, written here a second time.
"""

import datetime
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from sim.scenario import Scenario
from sim.world.state import new_state
from tests import plain

WORLD = plain.load()
START = datetime.date(2025, 5, 12)
US, CN = 0, 1
SIDES = {"us": US, "cn": CN}
#: The largest uniform of 32 bits: only what is certain happens.
NEVER_LUCKY = 1.0 - 2.0**-32

_OFF = {
    "proportionality": 1.0,
    "reaction_delay": 0,
    "stride": 1,
    "slip": 0.0,
    "slip_fail": 0.0,
    "false_alarm": 0.0,
    "miss": 0.0,
    "felt": 1.0,
    "value_learning": 0.0,
    "value_decay": 0.0,
    "retention": 0.0,
    "spillover": 0.0,
    "reluctance": 0.0,
    "discount": 1.0,
}
_PLAIN_LEVER = {
    "control": "ban",
    "notches": 1,
    "severity": 1.0,
    "friction": 0.0,
    "bite": 1.0,
    "own_cost": 0.0,
    "own_gain": 0.0,
    "restock": 0.0,
}
_NO_TALKS = {"talks_rate": 0.0, "talks_pressure": 0.0}

Luck = Mapping[tuple[Any, ...], float]


def script(moves: str) -> dict[str, Any]:
    """A policy that plays the letters R, H, C week by week, and then the last one for ever."""
    words = {"R": "retaliate", "H": "hold", "C": "concede"}
    states = {
        f"w{n}": {"move": words[letter], "next": {"any": f"w{min(n + 1, len(moves))}"}}
        for n, letter in enumerate(moves, start=1)
    }
    return {"machine": {"start": "w1", "states": states}}


#: Retaliates in the week after it has sensed something bad, else concedes.
ECHO = {"name": "tit_for_tat"}


def ban(**values: Any) -> dict[str, Any]:
    """A lever of one notch that bites at once; `values` change or add to it."""
    return _PLAIN_LEVER | values


def licence(**values: Any) -> dict[str, Any]:
    """A licence lever, listed, whose office keeps up with demand; `values` change it."""
    return _PLAIN_LEVER | {"control": "licence", "listed": True} | values


def table(
    levers: Mapping[str, Mapping[str, Any]] | None = None,
    us: Mapping[str, Any] | None = None,
    cn: Mapping[str, Any] | None = None,
    weeks: int = 12,
    **top: Any,
) -> dict[str, Any]:
    """A scenario in which nothing happens but what is asked for: both sides hold for ever.

    A truce is broken by any dispute, unless `truce` names the rung of a rupture.
    """
    sides = {"us": us or {}, "cn": cn or {}}
    given = {"us": {"move": ban()}, "cn": {"move": ban()}} if levers is None else dict(levers)
    talks = _NO_TALKS | dict(top.pop("talks", {}))
    tree = {
        "title": "play",
        "start": START.isoformat(),
        "weeks": weeks,
        "noise": "agency",
        "talks": talks,
        "actors": {i: _OFF | {"policy": script("H")} | dict(sides[i]) for i in SIDES},
        "levers": {i: dict(given.get(i, {})) for i in SIDES},
    }
    extra = {key: value for key, value in top.items() if value is not None}
    if "truce" in extra:
        extra["truce"] = {"rupture_rung": 0} | extra["truce"]
    return tree | extra


def day(week: int) -> str:
    """First day of a week; weeks before 1 lie before the start."""
    return (START + datetime.timedelta(days=7 * (week - 1))).isoformat()


def shock(week: int, lever: str | None = None, **effect: Any) -> dict[str, Any]:
    """A shock on the first day of a week; `effect` as in a scenario."""
    name = "-".join([f"week{week}", *(lever or "all").split("."), *effect])
    target = {} if lever is None else {"lever": lever}
    return {"name": name, "date": day(week)} | target | effect


def meeting(week: int) -> dict[str, Any]:
    """Talks that are certain."""
    return shock(week, talks=True)


def edge(chance: float) -> tuple[float, float]:
    """The largest uniform for which an event of this probability happens, and the next one."""
    word = math.ceil(chance * 2**32)
    return (word - 1) / 2**32, word / 2**32


def place(key: tuple[Any, ...]) -> tuple[int, int, int, int]:
    """(week, who, block, word) of a draw named (week, purpose, of whom, ...)."""
    week, purpose, *whom = key
    weekly = ("move", "slip_fail", "slip", "signal")
    if purpose in weekly:
        return week, SIDES[whom[0]], 0, weekly.index(purpose)
    if purpose in ("slip_lever", "friction"):
        return week, SIDES[whom[0]], 1, ("slip_lever", "friction").index(purpose)
    if purpose == "relief":
        return week, SIDES[whom[0]], 1024, 0
    if purpose == "temptation":
        return week, SIDES[whom[0]], 1, 3
    if purpose == "insistence":
        return week, SIDES[whom[0]], 1, 2
    if purpose == "heat":
        return 0, 2, 0, 0
    if purpose == "start":
        return 0, SIDES[whom[0]], 1, 2
    if purpose == "pick":
        return week, SIDES[whom[0]], 2 + whom[1] // 4, whom[1] % 4
    if purpose == "talks":
        return week, 2, 0, 0
    if purpose == "join":
        return week, 2, (whom[0] + 1) // 4, (whom[0] + 1) % 4
    if purpose in ("demand", "taste"):
        return week, 16 + whom[0], 0, ("demand", "taste").index(purpose)
    if purpose == "pull":
        return week, 16 + whom[0], 1 + whom[1] // 4, whom[1] % 4
    if purpose == "strike":
        return week, 8192 + whom[0], 0, 0
    raise KeyError(f"no draw is called {purpose!r}")


class Game:
    """One run. `luck` None: the luck of run `index` of `seed`; else what it says, by name."""

    def __init__(
        self, tree: Mapping[str, Any], luck: Luck | None = None, seed: int = 0, index: int = 0
    ) -> None:
        self.luck = luck
        self.compiled = Scenario.from_table(tree).compiled
        self.p = self.compiled.params
        deals = 1 + max((int(term.deal) for term in self.p.deals), default=-1)
        sizes = (int(self.p.rules[0].weeks), len(self.p.levers), len(self.p.allies), deals)
        self.s = new_state(*sizes, len(self.p.thresholds))
        self.key = WORLD.setting.seed_words(seed)
        self.begin(index)

    def begin(self, index: int) -> "Game":
        """Starts run `index` on the same tables."""
        self.t = 0
        with self.dictated():
            WORLD.start.begin_run(self.p, self.s, *self.key, index)
        return self

    @contextmanager
    def dictated(self) -> Iterator[None]:
        """The world's luck is this game's, if it has one of its own."""
        if self.luck is None:
            yield
            return
        placed = {place(key): value for key, value in self.luck.items()}

        def philox(_key0, _key1, _run, week, who, block):  # type: ignore[no-untyped-def]
            numbers = [placed.get((week, who, block, w), NEVER_LUCKY) for w in range(4)]
            return tuple(int(number * 2**32) for number in numbers)

        shipped = WORLD.draws.philox
        WORLD.draws.philox = philox
        try:
            yield
        finally:
            WORLD.draws.philox = shipped

    def week(self, count: int = 1) -> "Game":
        """Plays the next weeks."""
        with self.dictated():
            for _ in range(count):
                self.t += 1
                WORLD.week.one_week(self.p, self.s, self.t)
        return self

    def to(self, week: int) -> "Game":
        """Plays to the end of a week."""
        return self.week(week - self.t)

    def at(self, name: str) -> Any:
        """The state of a lever, "us.move"."""
        return self.s.levers[self.compiled.levers.index(name)]

    def level(self, name: str) -> int:
        """Where a lever stands."""
        return int(self.at(name).level)

    def levels(self) -> list[int]:
        """Where all levers stand."""
        return [int(self.s.levers[k].level) for k in range(len(self.p.levers))]

    @property
    def us(self) -> Any:
        """The state of us."""
        return self.s.sides[US]

    @property
    def cn(self) -> Any:
        """The state of cn."""
        return self.s.sides[CN]

    @property
    def run(self) -> Any:
        """The state of the run and its truce."""
        return self.s.run[0]

    def memory(self, week: int, side: int) -> Any:
        """What is remembered of a week by a side."""
        return self.s.memory[week, side]

    def origin(self, side: int) -> tuple[str, int, int, int] | None:
        """(cause, who, item, week) of a side's violation; None if it has none."""
        row = self.s.sides[side]
        if row.origin < 0:
            return None
        cause = WORLD.state.CAUSES[row.origin]
        return cause, int(row.origin_who), int(row.origin_item), int(row.origin_week)

    def trigger(self) -> tuple[str, int, int, int] | None:
        """(cause, who, item, week) of the breakdown; None while it stands."""
        run = self.run
        if run.cause < 0:
            return None
        cause = WORLD.state.CAUSES[run.cause]
        return cause, int(run.cause_who), int(run.cause_item), int(run.cause_week)


def frozen(game: Game) -> tuple[np.ndarray, ...]:
    """A copy of the whole state, for comparing."""
    return tuple(np.array(field) for field in game.s)
