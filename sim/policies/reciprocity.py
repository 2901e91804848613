"""Policies that answer conduct with conduct: the unconditional ones, tit for tat and its kin.

All of them concede when they do not retaliate, so that in the textbook world (one lever of one
notch a side, flipped actions) they play the repeated prisoner's dilemma exactly; only
`tit_for_k_tats(below="hold")` is different, on purpose. "Own" is what was executed.
"""

from sim.errors import PolicyError, quoted
from sim.policies.machine import Machine, machine

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
