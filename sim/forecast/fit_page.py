"""The page of a fit: what the record moved, what it says nothing about, and how little that is.

It is made of the fit's content as plain values (`content`), so that a page can be made of a file
that holds these and nothing else.
"""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.extras import installed, line_for
from sim.forecast.posterior import (
    WORDS,
    bits,
    pareto_k,
    reading_rows,
    settings_frame,
    truces_frame,
)
from sim.forecast.priors import READING
from sim.report.content import NAME, Report, Section, columns
from sim.report.numbers import hundredths

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit
    from sim.forecast.tempered import Cloud

Content = Mapping[str, Any]

_NOTHING = WORDS[-1][1]
_FEWEST_FOR_TAILS = 100  # points: of fewer there is no tail
_TAILS = (
    "Pareto k: above .7 the points do not show what the other truces alone say; a fit without "
    "that truce does."
)


def fit_report(fit: "Fit") -> Report:
    """The report of a fit that has its points. Raises ValueError for one that has none."""
    if fit.cloud is None:
        raise ValueError("the fit has no points yet")
    content_now = content(fit, fit.cloud)
    title = "What the record says of " + ", ".join(content_now["scenarios"])
    return Report(
        title,
        tuple(lead(content_now)),
        tuple(_notes(content_now)),
        tuple(sections(content_now)),
        content_now,
    )


def command_of(fit: "Fit", own_record: bool = False) -> str:
    """What to type for the same fit; with the folder of one's own record yet to be named."""
    options: dict[str, Any] = {
        "as-of": fit.until,
        "points": fit.plan.points,
        "stages": fit.plan.stages,
        "moves": fit.plan.moves,
        "copies": fit.copies,
        "codings": fit.codings,
        "seed": fit.seed,
        "tolerance": f"{fit.tolerance:g}",
        **({"record": "FOLDER"} if own_record else {}),
    }
    names = " ".join(scenario.name for scenario in fit.prior.scenarios)
    return f"detente fit {names} " + " ".join(f"--{name} {n}" for name, n in options.items())


def lead(page: Content) -> Iterator[str]:
    """The first sentences: what was fitted to what, and how little it says."""
    size, truces = len(page["settings"]), _count(len(page["scenarios"]), "truce")
    yield f"Fitted to the record up to {page['until']}: {truces}, {size} settings."
    yield (
        f"The record says nothing about {page['silent']} of {size}. {truces} can say little: what "
        f"follows is one history, read by one coder."
    )


def sections(page: Content) -> Iterator[Section]:
    """Readings, if there are any; settings that the record moved; truces."""
    if page["readings"]:
        yield _readings(page)
    yield _settings_moved(page)
    yield _truces(page)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _settings_moved(page: Content) -> Section:
    rows = []
    for row in sorted(page["settings"], key=lambda row: -row["bits"]):
        if row["says"] == _NOTHING or row["setting"] == READING:
            continue
        before = f"{row['prior_q50']:.3g} ({row['prior_q5']:.3g} to {row['prior_q95']:.3g})"
        after = f"{row['q50']:.3g} ({row['q5']:.3g} to {row['q95']:.3g})"
        name = row["setting"] + (f" ({row['truce']})" if row["truce"] else "")
        rows.append((name, before, after, f"{row['bits']:.2f}", row["says"]))
    words = () if rows else ("None.",)
    heading = columns(("setting", NAME), "believed", "fitted", "bits", ("the record says", NAME))
    return Section("Settings that the record moved", words, heading if rows else (), tuple(rows))


def _readings(page: Content) -> Section:
    rows = tuple(
        (row["truce"], row["reading"], hundredths(row["believed"]), hundredths(row["fitted"]))
        for row in page["readings"]
    )
    heading = columns(("truce", NAME), ("reading", NAME), "believed", "fitted")
    return Section("Readings", (), heading, rows)


def _truces(page: Content) -> Section:
    tails = page["pareto_k"]
    rows = []
    for row, k in zip(page["truces"], tails, strict=True):
        tail = "-" if k is None or math.isnan(k) else f"{k:.2f}"
        logs = f"{row['log_likelihood']:.1f}"
        rows.append((row["truce"], f"{row['weeks']}", f"{row['acts']}", logs, tail))
    heading = columns(("truce", NAME), "weeks", "acts", "log likelihood", "Pareto k")
    notes = (_TAILS,) if None not in tails else (line_for("arviz_stats") + " computes Pareto k",)
    return Section("Truces", (), heading, tuple(rows), notes)


def _tails(cloud: "Cloud") -> "list[float] | list[None]":
    """Pareto k by truce; None where it cannot be computed."""
    if len(cloud.z) < _FEWEST_FOR_TAILS or not installed("arviz_stats"):
        return [None] * cloud.logs.shape[1]
    return pareto_k(cloud)


def distinct(cloud: "Cloud") -> int:
    """How many different points there are."""
    return len(np.unique(cloud.z, axis=0))


def _notes(page: Content) -> Iterator[str]:
    yield sizes_line(page)
    yield (
        "Medians with the 5 and 95 % points. Bits: the information of the fitted over the believed "
        "law, both taken as normal; under .1 nothing is said."
    )


def sizes_line(page: Content) -> str:
    """How much work the fit was, and how well its sampler did."""
    return (
        f"{page['points']:,} points, {page['distinct']:,} of them different; effective before "
        f"resampling {min(page['effective']):,.0f} at least; {np.mean(page['accepted']):.0%} of "
        f"the moves accepted; {page['copies']:,} copies a point; logarithm of the evidence "
        f"{page['evidence']:.1f}; seed {page['seed']}, tolerances times {page['tolerance']:g}, "
        f"codings of the acts: {page['codings']}."
    )


def content(fit: "Fit", cloud: "Cloud") -> dict[str, Any]:
    """A fit as plain values."""
    return {
        "until": fit.until.isoformat(),
        "scenarios": [scenario.name for scenario in fit.prior.scenarios],
        "points": len(cloud.z),
        "distinct": distinct(cloud),
        "effective": list(cloud.effective),
        "accepted": list(cloud.accepted),
        "evidence": cloud.evidence,
        "copies": fit.copies,
        "seed": fit.seed,
        "tolerance": fit.tolerance,
        "codings": fit.codings,
        "silent": int((bits(cloud.z) < WORDS[-2][0]).sum()),
        "readings": reading_rows(fit, cloud),
        "settings": settings_frame(fit, cloud).to_dict("records"),
        "truces": truces_frame(fit, cloud).to_dict("records"),
        "pareto_k": _tails(cloud),
    }
