"""The rankings of a tournament on its page to mail, from the runs its folder keeps."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import ExperimentError, GameError
from sim.games.analysis import FIELD, rankings
from sim.games.ranking import RANKS, Rank
from sim.games.tournament import KEEP, PAYOFF, as_tournament, read_played
from sim.report.content import NAME, Section, columns
from sim.report.numbers import ends
from sim.studies.experiment import experiment_of

if TYPE_CHECKING:
    from sim.studies.study import Study

#: As `detente games tournament` resamples by itself.
RESAMPLES = 1_000
_HEADING = columns("rank", ("policy", NAME), "payoff (95 % interval)", "best in", RANKS)
_NOTE = (
    "Payoff: mean over all policies of the other side. Best in: share of "
    f"{RESAMPLES:,} bootstrap resamples in which none is better. R{RANKS[1:]}: the ranks "
    "that the runs leave open, of all policies at once with 95 % confidence (Holm 1979)."
)


def ranked(study: "Study") -> Iterator[Section]:
    """Both rankings of a study of two policies whose runs were kept; nothing of another one.

    Where all fare alike there is none, and why is said.
    """
    try:
        experiment = as_tournament(experiment_of(study.manifest["plan"]))
    except ExperimentError:
        return  # a study of something else than two policies
    if not {*KEEP} <= {*study.plan["keep"]}:
        return
    field = read_played(experiment, study)
    try:
        ranked_sides = rankings(field, (PAYOFF, PAYOFF), FIELD, None, RESAMPLES, study.seed)
    except GameError as none:
        yield Section("Ranking", (f"There is none: {none}",))
        return
    for side in field.sides:
        ranks = ranked_sides[side.id]
        first = f"First of {len(ranks)}: {ranks[0].policy}."
        title = f"Ranking of the policies of {side.plain}"
        yield Section(title, (first,), _HEADING, tuple(_rows(ranks)), (_NOTE,))


def _rows(side_ranks: Sequence[Rank]) -> Iterator[tuple[str, ...]]:
    for rank in side_ranks:
        score = ends(rank.score, rank.low, rank.high)
        yield str(rank.rank), rank.policy, score, f"{rank.best:.3f}", rank.open_ranks
