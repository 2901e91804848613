"""Every picture of the pages with the command that draws it: the gallery of the site."""

from pathlib import Path

IMAGES = Path(__file__).resolve().parent / "images"
RESULTS = "detente run geneva-2025 && detente plot geneva-2025 --kind {kind}"
STUDIES = "detente sweep {name} && detente plot {name}"
SENSITIVITY = "detente sweep {name} && detente analyze {name}"
#: Pictures by their names (those that begin so), what they show, and what draws them.
COMMANDS = {
    "geneva-2025-": RESULTS,
    "experiment-": STUDIES,
    "which-five-matter": SENSITIVITY,
    "where-geneva-fails": SENSITIVITY,
    "compare-": "detente compare geneva-as-happened --without shock:leaders_call --plot FILE.png",
    "geneva-tournament": "detente games geneva-2025 tournament",
    "geneva-response": "detente games geneva-2025 response --side us",
    "race-game": "detente games race-2025-2030 classify --plot FILE.png",
    "textbook-replicator": "detente games textbook/tft-noise replicator",
    "page-geneva": "detente page geneva-2025",
    "odds": "detente odds geneva-2025 --every",
    "score": "detente score --plot FILE.png",
    "forecast": "detente score --plot FILE.png",
}
#: Drawn by `make docs` alone, of the model or of many runs.
MADE = "make docs"


def gallery() -> str:
    """The page, in Markdown: a picture, its command."""
    parts = ["# Gallery", "Every picture of these pages, with the command that draws it."]
    for picture in sorted(IMAGES.glob("*.png")):
        parts += [
            f"## {title(picture.stem)}",
            f"![{title(picture.stem)}](images/{picture.name})",
            f"```sh\n{command(picture.stem)}\n```",
        ]
    return "\n\n".join(parts) + "\n"


def title(stem: str) -> str:
    """A picture's name in words."""
    return stem.replace("-", " ").capitalize()


def command(stem: str) -> str:
    """What draws a picture."""
    for begin, words in COMMANDS.items():
        if stem.startswith(begin):
            name = stem.removeprefix("experiment-").removesuffix("-sobol")
            return words.format(kind=stem.removeprefix("geneva-2025-"), name=name)
    return MADE
