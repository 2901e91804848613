"""A commit of before, checked out beside this one, so that both can be measured by turns."""

import subprocess
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
#: The last commit whose first run waits for the compiler.
WAITED = "ecb01d7"
#: The last commit before services owed, packages, graces, heat, refusal and ruptures.
MECHANISMS = "bb70f81"


def checked_out(commit: str, stack: ExitStack) -> Path | None:
    """The commit in a folder of its own; none where git or the commit is not there."""
    folder = Path(stack.enter_context(TemporaryDirectory())) / "before"
    words = ["git", "-C", str(ROOT), "worktree"]
    add = [*words, "add", "--detach", str(folder), commit]
    if subprocess.run(add, capture_output=True, timeout=120, check=False).returncode != 0:
        return None
    remove = [*words, "remove", "--force", str(folder)]
    stack.callback(subprocess.run, remove, capture_output=True, timeout=120, check=False)
    return folder
