"""The experiments that come with the project, and how a name becomes a file."""

from pathlib import Path

from sim.errors import ExperimentError, Problem, nearest
from sim.scenario.shipped import SUFFIX, shipped_folder

FOLDER = "experiments"


def shipped_experiments() -> dict[str, Path]:
    """Shipped experiments by name, sorted."""
    return {path.stem: path for path in sorted(shipped_folder(FOLDER).glob("*" + SUFFIX))}


def question_of(text: str) -> str:
    """The first line of a file, which is its question, without the mark of a comment."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return first.lstrip("#").strip() if first.startswith("#") else ""


def find_experiment(name: str | Path) -> Path:
    """The file meant by a path or by the name of a shipped experiment. Raises ExperimentError."""
    path = Path(name)
    shipped = shipped_experiments()
    plain = path.with_suffix("").as_posix().removeprefix(FOLDER + "/") if path.name else ""
    for candidate in (path, Path(f"{path}{SUFFIX}"), shipped.get(plain)):
        if candidate is not None and candidate.is_file():
            return candidate.absolute()
    allowed = f"an experiment file, or one of the shipped: {', '.join(shipped)}"
    found = "a folder" if path.is_dir() else "no such file"
    raise ExperimentError([Problem(str(name), None, "", found, allowed, nearest(plain, shipped))])
