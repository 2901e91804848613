"""A best response again: the same question, searched with the same seed and runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_response_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a best response. Raises ResultError for one that is damaged."""
    from sim.games.response import read_manifest

    return read_manifest(folder)


def response_again(
    folder: Path, manifest: Mapping[str, Any], place: Path, threads: int | None
) -> Path:
    """The folder of the best response searched again, below `place`.

    Raises ResultError if this version reads its question otherwise, GameError if it has no answer.
    """
    from sim.games.best_response import best_response
    from sim.games.response import question_of, write_response
    from sim.games.searches import Watcher

    question, runs = question_of(folder, manifest), manifest["runs"]
    response = best_response(question, runs, manifest["seed"], Watcher(), threads)
    return write_response(response, runs, place, manifest["command"])
