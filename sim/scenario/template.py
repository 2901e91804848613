"""A scenario of one's own: a file that extends another and shows what is worth changing.

Every line that begins with # and no space is a setting at its present value: without its # the
file is as valid as before. Lines that begin with "# " are prose.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from sim.errors import as_toml, printable
from sim.scenario import template_sections as sections
from sim.scenario.loading import EXTENDS
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import SUFFIX, scenarios_folder


def own_scenario(source: Scenario, file: Path) -> str:
    """The text of a new scenario file on top of `source`, to be written to `file`."""
    # sources and names may hold line ends: what follows one must not become a setting
    return "\n".join(map(printable, _lines(source, file))) + "\n"


def _lines(source: Scenario, file: Path) -> Iterator[str]:
    name = file.stem
    file_name = file.name if file.parent == Path.cwd() else os.path.relpath(file)
    yield f"# {name}: a scenario of your own, on top of {source.name}."
    yield "#"
    yield "# A line that begins with # and no space is a setting at its present value: take the #"
    yield "# away, change the value, run. Each can be changed alone; all else stays as it is."
    yield "# Beside it stands where the present value comes from; yours is given in the last lines."
    yield "#"
    yield f"#   detente run {file_name}"
    yield f"#   detente check {file_name}      without running: what is wrong, and where"
    yield f"#   detente show {file_name}       every value with its range, source and origin"
    yield ""
    yield f"title = {as_toml(f'{name}, on top of {source.name}')}"
    yield f"{EXTENDS} = {as_toml(extended_name(source, file))}"
    yield '#description = "what I changed, and why"'
    for section in sections.ALL:
        lines = list(section(source))
        if lines:
            yield from ("", *lines)


def extended_name(source: Scenario, file: Path) -> str:
    """How `file` names the scenario it extends.

    A shipped one as it is called in the scenarios folder, unless a file beside the new one has
    the same name; any other by its path from there.
    """
    if source.path is None:
        raise ValueError(f"{source.name} has no file to extend")
    folder = scenarios_folder()
    if source.path.is_relative_to(folder):
        name = source.path.relative_to(folder)
        neighbour = file.parent / name
        if not neighbour.exists() or neighbour.samefile(source.path):
            return name.as_posix()
    return Path(os.path.relpath(source.path, file.parent)).with_suffix(SUFFIX).as_posix()
