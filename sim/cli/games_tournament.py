"""`detente games SCENARIO tournament`, `equilibria` and `replicator`: policies that meet.

Every policy against every other, ranked; their game, solved; and, as a teaching device, who is
left if success is copied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import checks
from sim.cli.failure import ANYTHING_ELSE, problem
from sim.cli.games_played import Played, unsolved
from sim.cli.options import forms, option
from sim.cli.telling import tell, waiting
from sim.errors import Problem
from sim.games.sizes import AGAINST, FIELD
from sim.report.pictures import Drawing, write_pictures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.games.analysis import Analysis
    from sim.games.ranking import Rank
    from sim.games.replicator import Dynamics
    from sim.games.tournament import PlayedTournament

TRIO = "always_concede,always_retaliate,tit_for_tat"
MOST_POLICIES = 6


@dataclass(kw_only=True)
class Tournament(Played):
    """Play every policy of one side against every policy of the other, and rank them."""

    against: str = option(
        "field|equilibrium",
        "Rank by the mean over all policies of the other side, or against its "
        "equilibrium mix (the one best for both together).",
        FIELD,
    )

    order = (
        "ctx us cn policies changes runs seed utility against resamples "
        "out json formats no_pictures threads"
    )

    def _problems(self) -> Iterator[Problem]:
        yield from super()._problems()
        yield from checks.among("--against", (self.against,), AGAINST)

    def _act(self) -> None:
        from sim.games.analysis import rankings
        from sim.games.pages import tournament_report

        game = self.play()
        analysis = self.analysed(game)
        ranks = rankings(
            game.played,
            self.utilities(game.world.sides),
            self.against,
            analysis,
            self.resamples,
            game.experiment.seed,
        )
        pictures = [] if self.no_pictures else self._drawn(game, analysis, ranks)
        report = tournament_report(game, analysis, ranks, self.against)
        line = f"written to {game.folder}/ (figures/ has the heat maps)"
        tell(report, self.json, [line], {"pictures": [str(path) for path in pictures]})

    def _drawn(
        self, game: "PlayedTournament", analysis: "Analysis", ranks: "dict[str, list[Rank]]"
    ) -> list[Path]:
        """Draws heat maps and ranking into the folder; returns their files."""
        from sim.plots.games import heat, ranking

        played, title, source = game.played, game.world.title, game.source
        order = (
            [played.us.index(rank.policy) for rank in ranks[played.sides.first.id]],
            [played.cn.index(rank.policy) for rank in ranks[played.sides.second.id]],
        )
        rows, columns = analysis.game.game.rows, analysis.game.game.columns
        marked = [(played.us.index(rows[i]), played.cn.index(columns[j])) for i, j in analysis.pure]
        us, cn = game.own
        has_both = us is not None and cn is not None
        shipped = (played.us.index(us), played.cn.index(cn)) if has_both else None
        drawings: list[Drawing] = [
            (f"heat-{name}", partial(heat, played, name, order, marked, shipped, title, source))
            for name in (played.outcomes[0], *played.amounts[:2])
        ]
        words = self._words(game)
        drawings.append(("ranking", partial(ranking, ranks, title, *words, played.sides)))
        return write_pictures(game.folder / "figures", drawings, forms(self.formats))

    def _words(self, game: "PlayedTournament") -> tuple[str, list[str]]:
        """What the ranking is by, and the notes below its picture."""
        from sim.games.pages import against_whom

        utilities = self.utilities(game.world.sides)
        of_sides = (
            f"{utility} ({side.plain})"
            for utility, side in zip(utilities, game.played.sides, strict=True)
        )
        measure = utilities[0] if len({*utilities}) == 1 else ", ".join(of_sides)
        over = against_whom(self.against)
        note = (
            f"Score: mean {measure} of {game.played.n:,} runs, against {over}; bars: 95 % "
            "bootstrap interval over runs. Rank: the ranks left by tests of all pairs, common "
            "random numbers (Holm, 5 % in all). Full dots: settled, but for policies that fare "
            "exactly alike; open: tied."
        )
        return f"Utility: {measure}, against {over}", [note, game.source]


@dataclass(kw_only=True)
class Equilibria(Played):
    """Find every equilibrium of the game between policies, and how sure the runs make it.

    Exit code 1 if not all can be found: the pure ones are printed, and the runs are kept.
    """

    order = "ctx us cn policies changes runs seed utility resamples out json threads"

    def _act(self) -> None:
        from sim.games.equilibria_page import equilibria_report

        game = self.play()
        analysis = self.analysed(game)
        tell(equilibria_report(game, analysis), self.json, [f"runs in {game.folder}/"])
        if analysis.error is not None:
            unsolved(game, analysis.error, ANYTHING_ELSE)


@dataclass(kw_only=True)
class Replicator(Played):
    """Let policies spread that fare better than the mean: a teaching device, no forecast."""

    names: str = option(
        "A,B,...", "Two to six policies, by label, of either side.", TRIO, "--policies"
    )
    populations: int = option("1|2", "One population that plays both sides, or one a side.", 2)
    time: float | None = option("T", "How long. Default: 400 over the range of payoffs.")

    order = "ctx names populations time changes runs seed out json formats no_pictures threads"

    def __post_init__(self) -> None:
        self.us = self.cn = self.names

    def _problems(self) -> Iterator[Problem]:
        yield from super()._problems()
        if self.populations not in (1, 2):
            yield problem("--populations", self.populations, "1 or 2")
        if self.time is not None and not 0 < self.time < float("inf"):
            yield problem("--time", self.time, "a number above 0")
        many = len(self.names.split(","))
        if many > MOST_POLICIES:
            yield problem("--policies", f"{many} policies", f"two to {MOST_POLICIES}")

    def _act(self) -> None:
        from sim.games.replicator import dynamics, replicator_report

        game = self.play()
        with waiting("following the shares over resampled runs ..."):
            paths = dynamics(game.played, self.populations, self.time, game.experiment.seed)
            files = [] if self.no_pictures else list(map(str, self._drawn(game, paths)))
        lines = [f"wrote {path}" for path in files]
        tell(replicator_report(game, paths), self.json, lines, {"pictures": files})

    def _drawn(self, game: "PlayedTournament", paths: "Dynamics") -> list[Path]:
        drawing = f"replicator-{paths.populations}", partial(_picture, game, paths)
        return write_pictures(game.folder / "figures", [drawing], forms(self.formats))


def _picture(game: "PlayedTournament", paths: "Dynamics") -> "Figure":
    from sim.plots.games import shares, simplex

    title, source = game.world.title, game.source
    payoffs = "Payoffs: means of the runs, discounted totals."
    if paths.populations == 1 and len(paths.names) == 3:
        note = "Full dots: stable rest points; open: not stable, or one of a line of them."
        return simplex(paths.names, paths.fan, paths.rests, title, [f"{note} {payoffs}", source])
    start = "All policies begin with equal shares."
    return shares(
        (paths.names, paths.names), paths.path, title, [f"{start} {payoffs}", source], paths.sides
    )
