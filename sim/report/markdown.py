"""A report as Markdown. No time of day, no machine: the same report gives the same bytes."""

from collections.abc import Iterator

from sim.report.content import NUMBER, Report, Section, pieces
from sim.store.text import markdown_text


def markdown(report: Report) -> str:
    """The whole report, ending with a newline."""
    parts = [f"# {inline(report.title)}", *_lead(report)]
    for section in report.sections:
        parts += _section(section)
    return "\n\n".join(part for part in parts if part) + "\n"


def inline(text: str) -> str:
    """Text that shows just this text, its plain names between backticks as code."""
    return "".join(f"`{part}`" if code else markdown_text(part) for code, part in pieces(text))


def _lead(report: Report) -> Iterator[str]:
    for place, line in enumerate(report.lead):
        yield inline(line) if place else f"**{inline(line)}**"
    yield _points(report.notes)


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield f"## {inline(section.title)}"
    if section.listed:
        yield _points(section.words)
    else:
        yield from map(inline, section.words)
    if section.columns:
        yield _table(section)
    pictures = (each for each in section.figures if not each.address.startswith("data:"))
    yield from (f"![{inline(each.name)}]({each.address})" for each in pictures)
    yield from map(inline, section.notes)
    if section.code:
        yield "\n".join(f"    {line}" for line in section.code.splitlines())


def _points(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {inline(line)}" for line in lines)


def _table(section: Section) -> str:
    rules = ["---:" if column.kind == NUMBER else "---" for column in section.columns]
    heading = [inline(column.name) for column in section.columns]
    body = [[inline(cell) for cell in row] for row in section.rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heading, rules, *body))
