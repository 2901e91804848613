"""Reads the trace of a run off the engine's record of it, so it is the batch's run, bit for bit."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.record import CLOSED, ORDERED, OUTSIDE, RELIEVED, SLIPPED, Record
from sim.explain.weeks import (
    Change,
    LeverWeek,
    Origin,
    Outcome,
    Reading,
    SideWeek,
    Trace,
    Week,
)
from sim.world.outcomes import CURVES, ONCE
from sim.world.params import NEVER
from sim.world.state import CAUSES, MOVES, NO_ORDER, SHOCK_ACT, TRUCE_ENDED

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: From the index of a lever that moved to (reason, item).
Why = Callable[[int], tuple[str, str]]


def trace_run(
    scenario: "Scenario",
    seed: int,
    run: int,
    only: bool = False,
    governments: Mapping[str, Any] | None = None,
) -> Trace:
    """Play one run and keep all of it; `only` it, so that nobody waits for the compiler.

    governments: subclasses of `sim.Government` by side, in place of the scenario's policies.
    Raises ValueError for a seed or a run out of range, AgentError for a government that is none
    or that answers with what is no move.
    """
    if governments:
        from sim.engines.governed import record_governed

        record = record_governed(scenario, seed, run, governments)
        trace = read_record(scenario.of_run(run), record, seed, run)
        return replace(trace, governments=dict(governments))
    from sim.engines import plain

    played = scenario.of_run(run) if run >= 0 else scenario
    params = played.compiled.params
    if only and plain.is_quicker():
        return read_record(played, plain.record_plainly(params, seed, run), seed, run)
    from sim.engines.trace import record_run

    return read_record(played, record_run(params, seed, run), seed, run)


def read_record(
    scenario: "Scenario", record: Record, seed: int, run: int, weeks: int | None = None
) -> Trace:
    """The trace of a run from the engine's record of it, or of its first `weeks` weeks."""
    last = scenario.compiled.weeks if weeks is None else weeks
    return _Reader(scenario, record).trace(seed, run, last)


@cache
def _row(names: tuple[str, ...]) -> Any:
    """A kind of named tuple: made once, as making one takes longer than reading a week."""
    return namedtuple("_row", names)


def _rows(table: np.ndarray) -> Any:
    """A table of records as lists of named tuples, which answer ten times faster than its rows."""
    row = _row(table.dtype.names or ())

    def named(part: Any) -> Any:
        return row._make(part) if isinstance(part, tuple) else [named(each) for each in part]

    return named(table.tolist())


class _Reader:
    """Reads a Record with the names of its scenario."""

    def __init__(self, scenario: "Scenario", record: Record) -> None:
        self.scenario = scenario
        self.compiled = scenario.compiled
        self.params = scenario.compiled.params
        self.record = record
        self.run, self.sides = _rows(record.run), _rows(record.sides)
        self.seen, self.now = _rows(record.seen), _rows(record.levers_seen)
        self.memory = _rows(record.memory)
        self.actors, self.rules = _rows(self.params.actors), _rows(self.params.rules)[0]
        self.ids = scenario.sides.ids

    @cached_property
    def owners(self) -> list[str]:
        """The side that owns each lever."""
        return [self.ids[int(owner)] for owner in self.params.levers["owner"]]

    def trace(self, seed: int, run: int, last: int) -> Trace:
        weeks = tuple(self.week(t) for t in range(1, last + 1))
        start = tuple(self.levers(0))
        return Trace(self.scenario, seed, run, start, weeks, self.outcome())

    def week(self, t: int) -> Week:
        run, before = self.run[t], self.run[t - 1]
        ended = self.ended_by(t)
        lapsed = bool(before.in_force and not run.in_force and not ended)
        extended = bool(before.in_force and run.in_force and t == before.expiry) and not ended
        return Week(
            number=t,
            date=self.scenario.date_of_week(t),
            us=self.side(t, 0),
            cn=self.side(t, 1),
            levers=tuple(self.levers(t)),
            changes=tuple(self.changes(t)),
            shocks=self.struck(t),
            joined=self.joined(t),
            talks=bool(run.talks_week == t),
            talks_forced=bool(run.talks_week == t and self.forces_talks(t)),
            deals=self.deals(t),
            in_force=bool(run.in_force),
            first_truce=bool(run.first_truce),
            expiry=int(run.expiry) if run.in_force and run.expiry < NEVER else None,
            mutual=self.mutual(t),
            ruptured=self.ruptured(t),
            extended=extended,
            lapsed=lapsed,
            renewed=bool(run.renewals > before.renewals),
            ended_by=ended,
        )

    def side(self, t: int, i: int) -> SideWeek:
        record, actor = self.record, self.actors[i]
        before, reading, end = self.sides[t - 1][i], self.seen[t][i], self.sides[t][i]
        noise = not self.rules.flip
        drew = MOVES[int(reading.move)]
        failed = bool(noise and drew == "retaliate" and reading.luck_slip_fail < actor.slip_fail)
        weeks = int(before.violation_run) + 1 if reading.rung > 0 else 0
        return SideWeek(
            who=self.ids[i],
            state_before=self.compiled.state_name(int(before.state)),
            state=self.compiled.state_name(int(reading.state)),
            move=drew,
            tempted=bool(reading.tempted),
            insists=bool(reading.insists),
            restrained=bool(reading.restrained),
            ordered=bool(reading.ordered != NO_ORDER),
            aim=self.aim(t, i),
            luck=float(reading.luck_move),
            acted_on=self.reading(int(reading.reading), i) if reading.reading > 0 else None,
            reading=self.reading(t, i),
            order_failed=failed,
            first_up=self.lever_name(int(record.first_up[t, i])),
            first_down=self.lever_name(int(record.first_down[t, i])),
            slipped=bool(reading.luck_slip < reading.slip),
            rung_start=float(before.rung),
            rung=float(reading.rung),
            rung_end=float(end.rung),
            origin=self.origin(reading),
            violation_weeks=weeks,
            belief=float(reading.bad_count / (reading.good_count + reading.bad_count)),
            accuses=bool(reading.accuses),
            shortage=float(reading.felt),
            pressure=float(reading.pressure),
            owes=float(end.relief_rung),
            owes_from=int(end.relief_week) if end.relief_rung > 0 else 0,
            backed_down=bool(reading.backed_down),
        )

    def aim(self, t: int, i: int) -> float:
        """The rung that an answer of side i climbs to in week t (docs/model.md, step 3)."""
        reading, actor = self.seen[t][i], self.actors[i]
        if reading.reading == 0 or reading.tempted:
            return float(actor.proportionality)
        offence = max(1.0, float(self.memory[int(reading.reading)][i].offence))
        felt = float(self.sides[t - 1][i].felt)
        return float(actor.proportionality) * offence * (1.0 + float(actor.hurt) * felt)

    def reading(self, t: int, i: int) -> Reading:
        past, seen = self.memory[t][i], self.seen[t][i]
        other = self.seen[t][1 - i]
        return Reading(
            week=t,
            own_bad=bool(past.own_bad),
            saw_bad=bool(past.saw_bad),
            sensed_bad=bool(past.sensed_bad),
            violated=bool(past.other_violates),
            alarm=CAUSES[past.alarm] if past.alarm >= 0 else "",
            gap=float(seen.gap),
            below_promise=bool(other.own_bad and other.rung <= 0),
            gap_lever=self.lever_name(int(seen.gap_lever)),
            denied=bool(seen.denial > 0),
            offence=float(past.offence),
        )

    def levers(self, t: int) -> Iterator[LeverWeek]:
        names, rows = self.compiled.levers, self.params.levers
        for name, row, now in zip(names, rows, self.now[t], strict=True):
            boosted = bool(t <= now.boost_until)
            yield LeverWeek(
                name=name,
                level=int(now.level),
                counts=int(now.counts),
                obligation=int(now.obligation),
                queue=bool(now.listed and not now.gone),
                gone=bool(now.gone),
                flow=float(now.flow),
                service=float(now.service),
                backlog=float(now.backlog),
                stock=float(now.stock),
                shortage=float(now.short),
                dependence=float(now.dependence),
                capacity=float(now.capacity),
                able=float(row.capacity_after_talks if boosted else now.capacity),
                boosted=boosted,
                value=float(now.value),
            )

    def changes(self, t: int) -> Iterator[Change]:
        """Every lever that moved, by the moments between which it did."""
        levels = self.record.levels[t]
        last = self.record.levels[t - 1, CLOSED]
        yield from self.moved(last, levels[OUTSIDE], self.by_shock(t))
        yield from self.moved(levels[OUTSIDE], levels[RELIEVED], lambda k: ("relief", ""))
        yield from self.moved(levels[RELIEVED], levels[ORDERED], self.by_order(t))
        yield from self.moved(levels[ORDERED], levels[SLIPPED], lambda k: ("slip", ""))
        yield from self.moved(levels[SLIPPED], levels[CLOSED], self.by_deal(t))

    def moved(self, before: Any, after: Any, why: Why) -> Iterator[Change]:
        for k in np.flatnonzero(before != after).tolist():
            levels = int(before[k]), int(after[k])
            yield Change(self.compiled.levers[k], self.owners[k], *levels, *why(k))

    def by_shock(self, t: int) -> Why:
        shocks, struck = self.params.shocks, self.record.struck[t]
        names = self.compiled.shocks

        def why(k: int) -> tuple[str, str]:
            acted = [q for q in np.flatnonzero(struck).tolist() if shocks[q].lever == k]
            return "shock", ", ".join(names[q] for q in acted)

        return why

    def by_order(self, t: int) -> Why:
        flip = bool(self.rules.flip)

        def why(k: int) -> tuple[str, str]:
            i = int(self.params.levers[k].owner)
            reading = self.seen[t][i]
            if flip and reading.luck_slip < self.actors[i].slip:
                return "flip", ""
            return ("retaliation" if MOVES[int(reading.move)] == "retaliate" else "concession"), ""

        return why

    def by_deal(self, t: int) -> Why:
        struck = self.deals(t)
        terms, names = self.params.deals, self.compiled.deals

        def why(k: int) -> tuple[str, str]:
            acted = {names[int(term.deal)]: 0 for term in terms if term.lever == k}
            return "deal", ", ".join(name for name in acted if name in struck)

        return why

    def ruptured(self, t: int) -> int:
        """Weeks of both at the rung of a rupture or above without a break, before talks."""
        least = min(side.rung for side in self.seen[t])
        both = 0 < least >= self.rules.rupture_rung
        return int(self.run[t - 1].ruptured) + 1 if both else 0

    def struck(self, t: int) -> tuple[str, ...]:
        came = np.flatnonzero(self.record.struck[t]).tolist()
        return tuple(self.compiled.shocks[q] for q in came)

    def forces_talks(self, t: int) -> bool:
        return bool(self.params.shocks["talks"][self.record.struck[t] == 1].any())

    def deals(self, t: int) -> tuple[str, ...]:
        new = np.flatnonzero(self.record.deals[t] > self.record.deals[t - 1]).tolist()
        return tuple(self.compiled.deals[d] for d in new)

    def joined(self, t: int) -> tuple[str, ...]:
        new = np.flatnonzero(self.record.allies[t].joined_week == t).tolist()
        return tuple(self.compiled.allies[m] for m in new)

    def mutual(self, t: int) -> int:
        both = all(side.rung > 0 for side in self.seen[t])
        return int(self.run[t - 1].mutual) + 1 if both else 0

    def ended_by(self, t: int) -> str:
        """What ended the truce that was in force, other than a lapse (step 9)."""
        if not self.run[t - 1].in_force:
            return ""
        if self.params.shocks["ends_truce"][self.record.struck[t] == 1].any():
            return "act"
        now, armed = self.record.levers_seen[t], self.record.levers[t - 1].armed
        above = (self.params.levers["core"] == 1) & (armed == 1) & (now.level > now.counts)
        return "core" if above.any() else ""

    def lever_name(self, k: int) -> str:
        return self.compiled.levers[k] if k >= 0 else ""

    def origin(self, side: Any) -> Origin | None:
        if side.origin < 0:
            return None
        cause, item = int(side.origin), int(side.origin_item)
        return self.named(cause, int(side.origin_who), item, int(side.origin_week))

    def named(self, cause: int, who: int, item: int, week: int) -> Origin:
        shocks = cause in (SHOCK_ACT, TRUCE_ENDED)
        names = self.compiled.shocks if shocks else self.compiled.levers
        return Origin(CAUSES[cause], self.ids[who], names[item] if item >= 0 else "", week)

    def outcome(self) -> Outcome:
        row = self.record.row[0]
        trigger = None
        if row.cause >= 0:
            numbers = (row.cause, row.cause_who, row.cause_item, row.cause_week)
            trigger = self.named(*(int(number) for number in numbers))
        return Outcome(
            ended={rule.name: int(row[rule.field]) or None for rule in CURVES},
            came={rule.name: bool(row[rule.field]) for rule in ONCE},
            lapse_week=int(row.lapse_week) or None,
            first_talks=int(row.first_talks) or None,
            talks=int(row.talks_count),
            trigger=trigger,
            payoff=(float(row.payoff_us), float(row.payoff_cn)),
            harm=(float(row.harm_us), float(row.harm_cn)),
        )
