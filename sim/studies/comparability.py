"""Whether two scenarios can be compared run by run, and what a reader must know if they can."""

from collections.abc import Iterator

from sim.errors import Problem, ScenarioError
from sim.outcomes.definitions import definition, term_of, undefined
from sim.scenario.compile import Compiled
from sim.world.outcomes import NAMES, ONCE


def common_term(first: Compiled, second: Compiled) -> int | None:
    """The last week of the first term if it is the same in both, else None."""
    first_term, two = (term_of(world.params.rules[0], world.weeks) for world in (first, second))
    return first_term if first_term == two else None


def notes(first: Compiled, second: Compiled) -> tuple[str, ...]:
    """What is different about the two that bears on reading the differences.

    Raises ScenarioError if their horizons differ: whole runs could not be compared.
    """
    if first.weeks != second.weeks:
        found = f"{first.weeks} weeks in the first scenario, {second.weeks} in the second"
        allowed = f"one horizon for both, as --set weeks={first.weeks} for the second"
        raise ScenarioError([Problem("detente compare", None, "weeks", found, allowed)])
    return (*_calendar(first, second), *_definitions(first, second), *_luck(first, second))


def _calendar(first: Compiled, second: Compiled) -> Iterator[str]:
    first_term, two = (term_of(world.params.rules[0], world.weeks) for world in (first, second))
    if first_term != two:
        terms = " and ".join("none" if t is None else f"{t} weeks" for t in (first_term, two))
        once = " and ".join(outcome.name for outcome in ONCE)
        yield f"the terms differ ({terms}): outcomes are read at the horizon, {once} not at all"
    if first.start != second.start:
        yield f"week 1 begins on {first.start} and {second.start}: weeks are compared, not dates"


def _definitions(first: Compiled, second: Compiled) -> Iterator[str]:
    missing: dict[str, list[str]] = {}
    for outcome in NAMES:
        reason = _undefined(first, outcome) or _undefined(second, outcome)
        if reason is not None:
            missing.setdefault(reason, []).append(outcome)
        elif counted(first, outcome) != counted(second, outcome):
            both = " | ".join(counted(world, outcome) for world in (first, second))
            yield f"{outcome} is counted differently in the two: {both}"
    for reason, outcomes in missing.items():
        yield f"not compared: {', '.join(outcomes)} ({reason})"


def _undefined(world: Compiled, outcome: str) -> str | None:
    return undefined(outcome, world.params.rules[0], world.weeks)


def counted(world: Compiled, outcome: str) -> str:
    """What is counted as holding, in words."""
    levers = world.params.levers
    core = [name for name, flag in zip(world.levers, levers["core"], strict=True) if flag]
    return definition(outcome, world.params.rules[0], core)


def _luck(first: Compiled, second: Compiled) -> Iterator[str]:
    """Draws go by the place of levers, allies, chance shocks; agencies pick one of so many."""
    pairs = {
        "levers": (first.levers, second.levers),
        "allies": (first.allies, second.allies),
        "shocks by chance": (_by_chance(first), _by_chance(second)),
    }
    for kind, (names, others) in pairs.items():
        if names != others:
            yield f"their {kind} differ in name, number or order: so do some of the random numbers"


def _by_chance(world: Compiled) -> tuple[str, ...]:
    """Shocks drawn by chance, each with the place that keys its draw."""
    chances = world.params.shocks["chance"]
    return tuple(f"{place}:{name}" for place, name in enumerate(world.shocks) if chances[place] > 0)
