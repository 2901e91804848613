"""The scripts that write the documentation begin where `make docs` begins them: as files."""

import subprocess
import sys

import pytest

from tests.docs.test_pages import ROOT

IMPORT_ALL = """
import runpy, sys
for file in sys.argv[1:]:
    sys.path[:] = [place for place in sys.path if not place.endswith("docs")]
    runpy.run_path(file, run_name="imported")
"""


@pytest.mark.pages
def test_every_script_finds_what_it_imports(tmp_path):
    scripts = [str(path) for path in sorted((ROOT / "docs").glob("*.py"))]
    assert len(scripts) > 10
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *scripts],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
