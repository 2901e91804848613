"""What a bug report needs."""

import re

from sim.cli.main import LIBRARIES
from sim.version import __version__


def test_alone_it_is_the_version(detente):
    assert detente("version").stdout == f"detente {__version__}\n"


def test_all_tells_code_machine_and_libraries(detente):
    told = dict(re.findall(r"^(\w+) +(.+)$", detente("version", "--all").stdout, re.M))
    assert told["detente"] == __version__
    assert re.fullmatch("[0-9a-f]{16}", told["code"])
    assert set(LIBRARIES) | {"python", "system", "cores", "kernel"} <= set(told)
    assert re.match(r"\d+\.\d+", told["numpy"])
