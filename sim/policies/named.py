"""The named policies: the unconditional ones, tit for tat and its kin, memory one, mixtures.

All of them concede when they do not retaliate, so that in the textbook world (one lever of one
notch a side, flipped actions) they play the repeated prisoner's dilemma exactly; only
`tit_for_k_tats(below="hold")` is different, on purpose. "Own" is what was executed. The letters of
memory one are those of the literature: c is good conduct (conceded), d bad, one's own first, so
that p_cd is the probability to concede after one's own good week in which the other side was seen
to be bad.
"""

from collections.abc import Sequence

import numpy as np

from sim.errors import PolicyError, quoted
from sim.policies.machine import Machine, distribution_problems, machine, refuse

RETALIATE, HOLD, CONCEDE = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def retaliating(probability: float) -> tuple[float, float, float]:
    """Retaliate with `probability`, else concede."""
    return (probability, 0.0, 1.0 - probability)


def always_concede() -> Machine:
    """Concedes whatever happens: ALL C (Axelrod 1984)."""
    return machine([("yielding", CONCEDE, ("yielding",) * 4)], "yielding")


def always_retaliate() -> Machine:
    """Retaliates whatever happens: ALL D (Axelrod 1984)."""
    return machine([("hostile", RETALIATE, ("hostile",) * 4)], "hostile")


def random(p: float = 0.5) -> Machine:
    """Concedes with probability `p`, else retaliates, whatever happens: RANDOM (Axelrod 1984)."""
    return machine([("undecided", retaliating(1.0 - p), ("undecided",) * 4)], "undecided")


def tit_for_tat() -> Machine:
    """Concedes at first, then answers what it saw last week (Rapoport, in Axelrod 1984)."""
    return generous_tit_for_tat(0.0)


def generous_tit_for_tat(generosity: float = 1 / 3) -> Machine:
    """Tit for tat that lets a bad signal pass with probability `generosity`.

    Nowak and Sigmund (1992); the largest safe generosity of the 5/3/1/0 game is 1/3
    (Molander 1985).
    """
    following = ("calm", "provoked") * 2
    rows = [
        ("calm", CONCEDE, following),
        ("provoked", retaliating(1.0 - generosity), following),
    ]
    return machine(rows, "calm")


def tit_for_k_tats(k: int = 2, generosity: float = 0.0, below: str = "concede") -> Machine:
    """Retaliates from the k-th bad signal in a row on: tit for two tats (Axelrod 1984) for k = 2.

    A count of unbroken bad signals runs 0..k, and stays at k. Count 0 concedes, counts 1..k-1
    play `below` (concede or hold), count k retaliates with probability 1 - `generosity`, else
    concedes; a good sight sets the count to 0. Raises PolicyError for k < 1 or another `below`.
    """
    if k < 1:
        raise PolicyError.single(("k",), f"{k}", "a whole number, 1 or more")
    if below not in ("concede", "hold"):
        raise PolicyError.single(("below",), quoted(below), "concede, hold")
    names = ["calm", *(f"warned_{count}" for count in range(1, k)), "provoked"]
    patient = CONCEDE if below == "concede" else HOLD
    moves = [CONCEDE, *[patient] * (k - 1), retaliating(1.0 - generosity)]
    upward = [*names[1:], "provoked"]
    rows = [
        (name, move, ("calm", above) * 2)
        for name, move, above in zip(names, moves, upward, strict=True)
    ]
    return machine(rows, "calm")


def two_tits_for_tat() -> Machine:
    """Retaliates in the two weeks after each bad signal: two tits for a tat (Axelrod 1984)."""
    rows = [
        ("calm", CONCEDE, ("calm", "provoked") * 2),
        ("provoked", RETALIATE, ("resentful", "provoked") * 2),
        ("resentful", RETALIATE, ("calm", "provoked") * 2),
    ]
    return machine(rows, "calm")


def contrite_tit_for_tat() -> Machine:
    """Tit for tat that accepts punishment for its own slips (Sugden 1986; Boyd 1989).

    The automaton of Wu and Axelrod (1995). Content concedes; alone in the wrong it becomes
    contrite, alone wronged it becomes provoked, and when both were bad the standing of both
    stays as it was. Provoked retaliates until it sees the other side concede. Contrite concedes,
    whatever it sees, until it has succeeded in conceding.
    """
    rows = [
        ("content", CONCEDE, ("content", "provoked", "contrite", "content")),
        ("provoked", RETALIATE, ("content", "provoked") * 2),
        ("contrite", CONCEDE, ("content", "content", "contrite", "contrite")),
    ]
    return machine(rows, "content")


def grim() -> Machine:
    """Retaliates for ever after the first bad conduct, own or seen: grim (Friedman 1971)."""
    rows = [
        ("calm", CONCEDE, ("calm", "unforgiving", "unforgiving", "unforgiving")),
        ("unforgiving", RETALIATE, ("unforgiving",) * 4),
    ]
    return machine(rows, "calm")


def trigger(weeks: int = 4) -> Machine:
    """Punishes for exactly `weeks` weeks after bad conduct, own or seen, then starts afresh.

    Green and Porter (1984): the trigger is public, so own bad conduct fires it too; while it
    punishes it is deaf. Raises PolicyError for weeks < 1.
    """
    if weeks < 1:
        raise PolicyError.single(("weeks",), f"{weeks}", "a whole number, 1 or more")
    names = [f"punishing_{week}" for week in range(1, weeks + 1)]
    rows = [("calm", CONCEDE, ("calm", *[names[0]] * 3))]
    for name, after in zip(names, [*names[1:], "calm"], strict=True):
        rows.append((name, RETALIATE, (after,) * 4))
    return machine(rows, "calm")


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


def mixture(parts: Sequence[tuple[float, Machine]] | None = None) -> Machine:
    """One of several machines, drawn once per run with the given weights.

    The other side does not know which type it faces (Kreps and Wilson 1982). `parts` are pairs
    (weight, machine); the weights sum to 1. The default is tit for tat with one tough type in
    five. The states of part 1 are named "1.calm" and so on; a reset returns to the run's type.
    Raises PolicyError for no parts, weights that are no distribution, or sensors that differ.
    """
    pairs = [(0.8, tit_for_tat()), (0.2, always_retaliate())] if parts is None else list(parts)
    refuse(distribution_problems(("parts",), [weight for weight, _ in pairs]))
    machines = [part for _, part in pairs]
    sensors = {(part.sensor, part.threshold) for part in machines}
    if len(sensors) > 1:
        found = " and ".join(sorted(sensor for sensor, _ in sensors))
        raise PolicyError.single(("parts",), f"different sensors ({found})", "one sensor for all")
    names = [f"{i}.{name}" for i, part in enumerate(machines, start=1) for name in part.states]
    offsets = np.cumsum([0, *(len(part.states) for part in machines[:-1])]).tolist()
    starts = [
        (offset + state, weight * probability)
        for offset, (weight, part) in zip(offsets, pairs, strict=True)
        for state, probability in part.starts
    ]
    return Machine(
        states=tuple(names),
        moves=np.concatenate([part.moves for part in machines]),
        following=np.concatenate(
            [part.following + offset for offset, part in zip(offsets, machines, strict=True)]
        ),
        starts=tuple(starts),
        sensor=machines[0].sensor,
        threshold=machines[0].threshold,
    )
