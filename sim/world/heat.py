"""Heat: truces differ, so slips and false alarms of a run share one multiplier, drawn at week 0.

A rate that varies over runs as Gamma with mean 1 makes counts over runs negative binomial instead
of Poisson (Greenwood and Yule 1920): one hot truce does not make all truces hot.
"""

from sim.world.compiled import step
from sim.world.draws import HEAT, uniforms
from sim.world.purposes import SCENARIO


@step
def draw_heat(p, s):
    """Week 0: the multiplier of this run, and what it makes of each side's chances.

    A chance stays one: slips are capped at 1, false alarms at what misses leave of it.
    """
    size = p.heat.shape[0]
    s.run[0].heat = 1.0
    for i in range(2):
        s.sides[i].run_slip = p.actors[i].slip
        s.sides[i].false_alarm = p.actors[i].false_alarm
    if size > 0:
        u, _, _, _ = uniforms(s.run[0], 0, SCENARIO, HEAT)
        heat = p.heat[int(u * size)]
        s.run[0].heat = heat
        for i in range(2):
            side, actor = s.sides[i], p.actors[i]
            side.run_slip = min(1.0, actor.slip * heat)
            side.false_alarm = min(1.0 - actor.miss, actor.false_alarm * heat)
