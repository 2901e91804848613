"""Draws the pictures that the pages show, from the run that anybody gets.

    python docs/make_images.py               # or: make docs

The default run of geneva-2025 (10,000 runs, seed 2025), saved small: 64 colours.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from matplotlib.figure import Figure
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from few_colours import in_few_colours

from sim import Scenario, simulate
from sim.games.classify import classify
from sim.report.pictures import COMPARISON, DISCOVERY, GAME, RESULT, SENSITIVITY, draw, pictures
from sim.studies.answers import Answers, answers
from sim.studies.discovery import discover
from sim.studies.pair import pair_of
from sim.studies.pairs import compare
from sim.studies.plan import check_points, plan_table
from sim.studies.reading import read_experiment
from sim.studies.runner import run_study
from sim.studies.sensitivity import sensitivity
from sim.studies.store import StudyFolder
from sim.studies.study import load_study

FOLDER = Path(__file__).resolve().parent / "images"
RESOLUTION = 150  # dots an inch: 1350 pixels across
COLOURS = 64
#: Shipped experiments with the picture that the pages show of each.
STUDIES: dict[str, Callable[[Answers], Figure]] = {
    "which-five-matter": lambda asked: draw(SENSITIVITY, SENSITIVITY, sensitivity(asked)),
    "which-five-matter-sobol": lambda asked: draw(SENSITIVITY, SENSITIVITY, sensitivity(asked)),
    "where-geneva-fails": lambda asked: draw(DISCOVERY, DISCOVERY, discover(asked)),
}


def main() -> None:
    """Writes every picture into docs/images/."""
    FOLDER.mkdir(exist_ok=True)
    result = simulate(Scenario.load("geneva-2025"), but_for=True, spread=True)
    for kind in pictures(RESULT):
        save_small(result.plot(kind), FOLDER / f"geneva-2025-{kind}.png")
    save_small(leaders_call(), FOLDER / "compare-leaders-call.png")
    race = classify(Scenario.load("race-2025-2030"), years=10)
    save_small(draw(GAME, GAME, race), FOLDER / "race-game.png")
    studies()


def studies() -> None:
    """The pictures of the shipped studies: each is run anew, half a minute."""
    with TemporaryDirectory() as root:
        for name, draw in STUDIES.items():
            study = read_experiment(name)
            folder = StudyFolder(Path(root), name, plan_table(study))
            run_study(study, check_points(study), folder)
            save_small(draw(answers(load_study(folder.path))), FOLDER / f"{name}.png")


def leaders_call() -> Figure:
    """What the call of 5 June was worth, as `detente compare` draws it."""
    scenario = Scenario.load("geneva-as-happened")
    pair = pair_of(scenario, removed=["shock:leaders-call"])
    comparison = compare(*pair.compiled(), 20_000, 2025)
    return draw(COMPARISON, COMPARISON, comparison, scenario.spec.title, pair.captions)


def save_small(figure: Figure, path: Path, colours: int = COLOURS) -> None:
    """A picture as a palette png."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=RESOLUTION)
    in_few_colours(Image.open(drawn), colours).save(path, optimize=True)


if __name__ == "__main__":
    main()
