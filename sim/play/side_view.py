"""What a side sees of its game: everything that a briefing may tell, and nothing else.

The fog is here. A side knows its own levers, machine and mind; the goods that reach it and its
firms' applications; what is announced (talks, deals, shocks, allies, the truce in law); and of the
other side's conduct only the signal. Levels, rung, machine, mind and reasons of the other side, and
why its own agencies did what they did, are not read here: a government knows what it ordered and
where its levers stand, so it sees that they differ.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.setting import ORDERED, OUTSIDE, RELIEVED, SLIPPED, Record
from sim.explain.phrases import label, opened
from sim.play.moves import Move
from sim.world.params import LICENCE, NEVER, TARIFF
from sim.world.state import State

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled


@dataclass(frozen=True)
class Goods:
    """What comes through one lever of the other side: shares of normal demand, weeks of use.

    `stock`: what one's own firms hold; `shortage`: the share of their use that is missing;
    `waiting`: weeks of applications at the other's office, None where there is no licence queue.
    `tariff`: nothing is held back, trade shrinks; `shortage` is how that is felt.
    """

    lever: str
    flow: float
    stock: float
    shortage: float
    waiting: float | None
    tariff: bool


@dataclass(frozen=True)
class OwnLever:
    """One's own lever: where it stands, what it is held to, and what a notch would do.

    `counts`: the level held to now; `obligation`: in the end. `owes_service`: by one's own reading
    it owes service as at that level, of which `promised` was promised and `expected` is expected;
    `granted`: the share of normal demand served last week. `why_not_pull`, `why_not_ease`: why it
    cannot be moved, "" if it can. `pull_adds`: what a notch adds to one's rung. `left_now`,
    `left_after`: the share of the other side's demand that the lever lets through at most, now
    and a notch up. `ease_chance`: the chance that an order to ease it is carried out.
    """

    name: str
    before: int
    level: int
    notches: int
    counts: int
    obligation: int
    due: int
    owes_service: bool
    granted: float
    promised: float
    expected: float
    core: bool
    tariff: bool
    why_not_pull: str
    why_not_ease: str
    pull_adds: float
    left_now: float
    left_after: float
    ease_chance: float


def own_levers(compiled: "Compiled", state: State, i: int, before: Any) -> tuple[OwnLever, ...]:
    """The levers of side i; `before` their levels (K,) at the end of the week before."""
    return tuple(_own_lever(compiled, state, i, k, int(before[k])) for k in _levers(compiled, i))


def _levers(compiled: "Compiled", i: int) -> range:
    """The indices of side i's levers."""
    actor = compiled.params.actors[i]
    return range(actor.first_lever, actor.first_lever + actor.n_levers)


def _own_lever(compiled: "Compiled", state: State, i: int, k: int, before: int) -> OwnLever:
    row, now = compiled.params.levers[k], state.levers[k]
    level = int(now.level)
    up = min(level + 1, int(row.notches))
    return OwnLever(
        name=compiled.levers[k].partition(".")[2],
        before=before,
        level=level,
        notches=int(row.notches),
        counts=int(now.counts_own),
        obligation=int(now.obligation),
        due=int(row.due),
        owes_service=bool(row.owes_service),
        granted=float(now.flow),
        promised=float(row.promised),
        expected=float(row.expected),
        core=bool(row.core),
        tariff=bool(row.control == TARIFF),
        why_not_pull=_why_not_pull(row, now),
        why_not_ease="" if level > now.obligation else "it is where it is owed to be",
        pull_adds=float(row.severity) if up > now.counts_own and up > level else 0.0,
        left_now=_flow_left(compiled, now, k, level),
        left_after=_flow_left(compiled, now, k, up),
        ease_chance=_ease_chance(compiled.params.actors[i], row, now),
    )


def _why_not_pull(row: Any, now: Any) -> str:
    if now.gone:
        return "it has been taken away"
    if now.level >= row.notches:
        return "it is pulled as far as it goes"
    if now.level < now.counts_own:
        return "it was eased ahead of its date"
    return ""


def _flow_left(compiled: "Compiled", now: Any, k: int, level: int) -> float:
    """The share of demand that a lever lets through at most at a level."""
    params = compiled.params
    if now.gone:
        return 1.0
    if params.levers[k].control == LICENCE:
        listed = now.listed or level > now.level
        return min(1.0, float(now.capacity * params.allowed[k, level])) if listed else 1.0
    return float(params.left[k, level])


def _ease_chance(actor: Any, row: Any, now: Any) -> float:
    """(1 - friction)(1 - retention v)(1 - insistence learned), as step 3 of the week has it."""
    gain = max(0.0, float(now.value - row.value))
    learned = gain / (1.0 - float(row.value)) if gain > 0 else 0.0
    ease_chance = (1.0 - actor.retention * now.value) * (1.0 - actor.insistence * learned)
    return float((1.0 - row.friction) * ease_chance)


def goods(compiled: "Compiled", state: State, i: int) -> tuple[Goods, ...]:
    """What comes through the other side's levers."""
    return tuple(
        Goods(
            lever=compiled.levers[k],
            flow=float(now.flow),
            stock=float(now.stock),
            shortage=float(now.short),
            waiting=float(now.backlog) if now.listed and not now.gone else None,
            tariff=bool(compiled.params.levers[k].control == TARIFF),
        )
        for k in _levers(compiled, 1 - i)
        for now in (state.levers[k],)
    )


def announced(compiled: "Compiled", state: State, record: Record, week: int) -> list[str]:
    """News of the week that all read: shocks and deals by name, allies that align, talks."""
    news = [f"the shock {compiled.shocks[q]} struck" for q in np.flatnonzero(record.struck[week])]
    deals = record.deals[week] - record.deals[max(week - 1, 0)]
    for m, name in enumerate(compiled.allies):
        k = int(compiled.params.allies[m].lever)
        if week and state.allies[m].joined_week == week and k >= 0:
            news.append(f"{name} aligns with {compiled.levers[k]}")
    if week and state.run[0].talks_week == week:
        news.append("the two sides held talks")
    return news + [f"the deal {compiled.deals[d]} was struck" for d in np.flatnonzero(deals)]


def truce_in_law(compiled: "Compiled", state: State) -> str:
    """Whether a truce is in force, and to when."""
    run = state.run[0]
    if not compiled.params.rules[0].has_truce:
        return "there is no truce"
    if not run.in_force:
        return "no truce is in force"
    which = "the first truce" if run.first_truce else "a renewed truce"
    end = "open-ended" if run.expiry >= NEVER else f"its term ends with week {run.expiry}"
    return f"{which} is in force, {end}"


def policy_chances(
    compiled: "Compiled", state: State, i: int, week: int
) -> tuple[float, float, float]:
    """Chances that i's machine draws retaliate, hold or concede in the next week.

    What it has seen up to the end of `week` is known to it; hopes of talks, restraint and learned
    values, which may overrule the draw, are left out.
    """
    side, params = state.sides[i], compiled.params
    past = week - int(params.actors[i].reaction_delay)
    machine = int(side.start)
    if past >= 1 and past > state.run[0].talks_week:
        memory = state.memory[past, i]
        machine = int(params.following[side.state, 2 * memory.own_bad + memory.sensed_bad])
    first, second = (float(chance) for chance in params.moves[machine])
    return first, second - first, 1.0 - second


def own_acts(
    compiled: "Compiled", state: State, levels: Any, i: int, move: Move, met: bool
) -> Iterator[str]:
    """What became of a move of last week, a sentence each: why it did is hidden.

    levels: those of the week (MOMENTS, K), as a record has them. met: whether talks were held.
    """
    own = {compiled.levers[k]: k for k in _levers(compiled, i)}

    def moved(first: int, second: int) -> Iterator[tuple[str, int, str]]:
        """The levers that moved between two moments: by how much, from where to where."""
        for lever, k in own.items():
            was, now = int(levels[first, k]), int(levels[second, k])
            if was != now:
                yield lever, now - was, f"{was}→{now}"

    for lever, _, change in moved(OUTSIDE, RELIEVED):
        yield opened(f"{label(lever)} {change}: relief that you owed")
    by_order = {lever: by for lever, by, _ in moved(RELIEVED, ORDERED)}
    above = any(levels[RELIEVED, k] > state.levers[k].obligation for k in own.values())
    yield from _not_done(compiled.sides.ids[i], move, by_order, above)
    unasked = [each for each in moved(RELIEVED, ORDERED) if not _asked(move, *each[:2])]
    for lever, _, change in (*unasked, *moved(ORDERED, SLIPPED)):
        yield opened(f"{label(lever)} moved {change} without your order")
    if move.talks and not met:
        yield "Your call for talks brought none"


def _asked(move: Move, lever: str, by: int) -> bool:
    """Whether a move asked for a lever to be moved so."""
    if move.word == "auto":
        return True
    up = {"pull": True, "retaliate": True, "ease": False}.get(move.word)
    return up == (by > 0) and (not move.levers or lever.partition(".")[2] in move.levers)


def _not_done(side: str, move: Move, by_order: Mapping[str, int], above: bool) -> Iterator[str]:
    """Orders that moved nothing, or less than asked; above: whether there was what to ease."""
    way = -1 if move.word == "ease" else 1
    for name, notches in Counter(move.levers).items():
        lever = f"{side}.{name}"
        done = way * by_order.get(lever, 0)
        if done < notches:
            part = " in full" if done > 0 else ""
            yield f"Your order to {move.word} {label(lever)} was not carried out{part}"
    if move.levers or any(way * by > 0 for by in by_order.values()):
        return
    if move.word == "ease":
        none = "was not carried out" if above else "found nothing above what you owe"
        yield f"Your order to ease {none}"
    if move.word == "retaliate":
        yield "Your order to retaliate moved no lever"
