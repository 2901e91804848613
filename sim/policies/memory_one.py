"""Policies that look at last week only: its four outcomes, own conduct first, then the other's.

The letters are those of the literature: c is good conduct (conceded), d bad, so that p_cd is the
probability to concede after one's own good week in which the other side was seen to be bad.
"""

from sim.errors import PolicyError
from sim.policies.machine import Machine, machine
from sim.policies.reciprocity import CONCEDE, RETALIATE, retaliating


def memory_one(
    p_cc: float = 1.0, p_cd: float = 0.0, p_dc: float = 1.0, p_dd: float = 0.0
) -> Machine:
    """Concedes with a probability for each outcome of last week (Nowak and Sigmund 1995).

    It begins in an extra state that concedes for sure. The defaults are tit for tat.
    """
    names = ("after_cc", "after_cd", "after_dc", "after_dd")
    chances = (p_cc, p_cd, p_dc, p_dd)
    rows = [("opening", CONCEDE, names)]
    rows += [(name, retaliating(1.0 - p), names) for name, p in zip(names, chances, strict=True)]
    return machine(rows, "opening")


def win_stay_lose_shift() -> Machine:
    """Repeats what it did when the other side was good, else switches: Pavlov.

    Nowak and Sigmund (1993); memory-one (1, 0, 0, 1).
    """
    following = ("staying", "shifted", "shifted", "staying")
    return machine([("staying", CONCEDE, following), ("shifted", RETALIATE, following)], "staying")


def firm_but_fair() -> Machine:
    """Concedes except after it was good and the other side bad (Frean 1994).

    Memory-one (1, 0, 1, 1): the sucker answers, and mutual bad conduct is forgiven.
    """
    following = ("fair", "firm", "fair", "fair")
    return machine([("fair", CONCEDE, following), ("firm", RETALIATE, following)], "fair")


def inertial(persistence: float = 0.5) -> Machine:
    """Repeats its own conduct with probability `persistence`, else answers what it saw.

    Pang and Liu (2019) find US policy towards China mostly inertial and China's reciprocal as
    well as inertial. Memory-one (1, persistence, 1 - persistence, 0).
    """
    names = ("at_peace", "wronged", "forgiven", "at_odds")
    chances = (0.0, 1.0 - persistence, persistence, 1.0)
    rows = [(name, retaliating(p), names) for name, p in zip(names, chances, strict=True)]
    return machine(rows, "at_peace")


def zero_determinant(
    chi: float = 3.0,
    phi: float = 1 / 26,
    temptation: float = 5.0,
    reward: float = 3.0,
    punishment: float = 1.0,
    sucker: float = 0.0,
) -> Machine:
    """Extorts: enforces s_own - P = chi (s_other - P) against any opponent, without noise.

    Press and Dyson (2012): with t = (T-P)/(P-S),
    p = (1 - phi (chi-1)(R-P)/(P-S), 1 - phi (1 + chi t), phi (chi + t), 0).
    Raises PolicyError for payoffs that are not T > R > P > S, and for a phi outside
    0 < phi <= (P-S)/((P-S) + chi (T-P)), which would need probabilities outside 0..1.
    """
    _check_dilemma(temptation, reward, punishment, sucker)
    stake = punishment - sucker
    largest = stake / (stake + chi * (temptation - punishment))
    if not 0 < phi <= largest:
        raise PolicyError.single(("phi",), f"{phi:g}", f"above 0, at most {largest:g} for this chi")
    ratio = (temptation - punishment) / stake
    return memory_one(
        1 - phi * (chi - 1) * (reward - punishment) / stake,
        max(0.0, 1 - phi * (1 + chi * ratio)),
        phi * (chi + ratio),
        0.0,
    )


def equalizer(
    p_cc: float = 0.9,
    p_dd: float = 0.2,
    temptation: float = 5.0,
    reward: float = 3.0,
    punishment: float = 1.0,
    sucker: float = 0.0,
) -> Machine:
    """Fixes the other side's payoff whatever it plays, without noise.

    Press and Dyson (2012): p_cd = (p_cc (T-P) - (1+p_dd)(T-R))/(R-P) and
    p_dc = ((1-p_cc)(P-S) + p_dd (R-S))/(R-P); the other side gets
    ((1-p_cc) P + p_dd R)/((1-p_cc) + p_dd).
    Raises PolicyError for payoffs that are not T > R > P > S, for p_cc = 1 with p_dd = 0 (which
    fixes nothing), and where no such probabilities exist.
    """
    _check_dilemma(temptation, reward, punishment, sucker)
    gain = reward - punishment
    p_cd = (p_cc * (temptation - punishment) - (1 + p_dd) * (temptation - reward)) / gain
    p_dc = ((1 - p_cc) * (punishment - sucker) + p_dd * (reward - sucker)) / gain
    if not (0 <= p_cd <= 1 and 0 <= p_dc <= 1) or (p_cc == 1 and p_dd == 0):
        found = f"p_cc = {p_cc:g}, p_dd = {p_dd:g}, which need p_cd = {p_cd:g}, p_dc = {p_dc:g}"
        raise PolicyError.single(
            ("p_cc",), found, "p_cc nearer to 1 and p_dd nearer to 0, not both"
        )
    return memory_one(p_cc, p_cd, p_dc, p_dd)


def _check_dilemma(temptation: float, reward: float, punishment: float, sucker: float) -> None:
    if not temptation > reward > punishment > sucker:
        found = f"{temptation:g}, {reward:g}, {punishment:g}, {sucker:g}"
        allowed = "temptation > reward > punishment > sucker"
        raise PolicyError.single(("temptation",), found, allowed)
