"""Folders that appear whole or not at all, and folders that are planned and filled step by step.

Either way the manifest is the last file, so that what a killed process leaves is never taken for a
result.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.errors import ResultError, ResultWriteError, quoted
from sim.store.checksums import check_seal, read_sealed
from sim.store.files import (
    DRAFTS,
    LOCK,
    MANIFEST,
    drafted_folder,
    locked,
    locked_folder,
    sweep,
    write_json,
)

PLAN = "plan.json"
MOST_DIFFERENCES = 12
RESUME = "--resume continues"
AGAIN = "nothing else is lost: run it again"


@contextlib.contextmanager
def write_failures_named(place: Path, thing: str, advice: str = "") -> Iterator[None]:
    """Turns a failure to write (full disk, no permission) into ResultWriteError.

    It says that `thing` could not be written to `place`, and with `advice` what to do about it.
    """
    try:
        yield
    except OSError as problem:
        text = f"the {thing} could not be written to {place}: {problem}"
        raise ResultWriteError(f"{text}; {advice}" if advice else text) from problem


def written_folder(
    root: Path | str,
    name: str,
    fill: Callable[[Path], None],
    thing: str = "result",
    advice: str = "",
) -> Path:
    """A folder of this name in `root`, whole or not at all; `fill` writes what is in it.

    One that is there already holds the same numbers: its files are replaced one by one, the
    manifest last. Raises ResultWriteError if it cannot be written (`thing` and `advice` as in
    `write_failures_named`), or for a name that leads elsewhere, as one that was read may.
    """
    if Path(name).name != name or "\\" in name:
        raise ResultWriteError(
            f"{quoted(name)} is no name of a folder; allowed: one without / or \\"
        )
    folder = Path(root) / name
    sweep(folder.parent)  # not named below: for a name that no file can have, --out is to blame
    with write_failures_named(folder, thing, advice), drafted_folder(folder) as draft:
        fill(draft)
        _publish(draft, folder)
    return folder


def _publish(draft: Path, folder: Path) -> None:
    """Give the files their final names, the manifest last; one process at a time."""
    try:
        draft.rename(folder)
        return
    except OSError:  # is there already: from before, or from another process a moment ago
        if not folder.is_dir():
            raise
    files = [path.relative_to(draft) for path in sorted(draft.rglob("*")) if path.is_file()]
    with locked(folder, wait=True):
        for path in sorted(files, key=lambda path: path.name == MANIFEST):
            (folder / path).parent.mkdir(exist_ok=True)
            (draft / path).replace(folder / path)


class PlannedFolder:
    """A folder that is filled step by step: its plan is the first file, its manifest the last."""

    #: What it is, in messages.
    thing = "result"

    def __init__(
        self, root: Path, name: str, plan: dict[str, Any], ending: str, continued: str = RESUME
    ) -> None:
        """`ending` follows the name, and begins with a key of the plan; `continued` says how what
        was begun is continued."""
        self.name = name
        self.plan = plan
        self.continued = continued
        self.path = root / f"{name}-{ending}"

    @property
    def finished(self) -> bool:
        """Whether everything is there."""
        return (self.path / MANIFEST).is_file()

    @property
    def begun(self) -> bool:
        """Whether there is anything to continue."""
        return (self.path / PLAN).is_file()

    def check(self) -> None:
        """Raises ResultError, with what differs, if the folder is of another plan."""
        for name in (MANIFEST, PLAN):
            if (self.path / name).is_file():
                self._refuse_other(self.path / name)
                return
        passing = {self.path / LOCK, *self.path.glob(DRAFTS)}
        if self.path.exists() and set(self.path.iterdir()) - passing:
            raise ResultError(
                f"{self.path} is not a {self.thing}: it has neither {PLAN} nor {MANIFEST}"
            )

    def refuse_others(self) -> None:
        """Raises ResultError if what is there to continue is of a changed plan.

        That is the latest of the unfinished folders of the same name beside it.
        """
        if self.begun or self.finished:
            return
        beside = self.path.parent.glob(f"{self.name}-" + "[0-9a-f]" * 8)
        plans = [path / PLAN for path in beside if path != self.path and (path / PLAN).is_file()]
        if plans:
            self._refuse_other(max(plans, key=lambda plan: plan.stat().st_mtime))

    def _refuse_other(self, file: Path) -> None:
        """Raises ResultError, with what differs, if a plan or manifest is not of this plan."""
        content = read_sealed(file)
        plan = content.get("plan") if file.name == MANIFEST else content
        if not isinstance(plan, dict):
            raise ResultError(f"{file} is not of a {self.thing}")
        if file.name == MANIFEST and plan.get("format") == self.plan.get("format"):
            check_seal(file, content)
        if changed := list(differences(plan, self.plan)):
            more = len(changed) - MOST_DIFFERENCES
            lines = [
                f"{file.parent} cannot be continued: it was begun with other inputs",
                *changed[:MOST_DIFFERENCES],
                *([f"and {more} more"] if more > 0 else []),
            ]
            advice = "undo the change to continue it, or leave --resume away to begin a new folder"
            raise ResultError("\n  ".join(lines) + f"\n{advice}")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Makes the folder and keeps other processes from writing it meanwhile.

        Raises ResultError while another process holds it, ResultWriteError if it cannot be made.
        """
        with contextlib.ExitStack() as holding:
            with self.write_failures():
                self.path.mkdir(parents=True, exist_ok=True)
                holding.enter_context(locked_folder(self.path))
            yield

    def write_failures(self) -> contextlib.AbstractContextManager[None]:
        """Has a failure to write say that what was finished is kept."""
        advice = f"what was finished is kept, {self.continued}"
        return write_failures_named(self.path, self.thing, advice)

    def begin(self) -> None:
        """Notes the plan; clears what a killed process left half-written."""
        with self.write_failures():
            sweep(self.path)
            if not self.begun:
                write_json(self.path / PLAN, self.plan)


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """What differs between two plans, one line each: key, then, now."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            if key != "hash":
                yield from differences(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, f"{path}.{index}")
    elif old != new:
        yield f"{path}: {json.dumps(old)} then, {json.dumps(new)} now"
