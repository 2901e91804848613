"""What does not change during a run: one record row per actor, lever, ally, shock, deal term.

`scenario/compile.py` fills these tables; the world only reads them. Every table is a numpy
record array, so that the same function reads `p.levers[k].bite` compiled or not. Weeks are
counted from 1; rates are per week; a lever index k runs over the levers of `us` (in file
order), then those of `cn`. Symbols are those of docs/model.md.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.world.sensors import WEIGHTS

US, CN = 0, 1
#: Kinds of lever, as `control` names them; a number by its place.
CONTROLS = ("ban", "tariff", "licence")
BAN, TARIFF, LICENCE = range(len(CONTROLS))
CHOOSE_VALUE, CHOOSE_MIRROR, CHOOSE_UNIFORM = 0, 1, 2
SIMULTANEOUS, US_FIRST, CN_FIRST = 0, 1, 2
NEVER = 2**30  # a week that no horizon reaches

#: The curve of harm is capped at this shortage (model.md, entities).
SHORTAGE_CAP = 0.95
#: Horizon of the leverage stock, weeks (model.md, entities).
LEVERAGE_WEEKS = 13.0

RULES = np.dtype(
    [
        ("weeks", "i4"),  # horizon H
        ("has_truce", "i1"),
        ("term", "i4"),  # NEVER: open-ended
        ("extension", "i4"),
        ("quiet", "i4"),  # weeks back from a term's end in which talks keep a truce alive
        ("breakdown_after", "i4"),  # K
        ("unilateral_after", "i4"),  # NEVER: a violation by one side is never a dispute
        ("rupture_rung", "f8"),  # 0: every dispute is a rupture
        ("rupture_row", "i4"),  # its row of Params.thresholds
        ("talks_rate", "f8"),  # h0
        ("talks_pressure", "f8"),  # h1
        ("cooldown", "i4"),
        ("cooldown_rate", "f8"),  # weekly chance of talks in the cooldown, in place of h0 and h1
        ("quiet_start", "i4"),  # weeks from the start without talks: the cooldown of a round before
        ("boost", "i4"),
        ("relief", "f8"),
        ("relief_lag", "i4"),  # at least 1
        ("relief_ordered", "i1"),  # relief, once due, takes as long as any ordered removal
        ("two_readings", "i1"),  # some lever owes one thing by its owner, another by its target
        ("sequencing", "i1"),
        ("grace", "i4"),  # weeks after talks without a chosen escalation; 0: none
        ("flip", "i1"),  # textbook noise instead of agency noise
        ("stage", "i1"),  # stage payoffs replace the additive ones
    ],
    align=True,
)

ACTOR = np.dtype(
    [
        ("first_lever", "i4"),
        ("n_levers", "i4"),
        ("proportionality", "f8"),  # rho
        ("reaction_delay", "i4"),  # d
        ("stride", "i4"),
        ("package", "i4"),  # most levers pulled in one answer; 0: up to stride notches
        ("hurt", "f8"),  # what a full felt shortage adds to an answer
        ("slip", "f8"),
        ("slip_after_talks", "f8"),  # factor on slip while restrained
        ("slip_fail", "f8"),
        ("false_alarm", "f8"),  # alpha
        ("miss", "f8"),  # beta
        ("felt", "f8"),  # theta
        ("severe", "f8"),  # harm from which a shortage is severe
        ("lasting", "i4"),  # weeks from which a severe one is an offence; 0: never
        ("prior_good", "f8"),  # A at week 0
        ("prior_bad", "f8"),  # B at week 0
        ("memory", "f8"),  # gamma
        ("value_learning", "f8"),  # kappa_v
        ("value_decay", "f8"),
        ("retention", "f8"),
        ("insistence", "f8"),
        ("smoothing", "f8"),  # lambda
        ("spillover", "f8"),  # psi
        ("reluctance", "f8"),
        ("audience_cost", "f8"),
        ("anticipation", "f8"),
        ("lever_choice", "i1"),
        ("sensor", "i1"),
        ("threshold", "f8"),
        *((name, "f8") for name in WEIGHTS),  # of what the sensor reads; 0 of the signal
        ("first_start", "i4"),  # rows of Params.starts
        ("n_starts", "i4"),
        ("felt0", "f8"),  # felt shortage of week 0, from the history
    ],
    align=True,
)

LEVER = np.dtype(
    [
        ("owner", "i1"),
        ("control", "i1"),
        ("notches", "i4"),  # N
        ("top", "i4"),  # highest level: N, or N + 1 where the office can refuse
        ("level", "i4"),  # at the start
        ("obligation", "i4"),
        ("due", "i4"),  # D: the initial level counts through this week
        ("core", "i1"),
        ("listed", "i1"),  # at the start
        ("worldwide", "i1"),  # scope = global
        ("owes_service", "i1"),  # by its owner: service, not a level
        ("seen_owing_service", "i1"),  # the same by the other side
        ("issue", "i4"),
        ("severity", "f8"),  # sigma
        ("friction", "f8"),  # chi
        ("bite", "f8"),  # b
        ("capacity", "f8"),  # mu
        ("capacity_after_talks", "f8"),
        ("squeezed_share", "f8"),  # z
        ("top_share", "f8"),  # share the office serves at the highest level: z, or refusal
        ("expected", "f8"),  # q bar
        ("promised", "f8"),  # p bar
        ("dependence", "f8"),  # omega at the start
        ("decay_from", "i4"),  # first week in which omega decays; NEVER: it does not
        ("stock", "f8"),  # I at the start
        ("stock_cap", "f8"),
        ("restock", "f8"),
        ("backlog", "f8"),  # Q at the start
        ("value", "f8"),  # v at the start
        ("harm_weight", "f8"),  # w
        ("convexity", "f8"),  # kappa
        ("own_cost", "f8"),  # c
        ("own_gain", "f8"),  # g
        ("temperature", "f8"),  # T, softness of its score
        ("demand_row", "i4"),  # row of Params.poisson; -1: demand is 1
        ("demand_batch", "f8"),  # lambda of that row
    ],
    align=True,
)

SHOCK = np.dtype(
    [
        ("week", "i4"),  # 0: not dated
        ("chance", "f8"),  # weekly, for those not dated
        ("lever", "i4"),  # -1: none
        ("moves", "i1"),  # 0 no, 1 by `amount`, 2 to `amount`
        ("amount", "i4"),
        ("sets_capacity", "i1"),
        ("capacity", "f8"),
        ("removes", "i1"),  # takes the lever away
        ("talks", "i1"),  # forces talks
        ("ends_truce", "i1"),
    ],
    align=True,
)

PROGRAMME = np.dtype([("week", "i4"), ("lever", "i4"), ("share", "f8")], align=True)

ALLY = np.dtype(
    [
        ("lever", "i4"),  # -1: none
        ("coverage", "f8"),
        ("join_rate", "f8"),  # h
        ("join_pressure", "f8"),  # psi_m
        ("lag", "i4"),  # at least 1
    ],
    align=True,
)

DEAL_TERM = np.dtype([("deal", "i4"), ("week", "i4"), ("lever", "i4"), ("level", "i4")], align=True)

START = np.dtype([("state", "i4"), ("cumulative", "f8")], align=True)

#: What a band follows: (quantity, index of actor or lever); `scale` bins per unit.
BAND = np.dtype([("quantity", "i4"), ("index", "i4"), ("scale", "f8")], align=True)
RUNG, LEVERAGE, SHORTAGE, PRESSURE, BELIEF, FLOW, STOCK = range(7)
QUANTITIES = ("rung", "leverage", "shortage", "pressure", "belief", "flow", "stock")


class Params(NamedTuple):
    """The compiled scenario. Shapes: K levers, M allies, S machine states over both sides."""

    rules: np.ndarray  # RULES (1,)
    actors: np.ndarray  # ACTOR (2,)
    levers: np.ndarray  # LEVER (K,)
    shocks: np.ndarray  # SHOCK, file order
    programmes: np.ndarray  # PROGRAMME
    allies: np.ndarray  # ALLY (M,)
    ally_need: np.ndarray  # float64 (M, K): dependence of ally m on global lever k
    deals: np.ndarray  # DEAL_TERM, grouped by deal index
    starts: np.ndarray  # START: rows of each side's machine
    moves: np.ndarray  # float64 (S, 2): P(retaliate), P(retaliate or hold)
    following: np.ndarray  # int32 (S, 4): next state by 2*(own bad) + (saw bad)
    decay: np.ndarray  # float64 (K, highest top + 1): weekly factor of omega at level n
    poisson: np.ndarray  # float64 (rows, width): cumulative Poisson probabilities
    gumbel: np.ndarray  # float64 (4096,): Gumbel quantiles at (j + 0.5) / 4096
    heat: np.ndarray  # float64 (4096,): Gamma quantiles of mean 1 at (j + 0.5) / 4096; (0,): off
    stage: np.ndarray  # float64 (2, 4): payoff by 2*(own bad) + (other bad)
    discounting: np.ndarray  # float64 (2, H + 1): discount_i^(t-1) at week t
    bands: np.ndarray  # BAND (V,)
    thresholds: np.ndarray  # float64 (R,): rungs by which standing is told; row 0: any
    calendar: np.ndarray  # int8 (H + 1,): 1 where step 1 may have an obligation, shock or programme
    left: np.ndarray  # float64 (K, highest top + 1): flow of a ban or tariff at level n, 1 - b n/N
    allowed: np.ndarray  # float64 (K, highest top + 1): share g(n) a licence office may serve
    gain: np.ndarray  # float64 (K, highest top + 1): what the level brings its owner, g n/N
    offices: np.ndarray  # int32 (2, K + 1): by side the number of its licence levers, then these
    core: np.ndarray  # int32 (C,): core levers
    worldwide: np.ndarray  # int32 (W,): levers whose scope is global


def harm_curve(shortage: float, convexity: float) -> float:
    """phi(x) = (1 - x)^(-kappa) - 1, and -ln(1 - x) at kappa = 0; x capped at .95.

    A plain function of numbers; `sim/world/payoffs.py` compiles it.
    """
    if shortage <= 0.0:
        return 0.0
    left = math.log(1.0 - min(SHORTAGE_CAP, shortage))
    if convexity == 0.0:
        return -left
    return math.exp(-convexity * left) - 1.0
