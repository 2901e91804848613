"""`detente check`: validate files without running them."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.complete import scenario_names
from sim.cli.failure import BAD_INPUT, ends_well, say

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.scenario import Scenario


@ends_well
def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Scenario files or names.", autocompletion=scenario_names
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Validate scenario files without running them: every problem of every file at once."""
    reports = [examine(file) for file in files]
    if json:
        from sim.cli.console import print_json

        print_json(reports)
    else:
        for report in reports:
            print_report(report)
    if any(report["problems"] for report in reports):
        raise typer.Exit(BAD_INPUT)


def examine(file: str) -> dict[str, Any]:
    """What is wrong with one file: `file`, `problems` (tables) and `warnings` (texts)."""
    from sim.errors import ScenarioError
    from sim.scenario import Scenario

    problems: list[Problem] = []
    warnings: tuple[str, ...] = ()
    try:
        scenario = Scenario.load(file)
        warnings = (*scenario.warnings, *_knowledge(scenario, file))
        _ = scenario.compiled  # what only shows when the tables are built
    except ScenarioError as error:
        problems = error.problems
    tables = [asdict(problem) | {"text": str(problem)} for problem in problems]
    return {"file": file, "problems": tables, "warnings": list(warnings)}


def _knowledge(scenario: "Scenario", file: str) -> list[str]:
    """What the scenario rests on that was not known by its `as_of`, or carries no date."""
    known = scenario.knowledge
    return [] if known is None else [f"{file}: {text}" for text in known.sentences()]


def print_report(report: dict[str, Any]) -> None:
    """One file's findings: problems and warnings to the error stream, "ok" to the output."""
    for problem in report["problems"]:
        say(problem["text"])
    for warning in report["warnings"]:
        say(f"warning: {warning}")
    if not report["problems"]:
        count = len(report["warnings"])
        note = f" ({count} warning{'s' if count > 1 else ''})" if count else ""
        typer.echo(f"{report['file']}: ok{note}")
