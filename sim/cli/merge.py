"""`detente merge`: the parts of a study that were played on several machines, as one study."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.complete import result_folders
from sim.cli.failure import ends_well, refuse_any, say
from sim.cli.options import Json, Out, typed_command
from sim.cli.run_options import writable
from sim.cli.telling import waiting
from sim.store.files import RESULTS

COMMAND = "detente merge"


@ends_well
def merge(
    folders: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER",
            help="The folders of all parts, in any order.",
            autocompletion=result_folders,
        ),
    ],
    out: Out = RESULTS,
    json: Json = False,
) -> None:
    """Put together the parts of a study (sweep --part): the bytes of the undivided one."""
    refuse_any(COMMAND, writable(out))
    from sim.cli.plot_study import draw_fitting, draw_missing
    from sim.cli.sweep_report import report
    from sim.studies.merging import gathered, merge
    from sim.studies.store import StudyFolder

    portions = gathered([_folder(name) for name in folders])
    first = portions[0]
    folder = StudyFolder(out, str(first.manifest["name"]), first.plan, "the same command continues")
    folder.check()
    if folder.finished:
        say(f"already there: nothing to do, the tables are in {folder.path}/")
        report(folder, json)
        draw_missing(folder.path)
        return
    with waiting("merging ..."):
        merge(portions, folder, typed_command())
    report(folder, json)
    draw_fitting(folder.path)


def _folder(name: str) -> Path:
    """A folder by its path, or by its name in results/."""
    inside = RESULTS / name
    return inside if not Path(name).is_dir() and inside.is_dir() else Path(name)
