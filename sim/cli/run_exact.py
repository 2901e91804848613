"""`detente run --engine exact`: the scenario solved instead of played, where it can be."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.failure import ANYTHING_ELSE, stop
from sim.cli.options import typed_command
from sim.cli.run_options import Options
from sim.cli.telling import tell, where
from sim.errors import ResultError

if TYPE_CHECKING:
    from sim.engines.exact import ExactResult
    from sim.scenario import Scenario


def run_exact(world: "Scenario", options: Options, json: bool) -> None:
    """Solves a scenario, writes its folder and prints it."""
    from sim.engines.exact import solve
    from sim.outcomes.exact import exact_report, exact_summary

    result = solve(world)
    page = exact_summary(result)
    folder, failure = _write(result, page, options)
    lines = [*where(folder)]
    tell(exact_report(page), json, lines, {"folder": folder and str(folder)})
    if failure:
        stop(failure, ANYTHING_ELSE)


def _write(
    result: "ExactResult", page: dict[str, Any], options: Options
) -> tuple[Path | None, str]:
    """The result's folder, written; or none and why not."""
    from sim.outcomes.exact import write_exact

    command = typed_command()
    pictures_now = bool(options.pictures)
    try:
        return write_exact(result, options.out, command, pictures_now, options.formats, page), ""
    except ResultError as error:
        return None, str(error)
