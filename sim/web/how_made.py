"""How a page's numbers were made, with what is needed to make them again; pictures inside it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.report import pictures
from sim.report.content import NAME, TEXT, Column, Download, Figure, Section
from sim.report.html import svg_url
from sim.report.side_by_side import side_by_side
from sim.report.text import json_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

#: Of a manifest, what nobody needs to get the same numbers again.
_NOT_NEEDED = ("files", "seal", "spread", "seconds")


def inside(picture: "Drawn") -> str:
    """A picture as an address that holds it."""
    from sim.plots.style import page_svg

    return svg_url(page_svg(picture))


def drawn(of: str, kinds: Iterable[str], thing: Any) -> tuple[Figure, ...]:
    """Pictures of a thing, each inside its own address; drawn side by side."""
    shows = pictures.pictures(of)

    def figure(kind: str) -> Figure:
        return Figure(kind, shows[kind].shows, inside(pictures.draw(of, kind, thing)))

    return tuple(side_by_side(figure, list(kinds)))


def reproducible(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to get the same numbers again, and no more."""
    return {key: value for key, value in manifest.items() if key not in _NOT_NEEDED}


def named(name: str, digest: str) -> str:
    """A scenario with the hash of what was played."""
    return f"{name}, SHA-256 {digest}"


def how_made(
    manifest: Mapping[str, Any],
    facts: Iterable[tuple[str, str]],
    *files: Download,
    content: Mapping[str, Any] | None = None,
) -> Section:
    """How a page's numbers were made, with what is needed to make them again.

    manifest: with command, version and libraries; facts come first. content: of the file that
    comes with it, by default what is `reproducible` of the manifest; `files`: others beside it.
    """
    libraries = ", ".join(f"{name} {number}" for name, number in manifest["libraries"].items())
    made = [*facts, ("detente", manifest["version"]), ("with", libraries)]
    if "written" in manifest:
        made.append(("written", manifest["written"]))
    text = json_text(reproducible(manifest) if content is None else content)
    return Section(
        "How this number was built",
        ("The same scenario, seed and version give the same numbers, to the bit.",),
        (Column("what", NAME), Column("value", TEXT)),
        tuple(made),
        code=manifest["command"],
        downloads=(Download("reproduce.json", "application/json", text), *files),
        detail=True,
    )
