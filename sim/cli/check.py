"""`detente check`: validate files without running them."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from sim.cli.complete import scenario_names
from sim.cli.console import print_json
from sim.cli.failure import BAD_INPUT, ends_well, say
from sim.errors import DetenteError, Problem


@ends_well
def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Scenario or experiment files, or names.",
            autocompletion=scenario_names,
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Validate files without running them: every problem of every file at once."""
    reports = [examine(file) for file in files]
    if json:
        print_json(reports)
    else:
        for report in reports:
            print_report(report)
    if any(report["problems"] for report in reports):
        raise typer.Exit(BAD_INPUT)


def examine(file: str) -> dict[str, Any]:
    """One file: `file`, `kind`, its `command`, `problems` (tables), `warnings`, `notes`."""
    from sim.cli.kinds import EXPERIMENT, SCENARIO, TAKES, kind_of, misplaced
    from sim.studies.reading import read_experiment

    problems: list[Problem] = []
    warnings: tuple[str, ...] = ()
    notes: list[str] = []
    kind = kind_of(file) or SCENARIO
    try:
        if kind == EXPERIMENT:
            read_experiment(file)
        elif other := misplaced(file, SCENARIO):
            problems = [other]
        else:
            warnings, notes = _scenario_said(file)
    except DetenteError as error:
        problems = error.problems
    tables = [asdict(problem) | {"text": str(problem)} for problem in problems]
    command = TAKES[kind].replace("{}", file)
    entry = {"file": file, "kind": kind, "command": command}
    return entry | {"problems": tables, "warnings": list(warnings), "notes": notes}


def _scenario_said(file: str) -> tuple[tuple[str, ...], list[str]]:
    """Warnings, and what is only worth knowing: which numbers cannot move the headline."""
    from sim.scenario import Scenario
    from sim.scenario.inert import sentence

    scenario = Scenario.load(file)
    _ = scenario.compiled  # what only shows when the tables are built
    knowledge = scenario.knowledge
    late = () if knowledge is None else knowledge.sentences()
    idle = sentence(scenario.inert(), scenario.distributions(), "the headline")
    return (*scenario.warnings, *(f"{file}: {text}" for text in late)), [idle] if idle else []


def print_report(report: dict[str, Any]) -> None:
    """One file's findings: problems and warnings to the error stream, "ok" to the output."""
    for problem in report["problems"]:
        say(problem["text"])
    for warning in report["warnings"]:
        say(f"warning: {warning}")
    if not report["problems"]:
        count = len(report["warnings"])
        note = f" ({count} warning{'s' if count > 1 else ''})" if count else ""
        kind_text = (
            "" if report["kind"] == "scenario" else f", {report['kind']}: {report['command']}"
        )
        typer.echo(f"{report['file']}: ok{kind_text}{note}")
        for text in report["notes"]:
            typer.echo(f"  {text}")
