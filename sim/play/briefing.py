"""The briefing of a week: what one side sees as it decides, in words; what it cannot do now."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engines.setting import CLOSED, Record
from sim.errors import Problem, one_of, printable
from sim.explain.phrases import Names, label, number, opened
from sim.outcomes.definitions import date_text
from sim.play import side_view
from sim.play.moves import Move
from sim.scenario.calendar import first_day
from sim.scenario.sides import Sides
from sim.world.state import State

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled


@dataclass(frozen=True)
class Briefing:
    """What `side` sees before week `week` (from 1), which begins on `date`.

    `acts`: what became of one's own orders of last week, where it is not what was ordered.
    `signal`: how the other side looked last week, "good" or "bad" (None before week 1); `offence`:
    how bad that looked, in rungs; `gap`: the shortfall seen in its licence offices, 0 to 1, widest
    at `gap_lever`, against the service expected of it, `gap_expected`; `gap_weighed`: whether
    shortage at home weighs it. `belief`: the chance of it being bad; `shortage`, `pressure`: 0
    to 1; `rung`: where one's own levers stand above what one owes. `most_pulls`: notches that can
    be pulled in a week, `one_each`: of so many levers. `talks_from`: the first week past the
    cooldown of talks, `early_talks`: the weekly chance of talks before it; `owes`: the rung one
    owes relief on, 0: none. `policy`: the chances of retaliate, hold and concede by one's own
    policy. `sides`: who both are.
    """

    side: str
    week: int
    weeks: int
    date: datetime.date
    truce: str
    news: tuple[str, ...]
    acts: tuple[str, ...]
    signal: str | None
    offence: float
    gap: float
    gap_lever: str
    gap_expected: float
    gap_weighed: bool
    belief: float
    shortage: float
    pressure: float
    rung: float
    talks_from: int
    early_talks: float
    owes: float
    owes_from: int
    goods: tuple[side_view.Goods, ...]
    levers: tuple[side_view.OwnLever, ...]
    most_pulls: int
    one_each: bool
    policy: tuple[float, float, float]
    sides: Sides

    @property
    def other_side(self) -> str:
        """The other side's name, in a sentence."""
        return self.sides.other(self.side).short

    def lever(self, name: str) -> side_view.OwnLever:
        """One's own lever of a name without owner. Raises KeyError if there is none."""
        return {lever.name: lever for lever in self.levers}[name]

    def __str__(self) -> str:
        row = "    {} {} ({}). pull: {}; ease: {}"
        levers = (row.format(*lever_cells(lever)) for lever in self.levers)
        return "\n".join((*sight(self), "  Your levers:", *levers))


def briefing_of(
    compiled: "Compiled", state: State, record: Record, week: int, side: str, move: Move | None
) -> Briefing:
    """The briefing of a side at the end of week `week`, before the next.

    `record` has the levels of the weeks, and what came in them; `move`: what was ordered for it.
    """
    last = max(week - 1, 0)
    i = compiled.sides.ids.index(side)
    me, run, params = state.sides[i], state.run[0], compiled.params
    actor, gap_lever = params.actors[i], int(me.gap_lever)
    levels, met = record.levels[week], bool(week and run.talks_week == week)
    return Briefing(
        side=side,
        week=week + 1,
        weeks=compiled.weeks,
        date=first_day(compiled.start, week + 1),
        truce=side_view.truce_in_law(compiled, state),
        news=tuple(side_view.announced(compiled, state, record, week)),
        acts=tuple(side_view.own_acts(compiled, state, levels, i, move, met)) if move else (),
        signal=("bad" if me.saw_bad else "good") if week else None,
        offence=float(me.offence),
        gap=float(me.gap),
        gap_lever=compiled.levers[gap_lever] if gap_lever >= 0 else "",
        gap_expected=float(params.levers[gap_lever].expected) if gap_lever >= 0 else 0.0,
        gap_weighed=bool(actor.felt < 1),
        belief=float(me.bad_count / (me.good_count + me.bad_count)),
        shortage=float(me.felt),
        pressure=float(me.pressure),
        rung=float(me.rung_own),
        talks_from=max(week, int(run.no_talks_until)) + 1,
        early_talks=float(params.rules[0].cooldown_rate),
        owes=float(me.relief_rung),
        owes_from=int(me.relief_week) if me.relief_rung > 0 else 0,
        goods=side_view.goods(compiled, state, i),
        levers=side_view.own_levers(compiled, state, i, record.levels[last, CLOSED]),
        most_pulls=int(actor.package or actor.stride),
        one_each=bool(actor.package),
        policy=side_view.policy_chances(compiled, state, i, week),
        sides=compiled.sides,
    )


def sight(briefing: Briefing) -> Iterator[str]:
    """The briefing in words, a line each, without one's own levers."""
    me = opened(briefing.sides.of(briefing.side).short)
    yield f"{me}: week {briefing.week} of {briefing.weeks}, from {date_text(briefing.date)}"
    yield f"  {opened(briefing.truce)}."
    yield from (f"  News: {printable(news)}." for news in briefing.news)
    yield from (f"  {act}." for act in briefing.acts)
    yield f"  {_reading(briefing)}"
    yield (
        f"  You hold it {briefing.belief:.0%} likely that {briefing.other_side} plays badly; "
        f"shortage at home {briefing.shortage:.0%}, pressure to talk {briefing.pressure:.0%}."
    )
    if briefing.rung > 0:
        above = f"stand {number(briefing.rung)} above the levels they are held to"
        yield f"  Your own levers {above} now: a violation."
    else:
        yield "  None of your own levers stands above the level it is held to now: no violation."
    yield from (f"  {text}" for text in _service(briefing))
    yield from (f"  {text}" for text in _goods(briefing))
    early = f"; before it, by a chance of {briefing.early_talks:.0%} a week at most"
    soon = early if briefing.early_talks and briefing.talks_from > briefing.week else ""
    yield f"  Talks can be held from week {briefing.talks_from} on{soon}.{_owed(briefing)}"


def talks_notice(briefing: Briefing) -> str:
    """What to say of a call for talks that is made too early; "" in time."""
    if briefing.talks_from <= briefing.week:
        return ""
    early = f"has a chance of {briefing.early_talks:.0%} a week at most"
    how = early if briefing.early_talks else "brings none"
    return f"Talks can be held from week {briefing.talks_from} on; a call before it {how}."


def _reading(briefing: Briefing) -> str:
    other = briefing.other_side
    if briefing.signal is None:
        return f"You have not yet seen what {other} does."
    if briefing.signal == "good":
        return f"It looks as if {other} kept to the terms last week."
    how_bad = f"offence {number(briefing.offence)}"
    if briefing.gap_lever and briefing.gap > 0:
        weighed = ", weighed by the shortage at home" if briefing.gap_weighed else ""
        how_bad += (
            f"; its {label(briefing.gap_lever)} licences fall {briefing.gap:.0%} short of the "
            f"{briefing.gap_expected:.0%} of the service owed that you expect{weighed}"
        )
    return f"It looks as if {other} broke the terms last week ({how_bad})."


def _service(briefing: Briefing) -> Iterator[str]:
    """What one's own licence offices owe, and give."""
    for lever in briefing.levers:
        if lever.owes_service:
            last = f": {lever.granted:.0%} of normal demand was granted last week"
            yield (
                f"Your {label(f'{briefing.side}.{lever.name}')} licences owe service, not a level"
                f"{last if briefing.week > 1 else ''}; you promised {lever.promised:.0%} of the "
                f"service owed, {briefing.other_side} expects {lever.expected:.0%}."
            )


def _goods(briefing: Briefing) -> Iterator[str]:
    """The goods that do not come in full."""
    names = Names(briefing.sides)
    for good in briefing.goods:
        if good.flow < 1 or good.shortage > 0 or (good.waiting or 0) > 0.05:
            said = _under_tariff if good.tariff else _held_back
            if text := "; ".join(said(good, briefing.week > 1)):
                yield opened(f"{names.lever(good.lever)}: {text}.")


def _under_tariff(good: side_view.Goods, came: bool) -> Iterator[str]:
    if came:
        yield f"trade under it is {good.flow:.0%} of normal"
    if good.shortage > 0:
        yield f"that is felt like {good.shortage:.0%} missing"


def _held_back(good: side_view.Goods, came: bool) -> Iterator[str]:
    flows = [f"{good.flow:.0%} of normal demand came"] if came else []
    waits = [f"{good.waiting:.1f} weeks of applications wait"] if good.waiting else []
    if flows or waits:
        yield ", ".join((*flows, *waits))
    missing = f", {good.shortage:.0%} missing" if good.shortage > 0 else ""
    yield f"stocks for {good.stock:.1f} weeks{missing}"


def _owed(briefing: Briefing) -> str:
    """The relief of the last talks: what it is owed on was so then, and may be eased by now."""
    if briefing.owes <= 0:
        return ""
    office = any(lever.owes_service for lever in briefing.levers)
    counted = ", an office that gave less than you promised counted in" if office else ""
    return (
        f" At the last talks you stood {number(briefing.owes)} above what you owe{counted}: relief "
        f"on that is due from week {briefing.owes_from} on."
    )


def lever_cells(lever: side_view.OwnLever) -> tuple[str, str, str, str, str]:
    """One lever: its name, where it stands, what it is held to, and what a notch would do."""
    moved = f"{lever.before}→{lever.level}" if lever.before != lever.level else f"{lever.level}"
    limit = f"held to {lever.counts}"
    if lever.owes_service:
        limit += f", owes service as at {lever.obligation}"
    elif lever.counts != lever.obligation:
        limit += f", {lever.obligation} after week {lever.due}"
    limit += ", core of the truce" if lever.core else ""
    up = lever.why_not_pull or (
        f"adds {number(lever.pull_adds)} to your rung, lets {lever.left_after:.0%} through "
        f"(now {lever.left_now:.0%})"
    )
    down = lever.why_not_ease or f"carried out with chance {lever.ease_chance:.2f}"
    return lever.name, f"{moved} of {lever.notches}", limit, up, down


def refusals(briefing: Briefing, move: Move) -> Iterator[Problem]:
    """Why a move cannot be made as things stand; nothing if it can."""
    place = f"{briefing.side}, week {briefing.week}"
    for found, allowed in _refused(briefing, move) if move.word in ("pull", "ease") else ():
        yield Problem("play", None, place, f"{move.word} {found}", allowed)


def _refused(briefing: Briefing, move: Move) -> Iterator[tuple[str, str]]:
    """What is refused of a move that names levers, and what is allowed."""
    pulls = move.word == "pull"
    why_not = {
        lever.name: lever.why_not_pull if pulls else lever.why_not_ease for lever in briefing.levers
    }
    can = one_of([name for name, why in why_not.items() if not why])
    if pulls and len(move.levers) > briefing.most_pulls:
        yield f"with {len(move.levers)} notches", f"at most {briefing.most_pulls} a week"
    for name, notches in Counter(move.levers).items():
        lever = briefing.lever(name)
        left = lever.notches - lever.level
        if why_not[name]:
            yield f"{name}: {why_not[name]}", can or "none of your levers, now: hold"
        elif pulls and briefing.one_each and notches > 1:
            yield f"{name} by {notches}", "one notch of each"
        elif pulls and notches > left:
            yield f"{name} by {notches}", f"{left} of its {lever.notches} notches are left"
