"""Compiled code is kept where all sources are known to it, or not at all."""

import os
import subprocess
import sys

import pytest

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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_function_of_the_world_is_merged_into_kernels_and_not_called_from_python(tmp_path):
    """It has no machine code of its own: to call it nevertheless is an error, not a crash."""
    script = tmp_path / "script.py"
    script.write_text(
        "from sim.world.compiled import kernel, step\n"
        "@step\ndef one(x):\n    return x + 1\n"
        "@step\ndef two(x):\n    return one(x) + 1 if x > 0 else 0\n"
        "@kernel\ndef both(x):\n    return two(x) + two(-x)\n"
        "print(both(1))\n"
        "two(1)\n",
        encoding="utf-8",
    )
    for _ in range(2):  # compiled, then from the disk
        done = subprocess.run(
            [sys.executable, str(script)],
            capture_output=True,
            text=True,
            env=os.environ | {"DETENTE_CACHE": str(tmp_path / "cache")},
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        assert done.stdout == "3\n", done.stderr
        assert done.returncode == 1
        assert "TypeError: two is merged into kernels" in done.stderr
