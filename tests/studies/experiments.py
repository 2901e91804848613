"""Small experiments, written to a folder."""

from pathlib import Path

from sim.studies.experiment import Experiment
from sim.studies.plan import check_points, plan_table
from sim.studies.reading import read_experiment
from sim.studies.runner import run_study
from sim.studies.store import StudyFolder

HEAD = '# Does it matter?\nscenario = "geneva-2025"\nruns = 200\nseed = 7\n'
CAPACITY = '[[factors]]\nname = "capacity"\npath = "levers.cn.rare_earths.capacity"\n'
SLIP = '[[factors]]\nname = "slip"\npath = "actors.us.slip"\n'
GRID = HEAD + CAPACITY + "values = [0.1, 1.0]\n" + SLIP + "low = 0.0\nhigh = 0.2\nsteps = 3\n"


def written(folder: Path, text: str, name: str = "small") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def experiment(folder: Path, text: str, name: str = "small") -> Experiment:
    return read_experiment(written(folder, text, name))


def finished(study: Experiment, root: Path, threads: int | None = None) -> Path:
    folder = StudyFolder(root, study.name, plan_table(study))
    run_study(study, check_points(study), folder, threads)
    return folder.path
