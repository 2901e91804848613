"""Compiled code is kept where all sources are known to it, or not at all."""

import os
import subprocess
import sys

SOURCE = """
from sim.world.compiled import kernel

@kernel
def one(x):
    return x + 1

@kernel
def two(x):
    return x + 2

print(one(1), two(1))
"""


def test_without_a_folder_for_it_no_code_is_kept_and_that_is_said_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SOURCE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env=os.environ | {"DETENTE_CACHE": "/dev/null/there"},
        cwd=tmp_path,
        timeout=120,
        check=False,
    )
    assert done.stdout == "2 3\n", done.stderr
    assert done.stderr.count("compiled code is not kept") == 1
    assert not list(tmp_path.rglob("*.nb?"))
