"""Checks that concern several fields of a scenario at once."""

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any

from pydantic import BaseModel

from sim.errors import KeyPath, PolicyError, Problem, nearest, quoted
from sim.scenario.checks_levers import (
    calendar_findings,
    deal_findings,
    followed_findings,
    lever_findings,
    no_lever,
    shock_findings,
)
from sim.scenario.compile_actors import machine_of
from sim.scenario.compile_bands import highest_rung
from sim.scenario.ranges import range_findings, source_findings
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_world import SLOTS
from sim.scenario.sides import sequencings
from sim.world.state import MOST_LEVERS

#: Fields of an ally that act through the lever it may join.
OF_JOINING = ("coverage", "h", "psi", "lag_weeks")
#: What a reading may not change: it would no longer be the same question.
FIXED = ("title", "description", "start", "as_of", "weeks", "readings", "ranges", "sources")


def is_unsound(spec: ScenarioSpec, changed: Collection[KeyPath]) -> bool:
    """Whether a sound scenario has an error since values were written into some of its tables.

    changed: paths of those levers and actors, of `talks` and `truce`, in which no list or name was
    written. What such a value cannot make an error of is not looked at.
    """
    looked_at = (
        actor_findings(spec),
        sequencing_findings(spec),
        policy_findings(spec, changed),
        lever_findings(spec, changed),
        shock_findings(spec),
        deal_findings(spec),
        range_findings(spec),
    )
    return any(finding.fatal for finding in chain.from_iterable(looked_at))


def findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Everything that does not fit together, errors and warnings."""
    calendar = list(calendar_findings(spec))
    if calendar:
        yield from calendar
        return
    yield from room_findings(spec)
    yield from followed_findings(spec)
    yield from actor_findings(spec)
    yield from sequencing_findings(spec)
    yield from grace_findings(spec)
    yield from policy_findings(spec)
    yield from lever_findings(spec)
    yield from truce_findings(spec)
    yield from ally_findings(spec)
    yield from shock_findings(spec)
    yield from deal_findings(spec)
    yield from stage_findings(spec)
    yield from idle_findings(spec)
    yield from reading_findings(spec)
    yield from range_findings(spec)
    yield from source_findings(spec)


def room_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Levers lie side by side in columns that have room for so many."""
    count = sum(len(levers) for levers in spec.levers.values())
    if count > MOST_LEVERS:
        allowed = f"at most {MOST_LEVERS} of both sides together"
        yield Problem.at(("levers",), f"{count} levers", allowed)


def actor_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Errors of perception must leave a signal some meaning: α + β ≤ 1.

    A package holds a notch of each lever, so at most as many as its side has.
    """
    for side, actor in spec.actors.items():
        total = actor.false_alarm + actor.miss
        if total > 1:
            path = ("actors", side, "miss")
            found = f"false_alarm {actor.false_alarm:g} and miss {actor.miss:g}, {total:g} together"
            yield Problem.at(path, found, "at most 1 together")
        most = len(spec.levers.get(side, {}))
        if actor.package > most:
            allowed = f"0 to {most}, the levers of {side}"
            yield Problem.at(("actors", side, "package"), f"{actor.package}", allowed)


def grace_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """A grace that outlasts the term, and what hangs on a grace where there is none."""
    grace, term = spec.talks.grace_weeks, spec.truce.term_weeks if spec.truce else None
    if term is not None and grace > term:
        advice = f"at most {term}, the term: nobody would escalate in a renewed truce"
        yield Problem.warning(("talks", "grace_weeks"), f"{grace}", advice)
    for side, actor in spec.actors.items():
        if grace == 0 and actor.slip_after_talks < 1:
            path = ("actors", side, "slip_after_talks")
            found = f"{actor.slip_after_talks:g}, which has no effect"
            yield Problem.warning(path, found, "talks.grace_weeks of 1 or more, or nothing here")


def sequencing_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Who delivers first is one of the two sides, or nobody."""
    given, allowed = spec.talks.sequencing, sequencings(spec.ids)
    if given not in allowed:
        path = ("talks", "sequencing")
        text = f"one of {', '.join(allowed)}"
        yield Problem.at(path, quoted(given), text, nearest(given, allowed))


def truce_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Core levers must exist, once each; a rupture must be within reach of both sides.

    Where a side cannot reach its rung, nothing but law would end `standing`: a warning.
    """
    if spec.truce is None:
        return
    highest = {side: highest_rung(spec, side) for side in spec.ids}
    rung, most = spec.truce.rupture_rung, min(highest.values())
    low = [f"{side} reaches {own:g} at most" for side, own in highest.items() if own < rung]
    if low:
        advice = f"at most {most:g}, or 0 (any dispute), for a rupture that can happen"
        found = f"{rung:g}, but {' and '.join(low)}"
        yield Problem.warning(("truce", "rupture_rung"), found, advice)
    names = spec.levers_by_name
    for index, name in enumerate(spec.truce.core):
        path = ("truce", "core", str(index))
        if name not in names:
            yield no_lever(path, name, names, "us.tariffs")
        elif name in spec.truce.core[:index]:
            yield Problem.at(path, f'"{name}" twice', "each lever once")


def ally_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Allies join levers that exist and wait for global ones."""
    levers = spec.levers_by_name
    for ally, row in spec.allies.items():
        if spec.sides and ally in spec.ids:
            yield Problem.at(("allies", ally), quoted(ally), "a name that is no side's id")
        if row.lever is not None and row.lever not in levers:
            yield no_lever(("allies", ally, "lever"), row.lever, levers)
        for lever in row.dependence:
            here = ("allies", ally, "dependence", lever)
            if lever not in levers:
                yield no_lever(here, lever, levers, "cn.rare_earths")
            elif levers[lever].scope != "global":
                advice = f'levers.{lever}.scope = "global" if third parties wait for it'
                yield Problem.warning(here, "a bilateral lever, which allies do not feel", advice)


def stage_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Textbook payoffs are for both sides."""
    for side in spec.ids:
        if spec.stage_payoffs is not None and side not in spec.stage_payoffs:
            path = ("stage_payoffs", side)
            yield Problem.at(path, "nothing", "a table good.good, good.bad, bad.good, bad.bad")


def policy_findings(
    spec: ScenarioSpec, changed: Collection[KeyPath] | None = None
) -> Iterator[Problem]:
    """Policies that cannot be built, and states that no run can reach (a warning).

    changed: only those of the actors among these paths.
    """
    for side, actor in spec.actors.items():
        if changed is not None and ("actors", side) not in changed:
            continue
        path = ("actors", side, "policy")
        try:
            machine = machine_of(spec, side)
        except PolicyError as error:
            yield from error.below(*path).problems
            continue
        for state in machine.unreached:
            here = (*path, "machine", "states", state) if "machine" in actor.policy else path
            yield Problem.warning(
                here, f'state "{state}" is never reached', "a way to it, or no such state"
            )


def reading_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Weights are whole hundredths and sum to one; nothing that makes the question is changed."""
    if spec.readings is None:
        return
    weights = [reading.weight for reading in spec.readings.values()]
    if abs(sum(weights) - 1) > 1e-9:
        found = " + ".join(f"{weight:g}" for weight in weights) or "none"
        text = f"weights {found} = {sum(weights):g}"
        yield Problem.at(("readings",), text, "weights that sum to 1")
    for name, reading in spec.readings.items():
        here = ("readings", name)
        if abs(reading.weight * SLOTS - round(reading.weight * SLOTS)) > 1e-9:
            yield Problem.at((*here, "weight"), f"{reading.weight:g}", "whole hundredths, as 0.35")
        for text in reading.values:
            if text.partition(".")[0] in FIXED:
                allowed = "a value of the world: actors, levers, talks, truce, allies, shocks"
                yield Problem.at((*here, "values", text), "not for a reading to change", allowed)


def idle_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Settings that are valid but change nothing, for something else they need is not there."""
    for side, actor in spec.actors.items():
        path: KeyPath = ("actors", side)
        if spec.noise == "flip":
            yield from _idle(path, actor, 'noise = "agency"', "slip_fail")
        if actor.lever_choice == "uniform":
            yield from _idle(path, actor, "a lever_choice other than uniform", "temperature")
    for name, lever in spec.levers_by_name.items():
        path = ("levers", *name.split(".", 1))
        if lever.control == "licence":
            yield from _idle(path, lever, "a ban or a tariff; a licence acts by its office", "bite")
            if spec.talks.boost_weeks == 0:
                yield from _idle(path, lever, "talks.boost_weeks above 0", "capacity_after_talks")
        if lever.halving_years is None:
            yield from _idle(path, lever, "halving_years beside it", "dead_weeks", "induced")
    if spec.truce is not None and spec.truce.term_weeks is None:
        fields = ("extension_weeks", "quiet_weeks")
        yield from _idle(("truce",), spec.truce, "term_weeks beside it", *fields)
    for index, shock in enumerate(spec.shocks):
        path = ("shocks", str(index))
        if shock.chance == 0:
            found = "0, which never strikes"
            yield Problem.warning((*path, "chance"), found, "a chance above 0, or no shock")
        if shock.change == 0:
            found = "0, which moves nothing"
            yield Problem.warning((*path, "change"), found, "a change other than 0")
    for name, ally in spec.allies.items():
        if ally.lever is None:
            yield from _idle(("allies", name), ally, "a lever that it may join", *OF_JOINING)


def _idle(path: KeyPath, table: BaseModel, needs: str, *fields: str) -> Iterator[Problem]:
    """A warning for every one of the fields that is neither nothing nor what stands unwritten."""
    for field in fields:
        value: Any = getattr(table, field)
        if value and value != type(table).model_fields[field].default:
            found = f"{quoted(value)}, which has no effect"
            yield Problem.warning((*path, field), found, needs)
