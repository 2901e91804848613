"""Writes into README.md, and the page on uncertainty, what the commands print now.

    python docs/make_readme.py               # or: make docs

Each part between <!-- name --> and <!-- /name --> is replaced by what the function of that name
gives. A test compares them with the page, so no number in it can grow old.
"""

import re
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path

from rich.console import Console, RenderableType

from sim import Scenario, simulate
from sim.outcomes.page import result_report
from sim.outcomes.result import Result
from sim.outcomes.summary import summary
from sim.report.terminal import opening

README = Path(__file__).resolve().parents[1] / "README.md"
UNCERTAINTY = README.parent / "docs" / "howto-uncertainty.md"
WIDTH = 100
CHANGE = {"actors.us.policy.generosity": 0.3}  # what the tour changes
#: What the question of capacity or design hangs on, with the settings of each row.
VARIANTS: dict[str, tuple[str, dict[str, object]]] = {
    "capacity, as shipped": ("geneva-2025-capacity", {}),
    "design, as shipped: friction 1, relief at once": ("geneva-2025-design", {}),
    "design, but relief is ordered and takes its time (`relief_ordered = true`)": (
        "geneva-2025-design",
        {"talks.relief_ordered": True},
    ),
    "design, but an ordinary order takes the control down as often as on record "
    "(`friction = 0.71`)": ("geneva-2025-design", {"levers.cn.rare_earths.friction": 0.71}),
}
READINGS = ("geneva-2025", "geneva-as-happened")


@cache
def played(name: str, changed: bool = False) -> Result:
    """The default run of a scenario, with what `detente run` adds to it."""
    scenario = Scenario.load(name)
    scenario = scenario.override(CHANGE) if changed else scenario
    return simulate(scenario, but_for=True, spread=True)


def printed(*parts: RenderableType) -> str:
    """What a command prints, as a block of text."""
    console = Console(width=WIDTH, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(*parts, sep="\n")
    lines = (line.rstrip() for line in captured.get().strip().splitlines())
    return "\n\n```text\n" + "\n".join(lines) + "\n```\n\n"


def output() -> str:
    """The first lines of what `make run` prints: all of `--brief`."""
    return printed(opening(result_report(summary(played("geneva-2025")))))


def definition() -> str:
    """The least and the greatest share that the table of definitions gives, by the term."""
    result = played("geneva-2025")
    shares = [row.p for row in result.k_table.itertuples() if row.week == result.term]
    return f"{min(shares):.2f} to {max(shares):.2f}"


def changed() -> str:
    """The headline before and after the change of the tour."""
    pages = [summary(played("geneva-2025", changed)) for changed in (False, True)]
    before, after = (page["headline"]["text"] for page in pages)
    return f"\n\n```text\ngeneva-2025   standing {before}\nmy-truce      standing {after}\n```\n\n"


def readings() -> str:
    """`standing` at the end of the term, by what makes licences slow and by scenario."""
    lines = [
        "",
        "| `standing` at the end of the term, n = 10,000, seed 2025, 95 % "
        "| slow by capacity | by both (as shipped) | by design |",
        "|---|---|---|---|",
    ]
    titles = ("all of it played", "with the dated shocks of the record given")
    for name, title in zip(READINGS, titles, strict=True):
        shares = (simulate(Scenario.load(f"{name}{kind}")).standing for kind in KINDS)
        cells = (f"{s.p:.3f} ({s.low:.3f} to {s.high:.3f})" for s in shares if s)
        lines.append(f"| `{name}`, {title} | {' | '.join(cells)} |")
    return "\n".join(["", *lines, "", ""])


def design() -> str:
    """`standing` of the two readings, and of design with one of its two judgements undone."""
    lines = [
        "",
        "| Geneva, licences slow by | `standing` at the end of the term, n = 10,000, 95 % |",
        "|---|---|",
    ]
    for words, (name, values) in VARIANTS.items():
        share = simulate(Scenario.load(name).override(values)).standing
        lines.append(f"| {words} | {share.text() if share else '-'} |")
    return "\n".join(["", *lines, "", ""])


def game() -> str:
    """The class of the one-shot game behind the headline scenario."""
    from sim.games.stage_game import conduct_of, implied_game

    scenario = Scenario.load("geneva-2025")
    return implied_game(scenario, conduct_of(scenario)).name


def loop() -> str:
    """What the outer loop says of the headline, and what each number of it means."""
    page = summary(played("geneva-2025"))
    head, spread = page["headline"], page["spread"]
    over, part = head["ranges"], spread["variance"][head["outcome"]]
    shown = f"standing at the end of the term: {head['text']}\n" + "\n".join(spread["text"])
    wrapped = "\n".join(textwrap.fill(line, 112) for line in shown.splitlines())
    share = round(100 * part["share"])
    rows = (
        (
            f"{head['p']:.2f} at these settings",
            f"if every value is as in the file, the truce stands in {100 * head['p']:.0f} of 100 "
            "summers; what follows the ± is what more runs would still change",
        ),
        (
            f"{over['q05']:.2f} to {over['q95']:.2f}, median {over['q50']:.2f}",
            "the values are not known: over plausible ranges, mostly judgement, nine of ten "
            f"settings give odds in between, half of them above {over['q50']:.2f}. **This is the "
            "interval to quote, with its median**: the number at these settings need not lie in "
            f"its middle, and {100 * over['more']:.0f} of 100 plausible settings give more",
        ),
        (
            f"{part['mean']:.2f} on average",
            "the odds for somebody who believes the ranges and nothing more; ± 95 %, settings "
            "drawn and chance together",
        ),
        (
            f"{share} % from uncertain settings, {100 - share} % from chance",
            "of the variance of *one* truce, standing or not: what would go if all values were "
            "known, and what would stay",
        ),
    )
    table = "\n".join(f"| {number} | {meaning} |" for number, meaning in rows)
    return f"\n\n```text\n{wrapped}\n```\n\n| number | what it says |\n|---|---|\n{table}\n\n"


def quote() -> str:
    """The headline as it may be quoted, with its range and its definition."""
    result = played("geneva-2025")
    page = summary(result)
    head, varied = page["headline"], page["spread"]["ranges"]
    over = head["ranges"]
    text = (
        f"In this model, with {varied} uncertain values varied over plausible ranges, a truce like "
        f"Geneva's stands at the end of its term with odds between {over['q05']:.2f} and "
        f"{over['q95']:.2f} (5th to 95th percentile, median {over['q50']:.2f}; {head['p']:.2f} at "
        f"the settings as shipped, where {100 * over['more']:.0f} of 100 plausible ones give "
        "more). "
        f'"Stands" means {result.definition("standing")}; counted otherwise the figure as shipped '
        f"runs from {definition()}."
    )
    lines = textwrap.wrap(text, 120, initial_indent="> ", subsequent_indent="> ")
    return "\n\n" + "\n".join(lines) + "\n\n"


KINDS = ("-capacity", "", "-design")
PARTS: dict[str, Callable[[], str]] = {
    "output": output,
    "definition": definition,
    "changed": changed,
    "readings": readings,
    "game": game,
    "loop": loop,
    "design": design,
    "quote": quote,
}


def renewed(text: str) -> str:
    """The page with every part as it should be now. Raises KeyError for a part nobody makes."""
    return re.sub(
        r"<!-- (?P<name>[a-z-]+) -->.*?<!-- /(?P=name) -->",
        lambda part: f"<!-- {part['name']} -->{PARTS[part['name']]()}<!-- /{part['name']} -->",
        text,
        flags=re.DOTALL,
    )


if __name__ == "__main__":
    for page in (README, UNCERTAINTY):
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
