"""Many copies of a run that follow facts: a bootstrap particle filter, a week at a time.

Copies go a week forward with draws of their own. Each is weighed by the chance of what was seen of
that week, then its levers are put where they were seen (teacher forcing), and when the weights have
become too unlike the copies are resampled (Gordon, Salmond and Smith 1993, IEE Proceedings F
140:107; systematic resampling: Kitagawa 1996, Journal of Computational and Graphical Statistics
5:1). Where nothing was seen a copy is the run of its index, bit for bit. Runs that go on from
copies are rounds of one copy each, played whole one after the other in the same small piece of
memory, as the batch engine plays its own.
"""

from typing import NamedTuple

import numpy as np

from sim.world.compiled import kernel, step
from sim.world.conduct import set_level, settle
from sim.world.draws import philox
from sim.world.levers import slip
from sim.world.owned import own_levers
from sim.world.purposes import RESAMPLING
from sim.world.start import begin_run, resume_run, take_over
from sim.world.state import POLICY, State
from sim.world.talks import chance_of_talks
from sim.world.truce import account
from sim.world.walking import walked
from sim.world.week import WEEK

#: In place of a week: copies begin anew, before week 1.
ANEW = -1
_UNIT = 2.0**-32
#: What made a week impossible for a copy: bits of Pool.why.
BY_ACTS, BY_TALKS, BY_TERM = 1, 2, 4
#: A flow below this counts as this where its logarithm is taken.
LEAST_FLOW = 0.01


class Facts(NamedTuple):
    """What was seen, by week t = 0..H. K levers, C classes of levers, M months."""

    known: np.ndarray  # int8 (H + 1,): the week's acts were seen, and are laid on the levers
    level: np.ndarray  # int32 (H + 1, K): where each lever stood at the end of the week
    change: np.ndarray  # int8 (D, H + 1, C): each class up 1, down -1 or unmoved 0, by D codings
    moved: np.ndarray  # int8 (H + 1, 2): the side moved a lever
    eased: np.ndarray  # int8 (H + 1, 2): the side took a lever down
    pulled: np.ndarray  # int32 (H + 1, 2): issue of the lever it pulled last, -1: none
    family: np.ndarray  # int32 (K,): class of each lever
    error: np.ndarray  # float64 (2,): chance that the coding of a class, or of talks, is wrong
    talks: np.ndarray  # int8 (H + 1,): 1 held, 0 not held, -1 not known
    extended: np.ndarray  # int8 (H + 1,): first term prolonged 1 or not 0, -1 nothing to know
    days: np.ndarray  # float64 (M, H + 1): share of the month's days in each week
    month: np.ndarray  # int32 (M,): the week in which a month is weighed
    flow: np.ndarray  # float64 (M,): logarithm of its flow
    spread: np.ndarray  # float64 (M,): standard deviation of that
    lever: np.ndarray  # int32 (1,): the lever whose flow it is


class Pool(NamedTuple):
    """N copies: State with a leading axis, and what was noted of R rounds of each, one after the
    other. H horizon, M months. The looked-up curve of harm is one for all copies, since what it
    remembers of a week serves the next of them."""

    state: State
    log_weight: np.ndarray  # float64 (N,): they sum to 1 when taken to the power
    month: np.ndarray  # float64 (N, M): flow of each month so far
    rungs: np.ndarray  # float64 (R N, 2, H + 1): at the end of the week
    flow: np.ndarray  # float64 (R N, H + 1): of the lever of the facts
    ended: np.ndarray  # RUN (R N,): the run as it stood at the end
    chance: np.ndarray  # float64 (1,): of what was seen of the week, for the copy being played
    before: np.ndarray  # int32 (K, 3): levels that count (both readings), listed
    notches: np.ndarray  # int32 (C,): moved this week by class
    ancestor: np.ndarray  # int64 (N,)
    evidence: np.ndarray  # float64 (H + 1,): logarithm of the chance of what was seen that week
    effective: np.ndarray  # float64 (H + 1,): effective sample before resampling; 0: not weighed
    why: np.ndarray  # int32 (H + 1,): bits of what was impossible for some copy


@kernel
def follow(p, pool, facts, origins, chosen, key0, key1, first, start, stop):
    """Play copies from the end of week `start` (ANEW: begin) to the end of week `stop`.

    Copy j has the luck of run `first` + j. Where `chosen` names states of `origins`, R of them,
    there are R rounds, each of which goes on from one of these with luck of its own. Returns 0, or
    the week whose facts no copy can follow.
    """
    copies = pool.log_weight.shape[0]
    delay = max(p.actors[0].reaction_delay, p.actors[1].reaction_delay)
    for r in range(max(chosen.shape[0], 1)):
        place = r * copies
        if chosen.shape[0] > 0:
            origin = one_of(origins, chosen[r])
            for j in range(copies):
                resume_run(one_of(pool.state, j), origin, start, key0, key1, first + place + j)
        elif start == ANEW:
            begin(p, pool, key0, key1, first)
        for t in range(max(start, 0) + 1, stop + 1):
            if not one_week_of_all(p, pool, facts, place, t):
                return t
            if 0.0 < pool.effective[t] < copies / 2:
                resample(pool, key0, key1, first, t, t - delay)
        for j in range(copies):
            pool.ended[place + j] = pool.state.run[j, 0]
    return 0


@step
def begin(p, pool, key0, key1, first):
    """Every copy at its start, all of one weight."""
    copies = pool.log_weight.shape[0]
    for j in range(copies):
        begin_run(p, one_of(pool.state, j), key0, key1, first + j)
        pool.log_weight[j] = -np.log(copies)
        for m in range(pool.month.shape[1]):
            pool.month[j, m] = 0.0


@step
def one_week_of_all(p, pool, facts, place, t):
    """A week of every copy, and their weights by what was seen of it; False if all are 0."""
    pool.why[t] = 0
    pool.evidence[t] = 0.0
    pool.effective[t] = 0.0
    weighed = False
    for j in range(pool.log_weight.shape[0]):
        s = one_of(pool.state, j)
        pool.chance[0] = 1.0
        play_week(p, s, pool, facts, t)
        seen = logarithm(pool.chance[0])
        seen += of_flow(pool, facts, t, j, s.levers[facts.lever[0]].flow)
        note(pool, s, facts, t, place + j)
        if seen != 0.0:
            weighed = True
            pool.log_weight[j] += seen
    return not weighed or reweigh(pool, t)


@step
def logarithm(chance):
    """Of a chance; minus infinity of 0."""
    return np.log(chance) if chance > 0.0 else -np.inf


@step
def one_of(states, j):
    """The state of one copy, as the week's functions take it."""
    return State(
        states.run[j],
        states.sides[j],
        states.levers[j],
        states.allies[j],
        states.memory[j],
        states.struck[j],
        states.together[j],
        states.k_week[j],
        states.luck[j],
        states.curve[0],
        states.columns[j : j + 1],
        states.rows[j],
    )


@step
def weigh(pool, t, seen, kind):
    """Count what was seen of one kind, whose chance is `seen`, into that of the week."""
    pool.why[t] |= 0 if seen > 0.0 else kind
    pool.chance[0] *= seen


@step
def weigh_acts(p, s, pool, facts, t):
    """After step 3: the acts seen, which are then laid on the levers."""
    if facts.known[t]:
        weigh(pool, t, of_acts(s, pool, facts, t), BY_ACTS)
        lay(p, s, pool, facts, t)


@step
def weigh_talks(p, s, pool, facts, t):
    """Before step 10: whether talks were held."""
    if facts.talks[t] >= 0:
        weigh(pool, t, of_talks(p, s, facts, t), BY_TALKS)


@step
def weigh_term(s, pool, facts, t):
    """At the end of the week: whether the first term was prolonged."""
    if facts.extended[t] >= 0 and facts.extended[t] != s.run[0].extended:
        weigh(pool, t, 0.0, BY_TERM)


@step
def keep_before(s, pool, facts, t):
    """What a move of this week may change for good, and is put back where it was not made."""
    if facts.known[t] == 0:
        return
    for k in range(pool.before.shape[0]):
        pool.before[k, 0] = s.levers[k].counts
        pool.before[k, 1] = s.levers[k].counts_own
        pool.before[k, 2] = s.levers[k].listed


#: One week of a copy, and the chance it gave to the acts, talks and end of a term seen.
play_week = walked(
    (keep_before, *WEEK),
    "p, s, pool, facts, t",
    after={slip: weigh_acts, account: weigh_talks, WEEK[-1]: weigh_term},
)


@step
def of_acts(s, pool, facts, t):
    """Chance of the acts as they were coded, class by class, given what this copy did.

    With e the chance of an error, a class that moved up, down or not at all is coded as such with
    1 - e, and as each of the other two with e / 2. Of several codings the chances are averaged:
    each coder may be the one who is right.
    """
    for c in range(pool.notches.shape[0]):
        pool.notches[c] = 0
    for k in range(facts.family.shape[0]):
        pool.notches[facts.family[k]] += s.levers[k].level - s.levers[k].level_before
    error = facts.error[0]
    total = 0.0
    for d in range(facts.change.shape[0]):
        chance = 1.0
        for c in range(pool.notches.shape[0]):
            direction = min(max(pool.notches[c], -1), 1)
            chance *= 1.0 - error if direction == facts.change[d, t, c] else error / 2
        total += chance
    return total / facts.change.shape[0]


@step
def lay(p, s, pool, facts, t):
    """Put the levers where they were seen; what the copy did otherwise leaves no trace on them."""
    for i in range(2):
        last = p.actors[i].first_lever
        for k in own_levers(p, i):
            if s.levers[k].gone:
                continue
            if s.levers[k].level_before < facts.level[t, k]:
                last = k
            put_back(p, s, pool, k)
            set_level(p, s, k, facts.level[t, k])
        settle(p, s, i, POLICY, i, last, t)
        s.sides[i].moved = facts.moved[t, i]
        s.sides[i].backed_down = facts.eased[t, i]
        if facts.pulled[t, i] >= 0:
            s.sides[i].pull_issue = facts.pulled[t, i]


@step
def put_back(p, s, pool, k):
    """A lever back on its level of last week, with what counted and was listed then."""
    now = s.levers[k]
    now.level = now.level_before
    now.listed = pool.before[k, 2]
    if p.levers[k].seen_owing_service:
        now.counts = pool.before[k, 0]
    if p.levers[k].owes_service:
        now.counts_own = pool.before[k, 1]


@step
def of_talks(p, s, facts, t):
    """The chance of talks as they were coded; the copy then has them so, whatever its luck."""
    chance = chance_of_talks(p, s, t)
    error = facts.error[1]
    held = facts.talks[t]
    s.run[0].talks_forced = held
    s.run[0].luck_talks = 1.0 - held
    chance = (1.0 - error) * chance + error * (1.0 - chance)
    return chance if held else 1.0 - chance


@step
def of_flow(pool, facts, t, j, flow):
    """Logarithm of the density of a month's flow that is over this week, up to a constant."""
    density = 0.0
    for m in range(pool.month.shape[1]):
        if facts.days[m, t] > 0.0:
            pool.month[j, m] += facts.days[m, t] * flow
        if facts.month[m] == t:
            away = np.log(max(pool.month[j, m], LEAST_FLOW)) - facts.flow[m]
            density -= 0.5 * (away / facts.spread[m]) ** 2
    return density


@step
def note(pool, s, facts, t, j):
    """What a fan is drawn from, in place j."""
    pool.rungs[j, 0, t] = s.sides[0].rung
    pool.rungs[j, 1, t] = s.sides[1].rung
    pool.flow[j, t] = s.levers[facts.lever[0]].flow


@step
def reweigh(pool, t):
    """Weights that sum to 1, the week's evidence and effective sample; False if all are 0."""
    copies = pool.log_weight.shape[0]
    most = -np.inf
    for j in range(copies):
        most = max(most, pool.log_weight[j])
    if most == -np.inf:
        return False
    total = 0.0
    for j in range(copies):
        total += np.exp(pool.log_weight[j] - most)
    pool.evidence[t] = most + np.log(total)
    squares = 0.0
    for j in range(copies):
        pool.log_weight[j] -= pool.evidence[t]
        squares += np.exp(2.0 * pool.log_weight[j])
    pool.effective[t] = 1.0 / squares
    return True


@step
def resample(pool, key0, key1, first, t, since):
    """Systematic resampling with one uniform; copies that have offspring stay where they are."""
    copies = pool.log_weight.shape[0]
    word, _, _, _ = philox(key0, key1, first, t, RESAMPLING, 0)
    choose(pool, word * _UNIT)
    for j in range(copies):
        origin = pool.ancestor[j]
        if origin != j:
            take_over(one_of(pool.state, j), one_of(pool.state, origin), max(since, 0), t)
            pool.state.run[j, 0].key0 = key0
            pool.state.run[j, 0].key1 = key1
            pool.state.run[j, 0].index = first + j
            for m in range(pool.month.shape[1]):
                pool.month[j, m] = pool.month[origin, m]
    for j in range(copies):
        pool.log_weight[j] = -np.log(copies)


@step
def choose(pool, u):
    """Ancestors: copy j has those of the points u, u + 1, ... that fall on its share of 0..N."""
    copies = pool.log_weight.shape[0]
    for j in range(copies):
        pool.ancestor[j] = -1
    total = 0.0
    point = 0
    last = 0
    for j in range(copies):  # who has offspring stays
        total += copies * np.exp(pool.log_weight[j])
        if point < copies and u + point < total:
            pool.ancestor[j] = j
            last = j
        while point < copies and u + point < total:
            point += 1
    total = 0.0
    point = 0
    free = 0
    for j in range(copies):  # and its further offspring take the places of those that have none
        total += copies * np.exp(pool.log_weight[j])
        further = -1
        while point < copies and u + point < total:
            point += 1
            further += 1
        for _ in range(further):
            while pool.ancestor[free] >= 0:
                free += 1
            pool.ancestor[free] = j
    for j in range(copies):  # a place left over by rounding
        if pool.ancestor[j] < 0:
            pool.ancestor[j] = last
