"""Step 2, anticipation: a side that expects talks to void the past is less held by threats.

Talks let both machines begin anew (model.md, step 2), so what is done in week t goes unanswered
if talks come before the other side acts on it: punishment is not proof against renegotiation
(Farrell and Maskin 1989). A side with `anticipation` a > 0 that was to hold or concede retaliates
instead with probability a times the chance of that. Off (0) by default.
"""

from sim.world.compiled import step
from sim.world.draws import ACT, uniforms
from sim.world.talks import early_chance, talks_chance

#: Weeks ahead that a side thinks of, however slow the other is: a quarter of a year.
FARTHEST = 13


@step
def chance_of_pardon(p, s, t, i):
    """Chance that talks void week t before the other side acts on it, as i knows it in step 2.

    The other side j acts on week t in week t + 1 + d_j, and no more if talks are held in any of
    the weeks t .. t + d_j. Each of those is taken to have the chance that talks would have as
    things stand now, within the cooldown or past it, which the violation itself makes possible by
    straining. A side looks no further ahead than FARTHEST weeks.
    """
    chance, early = talks_chance(p, s), early_chance(p, s)
    unpardoned = 1.0
    last = t + min(p.actors[1 - i].reaction_delay, FARTHEST)
    for week in range(t, last + 1):
        unpardoned *= 1.0 - (early if week <= s.run[0].no_talks_until else chance)
    return 1.0 - unpardoned


@step
def is_tempted(p, s, t, i):
    """Whether i, about to hold or concede, counts on a pardon and retaliates instead."""
    anticipation = p.actors[i].anticipation
    if anticipation <= 0.0:
        return False
    chance = anticipation * chance_of_pardon(p, s, t, i)
    if chance <= 0.0:
        return False
    _, _, _, u = uniforms(s.run[0], t, i, ACT)
    return u < chance
