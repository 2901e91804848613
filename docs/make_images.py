"""Draws the pictures that the pages show, from the run that anybody gets.

    python docs/make_images.py               # or: make docs

The default run of geneva-2025 (10,000 runs, seed 2025), saved small: 64 colours.
"""

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from sim import Scenario, simulate
from sim.plots import PICTURES
from sim.plots.comparison import comparison_figure
from sim.studies.pairs import compare
from sim.studies.without import without

FOLDER = Path(__file__).resolve().parent / "images"
RESOLUTION = 150  # dots an inch: 1350 pixels across
COLOURS = 64


def main() -> None:
    """Writes every picture into docs/images/."""
    FOLDER.mkdir(exist_ok=True)
    result = simulate(Scenario.load("geneva-2025"), but_for=True, spread=True)
    for kind in PICTURES:
        save_small(result.plot(kind), FOLDER / f"geneva-2025-{kind}.png")
    save_small(leaders_call(), FOLDER / "compare-leaders-call.png")


def leaders_call() -> Figure:
    """What the call of 5 June was worth, as `detente compare` draws it."""
    scenario = Scenario.load("geneva-as-happened")
    thing = "shock:leaders-call"
    pair = compare(scenario.compiled, without(scenario.compiled, [thing]), 20_000, 2025)
    names, digest = (scenario.name, f"A without {thing}"), scenario.hash[:8]
    return comparison_figure(pair, scenario.spec.title, names, (digest, digest))


def save_small(figure: Figure, path: Path) -> None:
    """A picture as a palette png."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=RESOLUTION)
    small = Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
