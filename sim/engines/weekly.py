"""What the module tells of a run week by week: `detente_weeks` and `detente_conduct` of wasm.c."""

#: Of the world, at a week's end; `expiry`: last week of the term, 0 for none.
WORLD = ("in_force", "expiry", "mutual", "talks")
#: Of each side: `rung` above what it is held to, `move` of MOVES, what it did and saw.
SIDE = ("rung", "move", "violates", "saw_bad", "belief", "felt", "pressure")
#: Of each lever, those of us first.
LEVER = ("level", "counts", "flow", "queue", "stock", "shortage")
#: Bits of a week's conduct.
CONDUCT = {"us": 1, "cn": 2, "in_force": 4, "talks": 8}
