"""A scenario of one's own: a file that extends another and shows what is worth changing.

Every line that begins with # and no space is a setting at its present value, one dotted key at the
top level: without its # the file is as valid as before. Lines that begin with "# " are prose.
"""

import os
import shlex
import textwrap
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from sim.errors import as_toml, printable
from sim.policies.library import POLICIES
from sim.scenario.calendar import first_day
from sim.scenario.key_paths import path_parts
from sim.scenario.loading import EXTENDS, SUFFIX, scenarios_folder
from sim.scenario.parameter import fields_of
from sim.scenario.ranges import applies, span_of
from sim.scenario.registry import below_policy, entry_in, parameters_of, policy_parameter, value_in
from sim.scenario.scenario import Scenario
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec

#: A field that is worth changing: the key paths of those who have it, in the order of a list.
Field = tuple[str, ...]
#: The fields of a group, of each owner that has them.
_MISTAKES = ("slip", "false_alarm", "miss", "proportionality")
_OFFICES = ("capacity", "expected_by_target", "squeeze", "due_weeks", "friction")
_TALKS = (
    *("talks_rate", "talks_pressure"),
    *("cooldown_weeks", "relief", "relief_lag_weeks", "sequencing"),
)
THE_TRUCE = "The truce, and what counts as its end"


def worth_changing(spec: ScenarioSpec) -> dict[str, list[Field]]:
    """The settings that `detente new` shows and the page slides, by the title of their group."""
    truce = () if spec.truce is None else type(spec.truce).model_fields
    return {
        "Mistakes, and how hard it hits back": [
            tuple(f"actors.{side}.{field}" for side in spec.ids) for field in _MISTAKES
        ],
        "Licences, and what is owed": list(filter(None, (_of_levers(spec, f) for f in _OFFICES))),
        "Talks": [(f"talks.{field}",) for field in _TALKS],
        THE_TRUCE: [(f"truce.{field}",) for field in truce],
    }


def _of_levers(spec: ScenarioSpec, field: str) -> Field:
    """The levers for which a field means something; friction, those that are to come down."""
    return tuple(
        f"levers.{name}.{field}"
        for name, lever in spec.levers_by_name.items()
        if applies(fields_of(LeverSpec)[field], lever, getattr(lever, field))
        and (field != "friction" or lever.final_obligation < lever.level)
    )


WIDTH = 110
#: Weeks of a term, where a scenario has none (90 days, as at Geneva).
TERM = 13

MACHINE = (
    '{ start = "calm", states = { '
    'calm = { move = "concede", next = { saw_good = "calm", saw_bad = "angry" } }, '
    'angry = { move = { retaliate = 0.8, hold = 0.2 }, next = { saw_good = "calm", '
    'saw_bad = "angry" } } } }'
)


def _policies(scenario: Scenario) -> Iterator[str]:
    """How each side answers: its policy's parameters, and three ways to give it another one."""
    us, cn = scenario.spec.ids
    yield from _title("How each side answers")
    for side in scenario.spec.ids:
        yield from _present_policy(scenario, side)
    yield from _prose(
        "Another policy is one line with its name; its parameters go below it in the same way "
        f"(actors.{us}.policy.k = 3). `detente show NAME` shows what each does: "
        f"{', '.join(POLICIES)}."
    )
    for side in scenario.spec.ids:
        present = scenario.spec.actors[side].policy.get("name")
        another = "tit_for_tat" if present != "tit_for_tat" else "generous_tit_for_tat"
        yield f"#actors.{side}.policy.name = {as_toml(another)}"
    yield from _prose(
        "A policy on another sensor, here the pressure of its own firms (0 to 1) in place of what "
        "it saw this week; also belief_above, leverage_above. Instead of that side's other lines."
    )
    table = '{ name = "tit_for_tat", sensor = "pressure_above", threshold = 0.3 }'
    yield f"#actors.{us}.policy = {table}"
    yield from _prose(
        "A machine of your own: for each state a move (retaliate, hold, concede, or their "
        "probabilities) and the next state by what it saw. Instead of that side's other lines."
    )
    yield f"#actors.{cn}.policy.machine = {MACHINE}"


def _present_policy(scenario: Scenario, side: str) -> Iterator[str]:
    nation = scenario.sides.of(side).name
    policy = scenario.spec.actors[side].policy
    named = POLICIES.get(str(policy.get("name")))
    if named is None or named.name == "mixture":
        kind = "a mixture" if named else "a machine of its own"
        yield from _prose(f"{nation} plays {kind}.", capital=True)
        return
    yield from _prose(f"{nation} plays {named.name}: {named.summary}", capital=True)
    for parameter in parameters_of(policy):
        yield from _setting(scenario, (f"actors.{side}.policy.{parameter.name}",))


def _groups(scenario: Scenario) -> Iterator[Iterator[str]]:
    """The settings of each group that has any; one line that makes a truce where there is none."""
    for title, fields in worth_changing(scenario.spec).items():
        if title == THE_TRUCE:
            yield _truce(scenario, title, fields)
        elif fields:
            yield chain(_title(title), *(_setting(scenario, paths) for paths in fields))


def _truce(scenario: Scenario, title: str, fields: list[Field]) -> Iterator[str]:
    yield from _title(f"{title}: the answer depends on it")
    if scenario.spec.truce is None:
        yield from _prose(
            "There is none here. This line makes one that both sides begin by keeping:"
        )
        tariffs = [name for name in scenario.spec.levers_by_name if name.endswith(".tariffs")]
        table = {"term_weeks": TERM, "breakdown_after": 2, "unilateral_after": 8, "core": tariffs}
        yield f"#truce = {as_toml(table)}"
    for paths in fields:
        yield from _setting(scenario, paths)


def _events(scenario: Scenario) -> Iterator[str]:
    """One shock, and how long is simulated."""
    spec = scenario.spec
    yield from _title("Events, and the calendar")
    yield from _prose(
        "A shock at a date, or by chance (chance = 0.02 a week, in place of date). It moves a "
        "lever (change = 1 or level = 2), sets its capacity, takes it away (remove = true), brings "
        "talks = true or ends_truce = true. A date later than as_of is warned about."
    )
    names_taken = {shock.name for shock in spec.shocks}
    name = next(
        n for n in ("my-shock", *(f"my-shock-{i}" for i in range(2, 99))) if n not in names_taken
    )
    date = first_day(spec.start, min(4, spec.weeks))
    room = [path for path, lever in spec.levers_by_name.items() if lever.level < lever.notches]
    effect = {"lever": room[0], "change": 1} if room else {"talks": True}
    yield f'#"+shocks" = {as_toml([{"name": name, "date": date, **effect}])}'
    yield from _setting(scenario, ("weeks",))
    yield from _prose("Last day of the knowledge used.")
    yield f"#as_of = {spec.as_of or spec.start}"
    yield from _prose("Where a value of yours comes from, for `detente show` and for your readers.")
    yield f'#sources."actors.{spec.ids[0]}.slip" = "my judgement"'


def _title(text: str) -> Iterator[str]:
    yield f"# ---- {text} ".ljust(WIDTH, "-")


def _prose(text: str, capital: bool = False) -> Iterator[str]:
    text = text[0].upper() + text[1:] if capital else text
    yield from textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _setting(scenario: Scenario, paths: Sequence[str]) -> Iterator[str]:
    """One field, for one or several owners: what it means once, then a line for each."""
    yield from _prose(_meaning(scenario, paths[0]))
    values = [as_toml(_value(scenario, path)) for path in paths]
    lines = [f"#{path} = {value}" for path, value in zip(paths, values, strict=True)]
    width = max(map(len, lines)) + 2
    for line, path, value in zip(lines, paths, values, strict=True):
        # named with its value: it stays beside the line when another value is written there
        given = value_in(scenario.spec, path) is not None
        of = f"source of {value}" if given else "not given now; source"
        yield f"{line.ljust(width)}# {of}: {scenario.source(path)}"


def _value(scenario: Scenario, path: str) -> Any:
    """The value of a field or the distribution in its place, or what an absent term could have."""
    if path in scenario.in_place:
        return scenario.spec.ranges[path]  # type: ignore[index]
    value = value_in(scenario.spec, path)
    known = scenario.spec.truce.term_weeks if scenario.spec.truce else None
    return (known or TERM) if value is None else value


def _meaning(scenario: Scenario, path: str) -> str:
    """Name, symbol and meaning of a field, its unit, and the range taken to be possible."""
    spec, parts = scenario.spec, path_parts(path)
    entry = entry_in(spec, parts)
    if entry is None:
        raise KeyError(path)
    head = f"{parts[-1]} ({entry.symbol})" if entry.symbol else parts[-1]
    law = scenario.distributions().get(path)
    span = span_of(entry, value_in(spec, parts))
    around = f"range {law}" if law else f"range {span.low:g} to {span.high:g}" if span else ""
    if not around:
        known = (
            policy_parameter(spec.actors[parts[1]].policy, parts[3])
            if below_policy(parts)
            else None
        )
        around = entry.allowed if known is None else known.allowed
    return f"{head}: {entry.meaning} [{'; '.join(text for text in (entry.unit, around) if text)}]"


def own_scenario(source: Scenario, file: Path) -> str:
    """The text of a new scenario file on top of `source`, to be written to `file`."""
    # sources and names may hold line ends: what follows one must not become a setting
    return "\n".join(map(printable, _lines(source, file))) + "\n"


def _lines(source: Scenario, file: Path) -> Iterator[str]:
    name = file.stem
    file_name = shlex.quote(file.name if file.parent == Path.cwd() else os.path.relpath(file))
    yield f"# {name}: a scenario of your own, on top of {source.name}."
    yield "#"
    yield "# A line that begins with # and no space is a setting at its present value: take the #"
    yield "# away, change the value, run. Each can be changed alone; all else stays as it is."
    yield "# Beside it stands where the present value comes from; yours is given in the last lines."
    yield "#"
    yield f"#   detente run {file_name}"
    yield f"#   detente check {file_name}      without running: what is wrong, and where"
    yield f"#   detente show {file_name}       every value with its range, source and origin"
    yield ""
    yield f"title = {as_toml(f'{name}, on top of {source.name}')}"
    yield f"{EXTENDS} = {as_toml(extended_name(source, file))}"
    yield '#description = "what I changed, and why"'
    for section in (_policies(source), *_groups(source), _events(source)):
        yield from ("", *section)


def extended_name(source: Scenario, file: Path) -> str:
    """How `file` names the scenario it extends.

    A shipped one as it is called in the scenarios folder, unless a file beside the new one has
    the same name; any other by its path from there.
    """
    if source.path is None:
        raise ValueError(f"{source.name} has no file to extend")
    folder = scenarios_folder()
    if source.path.is_relative_to(folder):
        name = source.path.relative_to(folder)
        neighbour = file.parent / name
        if not neighbour.exists() or neighbour.samefile(source.path):
            return name.as_posix()
    return Path(os.path.relpath(source.path, file.parent)).with_suffix(SUFFIX).as_posix()
