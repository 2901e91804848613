"""A chair at the table: one side, or both, played week by week by a person or a program."""

from sim.play.advice import Advice, Debriefing
from sim.play.briefing import Briefing
from sim.play.game import Game
from sim.play.moves import Move

__all__ = ["Advice", "Briefing", "Debriefing", "Game", "Move"]
