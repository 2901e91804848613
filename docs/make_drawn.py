"""Draws the pictures of the pages that a command draws, by that command.

python docs/make_drawn.py                # or: make docs
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from few_colours import in_few_colours
from make_images import COLOURS, FOLDER
from PIL import Image

from sim.cli.main import app

#: What is typed after `detente`, and the name in docs/images/ of each picture that is kept of it.
DRAWN = {
    "games geneva-tournament tournament": {
        "heat-payoff_us": "geneva-tournament-heat",
        "ranking": "geneva-tournament-ranking",
    },
    "games textbook/base replicator --set actors.us.discount=0.9 --set actors.cn.discount=0.9 "
    "--set weeks=260 --populations 1 --runs 2": {"replicator-1": "textbook-replicator"},
    "games geneva-2025 replicator --runs 500": {"replicator-2": "geneva-replicator"},
    "games geneva-2025 response --side us --states 2 --runs 4000": {"gaps": "geneva-response-us"},
    "run textbook/tft-noise --engine exact": {"survival": "textbook-exact"},
    "odds geneva-2025 --every week": {"odds": "geneva-odds"},
    "fit geneva-2025 --as-of 2025-10-08 --points 60 --stages 4 --moves 1 --copies 40": {
        "fit": "geneva-fit"
    },
}


def main() -> None:
    """Writes every picture into docs/images/."""
    for words, pictures in DRAWN.items():
        with tempfile.TemporaryDirectory() as place:
            app([*words.split(), "--out", place, "--json"], standalone_mode=False)
            (figures,) = Path(place).glob("*/figures")
            for name, kept in pictures.items():
                small = in_few_colours(Image.open(figures / f"{name}.png"), COLOURS)
                small.save(FOLDER / f"{kept}.png", optimize=True)


if __name__ == "__main__":
    main()
