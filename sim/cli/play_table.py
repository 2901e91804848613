"""The table of `detente play`: briefings shown, words read, weeks played, until the game ends."""

import sys
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from pathlib import Path

from sim.cli.telling import out
from sim.errors import GameError, Problem, nearest, one_of, printable, quoted
from sim.explain.phrases import opened
from sim.play import Advice, Briefing, Game, Move
from sim.play.briefing import lever_cells, sight, talks_notice
from sim.play.moves import WORDS
from sim.report.content import NAME, table
from sim.report.terminal import section
from sim.world.outcomes import outcome_of

#: Words at the table that are no moves.
TABLE_WORDS = {
    "?": "ask the adviser: the odds of each move",
    "briefing": "show the briefing again",
    "undo": "go back a week, or to the end of a week: undo 3",
    "save": "keep the game as it is in another file too: save FILE",
    "help": "these words",
    "quit": "leave; the game is kept",
}
_SHORT = {"h": "help", "q": "quit", "exit": "quit", "advise": "?", "b": "briefing"}


class After(Enum):
    """What becomes of the week after a line that is no move."""

    ASK_ON = 1
    BEGIN_AGAIN = 2
    LEAVE = 3


class Table:
    """A game at the terminal; the adviser may be switched off."""

    def __init__(self, game: Game, file: Path, adviser: bool) -> None:
        self.game, self.file, self.adviser = game, file, adviser
        self.console = out()

    def play(self) -> None:
        """Play until the game is over, the player leaves, or the input ends."""
        moves = ("hold", *self._pull(1), "ease", "auto")
        self.print(f"Words: help for all of them; a move is as: {' | '.join(moves)}")
        try:
            while not self.game.over:
                if self.week() is After.LEAVE:
                    return
        except EOFError:
            return
        self.print("\nThe game is over. Working out the odds at the end of every week ...\n")
        self.print(str(self.game.debriefing()))

    def week(self) -> After:
        """One week: a move of each chair, then the week is played and saved."""
        moves: dict[str, Move] = {}
        for side in self.game.chairs:
            move = self.move(side)
            if isinstance(move, After):
                return move
            moves[side] = move
        self.game.play(**moves)
        self.game.save(self.file)
        return After.BEGIN_AGAIN

    def move(self, side: str) -> Move | After:
        """The move of a chair, asked for until there is one or the week is over otherwise."""
        if len(self.game.chairs) > 1:
            self.hand_over(side)
        self.show(self.game.briefing(side))
        while True:
            text = input(f"{side}, week {self.game.week + 1}> ").strip()
            try:
                answered = self.answer(side, text)
            except GameError as error:
                self.print(str(error))
                continue
            except OSError as error:
                self.print(f"error: {error}")
                continue
            if answered is not After.ASK_ON:
                return answered

    def hand_over(self, side: str) -> None:
        """Between two people: the screen is wiped before the other sits down."""
        if sys.stdout.isatty():
            self.console.clear()
        input(
            f"{opened(self.game.scenario.sides.of(side).short)}, take the chair and press Enter: "
        )

    def answer(self, side: str, text: str) -> Move | After:
        """What a line asks for: a move, or something that is done at once."""
        word, _, rest = text.partition(" ")
        word = _SHORT.get(word.lower(), word.lower())
        replies: dict[str, Callable[[], After]] = {
            "?": lambda: self.advise(side),
            "briefing": lambda: self.show(self.game.briefing(side)),
            "undo": lambda: self.undo(rest.strip()),
            "save": lambda: self.save(rest.strip()),
            "help": self.help,
            "quit": lambda: After.LEAVE,
        }
        if word in replies:
            return replies[word]()
        if word and word.strip(",;") not in WORDS:
            words = (*WORDS, *TABLE_WORDS)
            near = nearest(word, words)
            raise GameError([Problem("play", None, side, quoted(word), one_of(words), near)])
        move = self.game.parse(text, side)
        if move.talks and (notice := talks_notice(self.game.briefing(side))):
            self.print(notice)
        return move

    def undo(self, week: str) -> After:
        """Back to the end of a week."""
        if week and not week.isdecimal():
            allowed = f"the number of a week, 0 to {self.game.week}"
            raise GameError([Problem("play", None, "undo", quoted(week), allowed)])
        self.game.undo(int(week) if week else None)
        self.game.save(self.file)
        return After.BEGIN_AGAIN

    def save(self, name: str) -> After:
        """Another copy of the game."""
        path = Path(name)
        if not name or path.exists():
            found = f"{quoted(name)}, which exists" if name else "no name"
            raise GameError([Problem("play", None, "save", found, "the name of a new file")])
        self.game.save(path)
        self.print(f"wrote {printable(name)}")
        return After.ASK_ON

    def help(self) -> After:
        """All words."""
        self.table("Moves, one a week", ("", ""), (WORDS | TABLE_WORDS).items())
        self.print(f"As: {', '.join((*self._pull(2), 'talks'))}")
        return After.ASK_ON

    def _pull(self, most: int) -> Iterable[str]:
        """As an example a pull of the first levers that the player has, if any."""
        own = [lever.name for lever in self.game.briefing(self.game.chairs[0]).levers[:most]]
        return [f"pull {' '.join(own)}"] if own else []

    def advise(self, side: str) -> After:
        """The odds of each move."""
        if not self.adviser:
            found = "the adviser is switched off (--no-adviser)"
            raise GameError([Problem("play", None, "?", found, "a move")])
        self.show_advice(self.game.adviser(side))
        return After.ASK_ON

    def show(self, briefing: Briefing) -> After:
        """A briefing, the levers as a table."""
        self.print("")
        for line in sight(briefing):
            self.print(line)
        most = f"{briefing.most_pulls} notches a week"
        if briefing.one_each:
            most = f"{briefing.most_pulls} levers a week, a notch each"
        heads = ("lever", "stands", "obligation", "pull", "ease")
        self.table(f"Your levers: pull at most {most}", heads, map(lever_cells, briefing.levers))
        return After.ASK_ON

    def show_advice(self, advice: Advice) -> None:
        """Advice as a table: outcomes down, moves across."""
        some = advice.odds["hold"]
        title = (
            f"Share of {some.truce.n:,} continuations each, at the end of week {some.read}, with "
            "its 95 % interval"
        )
        by_move = [odds.shares for odds in advice.odds.values()]
        rows = (
            (outcome_of(name).says, *(shares[name].text() for shares in by_move))
            for name in some.shares
        )
        self.table(title, ("outcome", *advice.odds), rows)
        self.print("The adviser knows the truth; after the move both sides play their policies.")
        self.print(str(advice).rpartition("\n")[2])

    def table(self, title: str, heads: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
        """A table of names."""
        for part in section(table(title, ((head, NAME) for head in heads), rows)):
            self.console.print(part)

    def print(self, text: str) -> None:
        """A line or more."""
        self.console.print(text)
