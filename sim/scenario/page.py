"""A scenario in a few lines: when it is, who plays what, and what it changes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.report.content import NAME, TEXT, Report, Section, columns

if TYPE_CHECKING:
    from sim.scenario.changes import Changes
    from sim.scenario.schema import ScenarioSpec

MOST_CHANGES = 12


def report_of(scenario: Any) -> Report:
    """The report of a `Scenario`: when it is, who plays what, what it changes."""
    spec = scenario.spec
    changes = (replace(section, detail=False) for section in changed(scenario.changes))
    return Report(scenario.title, tuple(_lead(spec)), sections=(*changes, _levers(spec)))


def _lead(spec: "ScenarioSpec") -> Iterator[str]:
    truce = spec.truce
    term = truce.term_weeks if truce else None
    kind = "no truce" if truce is None else "a truce without a term"
    kind = f"a truce with a first term of {term} weeks" if term else kind
    yield f"{spec.weeks} weeks from {spec.start}, {kind}."
    named = (
        f"{side} plays {player.policy.get('name', 'a machine')}"
        for side, player in spec.actors.items()
    )
    yield f"{'; '.join(named)}."


def _levers(spec: "ScenarioSpec") -> Section:
    rows = tuple(
        (f"{side}.{name}", lever.control, str(lever.level), str(lever.notches))
        for side, owned in spec.levers.items()
        for name, lever in owned.items()
    )
    heading = columns(("lever", NAME), ("control", NAME), "level at the start", "of")
    return Section("Levers", columns=heading, rows=rows)


def changed(changes: "Changes | None") -> Iterator[Section]:
    """What was changed of the scenario it extends: the first lines, and all of many in a list."""
    if changes is None or not changes.rows:
        return
    rows = tuple((row.path, row.before, row.now, row.origin) for row in changes.rows)
    heading = columns(("setting", NAME), ("before", TEXT), ("here", TEXT), ("set by", NAME))
    intro = f"Against the scenario it extends, {changes.base}; all else is as it is there."
    more = len(rows) - MOST_CHANGES
    notes = (f"{more} more are in the whole list.",) if more > 0 else ()
    title = "What was changed"
    yield Section(title, (intro,), heading, rows[:MOST_CHANGES], notes, detail=True)
    if more > 0:
        name = f"{title}: all {len(rows)} settings"
        yield Section(name, (), heading, rows, detail=True, folded=True)
