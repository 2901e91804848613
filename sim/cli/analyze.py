"""`detente analyze`: which factors of a study matter, and in which boxes the truce fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import checks
from sim.cli.complete import result_folders
from sim.cli.failure import problem
from sim.cli.finding import study_folder
from sim.cli.options import Command, Form, Json, argument, flag, forms, option
from sim.cli.telling import print_json, tell, waiting
from sim.errors import Problem
from sim.report.pictures import Drawing, write_pictures
from sim.world.outcomes import NAMES

if TYPE_CHECKING:
    from sim.report.content import Report
    from sim.studies.answers import Answers

THRESHOLD, DENSITY = 0.5, 0.8


@dataclass
class Analyze(Command):
    """Read a study: which factors matter (--sensitivity), where the truce fails (--discover)."""

    result: str = argument("The folder of a study, or its name in results/.", result_folders)
    sensitivity: bool = flag(
        "--sensitivity", "Which factors matter: Sobol indices, Morris effects."
    )
    discover: bool = flag("--discover", "Where the truce fails: boxes, as sentences (PRIM).")
    outcome: str | None = option("NAME", f"{', '.join(NAMES)}; default: the headline.")
    week: int | None = option("W", "Read at the end of this week; default: of the term.")
    threshold: float = option("P", "With --discover: a point fails if fewer runs hold.", THRESHOLD)
    density: float = option("P", "With --discover: share of failures a box should reach.", DENSITY)
    form: Form = None
    json: Json = False

    def _problems(self) -> Iterator[Problem]:
        if not (self.sensitivity or self.discover):
            yield problem("", "nothing to do", "--sensitivity, --discover, or both")
        shares = ("--threshold", self.threshold, THRESHOLD), ("--density", self.density, DENSITY)
        for name, value, default in shares:
            if not 0 < value < 1:
                yield problem(name, value, "a share between 0 and 1, as 0.5")
            elif value != default and not self.discover:
                yield problem(name, f"{value}, without --discover", "beside --discover")
        yield from checks.formats(self.form)

    def _act(self) -> None:
        study = study_folder(self.result, self.command)
        from sim.studies.answers import answers

        of_study = answers(study, self.outcome, self.week)
        reports = {}
        if self.sensitivity:
            reports["sensitivity"] = self._sensitivity(of_study, study.folder)
        if self.discover:
            reports["discovery"] = self._discovery(of_study, study.folder)
        if self.json:
            print_json(reports)

    def _sensitivity(self, of_study: "Answers", folder: Path) -> dict[str, object]:
        from sim.plots.study_findings import sensitivity as drawn
        from sim.studies.analysis_page import sensitivity_report, write_sensitivity
        from sim.studies.sensitivity import sensitivity

        with waiting("computing indices and their intervals ..."):
            result = sensitivity(of_study)
        files = write_sensitivity(folder, result)
        drawing = f"sensitivity{of_study.suffix}", partial(drawn, result)
        return self._told(sensitivity_report(result), files, folder, drawing)

    def _discovery(self, of_study: "Answers", folder: Path) -> dict[str, object]:
        from sim.plots.study_findings import discovery as drawn
        from sim.studies.analysis_page import discovery_report, write_discovery
        from sim.studies.discovery import discover

        with waiting("peeling box 1 ...") as status:

            def progress(done: int) -> None:
                if status is not None:
                    status.update(f"peeling box {done + 1} ...")

            discovery = discover(of_study, self.threshold, self.density, progress=progress)
        files = write_discovery(folder, discovery)
        drawing = f"discovery{of_study.suffix}", partial(drawn, discovery)
        return self._told(discovery_report(discovery), files, folder, drawing)

    def _told(
        self, report: "Report", files: list[Path], folder: Path, drawing: Drawing
    ) -> dict[str, object]:
        """Draws the picture, prints the report unless JSON is wanted; returns its part of that."""
        files = files + write_pictures(folder / "figures", [drawing], forms(self.form))
        names = [str(path) for path in files]
        if not self.json:
            tell(report, False, [f"written: {', '.join(names)}"])
        return {**report.data, "files": names}
