"""How run time grows with levers, weeks, allies and states of a machine: lines, and one picture.

One at a time, the rest as in geneva-2025: copies of a lever that has no history, of an ally, more
weeks, a machine that counts further. Played on one core by the module that stands in for the
kernel, which takes longer a run-week by the same factor throughout (`make bench` has it), by turns.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.engines.host import HostHand
from sim.plots import style
from sim.scenario import Scenario

PICTURE = Path(__file__).with_name("growth.png")
NAME, COPIED, ALLY = "geneva-2025", "visas", "jp"
RUNS, TURNS = 400, 5
BOXES = ((0.8, 3.1), (5.2, 3.1), (0.8, 0.75), (5.2, 0.75))


def with_levers(more: int) -> Scenario:
    """So many levers more, by turns of us and of cn."""
    table = Scenario.load(NAME).to_table()
    lever = table["levers"]["us"][COPIED]
    for place in range(more):
        table["levers"]["us" if place % 2 else "cn"][f"copy_{place}"] = dict(lever)
    return Scenario.from_table(table, NAME)


def with_weeks(weeks: int) -> Scenario:
    """So many weeks."""
    return Scenario.load(NAME).override({"weeks": weeks})


def with_allies(more: int) -> Scenario:
    """So many allies more."""
    table = Scenario.load(NAME).to_table()
    table["allies"] |= {f"copy_{place}": dict(table["allies"][ALLY]) for place in range(more)}
    return Scenario.from_table(table, NAME)


def with_states(count: int) -> Scenario:
    """A machine that retaliates after so many bad weeks in a row, in the seat of us."""
    policy: dict[str, Any] = {"name": "tit_for_k_tats", "k": count}
    return Scenario.load(NAME).override({"actors.us.policy": policy})


#: What grows, how it is made, by which steps, and how it is counted in what was made.
Count = Callable[[Scenario], int]
GROWN: dict[str, tuple[Callable[[int], Scenario], tuple[int, ...], Count]] = {
    "levers": (with_levers, (0, 6, 12, 24, 48), lambda world: len(world.compiled.levers)),
    "weeks": (with_weeks, (13, 26, 52, 104, 260), lambda world: world.compiled.weeks),
    "allies": (with_allies, (0, 3, 6, 12, 24), lambda world: len(world.compiled.allies)),
    "states of the machine of us": (
        with_states,
        (2, 4, 8, 16, 32),
        lambda world: len(world.compiled.states[0]),
    ),
}


def microseconds(worlds: list[Scenario]) -> list[float]:
    """Processor time of a run in each, the median of the turns."""
    hands = [HostHand(world.compiled.params, (1, 0)) for world in worlds]
    spent: list[list[float]] = [[] for _ in worlds]
    for _ in range(TURNS):
        for hand, times in zip(hands, spent, strict=True):
            started = time.thread_time()
            hand.play(0, RUNS, False)
            times.append(1e6 * (time.thread_time() - started) / RUNS)
    return [statistics.median(times) for times in spent]


def measure() -> Iterator[str]:
    """Lines that tell what a run takes, and where the picture of it lies."""
    found = {}
    for what, (make, steps, count) in GROWN.items():
        worlds = [make(step) for step in steps]
        found[what] = [count(world) for world in worlds], microseconds(worlds)
        told = zip(*found[what], strict=True)
        yield f"{what}: " + ", ".join(f"{size}: {spent:.0f} us a run" for size, spent in told)
    drawn(found).savefig(PICTURE)
    yield f"drawn in {PICTURE.parent.name}/{PICTURE.name}"


@style.in_house_style
def drawn(found: dict[str, tuple[list[int], list[float]]]) -> style.Figure:
    """A panel each: microseconds a run by what grows, from zero."""
    figure = style.new_figure(5.7)
    style.headings(
        figure,
        "How the time of a run grows",
        "One thing at a time, the rest as in Geneva; from zero on both axes.",
    )
    for (left, low), (what, (sizes, spent)) in zip(BOXES, found.items(), strict=True):
        axes = style.panel(figure, (left, low, 3.5, 1.75), "", "microseconds a run")
        axes.plot(sizes, spent, color=style.BLUE, marker="o", markersize=4, linewidth=1.6)
        axes.set_xlim(0, max(sizes) * 1.05)
        axes.set_ylim(0, max(spent) * 1.15)
        axes.set_xlabel(what, fontsize=9, color=style.GREY)
    style.footer(figure, ["One core, counts and trajectories; python -m benchmarks growth."])
    return figure
