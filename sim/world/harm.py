"""The curve of harm, a plain function of numbers; `sim/world/payoffs.py` compiles it."""

import math

from sim.world.params import SHORTAGE_CAP


def harm_curve(shortage: float, convexity: float) -> float:
    """phi(x) = (1 - x)^(-kappa) - 1, and -ln(1 - x) at kappa = 0; x capped at .95."""
    if shortage <= 0.0:
        return 0.0
    left = math.log(1.0 - min(SHORTAGE_CAP, shortage))
    if convexity == 0.0:
        return -left
    return math.exp(-convexity * left) - 1.0
