"""docs/validation.md: every result with its published, its exact and its simulated value."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from validation.batch import Effort, Measured, measure
from validation.exact import exact_value
from validation.row import Row, in_words
from validation.rows import ROWS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"
#: What the page is written with.
WHOLE = Effort(runs=20_000, long_runs=200, burn_in=500, weeks=2_500)
#: Standard errors within which an estimate must be.
MOST = 4.0
#: Cells of a line that hold no estimate; beginning of the one sentence that does.
EXACT_CELLS = 5
ESTIMATED = "The batch engine:"

TITLES = {
    "V01": "Tit for tat against itself",
    "V02": "The largest safe generosity",
    "V03": "Generous tit for tat",
    "V04": "Win-stay lose-shift",
    "V05": "Contrite tit for tat",
    "V06": "Tit for two tats; two tits for a tat",
    "V06b": "Tit for two tats that holds below its tolerance",
    "V07": "Grim",
    "V08": "Zero-determinant extortion",
    "V09": "Zero-determinant equalizer",
    "V10": "The two noises distinguished",
    "V11": "False alarms outnumber misses",
    "V12": "Time to the first mutual violation",
    "V13": "Delay",
    "V15": "Public trigger (Green and Porter)",
    "V16": "Constant hazard",
    "V18": "The k-th bad signal in a row",
    "V20": "A licence office",
    "V21": "Beliefs by counting",
}


def renewed(text: str, effort: Effort | None = WHOLE) -> str:
    """The page with its numbers written anew; without an effort nothing is played."""
    found = [(row, measure(row, effort) if effort else None) for row in ROWS]
    tables = [_table(number, list(rows)) for number, rows in groupby(found, lambda f: f[0].number)]
    for name, part in (("told", _told(found)), ("results", "\n".join(tables))):
        before, _, rest = text.partition(f"<!-- {name} -->")
        _, _, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}<!-- {name} -->\n\n{part}\n<!-- /{name} -->{after}"
    return text


def _told(found: list[tuple[Row, Measured | None]]) -> str:
    """How it went, in two sentences."""
    exact = sum(exact_value(row) is not None for row in ROWS)
    closed = sum(row.closed for row in ROWS)
    text = f"**{len(ROWS)} results**, {closed} of them closed forms; {exact} are solved exactly.\n"
    chance = [abs(off(row, one)) for row, one in found if one is not None and one.se > 0.0]
    if not chance:
        return text
    within = sum(one <= 2.0 for one in chance) / len(chance)
    return (
        f"{text}{ESTIMATED} {len(chance)} estimates, {within:.0%} of them within two standard "
        f"errors, the farthest {max(chance):.1f} off (many share their runs).\n"
    )


def off(row: Row, found: Measured) -> float:
    """Standard errors between an estimate and the published value."""
    return 0.0 if found.se == 0.0 else (found.value - row.published) / found.se


def _table(number: str, lines: list[tuple[Row, Measured | None]]) -> str:
    head = ["game", "file", "quantity", "published", "exact", "batch", "n", "off"]
    rows = [head, ["---"] * 3 + ["---:"] * 5, *(list(_cells(*line)) for line in lines)]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in rows)
    return f"### {number}. {TITLES[number]}\n\n{table}\n"


def _cells(row: Row, found: Measured | None) -> Iterator[str]:
    exact = exact_value(row)
    yield from (row.game.name, f"`{row.game.file}`", in_words(row.quantity))
    yield f"{row.published:.6f}"
    yield "-" if exact is None else f"{exact + 0.0:.6f}".replace("-0.000000", "0.000000")
    if found is None:
        yield from ("-", "-", "-")
        return
    yield f"{found.value:.6f}"
    yield f"{found.n:,}"
    yield f"{off(row, found):+.1f}" if found.se > 0.0 else "certain"


def without_estimates(text: str) -> list[str]:
    """The lines of a page but for what the batch engine played."""
    lines = [line for line in text.splitlines() if not line.startswith(ESTIMATED)]
    return [
        "|".join(line.split("|")[: EXACT_CELLS + 1]) if line.startswith("| ") else line
        for line in lines
    ]
