"""What a name stands for: a scenario, an experiment, policies, a folder of results; and its file.

An error about a name that is that of something else says of what, and what to type instead.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.cli.failure import refuse, say
from sim.errors import DetenteError, Problem, ResultError, ScenarioError, nearest
from sim.outcomes.kinds import KINDS, kind_in
from sim.report.pictures import RESULT
from sim.scenario.loading import SUFFIX
from sim.scenario.sides import BOTH, DEFAULT
from sim.store.files import MANIFEST, RESULTS, folder_called

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit
    from sim.history.record import Record
    from sim.scenario import Scenario
    from sim.studies.study import Study

SCENARIO, EXPERIMENT, POLICIES, POLICY = "scenario", "experiment", "file of policies", "policy"
#: The command to type for each kind, with {} for the name.
TAKES = {
    SCENARIO: "detente run {}",
    EXPERIMENT: "detente sweep {}",
    POLICIES: "detente games SCENARIO tournament --policies {}",
    POLICY: "detente show {}, or --set actors.us.policy.name={}",
    **{row.called: row.takes for row in KINDS.values()},
}
ALLOWED = "a result folder, as `detente run` writes it"
ALLOWED_STUDY = "the folder of a study, as `detente sweep` writes it"
_PATH = "RESULT"
Content = TypeVar("Content")


def kind_of(name: str) -> str | None:
    """The kind of thing a file, a folder or a name of the project is; None for what is none."""
    from sim.policies.library import POLICIES as LIBRARY
    from sim.scenario.loading import find_scenario
    from sim.studies.reading import find_experiment

    for folder in (Path(name), RESULTS / name):
        if (folder / MANIFEST).is_file():
            return _kind_of_folder(folder)
    for find, kind in ((find_scenario, SCENARIO), (find_experiment, EXPERIMENT)):
        try:
            file = Path(find(name))
        except (DetenteError, OSError, ValueError):  # no such name: another kind may have it
            continue
        kind_there = _kind_of_file(file) or (kind if file.suffix == SUFFIX else None)
        if kind_there is not None:
            return kind_there
    return POLICY if name in LIBRARY else None


def _kind_of_folder(folder: Path) -> str:
    """By its manifest; a result where that cannot be read, or is of no kind that there is."""
    from sim.outcomes.manifest import manifest_of

    try:
        kind = kind_in(manifest_of(folder))
    except ResultError:
        kind = RESULT
    return KINDS.get(kind, KINDS[RESULT]).called


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
    are = (isinstance(policy, dict) and {"name", "machine"} & {*policy} for policy in listed)
    return len(sides) == len(table) and bool(listed) and all(are)


def misplaced(name: str, expected_kind: str) -> Problem | None:
    """That a name is of another kind than a command takes, and what to type instead."""
    kind = kind_of(name)
    if kind is None or kind == expected_kind:
        return None
    instead = TAKES[kind].replace("{}", name)
    return Problem(name, None, "", _a(kind), f"{_a(expected_kind)} here; try: {instead}")


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


@contextmanager
def named(name: str, expected_kind: str) -> Iterator[None]:
    """Has an error about a name say, if that is so, that it is the name of something else."""
    try:
        yield
    except DetenteError as error:
        other = misplaced(name, expected_kind)
        if other is None:
            raise
        raise DetenteError([other]) from error


def load_scenario(name: str) -> "Scenario":
    """The scenario of a name."""
    from sim.scenario import Scenario

    with named(name, SCENARIO):
        return Scenario.load(name)


def load(name: str, texts: Sequence[str] | None, reading: str | None = None) -> "Scenario":
    """The scenario with all `--set` written over it, under one reading. Raises ScenarioError."""
    changes = values_of(texts)
    scenario = load_scenario(name)
    scenario = scenario.override(changes) if changes else scenario
    return scenario if reading is None else scenario.reading(reading)


def values_of(texts: Sequence[str] | None) -> dict[str, Any]:
    """The values of all `--set key=value`. Raises ScenarioError with every one that is none."""
    from sim.scenario.overrides import parse_setting

    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for text in texts or ():
        try:
            path, value = parse_setting(text)
        except ScenarioError as error:
            problems += error.problems
        else:
            if path in values:
                found = f"{path} twice"
                problems.append(Problem("detente run", None, "--set", found, "each key once"))
            values[path] = value
    if problems:
        raise ScenarioError(problems)
    return values


def read_of(name: str, reading: str | None) -> tuple[str, tuple[str, ...]]:
    """A reading of a scenario that is there, and the paths that it sets; ("", ()) for none."""
    readings = {} if reading is None else load_scenario(name).spec.readings or {}
    return (reading, tuple(sorted(readings[reading].values))) if reading in readings else ("", ())


def own_record(folder: Path | None) -> "Record | None":
    """The record of a folder; None for the package's own."""
    from sim.history.record import read_record

    return None if folder is None else read_record(folder)


def fit_of(folder: Path | None) -> "Fit | None":
    """The fit of a folder, if one is given."""
    from sim.forecast.fit_store import read_fit

    return None if folder is None else read_fit(folder)


def result_folder(name: str, command: str) -> Path:
    """The folder meant, its manifest read; else the command ends, with the nearest name."""
    from sim.outcomes.manifest import read_manifest

    return _find_read(name, command, ALLOWED, read_manifest)[0]


def study_folder(name: str, command: str) -> "Study":
    """The study meant, by path or by its name in results/; else the command ends."""
    from sim.studies.study import load_study

    return _find_read(name, command, ALLOWED_STUDY, load_study)[1]


def _find_read(
    name: str, command: str, allowed: str, read: Callable[[Path], Content]
) -> tuple[Path, Content]:
    folder = _find_folder(name, command, allowed)
    try:
        return folder, read(folder)
    except ResultError as error:
        refuse(Problem(command, None, _PATH, str(error), allowed))


def any_folder(name: str, command: str, allowed: str = ALLOWED, path: str = _PATH) -> Path:
    """The folder meant, whatever it holds; else the command ends, with the nearest name.

    `allowed`: what the command takes, in words; `path`: the argument or option that names it.
    """
    folder = _find_folder(name, command, allowed, path)
    if not (folder / MANIFEST).is_file():
        refuse(Problem(command, None, path, f"{folder}, which has no {MANIFEST}", allowed))
    return folder


def folder_of(name: str, kinds: Iterable[str]) -> tuple[Path, str] | None:
    """The folder meant, if it is of one of these kinds, and its kind; else None."""
    from sim.outcomes.manifest import holds

    folder = folder_called(name)
    kind = folder and next((kind for kind in kinds if holds(folder, kind)), None)
    return (folder, kind) if folder and kind else None


def _find_folder(name: str, command: str, allowed: str, path: str = _PATH) -> Path:
    folder = folder_called(name)
    if folder is None:
        refuse(misplaced(name, RESULT) or _missing(name, command, allowed, path))
    if folder not in (Path(name), RESULTS / name):
        say(f"{name}: the newest of that name is {folder}")
    return folder


def _missing(name: str, command: str, allowed: str, path: str) -> Problem:
    folder = Path(name)
    if folder.exists():
        return Problem(command, None, path, f"{name}, which is no folder", allowed)
    folders = {
        child.name: str(child) for place in (folder.parent, RESULTS) for child in place.glob("*/")
    }
    guess = folders.get(nearest(folder.name, folders) or "")
    return Problem(command, None, path, f"{name}, which is not there", allowed, guess)
