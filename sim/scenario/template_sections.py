"""What is worth changing in a scenario, section by section, as commented lines of TOML.

Every setting is one dotted key at the top level, so that each line stands by itself.
"""

import datetime
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from sim.errors import as_toml
from sim.policies.library import POLICIES
from sim.scenario import worth
from sim.scenario.checks_events import levers_by_name
from sim.scenario.entry import Entry
from sim.scenario.flatten import entry_in, value_in
from sim.scenario.policy_parameters import below_policy, parameters_of, policy_parameter
from sim.scenario.ranges import span_of
from sim.scenario.scenario import Scenario
from sim.scenario.schema import ScenarioSpec
from sim.scenario.tree import path_parts

WIDTH = 110
#: Weeks of a term, where a scenario has none (90 days, as at Geneva).
TERM = 13

MACHINE = (
    '{ start = "calm", states = { '
    'calm = { move = "concede", next = { saw_good = "calm", saw_bad = "angry" } }, '
    'angry = { move = { retaliate = 0.8, hold = 0.2 }, next = { saw_good = "calm", '
    'saw_bad = "angry" } } } }'
)


def policies(scenario: Scenario) -> Iterator[str]:
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
        yield f"#actors.{side}.policy.name = {as_toml(_another(scenario, side))}"
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


def _another(scenario: Scenario, side: str) -> str:
    """A policy that this side does not play."""
    present = scenario.spec.actors[side].policy.get("name")
    return "tit_for_tat" if present != "tit_for_tat" else "generous_tit_for_tat"


def _group(
    title: str, fields: Callable[[ScenarioSpec], list[worth.Field]], scenario: Scenario
) -> Iterator[str]:
    """The settings of a group that are worth changing, if there are any."""
    values = fields(scenario.spec)
    if values:
        yield from _title(title)
    for paths in values:
        yield from _setting(scenario, paths)


def truce(scenario: Scenario) -> Iterator[str]:
    """What counts as the truce and as its end; one line that makes a truce where there is none."""
    title, fields = worth.GROUPS[-1]
    yield from _title(f"{title}: the answer depends on it")
    if scenario.spec.truce is None:
        yield from _prose(
            "There is none here. This line makes one that both sides begin by keeping:"
        )
        tariffs = [name for name in levers_by_name(scenario.spec) if name.endswith(".tariffs")]
        table = {"term_weeks": TERM, "breakdown_after": 2, "unilateral_after": 8, "core": tariffs}
        yield f"#truce = {as_toml(table)}"
    for paths in fields(scenario.spec):
        yield from _setting(scenario, paths)


def events(scenario: Scenario) -> Iterator[str]:
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
    weeks = min(3, spec.weeks - 1)
    date = spec.start + datetime.timedelta(days=7 * weeks)
    room = [path for path, lever in levers_by_name(spec).items() if lever.level < lever.notches]
    effect = {"lever": room[0], "change": 1} if room else {"talks": True}
    yield f'#"+shocks" = {as_toml([{"name": name, "date": date, **effect}])}'
    yield from _setting(scenario, ("weeks",))
    yield from _prose("Last day of the knowledge used.")
    yield f"#as_of = {spec.as_of or spec.start}"
    yield from _prose("Where a value of yours comes from, for `detente show` and for your readers.")
    yield f'#sources."actors.{spec.ids[0]}.slip" = "my judgement"'


#: In the order of the file.
ALL: Sequence[Callable[[Scenario], Iterator[str]]] = (
    policies,
    *(partial(_group, *group) for group in worth.GROUPS[:-1]),
    truce,
    events,
)


def _title(text: str) -> Iterator[str]:
    yield f"# ---- {text} ".ljust(WIDTH, "-")


def _prose(text: str, capital: bool = False) -> Iterator[str]:
    text = text[0].upper() + text[1:] if capital else text
    yield from textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _entry(scenario: Scenario, path: str) -> Entry:
    entry = entry_in(scenario.spec, path_parts(path))
    if entry is None:
        raise KeyError(path)
    return entry


def _setting(scenario: Scenario, paths: Sequence[str]) -> Iterator[str]:
    """One field, for one or several owners: what it means once, then a line for each."""
    if not paths:
        return
    yield from _prose(_meaning(scenario, paths[0]))
    values = [as_toml(_value(scenario, path)) for path in paths]
    lines = [f"#{path} = {value}" for path, value in zip(paths, values, strict=True)]
    width = max(map(len, lines)) + 2
    for line, path, value in zip(lines, paths, values, strict=True):
        # named with its value: it stays beside the line when another value is written there
        given = value_in(scenario.spec, path_parts(path)) is not None
        of = f"source of {value}" if given else "not given now; source"
        yield f"{line.ljust(width)}# {of}: {scenario.source(path)}"


def _value(scenario: Scenario, path: str) -> Any:
    """The value of a field or the distribution in its place, or what an absent term could have."""
    if path in scenario.in_place:
        return scenario.spec.ranges[path]  # type: ignore[index]
    value = value_in(scenario.spec, path_parts(path))
    known = scenario.spec.truce.term_weeks if scenario.spec.truce else None
    return (known or TERM) if value is None else value


def _meaning(scenario: Scenario, path: str) -> str:
    """Name, symbol and meaning of a field, its unit, and the range taken to be possible."""
    entry = _entry(scenario, path)
    field = path.rpartition(".")[2]
    head = f"{field} ({entry.symbol})" if entry.symbol else field
    law = scenario.distributions().get(path)
    span = span_of(entry, value_in(scenario.spec, path_parts(path)))
    around = f"range {law}" if law else f"range {span.low:g} to {span.high:g}" if span else ""
    around = around or _allowed(scenario, path)
    return f"{head}: {entry.meaning} [{'; '.join(text for text in (entry.unit, around) if text)}]"


def _allowed(scenario: Scenario, path: str) -> str:
    """What may stand there: the library knows policy parameters, the registry the rest."""
    parts = path_parts(path)
    if below_policy(parts):
        actor = scenario.spec.actors[parts[1]]
        known = policy_parameter(actor.policy, parts[3])
        if known is not None:
            return known.allowed
    return _entry(scenario, path).allowed
