"""The search for a best response on the terminal: its progress, its result, its folder."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.failure import stop, warn_of
from sim.cli.options import typed_command
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import bar, tell
from sim.games.response import response_report
from sim.report.pictures import RESPONSE, draw, write_pictures

if TYPE_CHECKING:
    from sim.cli.response_options import Options
    from sim.games.best_response import Response
    from sim.games.responding import Question


def search(question: "Question", options: "Options") -> "Response":
    """The best response; on Ctrl-C ends the command with the best so far."""
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import BLOCK
    from sim.games.best_response import best_response
    from sim.games.searches import Watcher
    from sim.policies.words import sentences

    warn_of(question.scenario)
    compile_first(BLOCK)
    with bar("StepProgress", "") as shown:
        watcher = Watcher(shown)
        try:
            return best_response(question, options.runs, options.seed, watcher, options.threads)
        except KeyboardInterrupt:
            best = watcher.leader
            best_text = "none yet" if best is None else " ".join(sentences(best))
            stop(f"interrupted; nothing is written; best so far: {best_text}", INTERRUPTED)


def write(response: "Response", options: "Options", pictures: bool) -> Path:
    """Writes the folder of the answer, with its picture; returns it."""
    from sim.games.response import write_response

    folder = write_response(response, options.runs, options.out, typed_command())
    if pictures:
        drawing = ("gaps", partial(draw, RESPONSE, "gaps", response))
        write_pictures(folder / "figures", [drawing], options.formats)
    return folder


def report(response: "Response", folder: Path, json: bool) -> None:
    """Prints the machine in words and the gaps."""
    line = f"written to {folder}/ (machine.toml can be pasted into a scenario)"
    tell(response_report(response), json, [line], {"folder": str(folder)})
