"""The gallery of the site: every picture of the pages, kind by kind, with the command under it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from make_drawn import DRAWN

from sim.report.pictures import Picture, pictures

IMAGES = Path(__file__).resolve().parent / "images"
RUN = "detente run geneva-2025 && detente plot geneva-2025 --kind {}"
SWEEP = "detente sweep {0} && detente plot {0}"
SENSITIVITY = "detente sweep {0} && detente analyze {0} --sensitivity"
DISCOVERY = "detente sweep {0} && detente analyze {0} --discover"
SCORE = "detente score --plot FILE.png"
#: Images by the kind of picture they are an example of; others are of a run of Geneva.
EXAMPLES = {
    "exact": "textbook-exact",
    "line": "experiment-is-delay-bad",
    "map": "experiment-slow-licensing",
    "panels": "experiment-capacity-or-design",
    "sensitivity": "which-five-matter",
    "discovery": "where-geneva-fails",
    "comparison": "compare-leaders-call",
    "heat": "geneva-tournament-heat",
    "ranking": "geneva-tournament-ranking",
    "simplex": "textbook-replicator",
    "shares": "geneva-replicator",
    "gaps": "geneva-response-us",
    "game": "race-game",
    "scores": "forecast-scores",
    "calibration": "forecast-calibration",
    "fit": "geneva-fit",
    "odds": "geneva-odds",
}
#: What draws an image, where neither make_drawn nor the beginning of its name says it.
COMMANDS = {
    "anticipation": "python docs/make_anticipation.py",
    "architecture": "python docs/make_architecture.py",
    "compare-leaders-call": (
        "detente compare geneva-as-happened --without shock:leaders-call --plot FILE.png"
    ),
    "forecast-calibration": SCORE,
    "forecast-scores": SCORE,
    "page-geneva": "detente page geneva-2025",
    "race-game": "detente games race-2025-2030 classify --years 10 --plot FILE.png",
    "truce-states": "python docs/make_model.py",
    "validation-slow-office": "make validation",
    "validation-two-noises": "make validation",
    "where-geneva-fails": DISCOVERY.format("where-geneva-fails"),
    "which-five-matter": SENSITIVITY.format("which-five-matter"),
    "which-five-matter-sobol": SENSITIVITY.format("which-five-matter-sobol"),
}
BY_BEGINNING = {"geneva-2025-": RUN, "experiment-": SWEEP}


class Shown(NamedTuple):
    """An image of docs/images: its heading, what it shows, its name."""

    heading: str
    shows: str
    image: str


def gallery() -> str:
    """The page, in Markdown: a picture of every kind, then the other pictures of the pages."""
    parts = ["# Gallery", "Every kind of picture, and under each a command that draws it."]
    for shown in (*(kind(each) for each in pictures().values()), *others()):
        parts += [
            f"## {shown.heading}",
            shown.shows,
            f"![{shown.shows}](images/{shown.image}.png)",
            f"```sh\n{command(shown.image)}\n```",
        ]
    return "\n\n".join(parts) + "\n"


def kind(picture: Picture) -> Shown:
    """The example of a kind of picture."""
    image = EXAMPLES.get(picture.name, f"geneva-2025-{picture.name}")
    return Shown(f"{picture.name.capitalize()} ({picture.of})", picture.shows, image)


def others() -> Iterator[Shown]:
    """The images that are no example of a kind, by name."""
    shown = {kind(picture).image for picture in pictures().values()}
    for image in sorted(path.stem for path in IMAGES.glob("*.png")):
        if image not in shown:
            title = image.removeprefix("experiment-").replace("-", " ").capitalize()
            yield Shown(title, title + ".", image)


def command(image: str) -> str:
    """What draws an image. Raises KeyError for one of which nothing says it."""
    for words, images in DRAWN.items():
        if image in images.values():
            return f"detente {words}"
    for beginning, words in BY_BEGINNING.items():
        if image.startswith(beginning):
            return words.format(image.removeprefix(beginning))
    return COMMANDS[image]
