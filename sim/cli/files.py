"""Commands about files of one's own: `detente check`, `new` and `record`."""

import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import checks
from sim.cli.complete import scenario_names
from sim.cli.failure import BAD_INPUT, ends_well, problem, say
from sim.cli.finding import EXPERIMENT, SCENARIO, TAKES, kind_of, load_scenario, misplaced
from sim.cli.options import Command, argument, flag, option
from sim.cli.telling import print_json
from sim.errors import DetenteError, Problem
from sim.scenario.loading import SUFFIX

#: Values that rest on what was known later: so many are named, the latest first.
MOST_LATE = 3


@dataclass
class Check(Command):
    """Validate files without running them: every problem of every file at once."""

    files: list[str] = argument(
        "Scenario or experiment files, or names.", scenario_names, metavar="FILE..."
    )
    json: bool = flag("--json", "Print the findings as JSON.")

    def _act(self) -> None:
        reports = [examine(file) for file in self.files]
        if self.json:
            print_json(reports)
        else:
            for report in reports:
                print_report(report)
        if any(report["problems"] for report in reports):
            raise typer.Exit(BAD_INPUT)


def examine(file: str) -> dict[str, Any]:
    """One file: `file`, `kind`, its `command`, `problems` (tables), `warnings`, `notes`."""
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
    where = f" (detente show {file} lists them)"
    late = () if knowledge is None else knowledge.sentences(MOST_LATE, where)
    idle = sentence(scenario.inert(), scenario.distributions(), "the headline")
    return (*scenario.warnings, *(f"{file}: {text}" for text in late)), [idle] if idle else []


def print_report(report: dict[str, Any]) -> None:
    """One file's findings: problems and warnings to the error stream, "ok" to the output."""
    for found in report["problems"]:
        say(found["text"])
    for warning in report["warnings"]:
        say(f"warning: {warning}")
    if report["problems"]:
        return
    count = len(report["warnings"])
    note = f" ({count} warning{'s' if count > 1 else ''})" if count else ""
    kind = "" if report["kind"] == SCENARIO else f", {report['kind']}: {report['command']}"
    typer.echo(f"{report['file']}: ok{kind}{note}")
    for text in report["notes"]:
        typer.echo(f"  {text}")


@dataclass
class New(Command):
    """Write a scenario of your own: what is worth changing, commented, with range and source."""

    name: str = argument("What to call it; makes NAME.toml here.")
    source: str = option(
        "SCENARIO",
        "The scenario to start from, by name or file.",
        "geneva-2025",
        "--from",
        autocompletion=scenario_names,
    )
    out: Path | None = option("FILE", "Write this file, whatever the name.")
    force: bool = flag("--force", "Overwrite a file that is there.")

    @property
    def file(self) -> Path:
        """The file to write."""
        return self.out or Path(f"{self.name.removesuffix(SUFFIX)}{SUFFIX}")

    def _problems(self) -> Iterator[Problem]:
        from sim.scenario.loading import shipped_files

        file, place = self.file, "NAME" if self.out is None else "--out"
        if "\0" in str(file):
            yield problem(place, repr(str(file)), "a name that a file can have")
            return
        if file.suffix != SUFFIX or not file.stem.removesuffix(SUFFIX):
            yield problem(place, f'"{file}"', f"a name, or with --out a file that ends in {SUFFIX}")
            return
        if file.stem in shipped_files():
            yield problem(place, f"{file.stem}, a scenario that is there already", "another name")
        if not file.absolute().parent.is_dir():
            yield problem(place, f"{file}, but {file.parent} is not a folder", "an existing folder")
            return
        yield from checks.writable(file.absolute().parent, place)
        if file.is_dir() or (file.exists() and not self.force):
            allowed = "a new file" if file.is_dir() else "a new file, or --force to overwrite it"
            yield problem(place, f"{file}, which is there already", allowed)

    def _act(self) -> None:
        from sim.scenario.template import own_scenario
        from sim.store.files import write_text

        world, file = load_scenario(self.source), self.file
        if world.path is not None and file.exists() and file.samefile(world.path):
            self.refuse("--out", f"{file}, the scenario to start from", "another file")
        write_text(file, own_scenario(world, file.absolute()))
        typer.echo(f"wrote {file}, on top of {world.name}")
        run = f"detente run {shlex.quote(str(file))}"
        typer.echo(f"Take the # from a line, change the value, then: {run}")


record = typer.Typer(
    help="A record of your own: copy the package's, add this week's event, check it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@record.command("new")
@ends_well
def new_record(
    folder: Annotated[Path, argument("A new folder, or an empty one.", metavar="FOLDER")],
) -> None:
    """Copy the package's record into a folder, to start your own from."""
    from sim.history.record import new_record

    for file in new_record(folder):
        typer.echo(f"wrote {file}")
    typer.echo(f"Add rows, then: detente record check {folder}")


@record.command("check")
@ends_well
def check_record(
    folder: Annotated[Path, argument("A folder with a record.", metavar="FOLDER")],
) -> None:
    """Check a record: every mistake at once, with file, row, what is allowed, what was meant."""
    from sim.history.check_data import summary
    from sim.history.record import read_checked

    for line in summary(read_checked(folder)):
        typer.echo(line)
    typer.echo("OK")
