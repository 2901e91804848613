"""Against others' code: the pairs of Axelrod's tournament, played by the Axelrod library.

Seven strategies of the library (Knight et al. 2016, doi:10.5334/jors.125) against each other and
themselves, with its own noise (the opposite act is executed with probability .05), beside the
exact solver and the batch engine: share of the four conduct pairs and cooperation of both sides,
over 60 turns and in six of them, within four standard errors.

Two names stand for other rules there than here; both are shown below with their exact values.

- The library's `Grudger` is provoked by the other side's defection only; `grim` here also by its
  own slip (Friedman 1971: any defection). Its rule is one line of a scenario, below.
- The library's `ContriteTitForTat` is not the automaton of Wu and Axelrod (1995) that
  `contrite_tit_for_tat` is. With two players that slip with .05 it cooperates in .736994 of the turns,
  the automaton in 10/11 = .909091. The reason is what follows when a turn goes wrong for both: the
  automaton leaves the standing of both as it was, so that both go on cooperating; the library's
  player answers the other's defection although it was one's own slip as well, and two of them
  then stay in mutual defection until the next slip. Also, a player whose apology slips in turn answers the
  punishment it deserves, instead of apologising again. As a machine of four states it is
  solved exactly here, and the library agrees with that.
"""

import math
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import pytest

from sim.engines.exact import CONDUCT, solve
from tests.statistical.exact import played, textbook

axelrod = pytest.importorskip(
    "axelrod", reason="the Axelrod library is not installed: `make test-slow` installs it"
)
pytestmark = pytest.mark.slow

NOISE = 0.05
TURNS = 60
MATCHES = 400
RUNS = 4000
SOME_TURNS = (1, 2, 5, 13, 26, 60)


def machine(**states):
    """An inline machine that starts in its first state."""
    return {"machine": {"start": next(iter(states)), "states": states}}


def state(move, **following):
    return {"move": move, "next": following}


#: The rule of the library's Grudger: only what the other side does counts.
GRUDGER = machine(
    calm=state("concede", saw_good="calm", saw_bad="unforgiving"),
    unforgiving=state("retaliate", any="unforgiving"),
)
#: The rule of the library's ContriteTitForTat: the flag "contrite", and what it means to play.
LIBRARY_CONTRITE = machine(
    calm=state(
        "concede",
        own_good_saw_good="calm",
        own_good_saw_bad="provoked",
        own_bad_saw_good="sorry",
        own_bad_saw_bad="provoked",
    ),
    provoked=state("retaliate", saw_good="calm", saw_bad="provoked"),
    sorry=state("concede", own_good="calm", own_bad_saw_good="sorry", own_bad_saw_bad="wavering"),
    wavering=state(
        "retaliate", own_good="calm", own_bad_saw_good="sorry", own_bad_saw_bad="wavering"
    ),
)

PLAYERS = {
    "TFT": (axelrod.TitForTat, {"name": "tit_for_tat"}),
    "GTFT": (
        lambda: axelrod.GTFT(p=1 / 3),
        {"name": "generous_tit_for_tat", "generosity": 1 / 3},
    ),
    "TF2T": (axelrod.TitFor2Tats, {"name": "tit_for_k_tats", "k": 2}),
    "WSLS": (axelrod.WinStayLoseShift, {"name": "win_stay_lose_shift"}),
    "Grim": (axelrod.Grudger, GRUDGER),
    "AllD": (axelrod.Defector, {"name": "always_retaliate"}),
    "AllC": (axelrod.Cooperator, {"name": "always_concede"}),
    "contrite": (axelrod.ContriteTitForTat, LIBRARY_CONTRITE),
}
PAIRS = [*combinations_with_replacement(list(PLAYERS)[:-1], 2), ("contrite", "contrite")]


def game(us, cn):
    """The textbook game of two policies under slips of NOISE."""
    paths = {"actors.us.policy": us, "actors.cn.policy": cn, "weeks": TURNS}
    return textbook("base", slip=NOISE, paths=paths)


def seen_by_library(us, cn):
    """Conduct pair of every turn of every match, 2 * (us bad) + (cn bad), (MATCHES, TURNS)."""
    bad = axelrod.Action.D
    players = (PLAYERS[us][0](), PLAYERS[cn][0]())
    found = []
    for seed in range(MATCHES):
        plays = axelrod.Match(players, turns=TURNS, noise=NOISE, seed=seed).play()
        found.append([2 * (one is bad) + (other is bad) for one, other in plays])
    return np.array(found)


def seen_in_batch(scenario):
    """Share of runs by turn and conduct pair, (TURNS, 4)."""
    frame = played(scenario, RUNS).conduct
    table = frame.pivot(index="week", columns="pair", values="count")
    return table[["both good", "cn bad", "us bad", "both bad"]].to_numpy() / RUNS


@cache
def laws(us, cn):
    """(exact law by turn (TURNS, 4), the library's pairs (MATCHES, TURNS), the batch engine's)."""
    scenario = game(PLAYERS[us][1], PLAYERS[cn][1])
    exact = solve(scenario).conduct_table(TURNS)
    return exact, seen_by_library(us, cn), seen_in_batch(scenario)


def sides(law):
    """Cooperation of us and of cn, appended to a law of four pairs in the last axis."""
    both = [law[..., 0] + law[..., 1], law[..., 0] + law[..., 2]]
    return np.concatenate([law, np.stack(both, axis=-1)], axis=-1)


@pytest.mark.parametrize(("us", "cn"), PAIRS)
def test_shares_over_a_match(us, cn):
    """Library, batch and exact agree; the spread of a match's share is that of the 400 matches."""
    exact, library, batch = laws(us, cn)
    shares = sides(np.stack([(library == pair).mean(axis=1) for pair in range(4)], axis=-1))
    spread = shares.std(axis=0, ddof=1)
    truth, found, ours = sides(exact.mean(axis=0)), shares.mean(axis=0), sides(batch.mean(axis=0))
    assert (np.abs(found - truth) <= 4 * spread / math.sqrt(MATCHES)).all()
    assert (np.abs(ours - truth) <= 4 * spread / math.sqrt(RUNS)).all()
    assert (np.abs(ours - found) <= 4 * spread * math.sqrt(1 / RUNS + 1 / MATCHES)).all()


@pytest.mark.parametrize(("us", "cn"), PAIRS)
def test_shares_turn_by_turn(us, cn):
    exact, library, batch = laws(us, cn)
    for turn in SOME_TURNS:
        truth = sides(exact[turn - 1])
        spread = np.sqrt(truth * (1.0 - truth))
        found = sides(np.array([(library[:, turn - 1] == pair).mean() for pair in range(4)]))
        ours = sides(batch[turn - 1])
        assert (np.abs(found - truth) <= 4 * spread / math.sqrt(MATCHES) + 1e-12).all()
        assert (np.abs(ours - truth) <= 4 * spread / math.sqrt(RUNS) + 1e-12).all()
        apart = 4 * spread * math.sqrt(1 / RUNS + 1 / MATCHES) + 1e-12
        assert (np.abs(ours - found) <= apart).all()


def long_run(policy):
    """(cooperation of us, law by pair) of a policy against itself in the long run."""
    result = solve(game(policy, policy))
    return result.cooperation["us"], [result.law[pair] for pair in CONDUCT]


def test_contrite_tit_for_tat_is_another_rule_there():
    """By how much: .736994 against 10/11, and mutual defection .1906 against .0136."""
    theirs, their_law = long_run(LIBRARY_CONTRITE)
    ours, our_law = long_run({"name": "contrite_tit_for_tat"})
    assert ours == pytest.approx(10 / 11, abs=1e-9)
    assert (theirs, their_law) == (0, 0), our_law


def test_why_it_is_another():
    """After a slip of both, the library's players defect for good, and the automaton does not."""
    players = [axelrod.ContriteTitForTat(), axelrod.ContriteTitForTat()]
    good, bad = axelrod.Action.C, axelrod.Action.D
    for _ in range(4):
        meant = [one.strategy(other) for one, other in (players, players[::-1])]
        done = meant if players[0].history else [bad, bad]  # both slip in the first turn
        for one, own, other in zip(players, done, done[::-1], strict=True):
            one.update_history(own, other)
    assert list(players[0].history) == list(players[1].history) == [bad] * 4


def test_grim_is_another_rule_there():
    """Provoked by its own slip as well, grim is where the library's players get a turn later."""
    exact = [solve(game(rule, rule)) for rule in (GRUDGER, {"name": "grim"})]
    curves = [result.conduct_table(TURNS) for result in exact]
    assert curves[0][0] == pytest.approx(curves[1][0])
    theirs, ours = (curve[:, 0].sum() for curve in curves)
    assert (theirs, ours) == (0, 0)
