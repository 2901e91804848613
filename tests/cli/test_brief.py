"""What `detente run --brief` leaves out of the process, so that it is soon over."""

import os
import subprocess
import sys

#: What three lines need none of, once an earlier command has left its tables.
HEAVY = ("scipy", "pandas", "matplotlib", "numba", "llvmlite", "jinja2", "pyarrow")
BRIEF = ("run", "geneva-2025", "--brief", "--no-pictures", "--runs", "100", "--ranges", "off")


def imported(folder):
    """The modules that a brief run imports, with the cache in a folder."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sim", *BRIEF],
        env=os.environ | {"DETENTE_CACHE": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert len(done.stdout.splitlines()) == 3
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_the_second_brief_run_imports_nothing_heavy(tmp_path):
    imported(tmp_path)
    found = imported(tmp_path)
    assert "wasmtime" in found
    assert found & set(HEAVY) == set()
