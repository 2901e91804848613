"""Code that was edited runs as it is now, whether compiled code can be kept or not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trees import edited

ONE, TWO = "return x + 1", "return x + 2"
STEP = f"from sim.world.compiled import step\n\n\n@step\ndef more(x):\n    {ONE}\n"
#: A kernel in one file that merges in a function of another, as the week's do.
KERNEL = """
from sim.world.compiled import kernel
from sim.world.zz_step import more


@kernel
def played(x):
    return more(x)
"""
SCRIPT = "from sim.world.zz_kernel import played\nprint(played(40))"


def run(tree: Path, cache: Path) -> tuple[str, str]:
    """What the kernel of a tree gives, and what is said on the way."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=200,
        env=os.environ | {"PYTHONPATH": str(tree), "DETENTE_CACHE": str(cache)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kept", [True, False])
def test_an_edit_of_another_file_is_seen_at_once(tmp_path, kept):
    """A cache that cannot be written is none: no old answer, nothing beside the sources."""
    parts = {"sim/world/zz_step.py": [("", STEP)], "sim/world/zz_kernel.py": [("", KERNEL)]}
    tree, cache = edited(tmp_path / "tree", parts), tmp_path / "cache"
    if not kept:
        cache.write_text("no folder")
    first, said = run(tree, cache)
    again, said_again = run(tree, cache)
    step = tree / "sim" / "world" / "zz_step.py"
    step.write_text(step.read_text().replace(ONE, TWO))
    assert (first, again, run(tree, cache)[0]) == ("41", "41", "42")
    for text in (said, said_again):
        assert text.count("is not kept for the next run") == (0 if kept else 1)
    assert not list(tree.rglob("*.nbi"))
