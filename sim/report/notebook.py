"""What a notebook shows of a result, a scenario and their like: the report that its room writes."""

from importlib import import_module
from typing import Any

from sim.errors import printable
from sim.report.content import Report

#: The module whose `report_of` describes a thing, by the name of its class: loaded when one is
#: first shown, so that what is shown need not know who describes it.
WRITERS = {
    "Scenario": "sim.scenario.changes",
    "Result": "sim.outcomes.page",
    "Study": "sim.studies.page",
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
