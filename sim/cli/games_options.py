"""What is typed after `detente games SCENARIO tournament` or `equilibria`, checked at once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.complete import settings, sided_policies
from sim.cli.run_options import among, load, problem, within, wrong_seed, wrong_threads
from sim.cli.run_options import writable as writable_folder
from sim.errors import ExperimentError, Problem
from sim.numbers import DEFAULT_SEED, MOST_RUNS
from sim.report.pictures import FORMATS
from sim.scenario.sides import DEFAULT, Sides
from sim.world.outcomes import NAMES

if TYPE_CHECKING:
    from sim.studies.experiment import Experiment

DEFAULT_RUNS = 2_000
RESAMPLES = 1_000
FEWEST_RESAMPLES, MOST_RESAMPLES = 100, 100_000
UTILITIES = ("payoff", "harm", *NAMES)
FIELD, EQUILIBRIUM = AGAINST = ("field", "equilibrium")
FEWEST_RUNS = 2  # of one run there is no spread

Us = Annotated[
    str | None,
    typer.Option(
        "--us",
        "--first",
        metavar="A,B,...",
        help="Policies of the first side (us), by label. Default: the library and the scenario's.",
        autocompletion=sided_policies,
    ),
]
Cn = Annotated[
    str | None,
    typer.Option(
        "--cn",
        "--second",
        metavar="A,B,...",
        help="Policies of the second side (cn), by label. Default: as for --us.",
        autocompletion=sided_policies,
    ),
]
Policies = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A TOML file of policies of your own, by label: [us], [cn] or [both], "
        "or by the ids of the scenario's sides.",
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one value of the scenario; repeat for more.",
        autocompletion=settings,
    ),
]
Runs = Annotated[
    int | None, typer.Option(metavar="N", help="How many runs of each pair. Default: 2000.")
]
Seed = Annotated[
    int | None,
    typer.Option(metavar="S", help="The seed of the random numbers, 0 to 2^64 - 1. Default: 2025."),
]
Utility = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help=f"What both want: payoff, harm (as little as possible), {', '.join(NAMES)}; "
        "or one for each side, as us=NAME,cn=NAME.",
    ),
]
Resamples = Annotated[
    int, typer.Option(metavar="B", help="Bootstrap resamples of the runs, for the intervals.")
]


@dataclass(frozen=True)
class Options:
    """The options of a tournament or of its equilibria, as typed."""

    command: str
    named: str  # the scenario, or an experiment
    us: str | None
    cn: str | None
    policies: Path | None
    changes: tuple[str, ...]
    runs: int | None
    seed: int | None
    utility: str
    resamples: int
    out: Path
    threads: int | None
    formats: tuple[str, ...] = ()

    @property
    def wants(self) -> dict[str, str]:
        """What each side wants, by its id, unchecked; "" where both want the same."""
        utilities = "=" in self.utility
        return dict(
            (p if utilities else f"={p}").partition("=")[::2] for p in self.utility.split(",")
        )

    def utilities(self, sides: Sides) -> tuple[str, str]:
        """What each side wants. Raises GameError where other sides are named."""
        wants = self.wants
        if "" in wants:
            return self.utility, self.utility
        if {*wants} != {*sides.ids}:
            from sim.games.bimatrix import GameError

            allowed = "one NAME, or " + ",".join(f"{side}=NAME" for side in sides.ids)
            raise GameError("--utility", self.utility, allowed)
        first, second = (wants[side] for side in sides.ids)
        return first, second

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with them."""
        yield from within("--runs", self.runs, FEWEST_RUNS, MOST_RUNS)
        yield from wrong_seed(self.seed)
        yield from within("--resamples", self.resamples, FEWEST_RESAMPLES, MOST_RESAMPLES)
        yield from wrong_threads(self.threads)
        yield from self._utility_problems()
        yield from among("--format", self.formats, FORMATS)
        yield from writable_folder(self.out)

    def _utility_problems(self) -> Iterator[Problem]:
        wants = self.wants
        if "" not in wants and len(wants) != len(DEFAULT):
            yield problem(
                "--utility", self.utility, "one NAME, or one for each side, as us=NAME,cn=NAME"
            )
            return
        yield from among("--utility", tuple(dict.fromkeys(wants.values())), UTILITIES)

    def experiment(self) -> "Experiment":
        """The tournament asked for, as an experiment. Raises DetenteError for what is wrong."""
        if is_experiment(self.named):
            return self._of_file()
        from sim.games.lineup import choose
        from sim.games.tournament import tournament

        world = load(self.named, self.changes)
        labels = _labels(self.us), _labels(self.cn)
        chosen = dict(zip(world.sides.ids, labels, strict=True))
        lineup = choose(world, chosen, self.policies)
        runs = DEFAULT_RUNS if self.runs is None else self.runs
        return tournament(world, lineup, runs, DEFAULT_SEED if self.seed is None else self.seed)

    def _of_file(self) -> "Experiment":
        from sim.games.tournament import as_tournament
        from sim.studies.reading import read_experiment

        typed_options: dict[str, Any] = {
            "--us": self.us,
            "--cn": self.cn,
            "--policies": self.policies,
            "--set": self.changes,
            "--runs": self.runs,
            "--seed": self.seed,
        }
        typed = [option for option, value in typed_options.items() if value not in (None, ())]
        if typed:
            allowed = "with a scenario; an experiment file says it itself"
            raise ExperimentError(
                [
                    replace(problem(option, "with an experiment", allowed), file=self.command)
                    for option in typed
                ]
            )
        return as_tournament(read_experiment(self.named))


def _labels(text: str | None) -> list[str] | None:
    return None if text is None else [label.strip() for label in text.split(",")]


def is_experiment(name: str) -> bool:
    """Whether a name means an experiment: a file with [[factors]], or a shipped one.

    Raises ExperimentError for a file that cannot be read.
    """
    from sim.scenario.loading import read_text
    from sim.scenario.shipped import SUFFIX, list_shipped
    from sim.studies.reading import shipped_experiments

    for path in (Path(name), Path(name + SUFFIX)):
        if path.is_file():
            text = read_text(path, ExperimentError)
            return any(line.strip().startswith("[[factors]]") for line in text.splitlines())
    plain = name.removeprefix("experiments/").removesuffix(SUFFIX)
    if any(shipped_name.name == name for shipped_name in list_shipped()):
        return False
    return plain in shipped_experiments()
