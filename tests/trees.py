"""Copies of the project in which something is edited, and scripts that are run in them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("sim", "scenarios", "experiments", "docs", "benchmarks", "tests/studies")
#: (text, what stands in its place) by file of the project; ("", text) makes a file anew.
Edits = Mapping[str, Sequence[tuple[str, str]]]


def edited(tree: Path, edits: Edits) -> Path:
    """A copy of what commands and docs need, in `tree`, with the edits made.

    Every text to be replaced must stand in its file exactly once. Bytecode comes along: that of an
    edited file is older than the file, and made anew.
    """
    left = shutil.ignore_patterns("images", "*.png")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tree / name, ignore=left)
    for name, changes in edits.items():
        path = tree / name
        assert path.exists() == (changes[0][0] != ""), f"{name} is to be edited, or made"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for old, new in changes:
            assert text.count(old) == 1 or not text, f"{name}: {old!r}: {text.count(old)} times"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return tree


def played(tree: Path, script: str, seconds: int = 300) -> Any:
    """What a script prints last, as JSON, when it runs in the copy with the compiler off."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tree,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
