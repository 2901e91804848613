"""`detente games SCENARIO response`: the best answer to the other side's policy."""

from typing import Annotated

import typer

from sim.cli import games_options as options
from sim.cli.complete import sided_policies
from sim.cli.failure import ends_well, refuse_any
from sim.cli.options import Formats, Json, NoPictures, Out, Threads, forms
from sim.cli.response_options import (
    DEFAULT_RUNS,
    MOST_STATES,
    Options,
    question,
)
from sim.numbers import DEFAULT_SEED
from sim.store.files import RESULTS

Against = Annotated[
    str | None,
    typer.Option(
        metavar="LABEL",
        help="The other side's policy: of the library, or of --policies. Default: as shipped.",
        autocompletion=sided_policies,
    ),
]
Utility = Annotated[
    str,
    typer.Option(metavar="NAME", help="What this side wants: " + ", ".join(options.UTILITIES)),
]
Forever = Annotated[
    bool, typer.Option("--forever", help="Exact games: payoffs of all weeks to come.")
]
States = Annotated[
    int, typer.Option(metavar="S", help="Search every signal-only machine of 1 to S states.")
]
Runs = Annotated[int, typer.Option(metavar="N", help="Runs of the last choice, and of the report.")]
Seed = Annotated[
    int, typer.Option(metavar="S", help="The seed of the choice; the report has the next.")
]


@ends_well
def response(
    ctx: typer.Context,
    side: Annotated[
        str | None,
        typer.Option(metavar="us|cn", help="Whose best response; default: the first side's."),
    ] = None,
    against: Against = None,
    policies: options.Policies = None,
    changes: options.Changes = None,
    utility: Utility = "payoff",
    forever: Forever = False,
    states: States = MOST_STATES,
    runs: Runs = DEFAULT_RUNS,
    seed: Seed = DEFAULT_SEED,
    out: Out = RESULTS,
    json: Json = False,
    formats: Formats = None,
    no_pictures: NoPictures = False,
    threads: Threads = None,
) -> None:
    """Find the best answer to the other side's policy, and what named policies lack of it."""
    selection = Options(
        ctx.obj,
        side,
        against,
        policies,
        tuple(changes or ()),
        utility,
        forever,
        states,
        runs,
        seed,
        out,
        forms(formats),
        threads,
    )
    refuse_any(selection.command, selection.problems())
    from sim.cli.response_report import report, search, write

    asked_for = question(selection)
    best = search(asked_for, selection)
    folder = write(best, selection, not no_pictures)
    report(best, folder, json)
