"""Plays the worked examples of the page on the model, and draws the states of the truce.

    python docs/make_model.py                # or: make docs

A test compares the tables with the page. Both worlds are made of a few settings, so that every
number can be followed by hand; their chance events are those of the runs named.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.engines.setting import ORDERED, Record
from sim.engines.trace import record_run
from sim.explain.phrases import number
from sim.explain.trace import read_record
from sim.explain.weeks import Origin, Reading
from sim.plots.style import house_style
from sim.scenario import Scenario
from sim.world.compiled import kernel
from sim.world.draws import PULL, uniform_at
from sim.world.purposes import LEVER

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "model.md"
PICTURE = DOCS / "images" / "truce-states.png"
SEED = 2025
#: Nothing happens in it but what an example switches on.
QUIET_SIDE: dict[str, Any] = {
    "slip": 0.0,
    "slip_fail": 0.0,
    "false_alarm": 0.0,
    "miss": 0.0,
    "felt": 1.0,
    "reaction_delay": 0,
    "proportionality": 1.0,
    "stride": 1,
    "value_learning": 0.0,
    "value_decay": 0.0,
}
QUIET: dict[str, Any] = {
    "start": "2025-05-12",
    "noise": "agency",
    "talks": {"talks_rate": 0.0, "talks_pressure": 0.0},
}


def moves(letters: str) -> dict[str, Any]:
    """A machine that plays R(etaliate) and H(old) by the letters, and the last one for ever."""
    words = {"R": "retaliate", "H": "hold"}
    last = len(letters)
    states = {
        f"week{n}": {"move": words[letter], "next": {"any": f"week{min(n + 1, last)}"}}
        for n, letter in enumerate(letters, start=1)
    }
    return {"machine": {"start": "week1", "states": states}}


STRETCH_AIM, STRETCH_SEVERITY = 3.5, 2.0
STRETCH = Scenario.from_table(
    {
        **QUIET,
        "title": "a stretch",
        "weeks": 6,
        "actors": {
            "us": QUIET_SIDE | {"policy": moves("RRRHRR"), "proportionality": STRETCH_AIM},
            "cn": QUIET_SIDE | {"policy": moves("H")},
        },
        "levers": {
            "us": {"chips": {"control": "ban", "notches": 3, "severity": STRETCH_SEVERITY}},
            "cn": {"magnets": {"control": "ban", "notches": 1}},
        },
    },
    "stretch",
)
INHERITED = Scenario.from_table(
    {
        **QUIET,
        "title": "an inheritance",
        "weeks": 4,
        "truce": {"breakdown_after": 2, "rupture_rung": 0},
        "actors": {
            "us": QUIET_SIDE | {"policy": {"name": "tit_for_tat"}},
            "cn": QUIET_SIDE | {"policy": {"name": "tit_for_tat"}},
        },
        "levers": {
            "us": {"software": {"control": "ban", "notches": 2, "friction": 1.0}},
            "cn": {
                "rare_earths": {
                    "control": "licence",
                    "listed": True,
                    "capacity": 0.3,
                    "promised_by_owner": 0.2,
                    "expected_by_target": 0.9,
                    "dependence": 0.0,
                },
                "magnets": {"control": "ban", "notches": 2, "friction": 1.0},
            },
        },
    },
    "inheritance",
)
#: Runs of SEED that show what the text beside the tables says.
STRETCH_RUNS, INHERITED_RUN = (0, 7), 0


def stretch() -> str:
    """The table of the first example, for each of its runs."""
    aim, severity = number(STRETCH_AIM), number(STRETCH_SEVERITY)
    intro = (
        f"One lever of three notches, severity σ = {severity}; nothing is seen bad, so "
        f"e* = ρ = {aim}. The machine retaliates in weeks 1 to 3, holds in week 4 and retaliates "
        "again: two stretches. A bar of 1 or more is certain, of 0 or less impossible."
    )
    parts = [intro, *(_stretch_of(run) for run in STRETCH_RUNS)]
    chance = (STRETCH_AIM - STRETCH_SEVERITY) / STRETCH_SEVERITY
    high = 2 * STRETCH_SEVERITY
    parts.append(
        f"Over all runs the second notch is pulled in a stretch with probability {number(chance)}, "
        f"so the expected rung after the first one is {number(chance)}·{number(high)} + "
        f"{number(1 - chance)}·{severity} = {aim} = e*."
    )
    return "\n\n".join(parts)


def _stretch_of(run: int) -> str:
    record = record_run(STRETCH.compiled.params, SEED, run)
    trace = read_record(STRETCH, record, SEED, run)
    rows = []
    for week in trace.weeks:
        t, side = week.number, week.us
        before = int(record.levels[t - 1, -1, 0])
        cells = [f"{t}", side.move, number(side.rung_start)]
        if side.move == "retaliate" and before < 3:
            u = _pull_draw(record, t, before + 1)
            bar = (side.aim - side.rung_start) / STRETCH_SEVERITY
            pulled = int(record.levels[t, ORDERED, 0]) > before
            cells += [f"{before + 1}", f"{u:.3f}", number(bar), "yes" if pulled else "no"]
        else:
            cells += ["", "", "", ""]
        rows.append([*cells, number(side.rung)])
    head = ("week", "move", "e⁻", "next notch", "u(pull)", "(e* - e⁻)/σ", "pulled", "rung")
    return f"Run {run} of seed {SEED}:\n\n{table(head, rows)}"


def _pull_draw(record: Record, t: int, notch: int) -> float:
    """The uniform of the pull of lever 0 to a notch, in the stretch that week t belongs to."""
    started = int(record.sides[t, 0].stretch)
    return float(_drawn(record.run[t], started, LEVER, PULL, notch))


@kernel
def _drawn(run, week, who, block, position):  # type: ignore[no-untyped-def]
    """`uniform_at`, which only kernels can call."""
    return uniform_at(run, week, who, block, position)


def inherited() -> str:
    """The table of the second example."""
    record = record_run(INHERITED.compiled.params, SEED, INHERITED_RUN)
    trace = read_record(INHERITED, record, SEED, INHERITED_RUN)
    rows = []
    for week in trace.weeks:
        cells = [f"{week.number}"]
        for side in week.sides:
            did = "".join(
                f"pulls {c.lever.partition('.')[2]} to {c.after}"
                for c in week.changes
                if c.who == side.who
            )
            cells += [did or "nothing", _seen(side.reading), _origin(side.origin)]
        rows.append(cells)
    head = ("week", "us does", "us sees", "origin of us", "cn does", "cn sees", "origin of cn")
    trigger, end = trace.outcome.trigger, trace.outcome.undisputed_week
    intro = (
        "China's office serves 30 % of demand and has promised 20 %: it complies, and is slow. "
        "Washington expects 90 %, so it reads a gap y = (0.9 - 0.3)/0.9 = 0.667 and sees China bad "
        "if u(signal) < 0.667. Both play tit for tat without delay; no lever comes down again "
        f"(friction 1); K = 2. Run {INHERITED_RUN} of seed {SEED}:"
    )
    outro = (
        "The US pull carries the slow office as its origin, with the week of the pull; China's "
        f"answer, made on a true reading, inherits it whole. In week {end} both have been in "
        f"violation for 2 weeks, and the trigger is {_origin(trigger)}: the slow licences, not the "
        "answers."
    )
    return "\n\n".join([intro, table(head, rows), outro])


def _seen(reading: Reading) -> str:
    if not reading.saw_bad:
        return "good"
    return f"bad ({reading.alarm})" if reading.alarm else "bad (true)"


def _origin(found: Origin | None) -> str:
    if found is None:
        return "none"
    return f"({found.cause}, {found.who}, {found.item.partition('.')[2]}, {found.week})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


PARTS: dict[str, Callable[[], str]] = {"stretch": stretch, "inherited": inherited}


def renewed(text: str) -> str:
    """The page with both examples as they should be now."""
    return re.sub(
        r"<!-- (?P<name>stretch|inherited) -->.*?<!-- /(?P=name) -->",
        lambda part: (
            f"<!-- {part['name']} -->\n\n{PARTS[part['name']]()}\n\n<!-- /{part['name']} -->"
        ),
        text,
        flags=re.DOTALL,
    )


#: Boxes of the picture: name -> (words, across, up, half its width, colour).
BOXES = {
    "first": ("FIRST TRUCE\nin force", 0.08, 0.76, 0.065, "#dcebf7"),
    "none": ("NO TRUCE IN FORCE\nobligations stay the baseline", 0.50, 0.76, 0.125, "#f7e3dc"),
    "renewed": ("RENEWED TRUCE\nin force", 0.90, 0.76, 0.08, "#dcebf7"),
    "calm": ("UNDISPUTED", 0.08, 0.28, 0.065, "#e3f2e6"),
    "dispute": ("IN DISPUTE\nand standing", 0.50, 0.28, 0.065, "#fdf3d8"),
    "broken": ("BROKEN", 0.90, 0.28, 0.055, "#f7e3dc"),
}
ENDS = "an armed core lever above n°,\na dated act, or a lapse\nat the end of a term"
CORE = "core lever above n°, dated act ending the first truce, or the week after its lapse"
#: Straight arrows: from, to, words, height of the arrow and of its words over the boxes' middle.
ARROWS = (
    ("first", "none", ENDS, 0.0, 0.09),
    ("none", "renewed", "talks", 0.035, 0.075),
    ("renewed", "none", "the same three", -0.035, -0.075),
    ("calm", "dispute", "both in violation for K weeks,\nor one for unilateral_after", 0.0, 0.07),
    ("dispute", "broken", "both at rupture_rung\nor above for K weeks", 0.0, 0.07),
)
TITLES = (
    (0.97, "In law. A term that ends without a lapse is extended: the state stays."),
    (0.47, "In conduct, counted whether or not a truce is in force. Nothing leads back."),
)
DARK, GREY = "#33475b", "#7d8a97"


def draw() -> Figure:
    """The states of the truce: in law above, in conduct below."""
    figure = Figure(figsize=(9, 4.4), layout="constrained")
    axes = figure.add_subplot()
    for source, target, words, height, over in ARROWS:
        _arrow(axes, source, target, words, height, over)
    _around(axes, CORE)
    for words, x, y, _, colour in BOXES.values():
        box = {"boxstyle": "round,pad=0.55", "facecolor": colour, "edgecolor": DARK}
        axes.text(x, y, words, ha="center", va="center", fontsize=9, bbox=box, zorder=2)
    for y, words in TITLES:
        axes.text(0.0, y, words, va="center", fontsize=9.5, color=DARK)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    return figure


def _arrow(axes: Any, source: str, target: str, words: str, height: float, over: float) -> None:
    """A straight arrow between the facing sides of two boxes, and its words."""
    _, x0, y, half0, _ = BOXES[source]
    _, x1, _, half1, _ = BOXES[target]
    right = 1 if x1 > x0 else -1
    start, end = x0 + right * (half0 + 0.015), x1 - right * (half1 + 0.015)
    style = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (end, y + height), (start, y + height), arrowprops=style)
    axes.text((start + end) / 2, y + over, words, ha="center", va="center", fontsize=8)


def _around(axes: Any, words: str) -> None:
    """What breaks a truce at once, disputed or not: a line under the boxes."""
    low, line = 0.10, {"color": GREY, "linewidth": 1}
    edge = BOXES["calm"][2] - 0.075
    for name in ("calm", "dispute"):
        x = BOXES[name][1]
        axes.plot([x, x], [edge, low], **line)
    axes.plot([BOXES["calm"][1], BOXES["broken"][1]], [low, low], **line)
    style = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 0, "shrinkB": 0}
    end = BOXES["broken"][1]
    axes.annotate("", (end, edge), (end, low), arrowprops=style)
    axes.text(0.5, low - 0.05, words, ha="center", va="center", fontsize=8)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    with house_style():
        draw().savefig(PICTURE, dpi=110)
