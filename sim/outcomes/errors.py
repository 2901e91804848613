"""The error of this layer: a result that cannot be made, written or read."""


class ResultError(Exception):
    """What could not be made, written or read, and what to do about it."""
