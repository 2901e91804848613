"""The trace of one run, as values: for every week what each side did, saw, and what was true; and
what a side would have done had it seen the truth.
"""

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.policies.machine import Machine
from sim.scenario.compile_actors import machines_of
from sim.world.state import MOVES

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled


@dataclass(frozen=True)
class Change:
    """A lever that moved: `who` owns it, from level `before` to `after`.

    `why`, in the order of the week: shock, relief, retaliation, concession, flip (a move opposite
    to the one drawn), slip, deal; `item` names the shocks or deals, where it is one of these.
    """

    lever: str
    who: str
    before: int
    after: int
    why: str
    item: str = ""


def moves(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Levers that moved, as plain values: lever, before, after."""
    return [{"lever": c.lever, "before": c.before, "after": c.after} for c in changes]


@dataclass(frozen=True)
class Origin:
    """How a violation came about: a cause of CAUSES, who, the lever or shock, and its week."""

    cause: str
    who: str
    item: str
    week: int


@dataclass(frozen=True)
class Reading:
    """What a side saw of the other in one week, and what was true.

    `saw_bad`: its signal. `sensed_bad`: the bit its machine gets (the signal, unless the sensor
    is another). `violated`: whether the other stood above its obligations, the truth. `alarm`:
    "misread" or "slow_licences" if a complying side was seen bad. `gap`: the shortfall it saw in
    the other's licence service, 0 to 1, widest at `gap_lever`; `below_promise`: that office is
    slower than its owner itself calls compliance, and nothing else is wrong. `denied`: a shortage
    behind it is severe and lasting. `offence`: rungs it reads in it.
    """

    week: int
    own_bad: bool
    saw_bad: bool
    sensed_bad: bool
    violated: bool
    alarm: str
    gap: float
    gap_lever: str
    below_promise: bool
    denied: bool
    offence: float

    @property
    def right(self) -> bool:
        """Whether what it saw was true."""
        return self.saw_bad == self.violated


@dataclass(frozen=True)
class SideWeek:
    """One side in one week. Rungs are severity-weighted notches above what counts."""

    who: str
    state_before: str  # machine state at the end of last week
    state: str  # the one it moved on to
    move: str  # drawn: one of MOVES
    tempted: bool  # its machine would not: it counts on talks to void this week
    insists: bool  # its machine would not: it has learned what a lever is worth
    restrained: bool  # has just met or waits for relief: chooses no escalation
    ordered: bool  # a player's order took the place of its machine's move
    aim: float  # the rung that an answer of this week climbs to
    luck: float  # the uniform that drew it
    acted_on: Reading | None  # what it acted on; None: no reading yet, or voided by talks
    reading: Reading  # what it saw this week
    order_failed: bool  # agency noise: the retaliation drawn was not carried out
    first_up: str  # the lever it would pull first; "": none has room
    first_down: str  # the lever it would take down; "": none stands above its obligation
    slipped: bool  # its random number for an agency slip came up (or, in a textbook, for a flip)
    rung_start: float  # before anything moved this week
    rung: float  # when the readings of the week were made
    rung_end: float  # after talks and deals
    origin: Origin | None  # of its violation when the readings were made; None: no violation
    violation_weeks: int  # its unbroken run of violation
    belief: float  # probability it gives to the other being bad
    accuses: bool  # belief above one half
    shortage: float  # felt shortage, 0 to 1
    pressure: float  # 0 to 1
    owes: float  # the rung it owes relief on after this week; 0: none
    owes_from: int  # the week that relief falls due; 0: none
    backed_down: bool

    def first_lever(self, move: str) -> str:
        """The lever that a move reaches for first; "" for none."""
        return {"retaliate": self.first_up, "concede": self.first_down}.get(move, "")


@dataclass(frozen=True)
class LeverWeek:
    """One lever when the readings of a week were made."""

    name: str
    level: int
    counts: int  # the level that counts this week
    obligation: int
    queue: bool  # a licence lever whose requirement is on the books
    gone: bool
    flow: float  # 1 = normal demand
    service: float  # flow over what its level allows it to owe
    backlog: float  # weeks of normal demand waiting
    stock: float  # weeks of use its target holds
    shortage: float  # share of the target's use that is missing
    dependence: float
    capacity: float  # approvals a week over normal weekly demand, base
    able: float  # the same as the office works this week: after talks it may work faster
    boosted: bool  # the office works faster after talks
    value: float

    @property
    def above(self) -> bool:
        """Whether it stands above what counts."""
        return self.level > self.counts


@dataclass(frozen=True)
class Week:
    """One week of one run."""

    number: int
    date: datetime.date
    us: SideWeek
    cn: SideWeek
    levers: tuple[LeverWeek, ...]
    changes: tuple[Change, ...]  # in the order of the week
    shocks: tuple[str, ...]  # that struck
    joined: tuple[str, ...]  # allies that decided to join this week
    talks: bool
    talks_forced: bool
    deals: tuple[str, ...]  # struck this week
    in_force: bool  # a truce is in force at the end of the week
    first_truce: bool
    expiry: int | None  # last week of the current term; None: none, or open-ended
    mutual: int  # weeks of unbroken violation by both sides, before talks
    ruptured: int  # those of both at the rung of a rupture or above
    extended: bool
    lapsed: bool
    renewed: bool
    ended_by: str  # what ended a truce in force: "core", "act" or ""

    @property
    def sides(self) -> tuple[SideWeek, SideWeek]:
        """Both sides, us first."""
        return self.us, self.cn

    def side(self, who: str) -> SideWeek:
        """A side by its id."""
        return self.us if self.us.who == who else self.cn

    def changed_by(self, why: str, item: str) -> list[Change]:
        """What a shock or a deal of a name moved."""
        return [c for c in self.changes if c.why == why and item in c.item.split(", ")]

    def lever(self, name: str) -> LeverWeek:
        """A lever by its full name."""
        return next(lever for lever in self.levers if lever.name == name)


@dataclass(frozen=True)
class Outcome:
    """The outcomes of a run.

    ended: of each that holds until a week, the first in which it no longer does, None for never;
    came: whether each that is decided once came about.
    """

    ended: Mapping[str, int | None]
    came: Mapping[str, bool]
    lapse_week: int | None
    first_talks: int | None
    talks: int
    trigger: Origin | None
    payoff: tuple[float, float]
    harm: tuple[float, float]

    @property
    def clean_week(self) -> int | None:
        """The first week with a violation."""
        return self.ended["clean"]

    @property
    def undisputed_week(self) -> int | None:
        """The week in which it came to a dispute."""
        return self.ended["undisputed"]

    @property
    def standing_week(self) -> int | None:
        """The week in which the truce broke."""
        return self.ended["standing"]

    @property
    def core_week(self) -> int | None:
        """The week in which its core was broken."""
        return self.ended["core"]


@dataclass(frozen=True)
class Trace:
    """A whole run: `start` is week 0, `weeks` are 1..H."""

    scenario: "Scenario"
    seed: int
    run: int
    start: tuple[LeverWeek, ...]
    weeks: tuple[Week, ...]
    outcome: Outcome
    #: Written in Python, by side: what decided in place of the scenario's policies.
    governments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of the two sides, in order."""
        return self.scenario.sides.ids

    @property
    def has_truce(self) -> bool:
        """Whether the scenario has a truce to break."""
        return bool(self.compiled.params.rules[0].has_truce)

    def other(self, who: str) -> str:
        """The id of the other side."""
        return self.scenario.sides.other(who).id

    @property
    def compiled(self) -> "Compiled":
        """The tables the run was played with."""
        return self.scenario.compiled

    @cached_property
    def machines(self) -> dict[str, Machine]:
        """The machine of each side, by its id."""
        return dict(zip(self.ids, machines_of(self.scenario.spec), strict=True))

    def week(self, number: int) -> Week:
        """Week 1..H."""
        return self.weeks[number - 1]


def had_it_seen_the_truth(trace: Trace, side: SideWeek) -> dict[str, Any] | None:
    """The counterfactual of a side's week, as plain values.

    state: its machine's next; chances: of MOVES; move: the one that is drawn; lever: what it would
    have reached for first, "" if none or if it would have held; changes: whether state or move is
    another one.

    None if it acted on no reading, if what it saw was true, if its sensor is not the signal, or if
    it did not do what its machine drew: on a player's order, counting on talks, insisting, or in
    its grace after talks.
    """
    reading, machine = side.acted_on, trace.machines[side.who]
    if reading is None or reading.right or machine.sensor != "signal":
        return None
    if side.ordered or side.tempted or side.insists or side.restrained:
        return None
    before = machine.states.index(side.state_before)
    after = int(machine.following[before, 2 * reading.own_bad + reading.violated])
    state = machine.states[after]
    move = drawn_move(trace, side, state)
    return {
        "state": state,
        "chances": dict(zip(MOVES, machine.moves[after].tolist(), strict=True)),
        "move": move,
        "lever": side.first_lever(move),
        "changes": state != side.state or move != side.move,
    }


def drawn_move(trace: Trace, side: SideWeek, state: str) -> str:
    """The move that its uniform draws for a side in a state, by the engine's own table."""
    i, states = trace.ids.index(side.who), trace.compiled.states
    place = i * len(states[0]) + states[i].index(state)
    return MOVES[bisect_right(trace.compiled.params.moves[place].tolist(), side.luck)]
