"""The scoring rules of the library scoringrules, each compiled when it is first called.

Its sixty rules are compiled on import, which takes seconds, and a score wants one of them.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sim.extras import replaced


class Later:
    """A function that is compiled when it is first called."""

    def __init__(self, compiled: Callable[[], Callable[..., Any]]) -> None:
        """compiled: makes it."""
        self.compiled = cache(compiled)

    def __call__(self, *arguments: Any) -> Any:
        """What it returns."""
        return self.compiled()(*arguments)


@cache
def rules() -> Any:
    """The library. Raises ImportError where it is not installed."""
    import numba

    at_once = numba.guvectorize

    def later(*words: Any, **options: Any) -> Callable[..., Later]:
        return lambda function: Later(lambda: at_once(*words, **options)(function))

    with replaced(numba, "guvectorize", later):
        import scoringrules
    return scoringrules
