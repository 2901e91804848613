"""What a process that plays points for another does, wherever it runs."""

import pickle
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sim.errors import ResultError
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.plan import code_hash
from sim.studies.play import Played, play_point, together


class Sent:
    """Something pickled for workers, which must run the same code."""

    def __init__(self, pickled: bytes, code: str) -> None:
        self.pickled = pickled
        self.code = code

    @property
    def content(self) -> Any:
        """What was sent, unpickled once a process. Raises ResultError for other code."""
        code = code_hash()
        if code != self.code:
            from socket import gethostname

            raise ResultError(
                f"the worker on {gethostname()} has another version of detente (code {code}, "
                f"here {self.code}); install the same one on every machine"
            )
        return _unpickled(self.pickled)


@lru_cache(maxsize=2)
def _unpickled(pickled: bytes) -> Any:
    return pickle.loads(pickled)


def play_group(sent: Sent, points: Sequence[Point], first: int) -> Played:
    """Called on a worker: the rows of the points `first` and following of an experiment, on one
    thread."""
    experiment: Experiment = sent.content
    return together(
        play_point(experiment, point, number, threads=1)
        for number, point in enumerate(points, start=first)
    )
