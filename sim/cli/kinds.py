"""What a name stands for: a scenario, an experiment, policies, a result; and what takes it."""

from pathlib import Path
from typing import Any

from sim.errors import DetenteError, Problem
from sim.scenario.shipped import SUFFIX
from sim.scenario.sides import BOTH, DEFAULT
from sim.store.files import MANIFEST, RESULTS

SCENARIO, EXPERIMENT, POLICIES, POLICY = "scenario", "experiment", "file of policies", "policy"
RESULT, STUDY, PART = "result", "result of a sweep", "part of a study"
#: The command to type for each kind, with {} for the name.
TAKES = {
    SCENARIO: "detente run {}",
    EXPERIMENT: "detente sweep {}",
    POLICIES: "detente games SCENARIO tournament --policies {}",
    POLICY: "detente show {}, or --set actors.us.policy.name={}",
    RESULT: "detente plot {}",
    STUDY: "detente analyze {} --sensitivity",
    PART: "detente merge with all its parts",
}


def kind_of(name: str) -> str | None:
    """The kind of thing a file, a folder or a name of the project is; None for what is none."""
    from sim.policies.library import POLICIES as LIBRARY
    from sim.scenario.shipped import find_scenario
    from sim.studies.reading import find_experiment

    for folder in (Path(name), RESULTS / name):
        if (folder / MANIFEST).is_file():
            return _kind_of_folder(_beginning(folder / MANIFEST))
    for find, kind in ((find_scenario, SCENARIO), (find_experiment, EXPERIMENT)):
        file = _found_file(find, name)
        if file is not None:
            kind_there = _kind_of_file(file) or (kind if file.suffix == SUFFIX else None)
            if kind_there is not None:
                return kind_there
    return POLICY if name in LIBRARY else None


def _kind_of_folder(beginning: str) -> str:
    """By the first words of a manifest."""
    kinds = {'"study"': STUDY, f'"{PART}"': PART}
    return next((kind for word, kind in kinds.items() if word in beginning), RESULT)


def _found_file(find: Any, name: str) -> Path | None:
    try:
        return Path(find(name))
    except (DetenteError, OSError, ValueError):  # no such name: another kind may have it
        return None


def _beginning(file: Path) -> str:
    with file.open("rb") as opened:
        return opened.read(4_000).decode("utf-8", errors="replace")


def _kind_of_file(file: Path) -> str | None:
    """By the keys of a TOML file; None where they do not tell or it cannot be read."""
    from sim.scenario.loading import parse, read_text

    try:
        table = parse(read_text(file), str(file))
    except DetenteError:
        return None
    keys = set(table)
    if "factors" in keys or {"design", "scenario"} <= keys:
        return EXPERIMENT
    if _are_policies(table):
        return POLICIES
    return SCENARIO if keys & {"title", "extends", "levers", "actors"} else None


def _are_policies(table: dict[str, Any]) -> bool:
    """Whether a table holds policies by side and label, whatever its sides are called."""
    if table and {*table} <= {*DEFAULT.ids, BOTH}:
        return True
    sides = [by_label for by_label in table.values() if isinstance(by_label, dict)]
    listed = [policy for by_label in sides for policy in by_label.values()]
    return len(sides) == len(table) and bool(listed) and all(map(_is_policy, listed))


def _is_policy(table: Any) -> bool:
    return isinstance(table, dict) and bool({"name", "machine"} & {*table})


def misplaced(name: str, expected_kind: str) -> Problem | None:
    """That a name is of another kind than a command takes, and what to type instead."""
    kind = kind_of(name)
    if kind is None or kind == expected_kind:
        return None
    instead = TAKES[kind].replace("{}", name)
    return Problem(name, None, "", _a(kind), f"{_a(expected_kind)} here; try: {instead}")


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
