"""A chair at the table: one side, or both, played week by week by a person or a program.

Read `moves` (what a player may do) and `game`, then what a player learns of it: `side_view` (all
that a side sees), `briefing` (in words), `advice` (before a move, and after the game).
"""

from sim.play.advice import Advice, Debriefing
from sim.play.briefing import Briefing
from sim.play.game import Game
from sim.play.moves import Move

__all__ = ["Advice", "Briefing", "Debriefing", "Game", "Move"]
