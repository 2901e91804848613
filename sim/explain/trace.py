"""Reads the trace of a run off the engine's record of it, so it is the batch's run, bit for bit."""

from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.setting import CLOSED, ORDERED, OUTSIDE, RELIEVED, SLIPPED, Record
from sim.explain.weeks import Change, LeverWeek, Origin, Outcome, Reading, SideWeek, Trace, Week
from sim.world.outcomes import CURVES, ONCE
from sim.world.params import NEVER
from sim.world.state import CAUSES, MOVES, NO_ORDER, SHOCK_ACT, TRUCE_ENDED

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: What a trace has of a side and of a lever as the record has it.
_FLAGS = ("tempted", "insists", "restrained", "accuses", "backed_down")
_OF_A_LEVER = (
    *("level", "counts", "obligation", "flow", "service", "backlog", "stock"),
    *("dependence", "capacity", "value"),
)


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
        from sim.engines.mesa_batch import record_governed

        record = record_governed(scenario, seed, run, governments)
        trace = read_record(scenario.of_run(run), record, seed, run)
        return replace(trace, governments=dict(governments))
    from sim.engines import compiling

    played = scenario.of_run(run) if run >= 0 else scenario
    params = played.compiled.params
    if only and compiling.plain_is_quicker():
        return read_record(played, compiling.record_plainly(params, seed, run), seed, run)
    from sim.engines.trace import record_run

    return read_record(played, record_run(params, seed, run), seed, run)


def read_record(
    scenario: "Scenario", record: Record, seed: int, run: int, weeks: int | None = None
) -> Trace:
    """The trace of a run from the engine's record of it, or of its first `weeks` weeks."""
    last = scenario.compiled.weeks if weeks is None else weeks
    reader = _Reader(scenario, record)
    read = tuple(reader.week(t) for t in range(1, last + 1))
    return Trace(scenario, seed, run, reader.levers_of(0), read, reader.outcome())


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


def _called(names: Sequence[str], came: np.ndarray) -> tuple[str, ...]:
    """The names of those that came."""
    return tuple(names[k] for k in np.flatnonzero(came).tolist())


class _Reader:
    """Reads a Record with the names of its scenario."""

    def __init__(self, scenario: "Scenario", record: Record) -> None:
        self.scenario, self.record = scenario, record
        self.compiled, self.params = scenario.compiled, scenario.compiled.params
        self.run, self.sides, self.seen = map(_rows, (record.run, record.sides, record.seen))
        self.now, self.memory = _rows(record.levers_seen), _rows(record.memory)
        self.actors, self.levers = _rows(self.params.actors), _rows(self.params.levers)
        self.rules = _rows(self.params.rules)[0]
        self.ids = scenario.sides.ids

    def week(self, t: int) -> Week:
        run, before = self.run[t], self.run[t - 1]
        ended = self.ended_by(t)
        least = min(side.rung for side in self.seen[t])
        return Week(
            number=t,
            date=self.scenario.date_of_week(t),
            us=self.side(t, 0),
            cn=self.side(t, 1),
            levers=self.levers_of(t),
            changes=tuple(self.changes(t)),
            shocks=_called(self.compiled.shocks, self.record.struck[t]),
            joined=_called(self.compiled.allies, self.record.allies[t].joined_week == t),
            talks=run.talks_week == t,
            talks_forced=run.talks_week == t and self.some_shock(t, "talks"),
            deals=self.deals(t),
            in_force=bool(run.in_force),
            first_truce=bool(run.first_truce),
            expiry=run.expiry if run.in_force and run.expiry < NEVER else None,
            mutual=before.mutual + 1 if least > 0 else 0,
            ruptured=before.ruptured + 1 if 0 < least >= self.rules.rupture_rung else 0,
            extended=bool(before.in_force and run.in_force) and t == before.expiry and not ended,
            lapsed=bool(before.in_force and not run.in_force and not ended),
            renewed=run.renewals > before.renewals,
            ended_by=ended,
        )

    def side(self, t: int, i: int) -> SideWeek:
        actor, before, seen, end = (
            table[i] for table in (self.actors, self.sides[t - 1], self.seen[t], self.sides[t])
        )
        drew = MOVES[seen.move]
        failed = not self.rules.flip and drew == "retaliate"
        return SideWeek(
            who=self.ids[i],
            state_before=self.compiled.state_name(before.state),
            state=self.compiled.state_name(seen.state),
            move=drew,
            **{flag: bool(getattr(seen, flag)) for flag in _FLAGS},
            ordered=seen.ordered != NO_ORDER,
            aim=self.aim(t, i),
            luck=seen.luck_move,
            acted_on=self.reading(seen.reading, i) if seen.reading > 0 else None,
            reading=self.reading(t, i),
            order_failed=failed and seen.luck_slip_fail < actor.slip_fail,
            first_up=self.lever_name(self.record.first_up[t, i]),
            first_down=self.lever_name(self.record.first_down[t, i]),
            slipped=seen.luck_slip < seen.slip,
            rung_start=before.rung,
            rung=seen.rung,
            rung_end=end.rung,
            origin=self.origin(seen.origin, seen.origin_who, seen.origin_item, seen.origin_week),
            violation_weeks=before.violation_run + 1 if seen.rung > 0 else 0,
            belief=seen.bad_count / (seen.good_count + seen.bad_count),
            shortage=seen.felt,
            pressure=seen.pressure,
            owes=end.relief_rung,
            owes_from=end.relief_week if end.relief_rung > 0 else 0,
        )

    def aim(self, t: int, i: int) -> float:
        """The rung that an answer of side i climbs to in week t (docs/model.md, step 3)."""
        seen, actor = self.seen[t][i], self.actors[i]
        if seen.reading == 0 or seen.tempted:
            return float(actor.proportionality)
        offence = max(1.0, self.memory[seen.reading][i].offence)
        felt = self.sides[t - 1][i].felt
        return float(actor.proportionality * offence * (1.0 + actor.hurt * felt))

    def reading(self, t: int, i: int) -> Reading:
        past, seen, other = self.memory[t][i], self.seen[t][i], self.seen[t][1 - i]
        return Reading(
            week=t,
            own_bad=bool(past.own_bad),
            saw_bad=bool(past.saw_bad),
            sensed_bad=bool(past.sensed_bad),
            violated=bool(past.other_violates),
            alarm=CAUSES[past.alarm] if past.alarm >= 0 else "",
            gap=seen.gap,
            below_promise=bool(other.own_bad and other.rung <= 0),
            gap_lever=self.lever_name(seen.gap_lever),
            denied=seen.denial > 0,
            offence=past.offence,
        )

    def levers_of(self, t: int) -> tuple[LeverWeek, ...]:
        """The levers as they stand when the readings of a week are made, or at the start (0)."""
        return tuple(
            LeverWeek(
                name=name,
                queue=bool(now.listed and not now.gone),
                gone=bool(now.gone),
                shortage=now.short,
                able=row.capacity_after_talks if t <= now.boost_until else now.capacity,
                boosted=t <= now.boost_until,
                **{field: getattr(now, field) for field in _OF_A_LEVER},
            )
            for name, row, now in zip(self.compiled.levers, self.levers, self.now[t], strict=True)
        )

    def changes(self, t: int) -> Iterator[Change]:
        """Every lever that moved, by the moments between which it did."""
        before = self.record.levels[t - 1, CLOSED]
        for moment in (OUTSIDE, RELIEVED, ORDERED, SLIPPED, CLOSED):
            after = self.record.levels[t, moment]
            for k in np.flatnonzero(before != after).tolist():
                owner, levels = self.ids[self.levers[k].owner], (int(before[k]), int(after[k]))
                yield Change(self.compiled.levers[k], owner, *levels, *self.why(t, moment, k))
            before = after

    def why(self, t: int, moment: int, k: int) -> tuple[str, str]:
        """Why a lever had moved by a moment of a week, and the shocks or deals that moved it."""
        if moment == OUTSIDE:
            acted = (self.record.struck[t] != 0) & (self.params.shocks["lever"] == k)
            return "shock", ", ".join(_called(self.compiled.shocks, acted))
        if moment == CLOSED:
            terms = dict.fromkeys(term.deal for term in self.params.deals if term.lever == k)
            acted = (self.compiled.deals[deal] for deal in terms)
            return "deal", ", ".join(name for name in acted if name in self.deals(t))
        if moment == ORDERED:
            i = self.levers[k].owner
            seen = self.seen[t][i]
            if self.rules.flip and seen.luck_slip < self.actors[i].slip:
                return "flip", ""
            return ("retaliation" if MOVES[seen.move] == "retaliate" else "concession"), ""
        return ("relief" if moment == RELIEVED else "slip"), ""

    def deals(self, t: int) -> tuple[str, ...]:
        return _called(self.compiled.deals, self.record.deals[t] > self.record.deals[t - 1])

    def some_shock(self, t: int, effect: str) -> bool:
        """Whether a shock of the week has an effect."""
        return bool(self.params.shocks[effect][self.record.struck[t] == 1].any())

    def ended_by(self, t: int) -> str:
        """What ended the truce that was in force, other than a lapse (step 9)."""
        if not self.run[t - 1].in_force:
            return ""
        if self.some_shock(t, "ends_truce"):
            return "act"
        now, armed = self.record.levers_seen[t], self.record.levers[t - 1].armed
        above = (self.params.levers["core"] == 1) & (armed == 1) & (now.level > now.counts)
        return "core" if above.any() else ""

    def lever_name(self, k: int) -> str:
        return self.compiled.levers[k] if k >= 0 else ""

    def origin(self, cause: int, who: int, item: int, week: int) -> Origin | None:
        if cause < 0:
            return None
        shocks = cause in (SHOCK_ACT, TRUCE_ENDED)
        names = self.compiled.shocks if shocks else self.compiled.levers
        return Origin(CAUSES[cause], self.ids[who], names[item] if item >= 0 else "", week)

    def outcome(self) -> Outcome:
        row = _rows(self.record.row)[0]
        return Outcome(
            ended={rule.name: getattr(row, rule.field) or None for rule in CURVES},
            came={rule.name: bool(getattr(row, rule.field)) for rule in ONCE},
            lapse_week=row.lapse_week or None,
            first_talks=row.first_talks or None,
            talks=row.talks_count,
            trigger=self.origin(row.cause, row.cause_who, row.cause_item, row.cause_week),
            payoff=(row.payoff_us, row.payoff_cn),
            harm=(row.harm_us, row.harm_cn),
        )
