"""How a page's numbers were made, with what is needed to make them again; pictures inside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report import pictures
from sim.report.content import NAME, TEXT, Column, Download, Figure, Section
from sim.report.html import svg_url
from sim.report.side_by_side import side_by_side
from sim.report.text import json_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn


def drawn_figures(of: str, kinds: Iterable[str], thing: Any) -> tuple[Figure, ...]:
    """Pictures of a thing, each inside its own address; drawn side by side."""
    shows = pictures.pictures(of)

    def figure(kind: str) -> Figure:
        return Figure(kind, shows[kind].shows, inside(pictures.draw(of, kind, thing)))

    return tuple(side_by_side(figure, list(kinds)))


def inside(picture: "Drawn") -> str:
    """A picture as an address that holds it."""
    from sim.plots.style import page_svg

    return svg_url(page_svg(picture))


def reproducible(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to get the same numbers again, and no more."""
    left_out = ("files", "seal", "spread", "seconds")
    return {key: value for key, value in manifest.items() if key not in left_out}


def versions(version: str, manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The program and the libraries that made a page, and when it was written."""
    yield "detente", version
    yield "with", ", ".join(f"{name} {number}" for name, number in manifest["libraries"].items())
    if "written" in manifest:
        yield "written", manifest["written"]


def how_made(manifest: Mapping[str, Any], facts: Iterable[tuple[str, str]] = ()) -> Section:
    """The same of a folder whose manifest has a command, a version and libraries; facts first."""
    content = json_text(reproducible(manifest))
    files = (Download("reproduce.json", "application/json", content),)
    all_facts = (*facts, *versions(manifest["version"], manifest))
    return section_made(all_facts, manifest["command"], files)


def section_made(
    facts: Iterable[tuple[str, str]], command: str, files: Sequence[Download]
) -> Section:
    """How a page's numbers were made, with what is needed to make them again."""
    return Section(
        "How this number was built",
        ("The same scenario, seed and version give the same numbers, to the bit.",),
        (Column("what", NAME), Column("value", TEXT)),
        tuple(facts),
        code=command,
        downloads=tuple(files),
        detail=True,
    )
