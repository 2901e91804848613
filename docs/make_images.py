"""Draws the pictures that the pages show, from the run that anybody gets.

    python docs/make_images.py               # or: make docs

The default run of geneva-2025 (10,000 runs, seed 2025), saved small: 64 colours.
"""

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from sim import Scenario, simulate
from sim.games.classify import classify
from sim.plots import PICTURES
from sim.plots.stage_game import stage_game

FOLDER = Path(__file__).resolve().parent / "images"
RESOLUTION = 150  # dots an inch: 1350 pixels across
COLOURS = 64


def main() -> None:
    """Writes every picture into docs/images/."""
    FOLDER.mkdir(exist_ok=True)
    result = simulate(Scenario.load("geneva-2025"), but_for=True, spread=True)
    for kind in PICTURES:
        save_small(result.plot(kind), FOLDER / f"geneva-2025-{kind}.png")
    race = classify(Scenario.load("race-2025-2030"), years=10)
    save_small(stage_game(race), FOLDER / "race-game.png")


def save_small(figure: Figure, path: Path) -> None:
    """A picture as a palette png."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=RESOLUTION)
    small = Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
