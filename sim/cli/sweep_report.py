"""What `detente sweep` prints: size and cost before, the headline of every point after."""

from typing import TYPE_CHECKING

from sim.cli.console import print_json
from sim.cli.failure import say
from sim.cli.telling import tell
from sim.studies.page import report_of as study_report
from sim.studies.study import load_study

if TYPE_CHECKING:
    from sim.studies.experiment import Experiment
    from sim.studies.plan import Cost
    from sim.studies.store import StudyFolder


def say_plan(study: "Experiment", cost: "Cost", dry_run: bool, json: bool) -> None:
    """Prints size, cost and expected time; to the error stream unless that is all there is."""
    if dry_run and json:
        print_json({"name": study.name, "runs": study.runs, **vars(cost)})
        return
    lines = [study.question] if study.question else []
    most = "" if study.until is None else "at most "
    size = f"{cost.points:,} points x {_runs(study)} = {most}{cost.run_weeks:,} run-weeks"
    how = "" if cost.measured else " (not measured here yet), and up to a minute to compile once"
    megabytes = max(0.1, cost.bytes / 1e6)
    lines.append(f"{size}; about {_duration(cost.seconds)}{how}; about {megabytes:,.1f} MB")
    if dry_run:
        lines.append("every point makes sense; nothing was run")
        print("\n".join(lines))
    else:
        say("\n".join(lines))


def _runs(study: "Experiment") -> str:
    """Runs of a point in words: with `until` there may be fewer than the most."""
    if study.until is None:
        return f"{study.runs:,} runs"
    more = f" to {study.most_runs:,}" if study.most_runs > study.runs else ""
    return f"{study.runs:,}{more} runs (until ±{study.until:g})"


def _duration(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(1, round(seconds))} s"


def report(folder: "StudyFolder", json: bool) -> None:
    """Prints the headline outcome of every point, and where the tables are."""
    page_report = study_report(load_study(folder.path))
    line = f"written to {folder.path}/ (outcomes.parquet has every week)"
    tell(page_report, json, [line], {"folder": str(folder.path)})


def report_part(folder: "StudyFolder", json: bool) -> None:
    """Prints which part of a study was played, and how the parts become one."""
    from sim.studies.merging import read_portion

    played = read_portion(folder.path)
    portion, size = played.portion, int(played.manifest["points"])
    span = portion.points(size)
    if json:
        print_json(
            {
                "name": folder.name,
                "part": portion.number,
                "of": portion.of,
                "first_point": span.start,
                "points": len(span),
                "folder": str(folder.path),
            }
        )
        return
    whole_folder = str(folder.path).removesuffix(f"-part-{portion.number}-of-{portion.of}")
    print(
        f"part {portion} is played: {len(span):,} of {size:,} points, written to {folder.path}/\n"
        f"when all parts are there: detente merge {whole_folder}-part-*-of-{portion.of}"
    )
