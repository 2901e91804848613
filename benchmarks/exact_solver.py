"""The exact engine on large chains: whole processes of `detente run --engine exact`.

Aim: 10^5 joint states within 10 s. The first chain is a product (nobody is ever answered), the
second is correlated through long reaction delays, which is what makes a chain hard.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

LONG_COUNT = [f"actors.{side}.policy={{name='tit_for_k_tats', k=44}}" for side in ("us", "cn")]
NOISE = [f"actors.{side}.{kind}=0.1" for side in ("us", "cn") for kind in ("false_alarm", "miss")]
DELAYS = [f"actors.{side}.reaction_delay=%d" for side in ("us", "cn")]
CASES = {
    "long count, delay 3": ("textbook/tft-noise", LONG_COUNT + NOISE + [d % 3 for d in DELAYS]),
    "tit for tat, delay 7": ("textbook/delay", [d % 7 for d in DELAYS]),
}


def measure() -> Iterator[str]:
    """Lines that tell the seconds of each case, the means for K = 1 to 6 included."""
    for name, (scenario, settings) in CASES.items():
        changes = [word for setting in settings for word in ("--set", setting)]
        with tempfile.TemporaryDirectory() as folder:
            words = ["run", scenario, "--engine", "exact", "--no-pictures", "--out", folder]
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "sim", *words, *changes], capture_output=True, check=True
            )
        yield f"{name}: {time.perf_counter() - start:.1f} s"
