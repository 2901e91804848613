"""Who plays in a tournament: named policies of the library, those of the scenario, one's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import ExperimentError, PolicyError, Problem, nearest, one_of, quoted
from sim.policies.library import POLICIES, build_policy
from sim.scenario import Scenario
from sim.scenario.compile_actors import can_play, machine_of
from sim.scenario.key_paths import key_lines
from sim.scenario.loading import label, parse, read_text
from sim.scenario.sides import BOTH, DEFAULT

#: How the labels of the scenario's own two policies end, which either side may play.
SHIPPED = "_as_shipped"
FEWEST = 2

Policies = dict[str, dict[str, Any]]  # policy table of a scenario file, by label


@dataclass(frozen=True)
class Lineup:
    """The policies of each side by label, in order."""

    us: Policies
    cn: Policies


def choose(
    scenario: Scenario, chosen: Mapping[str, Sequence[str] | None], file: Path | None = None
) -> Lineup:
    """The line-up of a tournament.

    `chosen`: labels by side, None for the default: the policies of the file for this side, else
    everything of the library with its defaults and the scenario's own two. Labels may be of the
    file, the library or the scenario. Raises ExperimentError with everything that is wrong.
    """
    ids = scenario.sides.ids
    from_file = {} if file is None else read_policies(file, ids)
    problems: list[Problem] = []
    few: list[Problem] = []
    sides = []
    for side, option in zip(ids, options(ids), strict=True):
        own = from_file.get(side, {})
        playing, labels = own or standard(scenario), chosen.get(side)
        if labels is not None:
            known = {**standard(scenario), **own}
            problems += _label_problems(option, labels, known)
            playing = {name: known[name] for name in labels if name in known}
        if len(playing) < FEWEST:
            found = "one policy" if len(playing) == 1 else f"{len(playing)} policies"
            few.append(Problem(option, None, "", f"{found} of {side}", "two or more"))
        sides.append(playing)
    if problems or few:
        raise ExperimentError(problems or few)
    return Lineup(*sides)


def options(ids: tuple[str, str]) -> tuple[str, str]:
    """What the policies of each side are chosen with on the command line."""
    return ("--us", "--cn") if ids == DEFAULT.ids else ("--first", "--second")


def standard(scenario: Scenario) -> Policies:
    """The library with its defaults, and the scenario's own two if they are none of those.

    Left out is what cannot be played here: what is made for a stage game that there is not.
    """
    spec = scenario.spec
    named: Policies = {name: {"name": name} for name in POLICIES}
    playable = {name: table for name, table in named.items() if can_play(spec, spec.ids[0], table)}
    machines = [machine_of(spec, spec.ids[0], table) for table in playable.values()]
    for side in spec.ids:
        if (machine := machine_of(spec, side)) not in machines:
            playable[f"{side}{SHIPPED}"] = dict(spec.actors[side].policy)
            machines.append(machine)
    return playable


def own_label(scenario: Scenario, side: str, policies: Policies) -> str | None:
    """The label under which a side's policy of the scenario plays, if it does."""
    spec = scenario.spec
    machine = machine_of(spec, side)
    same = (
        name
        for name, policy in policies.items()
        if can_play(spec, side, policy) and machine_of(spec, side, policy) == machine
    )
    return next(same, None)


def read_policies(path: Path, ids: tuple[str, str] = DEFAULT.ids) -> dict[str, Policies]:
    """The policies of a file by side: a table of each, as [us], or [both], of label = policy.

    Raises ExperimentError with every problem and its line.
    """
    text = read_text(path, ExperimentError)
    table = parse(text, label(path), ExperimentError)
    lines = key_lines(text)
    problems: list[Problem] = []
    by_side: dict[str, Policies] = {side: {} for side in ids}
    for key, listed in table.items():
        place = label(path), lines.get((key,)), key
        if key not in (known := (*ids, BOTH)):
            problems.append(Problem(*place, "no such key", one_of(known), nearest(key, ids)))
        elif not isinstance(listed, dict):
            problems.append(Problem(*place, quoted(listed), "a table of label = policy"))
        else:
            for name, policy in listed.items():
                where = label(path), lines.get((key, name)), f"{key}.{name}"
                problems += _policy_problems(where, policy)
                for side in ids if key == BOTH else (key,):
                    if name in by_side[side]:
                        problems.append(Problem(*where, f"{name} twice", "each label once"))
                    by_side[side][name] = policy
    if not table:
        allowed = f"tables [{ids[0]}] and [{ids[1]}]"
        problems.append(Problem(label(path), None, "", "no policies", allowed))
    if problems:
        raise ExperimentError(problems)
    return by_side


def _policy_problems(where: tuple[str, int | None, str], policy: Any) -> Iterator[Problem]:
    if not isinstance(policy, dict):
        yield Problem(*where, quoted(policy), 'a policy table, as { name = "grim" }')
        return
    try:
        build_policy(policy)
    except PolicyError as error:
        file, line, path = where
        for problem in error.below(*path.split(".")).problems:
            yield replace(problem, file=file, line=line)


def _label_problems(option: str, labels: Sequence[str], known: Policies) -> Iterator[Problem]:
    for place, name in enumerate(labels):
        if name in labels[:place]:
            yield Problem(option, None, "", f"{name} twice", "each policy once")
        elif name not in known:
            found = name or "nothing"
            yield Problem(option, None, "", found, ", ".join(known), nearest(name, known))
