"""What each shipped experiment answers, one short paragraph: numbers from its tables.

Words that lean on a direction assert it, so that an answer that no longer holds stops the maker
of the page instead of staying on it.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from sim.studies.study import Study


def rows(frame: pd.DataFrame, **where: Any) -> pd.DataFrame:
    """The rows with the given values; names with spaces are written with underscores."""
    for name, value in where.items():
        frame = frame[frame[name.replace("_", " ")] == value]
    return frame


def share(frame: pd.DataFrame, **where: Any) -> float:
    """The share at the one point with these values."""
    (found,) = rows(frame, **where)["p"]
    return float(found)


def told(frame: pd.DataFrame, **where: Any) -> str:
    """That share with its interval."""
    (row,) = rows(frame, **where).itertuples()
    return f"{row.p:.2f} ({row.low:.2f} to {row.high:.2f})"


def slow_licensing(study: Study) -> str:
    """Capacity of the office by what Washington expects."""
    table = study.headline()
    slow, half, free = (share(table, capacity=c, expected=0.9) for c in (0.1, 0.5, 1.0))
    cost = share(table, capacity=0.25, expected=0.5) - share(table, capacity=0.25, expected=1.0)
    assert free - half > 0.1
    assert half - slow > 0.1
    assert 0 < cost < half - slow
    return (
        f"A great deal. At what Washington expects ({0.9:g} of normal deliveries), an office that serves a tenth of demand gives "
        f"{told(table, capacity=0.1, expected=0.9)}, one that serves half {told(table, capacity=0.5, expected=0.9)}, one without a queue "
        f"{told(table, capacity=1.0, expected=0.9)}. What is expected matters less than what is delivered: expecting only half of normal deliveries instead of all is worth "
        f"{cost:+.3f} at a capacity of a quarter. Earlier versions found little or even the reverse: there Washington was taken to forgive nearly every bad week, or China to owe a level by "
        "a date; now a shortage that lasts is answered about as often as the record before the truce says."
    )


def capacity_or_design(study: Study) -> str:
    """The 2x2 of readings and records."""
    table = study.headline()
    wide = table.pivot_table(index=["expected", "generosity"], columns="reading", values="p")
    gaps = {
        kind: wide[f"capacity {kind}"] - wide[f"design {kind}"]
        for kind in ("on the day", "as happened")
    }
    at = {"expected": 0.9, "generosity": 0.8}
    cells = {name: told(table, reading=name, **at) for name in wide.columns}
    least = min(gap.min() for gap in gaps.values())
    most = max(gap.max() for gap in gaps.values())
    assert -0.08 < least < most < 0.02
    return (
        f"For whether the truce stands, little. At a generosity of .8, as shipped, it stands in {cells['capacity on the day']} if "
        f"the office is slow and in {cells['design on the day']} if the lever is kept squeezed; with the shocks that came, in "
        f"{cells['capacity as happened']} and {cells['design as happened']}. Over all settings tried the slow office differs from the squeezed lever by {least:+.3f} to {most:+.3f}. "
        "Earlier versions said that it depends on this more than on almost anything: there a lever kept squeezed missed a date, and that was a violation. By the sources China owes "
        "licences, not delisting by a date, and to the side that waits both readings look alike: the same trickle. What would tell them apart is who gets licences, not how many."
    )


def generosity_and_slip(study: Study) -> str:
    """Generosity by slip, both sides alike."""
    table = study.headline()
    hard, kind = (share(table, generosity=g, slip=0.05) for g in (0.0, 0.9))
    assert hard < 0.1 < kind
    steady = table.pivot_table(index="slip", columns="generosity", values="p")
    assert (steady.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    by_forgiving = (steady[0.9] - steady[0.6]).min()
    by_slips = (steady.loc[0.0] - steady.loc[0.15]).max()
    assert by_forgiving > by_slips
    return (
        f"Generosity does. At a slip of .05 a week the truce stands in {told(table, generosity=0.0, slip=0.05)} without generosity, in "
        f"{told(table, generosity=0.6, slip=0.05)} when six bad signals in ten pass and in {told(table, generosity=0.9, slip=0.05)} when nine do. From .6 to .9 it is worth "
        f"{by_forgiving:.2f} or more at every slip tried; slips of .15 a week instead of none cost at most {by_slips:.2f} at any generosity: most bad weeks come of "
        "slow licences and of removals that take time, and forgiving is what lets those pass. Earlier versions tried generosity only up to .6."
    )


def who_moves_first(study: Study) -> str:
    """Sequencing of relief by its lag."""
    table = study.headline()
    wide = table.pivot_table(index="weeks to relief", columns="sequencing", values="p")
    orders = float((wide.max(axis=1) - wide.min(axis=1)).max())
    lags = float((wide.max() - wide.min()).max())
    assert orders < 0.02
    assert lags < 0.03
    return (
        f"It hardly matters. At one lag the three orders differ by at most {orders:.3f}, and one order differs by at most {lags:.3f} over lags of 1 to 6 weeks: with China first "
        f"{told(table, sequencing='cn_first', weeks_to_relief=1)} after one week, {told(table, sequencing='cn_first', weeks_to_relief=3)} after three and "
        f"{told(table, sequencing='cn_first', weeks_to_relief=6)} after six. Earlier versions had Washington first clearly worse and quick relief clearly better: there relief "
        "undid what had already counted as the end. Now a side that waits for relief chooses no escalation meanwhile."
    )


def is_delay_bad(study: Study) -> str:
    """Delay of answers in the textbook and in Geneva."""
    table = study.headline()
    wide = table.pivot_table(index="delay", columns="world", values="p")
    book = "textbook, two who slip"
    day = "Geneva, as it looked"
    assert (wide[book].diff().iloc[1:] > 0).all()
    assert (wide.loc[3] > wide.loc[0]).all()
    return (
        f"Good, in both. In the textbook (26 weeks, no mutual defection) the share rises from {told(table, world=book, delay=0)} to "
        f"{told(table, world=book, delay=3)} with three weeks more before each answer, as V13 says it must. In Geneva `standing` at the end of the term "
        f"rises from {told(table, world=day, delay=0)} to {told(table, world=day, delay=3)}: an echo that comes later "
        "fits fewer times into the term, and talks in the meantime void what would have been answered. It is no cure: in the textbook's "
        "long run delay changes nothing, and cooperation stays at one half."
    )


def stockpiles(study: Study) -> str:
    """Stock by how much pressure brings talks."""
    table = study.headline()
    wide = table.pivot_table(index="talks pressure", columns="stock", values="p")
    assert (wide[[4, 6, 8, 10, 13]].diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    by_stock = wide[13] - wide[2]
    assert by_stock[0.0] > by_stock[0.3] > by_stock[1.0]
    return (
        "Help, at every pressure tried. Where pressure brings no talks the truce stands in "
        f"{told(table, stock=2, talks_pressure=0.0)} with 2 weeks of use in April and in {told(table, stock=13, talks_pressure=0.0)} with 13: the shortage comes later, or not within the term. Where it does "
        f"bring them (1, as shipped), in {told(table, stock=2, talks_pressure=1.0)} and {told(table, stock=13, talks_pressure=1.0)}: there a stock is "
        f"worth less ({by_stock[1.0]:+.2f} instead of {by_stock[0.0]:+.2f}), for who has nothing is at the table sooner. Stocks of 2 and of 4 weeks give the same runs: both are gone before 12 May. "
        "Earlier versions had the best or the worst stock in the middle; with answers as frequent as the record has them, time before the shortage is worth more than an early table."
    )


def faster_relief(study: Study) -> str:
    """Relief: how much, how soon."""
    table = study.headline()
    wide = table.pivot_table(index="share taken back", columns="weeks to relief", values="p")
    spread = float(wide.to_numpy().max() - wide.to_numpy().min())
    assert spread < 0.03
    gain = wide.loc[0.75, 1] - wide.loc[0.75, 3]
    return (
        f"Little. Relief one week after talks instead of three is worth {gain:+.3f}: {told(table, share_taken_back=0.75, weeks_to_relief=1)} against "
        f"{told(table, share_taken_back=0.75, weeks_to_relief=3)}; all shares and lags tried lie within {spread:.3f} of each other. Earlier versions said that quick relief is worth "
        "a good deal: there it undid what had already counted as the end, and a side that waited went on answering. "
        "A lag of 0 is a lag of 1: nothing agreed this week is carried out before the next."
    )


def leverage_lasts(study: Study) -> str:
    """The race to 2030: medians of both leverage stocks."""
    bands = study.table("bands")
    held = bands[bands["variable"] == "leverage"]
    wide = held.pivot_table(
        index=["years to halve rare earths", "years to halve chips", "week"],
        columns="who",
        values="q50",
    )
    ahead = (wide["us"] - wide["cn"]).unstack("week")
    assert (ahead.iloc[:, -1] > 0).all()
    assert (ahead.iloc[:, 0] < 0).all()
    start, end = wide.xs((8, 2, 1)), wide.xs((8, 2, wide.index.get_level_values("week").max()))
    swings = ((ahead > 0).astype(int).diff(axis=1).abs() == 1).sum(axis=1)
    return (
        f"China starts ahead ({start['cn']:.1f} against {start['us']:.1f}, the weighted harm that a side could do in 13 weeks) and the "
        f"United States ends ahead at every pair of speeds tried (as shipped {end['us']:.2f} against {end['cn']:.2f} in 2030). The lead changes hands {swings.min()} to {swings.max()} times "
        "on the way: first in the summer of 2025, when licences let American stocks be rebuilt, and for good in mid-2028 at the latest, "
        "when the magnets of a dated programme come online. China's leverage rests on one chokepoint that others are building around; the American one rests on several, of which design software, engines and "
        "machine tools wear out more slowly than chips. Medians of the runs; the date of the programme is a judgement."
    )


def textbook_noise(study: Study) -> str:
    """Policies against their own slips."""
    table = study.headline()
    order = table[table["slip"] == 0.05].set_index("policy")["p"]
    assert order["tit for two tats"] > order["generous, 0.33"] > order["tit for tat"]
    assert order["win-stay, lose-shift"] == order.min()
    return (
        f"Those that wait or forgive. At a slip of .05 no week of mutual defection comes within 26 weeks in {told(table, policy='tit for tat', slip=0.05)} for tit for tat, "
        f"{told(table, policy='generous, 0.33', slip=0.05)} for its generous sister (1/3) and {told(table, policy='tit for two tats', slip=0.05)} for tit for two tats. "
        f"Win-stay, lose-shift has the worst survival of all ({told(table, policy='win-stay, lose-shift', slip=0.05)}), although it cooperates more than tit for "
        "tat in the long run: it repairs by defecting together once. How often one cooperates and how long a truce holds are two questions. "
        "Exact values: [validation.md](validation.md), V12."
    )


def textbook_slow_office(study: Study) -> str:
    """One side misreads."""
    table = study.headline()
    none, some = (share(table, misreading=0.25, generosity=g) for g in ("0", "0.33"))
    assert none < some
    return (
        f"With a quarter of good weeks misread by one side alone, tit for tat stays out of mutual defection for 26 weeks in {told(table, misreading=0.25, generosity='0')}; "
        f"a generosity of 1/3 on both sides brings {told(table, misreading=0.25, generosity='0.33')}, one of .6 {told(table, misreading=0.25, generosity='0.6')}. Nobody slipped and nobody "
        "cheated: one slow office, read as bad faith, is enough. Generosity does not correct the reading; it stops the echo."
    )


ANSWERS: dict[str, Callable[[Study], str]] = {
    "slow-licensing": slow_licensing,
    "capacity-or-design": capacity_or_design,
    "generosity-and-slip": generosity_and_slip,
    "who-moves-first": who_moves_first,
    "is-delay-bad": is_delay_bad,
    "stockpiles": stockpiles,
    "faster-relief": faster_relief,
    "leverage-lasts": leverage_lasts,
    "textbook-noise": textbook_noise,
    "textbook-slow-office": textbook_slow_office,
}
