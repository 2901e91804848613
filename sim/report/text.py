"""A report as text: Markdown, JSON, its numbers as CSV; and what a notebook and a prompt show.

No time of day, no machine: the same report gives the same bytes.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict, fields
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.errors import printable
from sim.report.content import NUMBER, Number, Report, Section, pieces

if TYPE_CHECKING:
    import pandas as pd

#: What Markdown may read as more than a letter; an underscore inside a word is one.
_MARKDOWN = re.compile(r"([\\`*\[\]<>#|&~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
COLUMNS = ("section", "key", "week", "date", "n", "value", "low", "high", "text")


def markdown(report: Report) -> str:
    """The whole report, ending with a newline."""
    parts = [f"# {inline(report.title)}"]
    parts += [inline(line) if n else f"**{inline(line)}**" for n, line in enumerate(report.lead)]
    parts.append(_points(report.notes))
    parts += [part for section in report.sections for part in _section(section)]
    return "\n\n".join(part for part in parts if part) + "\n"


def markdown_text(text: str) -> str:
    r"""Text as Markdown that shows just this text: no links, no HTML, no headings.

    >>> print(markdown_text("<b> [x](y)"))
    \<b\> \[x\](y)
    """
    return _MARKDOWN.sub(r"\\\1", text)


def inline(text: str) -> str:
    """Text that shows just this text, its plain names between backticks as code."""
    return "".join(f"`{part}`" if code else markdown_text(part) for code, part in pieces(text))


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


def json_text(value: Any) -> str:
    """Plain values as JSON; what JSON has no form for (nan) becomes null, dates ISO text."""
    return json.dumps(without_nan(value), indent=2, ensure_ascii=False, default=str)


def without_nan(value: Any) -> Any:
    """The same value with nan and infinities replaced by None, at any depth."""
    if isinstance(value, dict):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def csv(report: Report) -> str:
    """The numbers of a report as CSV, a row each."""
    from sim.store.tables import csv_text  # with numpy, which what only prints does without

    return csv_text(csv_frame(report))


def csv_frame(report: Report) -> "pd.DataFrame":
    """One long table: section, key, week, date, n, value, low, high, text.

    Of a report that does not list its numbers: every cell of its tables, as text.
    """
    import pandas as pd

    cells = (
        Number(section.title, f"{row[0]}: {column.name}", None, text=cell)
        for section in report.sections
        for row in section.rows
        for column, cell in zip(section.columns[1:], row[1:], strict=True)
    )
    rows = [asdict(number) for number in report.numbers or cells]
    frame = pd.DataFrame(rows, columns=[each.name for each in fields(Number)])
    return frame[list(COLUMNS)].astype({"week": "Int64", "n": "Int64"})


#: The module whose `report_of` describes a thing, by the name of its class: loaded when one is
#: first shown, so that what is shown need not know who describes it.
WRITERS = {
    "Scenario": "sim.scenario.sourcing",
    "Result": "sim.outcomes.page",
    "Study": "sim.studies.study",
    "Comparison": "sim.studies.comparison_page",
    "Story": "sim.explain.render",
}
#: Letters of a title in a `repr`, which has less than 300 in all.
_TITLE = 80


class InNotebook:
    """What a notebook shows as the report's own section, and a prompt in a line."""

    def _repr_html_(self) -> str:
        from sim.report.html import fragment  # with its templates, which few commands need

        return fragment(report_of(self))


def report_of(thing: Any) -> Report:
    """The report of a scenario, result, study, comparison or story."""
    report: Report = import_module(WRITERS[type(thing).__name__]).report_of(thing)
    return report


def in_a_line(thing: Any, name: str, *facts: str) -> str:
    """The `repr` of a thing: its class, its name, a few facts.

    >>> in_a_line(1.5, "half", "n = 2")
    '<float half: n = 2>'
    """
    text = ", ".join(printable(fact, _TITLE) for fact in facts)
    return f"<{type(thing).__name__} {printable(name, _TITLE)}: {text}>"
