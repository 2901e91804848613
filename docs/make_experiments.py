"""Runs the shipped experiments, draws their pictures, and writes docs/experiments.md anew.

python docs/make_experiments.py          # or: make docs

The pictures of the tutorial are among them. A slow test compares the page.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent))

from experiment_answers import ANSWERS
from make_images import FOLDER, save_small

from sim import Scenario, simulate
from sim.plots import draw_study
from sim.studies.answers import answers
from sim.studies.plan import check_points, plan_table
from sim.studies.reading import read_experiment
from sim.studies.runner import run_study
from sim.studies.store import StudyFolder
from sim.studies.study import Study, load_study

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "experiments.md"
#: Its answer is in a table that is kept, not in the outcomes: the picture is of one run of it.
OF_ONE_RESULT = {"leverage-lasts": ("race-2025-2030", "leverage")}
#: Pages of their own: what `detente analyze` says of them.
ANALYZED = {
    "which-five-matter": "Which five parameters matter most? (Morris, 104 parameters)",
    "which-five-matter-sobol": "How much does each of the five move it? (Sobol)",
    "where-geneva-fails": "Where does Geneva fail? (discovery)",
}
#: Those with pages of their own elsewhere.
ELSEWHERE = {
    "geneva-tournament": ("Which policy is good against which?", "howto-games.md"),
    "anticipation": ("What if governments count on talks to void it?", "howto-anticipation.md"),
}
HEAD = """# The shipped experiments and what they answer

Each is a file of [experiments/](../experiments) with its question in the first line; `detente sweep NAME` runs it in seconds on two cores. Shares are
of `standing` at the end of the term (13 weeks; in the textbook 26), n as in the file, with 95 % intervals of chance alone; the same random numbers at every point of one
experiment. All else is as the scenario has it, so these are answers about this model and its defaults: what the ranges leave open is in
[howto-uncertainty.md](howto-uncertainty.md). `make docs` writes this page.
"""


def run(name: str, root: Path) -> Study:
    """The study of a shipped experiment, played."""
    study = read_experiment(name)
    folder = StudyFolder(root, name, plan_table(study))
    run_study(study, check_points(study), folder)
    return load_study(folder.path)


def sections(studies: dict[str, Study]) -> Iterator[str]:
    """The page, part by part."""
    yield HEAD
    for name, answer in ANSWERS.items():
        study = studies[name]
        yield f"## {study.question}\n"
        yield f"[{name}](../experiments/{name}.toml), {study.runs:,} runs a point, seed {study.seed}.\n"
        yield answer(study) + "\n"
        yield f"![{study.question}](images/experiment-{name}.png)\n"
    yield "## Those with pages of their own\n"
    rows = {title: f"experiments/{name}.md" for name, title in ANALYZED.items()}
    rows |= dict(ELSEWHERE.values())
    yield "\n".join(f"- [{title}]({page})" for title, page in rows.items()) + "\n"


def page(root: Path) -> tuple[str, dict[str, Study]]:
    """The page as it should be now, and the studies behind it."""
    studies = {name: run(name, root) for name in ANSWERS}
    return "\n".join(sections(studies)), studies


def draw(studies: dict[str, Study]) -> None:
    """Writes a picture of each into docs/images/."""
    for name, study in studies.items():
        if name in OF_ONE_RESULT:
            scenario, kind = OF_ONE_RESULT[name]
            figure = simulate(Scenario.load(scenario), runs=2_000).plot(kind)
        else:
            figure = draw_study(answers(study))
        save_small(figure, FOLDER / f"experiment-{name}.png")


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        text, found = page(Path(place))
        draw(found)
    PAGE.write_text(text, encoding="utf-8")
