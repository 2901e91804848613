"""A call that might wait for ever is given its time, and what it raises is kept."""

import threading
from collections.abc import Callable

SECONDS = 20


def raised_by(call: Callable[[], object], *kinds: type[BaseException]) -> list[BaseException]:
    """The error of these kinds that a call ends with; none if it ends well, or not in its time."""
    told: list[BaseException] = []

    def called() -> None:
        try:
            call()
        except kinds as error:
            told.append(error)

    thread = threading.Thread(target=called, daemon=True)
    thread.start()
    thread.join(timeout=SECONDS)
    return told
