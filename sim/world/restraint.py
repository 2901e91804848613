"""Restraint around talks: who has just met, or waits for relief, chooses no escalation.

By May 2025 five of six truces on record had begun with four weeks without an escalation by either
side (`python -m sim.history.answers`); agencies are told to hold tough measures back meanwhile.
"""

from sim.world.compiled import step


@step
def is_restrained(p, s, t, i):
    """Whether week t is within i's grace: `grace` weeks after talks, or relief due to it is not
    yet late."""
    run = s.run[0]
    grace = p.rules[0].grace
    if grace == 0 or run.talks_week == 0:
        return False
    if t <= run.talks_week + grace:
        return True
    other = s.sides[1 - i]
    return other.relief_rung > 0.0 and t <= other.relief_week


@step
def restrain(p, s, t, i):
    """Fix whether i is restrained in week t, and how likely an agency of it acts on its own."""
    side = s.sides[i]
    side.restrained = 0
    side.slip = side.run_slip
    if is_restrained(p, s, t, i):
        side.restrained = 1
        side.slip = side.run_slip * p.actors[i].slip_after_talks
