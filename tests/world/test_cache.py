"""A kernel that lies unreadable in the cache is made again; once, and said."""

import os
import subprocess
import sys

import pytest

CODE = """
from sim.world.compiled import kernel

@kernel
def one_more(x):
    return x + 1

print(one_more(41))
"""


def run(folder):
    """A process that compiles a kernel of one line, or takes it from its cache."""
    file = folder / "kernel.py"
    file.write_text(CODE)
    done = subprocess.run(
        [sys.executable, str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"DETENTE_CACHE": str(folder / "cache")},
        check=False,
    )
    assert done.stdout == "42\n", done.stderr
    return done.stderr


SLOW = [pytest.param(*cut, marks=pytest.mark.slow) for cut in (("nbi", 0), ("nbi", 20), ("nbc", 0))]


@pytest.mark.parametrize(("kind", "keep"), [("nbc", 200), *SLOW])
def test_an_unreadable_entry_is_thrown_away_and_made_again(tmp_path, kind, keep):
    run(tmp_path)
    (file,) = (tmp_path / "cache").rglob(f"*one_more*.{kind}")
    file.write_bytes(file.read_bytes()[:keep])
    assert "cannot be read" in run(tmp_path)
    assert run(tmp_path) == ""
