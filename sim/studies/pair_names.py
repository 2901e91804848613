"""What A and B of a comparison are called, wherever they are shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Captions:
    """What A and B are: in words, in short, and the first letters of the hash of what was run."""

    names: tuple[str, str]
    labels: tuple[str, str]
    digests: tuple[str, str] = ("", "")


#: Of two compiled scenarios nothing is known but their order.
UNNAMED = Captions(("the first", "the second"), ("the first", "the second"))
