"""The result folder of an exact solution: the tables of a batch, without runs and intervals."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.outcomes.definitions import undefined
from sim.outcomes.exact_page import exact_report, exact_summary
from sim.outcomes.manifest import write_manifest
from sim.outcomes.store import folder_name, write_folder
from sim.outcomes.summary import Summary
from sim.outcomes.tables import write_table
from sim.outcomes.trajectories import pairs
from sim.report import pictures
from sim.report.content import Figure, figures_at
from sim.report.markdown import markdown

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.exact import ExactResult


def write_exact(
    result: "ExactResult",
    root: Path | str = "results",
    command: str = "",
    picture: bool = True,
    formats: Sequence[str] = ("png",),
    page: Summary | None = None,
) -> Path:
    """Write the folder of an exact solution below `root` and return it, as `write_result` does.

    `page` is its `exact_summary`, if that has been made already: means take seconds.
    """

    def fill(folder: Path) -> None:
        for name, frame in exact_tables(result):
            write_table(frame, folder / f"{name}.parquet")
        images = _draw(result, folder / "figures", formats) if picture else ()
        text = markdown(exact_report(page or exact_summary(result), images, command))
        (folder / "summary.md").write_text(text, encoding="utf-8", newline="\n")
        write_manifest(result, folder, command)

    return write_folder(root, folder_name(result), fill)


def exact_tables(result: "ExactResult") -> Iterator[tuple[str, "pd.DataFrame"]]:
    """`survival` by breakdown_after (0: clean), `outcomes` and `conduct`, all with n = 0."""
    import pandas as pd

    weeks = result.scenario.spec.weeks
    has_truce = not undefined("standing", result.scenario.compiled.params.rules[0], weeks)
    clean = result.survival("clean").drop(columns="date")
    curves = [clean.assign(outcome="clean", breakdown_after=0)]
    for k in result.broken_after if has_truce else ():
        frame = result.survival("standing", breakdown_after=k).drop(columns="date")
        curves.append(frame.assign(outcome="standing", breakdown_after=k))
    survival = pd.concat(curves, ignore_index=True).assign(point=0)
    columns = ["point", "outcome", "breakdown_after", "week", "n", "p", "low", "high"]
    yield "survival", survival[columns]
    as_defined = survival["breakdown_after"].isin((0, result.game.breakdown_after))
    outcomes = survival[as_defined].assign(holds=0)
    # in one notch every dispute is a rupture
    same = outcomes[outcomes["outcome"] == "standing"].assign(outcome="undisputed")
    outcomes = pd.concat([outcomes, same], ignore_index=True)
    columns = ["point", "outcome", "week", "n", "holds", "p", "low", "high"]
    yield "outcomes", outcomes[columns].reset_index(drop=True)
    conduct = result.conduct().melt("week", var_name="pair", value_name="p")
    named = dict(zip(result.law, pairs(result.scenario.sides.ids), strict=True))
    conduct = conduct.assign(point=0, pair=conduct["pair"].map(named), n=0)
    ordered = conduct.sort_values("week", kind="stable", ignore_index=True)
    yield "conduct", ordered[["point", "week", "pair", "n", "p"]]


def _draw(result: "ExactResult", folder: Path, formats: Sequence[str]) -> tuple[Figure, ...]:
    """The survival picture in each format, as a page shows it."""
    drawing = partial(pictures.draw, pictures.EXACT, "exact", result)
    files = pictures.write_pictures(folder, [("survival", drawing)], formats)
    return figures_at(f"figures/{path.name}" for path in files)
