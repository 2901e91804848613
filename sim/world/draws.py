"""Luck as a function: Philox 4x32-10 keyed by the seed, counted by (run, week, who, block).

Nothing here has a state: the same (seed, run, week, purpose) is the same number everywhere. `who`
is one of sim/world/purposes.py; the blocks below are published in docs/model.md and must not change
silently.
"""

from sim.world.compiled import step, vector_step
from sim.world.philox import philox as plain_philox

# block: the fourth word of the counter; what each of its four words is for
WEEKLY = 0  # principal: move, slip_fail, slip, signal
# principal: lever of a slip, friction of a concession, insistence (week 0: start), temptation
ACT = 1
PICK = 2  # principal: the j-th uniform pick of a week is block PICK + j // 4, word j % 4
RELIEF = 1024  # principal: word 0
TALKS = 0  # scenario: word 0 talks; ally m joins by word (m + 1) % 4 of block (m + 1) // 4
HEAT = 0  # scenario, week 0: word 0
TRADE = 0  # lever: demand, taste (Gumbel key of the softmax)
PULL = 1  # lever: notch n is block PULL + n // 4, word n % 4, at the week the stretch began
STRIKE = 0  # shock: strike

_UNIT = 2.0**-32

#: Compiled; see sim/world/philox.py.
philox = step(plain_philox)


@step
def uniforms(run, week, who, block):
    """Four uniforms in [0, 1) for this run (a RUN record), week, actor and block."""
    key0, key1, index = int(run.key0), int(run.key1), int(run.index)
    a, b, c, d = philox(key0, key1, index, int(week), int(who), int(block))
    return a * _UNIT, b * _UNIT, c * _UNIT, d * _UNIT


@vector_step
def weekly_uniforms(run, who, words):
    """Fill words (4, H + 1) with the uniforms of block 0 of weeks 1..H; week 0 is left alone."""
    key0, key1, index = int(run.key0), int(run.key1), int(run.index)
    for week in range(1, words.shape[1]):
        a, b, c, d = philox(key0, key1, index, week, who, WEEKLY)
        words[0, week] = a * _UNIT
        words[1, week] = b * _UNIT
        words[2, week] = c * _UNIT
        words[3, week] = d * _UNIT


@step
def uniform_at(run, week, who, block, position):
    """One uniform of a longer list: word `position` % 4 of block `block` + `position` // 4."""
    a, b, c, d = uniforms(run, week, who, block + position // 4)
    word = position % 4
    if word == 0:
        return a
    if word == 1:
        return b
    if word == 2:
        return c
    return d
