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


#: A kind of file of the cache, and after how many bytes it is cut off.
CUT = (("nbc", 200), ("nbi", 0), ("nbi", 20), ("nbc", 0))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "keep"), CUT)
def test_an_unreadable_entry_is_thrown_away_and_made_again(tmp_path, kind, keep):
    run(tmp_path)
    (file,) = (tmp_path / "cache").rglob(f"*one_more*.{kind}")
    file.write_bytes(file.read_bytes()[:keep])
    assert "cannot be read" in run(tmp_path)
    assert run(tmp_path) == ""


MERGED = """
from sim.world.compiled import kernel
from sim.world.draws import uniform_at

@kernel
def drawn(run):
    return uniform_at(run, 1, 0, 0, 0)

run = numpy.zeros(1, numpy.dtype([(name, "i8") for name in ("key0", "key1", "index")]))[0]
print(drawn(run))
"""
LOADED = """
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("no_module", "merged.py")
spec.loader.exec_module(module_from_spec(spec))
"""


@pytest.mark.slow
def test_a_file_that_is_no_module_is_compiled_each_time(tmp_path):
    """Its compiled code would name a module that the next process does not have."""
    (tmp_path / "merged.py").write_text(f"import numpy\n{MERGED}", encoding="utf-8")
    said = set()
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", LOADED],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"DETENTE_CACHE": str(tmp_path / "cache")},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        said.add(done.stdout)
    assert len(said) == 1
