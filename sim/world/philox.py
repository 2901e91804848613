"""Philox 4x32-10, a plain function of whole numbers, or of arrays of them.

Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
`sim/world/draws.py` compiles it.
"""

from typing import Any

_WORD = 0xFFFFFFFF


def philox(key0: Any, key1: Any, run: Any, week: Any, who: Any, block: Any) -> Any:
    """Return four 32-bit words for a key of two words and a counter of four.

    Products may pass 63 bits: compiled integers then wrap and plain ones grow, and the masks
    give the same words in both.
    """
    for _ in range(10):
        first = 0xD2511F53 * run
        second = 0xCD9E8D57 * who
        run = ((second >> 32) & _WORD) ^ week ^ key0
        week = second & _WORD
        who = ((first >> 32) & _WORD) ^ block ^ key1
        block = first & _WORD
        key0 = (key0 + 0x9E3779B9) & _WORD
        key1 = (key1 + 0xBB67AE85) & _WORD
    return run, week, who, block
