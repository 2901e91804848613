"""The errors of this layer: a result that cannot be made, read or written."""

from sim.scenario.errors import DetenteError


class ResultError(DetenteError):
    """A result that cannot be made as asked, or a folder that cannot be read as one."""

    def __init__(self, text: str) -> None:
        super().__init__([])
        self.text = text

    def __str__(self) -> str:
        return self.text


class ResultWriteError(ResultError):
    """A folder that could not be written: nobody's bad input, so the exit code is 1."""
