"""Which settings of a scenario are worth changing: what `detente new` shows and the page slides.

Each field is a tuple of the key paths of those who have it, in the order in which they are listed.
"""

from collections.abc import Callable, Sequence

from sim.scenario.checks_events import levers_by_name
from sim.scenario.flatten import entry_in
from sim.scenario.ranges import applies
from sim.scenario.schema import ScenarioSpec
from sim.scenario.tree import path_parts

Field = tuple[str, ...]


def mistakes(spec: ScenarioSpec) -> list[Field]:
    """Slips, false alarms, misses and how strongly each side answers."""
    fields = ("slip", "false_alarm", "miss", "proportionality")
    return [tuple(f"actors.{side}.{field}" for side in spec.ids) for field in fields]


def levers(spec: ScenarioSpec) -> list[Field]:
    """The licence offices, and the levers that the truce wants taken back."""
    fields = ("capacity", "expected_by_target", "squeeze", "due_weeks", "friction")
    values = (_of_levers(spec, field) for field in fields)
    return [paths for paths in values if paths]


def _of_levers(spec: ScenarioSpec, field: str) -> Field:
    """The levers for which a field means something; friction, those that are to come down."""
    paths = []
    for name, lever in levers_by_name(spec).items():
        path = f"levers.{name}.{field}"
        entry = entry_in(spec, path_parts(path))
        owed = lever.final_obligation < lever.level
        if (
            entry is not None
            and applies(entry, lever, getattr(lever, field))
            and (field != "friction" or owed)
        ):
            paths.append(path)
    return tuple(paths)


def talks(spec: ScenarioSpec) -> list[Field]:
    """When leaders meet and what follows."""
    rest = ("cooldown_weeks", "relief", "relief_lag_weeks", "sequencing")
    return [(f"talks.{field}",) for field in ("talks_rate", "talks_pressure", *rest)]


def truce(spec: ScenarioSpec) -> list[Field]:
    """What counts as the truce and as its end; nothing where there is none."""
    if spec.truce is None:
        return []
    return [(f"truce.{field}",) for field in type(spec.truce).model_fields]


#: All of them in groups, each with its title.
GROUPS: Sequence[tuple[str, Callable[[ScenarioSpec], list[Field]]]] = (
    ("Mistakes, and how hard it hits back", mistakes),
    ("Licences, and what is owed", levers),
    ("Talks", talks),
    ("The truce, and what counts as its end", truce),
)
