"""Draws the pictures of the pages on games, from the commands that they show.

python docs/make_games.py                # or: make docs
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from make_images import COLOURS, FOLDER
from PIL import Image

from sim.cli.main import app

DISCOUNT = [f"actors.{side}.discount=0.9" for side in ("us", "cn")]
SETTINGS = [word for one in (*DISCOUNT, "weeks=260") for word in ("--set", one)]
ONE_POPULATION = ["--populations", "1", "--runs", "2"]
#: Words after `detente games`, and the name in docs/images/ of each picture that is kept.
DRAWN = (
    (
        ["geneva-tournament", "tournament"],
        {"heat-payoff_us": "geneva-tournament-heat", "ranking": "geneva-tournament-ranking"},
    ),
    (
        ["textbook/base", "replicator", *SETTINGS, *ONE_POPULATION],
        {"replicator-1": "textbook-replicator"},
    ),
    (
        ["geneva-2025", "response", "--side", "us", "--states", "2", "--runs", "4000"],
        {"gaps": "geneva-response-us"},
    ),
)


def main() -> None:
    """Writes every picture into docs/images/."""
    for words, pictures in DRAWN:
        with tempfile.TemporaryDirectory() as place:
            app(["games", *words, "--out", place, "--json"], standalone_mode=False)
            (figures,) = Path(place).glob("*/figures")
            for name, kept in pictures.items():
                small = Image.open(figures / f"{name}.png").convert("RGB")
                small = small.quantize(COLOURS, dither=Image.Dither.NONE)
                small.save(FOLDER / f"{kept}.png", optimize=True)


if __name__ == "__main__":
    main()
