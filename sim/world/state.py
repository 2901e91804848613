"""What changes during a run, one record row per run, actor, lever, ally and past week."""

import math
from typing import NamedTuple

import numpy as np

from sim.world.outcomes import CURVE_FIELDS, ONCE_FIELDS
from sim.world.tables import Table, rows_of_type, table

#: How a violation came about (model.md, outcomes), in the order of the week.
OVERDUE, SHOCK_ACT, MISREAD, SLOW_LICENCES, POLICY, SLIP, LAPSE, TRUCE_ENDED = range(8)
CAUSES = ("overdue", "shock", "misread", "slow_licences", "policy", "slip", "lapse", "act")
NO_CAUSE = -1

RETALIATE, HOLD, CONCEDE = 0, 1, 2
NO_ORDER = -1
MOVES = ("retaliate", "hold", "concede")

#: Where an unbroken violation comes from; NO_CAUSE: there is none.
ORIGIN = (("origin", "i1"), ("origin_who", "i1"), ("origin_item", "i4"), ("origin_week", "i4"))

RUN = np.dtype(
    [
        ("key0", "i8"),  # low 32 bits of the seed
        ("key1", "i8"),  # high 32 bits of the seed
        ("index", "i8"),  # of the run
        ("in_force", "i1"),
        ("first_truce", "i1"),  # the truce in force (or last in force) is the first one
        ("expiry", "i4"),  # last week of the current term
        ("renewals", "i4"),
        ("mutual", "i4"),  # weeks of unbroken mutual violation
        ("ruptured", "i4"),  # weeks of both at rupture_rung or above without a break
        ("talks_week", "i4"),  # latest; 0: none yet
        ("first_talks", "i4"),  # 0: none yet
        ("talks_count", "i4"),
        ("no_talks_until", "i4"),  # cooldown
        ("talks_forced", "i1"),  # by a shock of this week
        ("act_ended", "i1"),  # a dated act ends the truce this week
        ("act_shock", "i4"),  # its shock
        ("luck_talks", "f8"),  # this week's uniform
        ("heat", "f8"),  # multiplier of slips and false alarms, drawn at week 0; 1: none
        *((name, "i4") for name in CURVE_FIELDS),  # first week it no longer holds, 0 while it does
        ("lapse_week", "i4"),  # the first truce lapsed at the end of this week
        *((name, "i1") for name in ONCE_FIELDS),  # 1: came about at the end of the first term
        ("unilateral_week", "i4"),
        ("cause", "i1"),  # trigger of the dispute, NO_CAUSE while undisputed
        ("cause_who", "i1"),
        ("cause_item", "i4"),  # lever (shock for SHOCK_ACT and TRUCE_ENDED), -1: none
        ("cause_week", "i4"),
    ],
    align=True,
)

SIDE = np.dtype(
    [
        ("start", "i4"),  # machine state drawn at week 0
        ("state", "i4"),
        ("move", "i1"),  # drawn this week
        ("tempted", "i1"),  # retaliates only because it counts on talks to void this week
        ("insists", "i1"),  # retaliates only because it has learned what a lever is worth
        ("restrained", "i1"),  # has just met or waits for relief: chooses no escalation
        ("run_slip", "f8"),  # chance of a slip in this run
        ("slip", "f8"),  # and in this week
        ("false_alarm", "f8"),  # chance of a false alarm in this run
        ("reading", "i4"),  # week whose reading it acts on; 0: none
        ("luck_move", "f8"),  # this week's uniforms
        ("luck_slip_fail", "f8"),
        ("luck_slip", "f8"),
        ("luck_signal", "f8"),
        ("rung", "f8"),  # e, current: what the other side can hold against it
        ("rung_own", "f8"),  # the same by its own reading of what it owes
        ("rung_before", "f8"),  # rung_own at the end of last week, after talks
        ("can_concede", "i1"),  # some lever stands above its final obligation
        ("stretch", "i4"),  # first week of the unbroken stretch of drawn retaliation; 0: none
        ("key0", "i8"),  # of the run in which that stretch began, as in RUN: its luck is that one's
        ("key1", "i8"),
        ("index", "i8"),
        ("ordered", "i1"),  # move of this week in place of its machine's, or NO_ORDER
        ("named", "i1"),  # the levers of that order are named
        ("calls", "i1"),  # for talks this week
        ("pull_issue", "i4"),  # issue of the last pull, -1: none
        ("other_pull_issue", "i4"),  # of the other side, as at the end of last week
        ("moved", "i1"),  # moved a lever this week, shocks excepted
        ("backed_down", "i1"),  # took a notch down this week, shocks and deals excepted
        ("own_bad", "i1"),  # conduct of this week
        ("gap", "f8"),  # y, what it saw of the other's licence offices
        ("passed", "f8"),  # sum over the other's licence offices of what passes, each at most 1
        ("gap_lever", "i4"),  # the lever that attains it, -1: none
        ("denial", "f8"),  # gravest measure behind a severe, lasting shortage; 0: none
        ("saw_bad", "i1"),  # signal of this week
        ("offence", "f8"),  # o
        ("alarm", "i1"),  # why a complying side was seen bad, or NO_CAUSE
        ("alarm_item", "i4"),  # the slow lever, -1: none
        ("good_count", "f8"),  # A
        ("bad_count", "f8"),  # B
        ("accuses", "i1"),
        ("bite", "f8"),  # sum of w x over its own levers
        ("felt", "f8"),  # F
        ("pressure", "f8"),  # G
        ("violation_run", "i4"),
        *ORIGIN,
        ("relief_rung", "f8"),  # R owed relief on; 0: none owed
        ("relief_week", "i4"),  # due; 0: none
        ("relief_waits", "i1"),  # for a good signal of the other (performance first)
        ("payoff", "f8"),  # discounted, so far
        ("harm", "f8"),  # suffered, discounted, so far
    ],
    align=True,
)

#: What is kept of a lever, whole numbers and real ones.
LEVER_FIELDS = (
    ("level", "i8"),  # n
    ("counts_own", "i8"),  # n°: the level that counts now, as its owner reads it
    ("level_before", "i8"),  # both at the end of last week
    ("counts_before", "i8"),
    ("counts", "i8"),  # n° as the other side reads it
    ("ordered", "i8"),  # notches named in an order of this week, -1: one down
    ("obligation", "i8"),  # final; a deal may change it
    ("listed", "i8"),
    ("gone", "i8"),  # taken away
    ("packed", "i8"),  # pulled by the package being put together
    ("armed", "i8"),  # a core lever of the truce in force: being above counts
    ("capacity", "f8"),  # base, without the boost of talks
    ("boost_until", "i8"),
    ("dependence", "f8"),  # omega
    ("backlog", "f8"),  # Q
    ("flow", "f8"),  # f
    ("third_flow", "f8"),  # f of third parties
    ("service", "f8"),  # s: flow over the share owed to the target; 1 where nothing is owed
    ("service_own", "f8"),  # the same by its owner's reading
    ("stock", "f8"),  # I
    ("short", "f8"),  # x
    ("short_weeks", "i8"),  # of unbroken severe shortage, as the target counts them
    ("value", "f8"),  # v
    *((name, "i8") for name, _ in ORIGIN),  # of a core lever above what counts
)
LEVER_STATE = np.dtype(list(LEVER_FIELDS))
LEVER_NAMES = tuple(name for name, _ in LEVER_FIELDS)

#: What of the scenario is kept beside it, as in LEVER.
GIVEN_FIELDS = (
    *((name, "i8") for name in ("owner", "worldwide", "decay_from")),
    *((name, "f8") for name in ("capacity_after_talks", "stock_cap", "restock")),
    *((name, "f8") for name in ("harm_weight", "own_cost")),
)
GIVEN = tuple(name for name, _ in GIVEN_FIELDS)

#: What loops over all levers read or leave beside it: see owned.py.
LANE_FIELDS = (
    *LEVER_FIELDS,
    *GIVEN_FIELDS,
    # of where it stands: entries of Params.left, allowed, gain and decay
    ("served", "i8"),  # by an office: listed, and not taken away
    ("left", "f8"),  # flow where no office serves it
    ("allowed", "f8"),
    ("owed", "f8"),  # allowed at the level that counts for service, as the other side reads it
    ("owed_own", "f8"),  # and as its owner does
    ("gain", "f8"),
    ("fading", "f8"),
    # of this week
    ("demand", "f8"),  # new applications
    ("bite", "f8"),  # w x
    ("earned", "f8"),  # its returns less what it costs at home
    ("harm", "f8"),  # w phi(x)
    ("threat", "f8"),  # its part of the leverage
)

#: Levers that lie side by side, and how many groups of them there is room for. An odd number, so
#: that the columns do not all fall on the same lines of the nearest memory.
LANES, GROUPS = 8, 9
MOST_LEVERS = LANES * GROUPS
_APART = 8 * MOST_LEVERS
_LINE = 64  # bytes of memory that are read together

#: The columns of which a side's levers are summed, as places in State.rows.
_LANES = [name for name, _ in LANE_FIELDS]
BITE, EARNED, HARM, THREAT = (_LANES.index(name) for name in ("bite", "earned", "harm", "threat"))

#: All levers as columns, one row of LANES after the other: what vector loops go through.
LEVER_COLUMNS = np.dtype([(name, kind, (GROUPS, LANES)) for name, kind in LANE_FIELDS])
#: One lever in the same memory: its fields lie as far apart as the columns begin.
LEVER_NOW = np.dtype(
    {
        "names": _LANES,
        "formats": [kind for _, kind in LANE_FIELDS],
        "offsets": [place * _APART for place in range(len(LANE_FIELDS))],
        "itemsize": (len(LANE_FIELDS) - 1) * _APART + 8,
    }
)

#: What most runs met in a week, for LANES levers: see payoffs.py and leverage.py.
MET = np.dtype(
    [
        (name, "f8", (LANES,))
        for name in ("short", "worth", "lead", "dependence", "capacity", "reach", "worst", "ahead")
    ]
)

ALLY_STATE = np.dtype(
    [
        ("joined_week", "i4"),  # 0: not joined
        ("shortage_us", "f8"),  # this week, from the global levers of us
        ("shortage_cn", "f8"),
    ],
    align=True,
)

#: What a later decision may read of a past week, one row per (week, side).
MEMORY = np.dtype(
    [
        ("own_bad", "i1"),
        ("sensed_bad", "i1"),
        ("saw_bad", "i1"),
        ("offence", "f8"),
        ("alarm", "i1"),  # MISREAD or SLOW_LICENCES: a bad signal of a complying side; or NO_CAUSE
        ("alarm_item", "i4"),
        ("other_violates", "i1"),
        *ORIGIN,  # the OTHER side's that week
    ],
    align=True,
)


class State(NamedTuple):
    """One run in progress; written in place by the world's functions."""

    run: np.ndarray  # RUN (1,)
    sides: np.ndarray  # SIDE (2,)
    levers: np.ndarray  # LEVER_NOW (K,), at least 2: a view of `columns`
    allies: np.ndarray  # ALLY_STATE (M,)
    memory: np.ndarray  # MEMORY (H + 1, 2)
    struck: np.ndarray  # int8 (deals,)
    together: np.ndarray  # int32 (R,): weeks in a row of both at Params.thresholds or above
    k_week: np.ndarray  # int32 (R, 6): first week in which that was K+1; 0: not yet
    luck: np.ndarray  # float64 (3, 4, H + 1): weekly uniforms by us, cn, scenario; word; week
    curve: np.ndarray  # MET (H + 1, groups of levers)
    columns: np.ndarray  # LEVER_COLUMNS (1,)
    rows: np.ndarray  # float64 (columns, MOST_LEVERS): the same memory, for sums of one column


def new_state(weeks: int, levers: int, allies: int, deals: int, thresholds: int) -> State:
    """Room for one run of `weeks` weeks; `begin_run` fills it."""
    columns = new_columns(1)
    return State(
        table(RUN, 1),
        table(SIDE, 2),
        levers_of(columns, levers)[0],
        table(ALLY_STATE, allies),
        table(MEMORY, weeks + 1, 2),
        np.zeros(deals, np.int8),
        np.zeros(thresholds, np.int32),
        np.zeros((thresholds, 6), np.int32),
        np.zeros((3, 4, weeks + 1)),
        _on_lines(MET, weeks + 1, -(-levers // LANES)),
        columns,
        rows_of(columns)[0],
    )


def copied(state: State) -> State:
    """A state of its own with the same content."""
    columns = new_columns(1)
    columns[...] = state.columns
    levers = levers_of(columns, len(state.levers))[0]
    own = {"columns": columns, "levers": levers, "rows": rows_of(columns)[0]}
    alike = {name: field.copy() for name, field in state._asdict().items() if name not in own}
    return State(**alike, **own)


def new_columns(states: int) -> np.ndarray:
    """Room for the columns of so many states: LEVER_COLUMNS (N,)."""
    return _on_lines(LEVER_COLUMNS, states)


def _on_lines(dtype: np.dtype, *shape: int) -> np.ndarray:
    """A table of records of zeros that begins on a line of memory, as eight lanes fill one."""
    size = math.prod(shape) * dtype.itemsize
    room = np.zeros(size + _LINE, np.uint8)
    begin = -room.ctypes.data % _LINE
    return room[begin : begin + size].view(rows_of_type(dtype)).reshape(shape).view(Table)


def rows_of(columns: np.ndarray) -> np.ndarray:
    """Columns (N,) as numbers: float64 (N, columns, MOST_LEVERS), in the same memory."""
    return columns.view(np.ndarray).view(float).reshape(len(columns), -1, MOST_LEVERS)


def levers_of(columns: np.ndarray, levers: int) -> np.ndarray:
    """Columns (N,) by lever: LEVER_NOW (N, K), in the same memory.

    Never fewer than two, the last of which nothing plays: the compiler takes an array of one for
    another kind of array, and would make every kernel anew for it.
    """
    shape, apart = (len(columns), max(levers, 2)), (LEVER_COLUMNS.itemsize, 8)
    plain = columns.view(np.ndarray)
    return np.ndarray(shape, rows_of_type(LEVER_NOW), plain, strides=apart).view(Table)
