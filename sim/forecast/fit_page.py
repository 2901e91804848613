"""The page of a fit: what the record moved, what it says nothing about, and how little that is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.extras import installed, line_for
from sim.forecast.posterior import (
    WORDS,
    bits,
    pareto_k,
    readings_told,
    settings_frame,
    truces_frame,
)
from sim.forecast.priors import READING
from sim.report.content import NAME, Report, Section, columns

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit
    from sim.forecast.tempered import Cloud

_NOTHING = WORDS[-1][1]
_FEWEST_FOR_TAILS = 100  # points: of fewer there is no tail
_TAILS = (
    "Pareto k: above .7 the points do not tell what the other truces alone say; a fit without "
    "that truce does."
)


def fit_report(fit: "Fit") -> Report:
    """The report of a fit that has its points. Raises ValueError for one that has none."""
    cloud = fit.cloud
    if cloud is None:
        raise ValueError("the fit has no points yet")
    frame = settings_frame(fit, cloud)
    title = "What the record says of " + ", ".join(one.name for one in fit.prior.scenarios)
    sections = [_moved(frame), _truces(fit, cloud)]
    if readings_told(fit, cloud):
        sections.insert(0, _readings(fit, cloud))
    notes = tuple(_notes(fit, cloud))
    return Report(title, tuple(_lead(fit, cloud)), notes, tuple(sections), content(fit, cloud))


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
    names = " ".join(one.name for one in fit.prior.scenarios)
    return f"detente fit {names} " + " ".join(f"--{name} {n}" for name, n in options.items())


def _lead(fit: "Fit", cloud: "Cloud") -> Iterator[str]:
    silent, size = int((bits(cloud.z) < WORDS[-2][0]).sum()), fit.prior.size
    truces = len(fit.prior.scenarios)
    yield f"Fitted to the record up to {fit.until}: {_count(truces, 'truce')}, {size} settings."
    yield (
        f"The record says nothing about {silent} of {size}. {_count(truces, 'truce')} can say "
        f"little: what follows is one history, read by one coder."
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _moved(frame: Any) -> Section:
    rows = []
    for row in frame.sort_values("bits", ascending=False, kind="stable").to_dict("records"):
        if row["says"] == _NOTHING or row["setting"] == READING:
            continue
        before = f"{row['prior_q50']:.3g} ({row['prior_q5']:.3g} to {row['prior_q95']:.3g})"
        after = f"{row['q50']:.3g} ({row['q5']:.3g} to {row['q95']:.3g})"
        name = row["setting"] + (f" ({row['truce']})" if row["truce"] else "")
        rows.append((name, before, after, f"{row['bits']:.2f}", row["says"]))
    words = () if rows else ("None.",)
    heading = columns(("setting", NAME), "believed", "fitted", "bits", ("the record says", NAME))
    return Section("Settings that the record moved", words, heading if rows else (), tuple(rows))


def _readings(fit: "Fit", cloud: "Cloud") -> Section:
    rows = tuple(
        (truce, name, f"{before:.2f}", f"{after:.2f}")
        for truce, name, before, after in readings_told(fit, cloud)
    )
    heading = columns(("truce", NAME), ("reading", NAME), "believed", "fitted")
    return Section("Readings", (), heading, rows)


def _truces(fit: "Fit", cloud: "Cloud") -> Section:
    tails = _tails(cloud)
    rows = []
    for row, k in zip(truces_frame(fit, cloud).to_dict("records"), tails, strict=True):
        told = "-" if k is None or np.isnan(k) else f"{k:.2f}"
        logs = f"{row['log_likelihood']:.1f}"
        rows.append((row["truce"], f"{row['weeks']}", f"{row['acts']}", logs, told))
    heading = columns(("truce", NAME), "weeks", "acts", "log likelihood", "Pareto k")
    notes = (_TAILS,) if None not in tails else (line_for("arviz_stats") + " tells Pareto k",)
    return Section("Truces", (), heading, tuple(rows), notes)


def _tails(cloud: "Cloud") -> "list[float] | list[None]":
    """Pareto k by truce; None where it cannot be told."""
    if len(cloud.z) < _FEWEST_FOR_TAILS or not installed("arviz_stats"):
        return [None] * cloud.logs.shape[1]
    return pareto_k(cloud)


def distinct(cloud: "Cloud") -> int:
    """How many different points there are."""
    return len(np.unique(cloud.z, axis=0))


def _notes(fit: "Fit", cloud: "Cloud") -> Iterator[str]:
    yield (
        f"{len(cloud.z):,} points, {distinct(cloud):,} of them different; effective before "
        f"resampling {min(cloud.effective):,.0f} at least; {np.mean(cloud.accepted):.0%} of the "
        f"moves accepted; {fit.copies:,} copies a point; logarithm of the evidence "
        f"{cloud.evidence:.1f}; seed {fit.seed}, tolerances times {fit.tolerance:g}."
    )
    yield (
        "Medians with the 5 and 95 % points. Bits: the information of the fitted over the believed "
        "law, both taken as normal; under .1 nothing is said."
    )


def content(fit: "Fit", cloud: "Cloud") -> dict[str, Any]:
    """A fit as plain values."""
    return {
        "until": fit.until.isoformat(),
        "scenarios": [one.name for one in fit.prior.scenarios],
        "points": len(cloud.z),
        "distinct": distinct(cloud),
        "effective": list(cloud.effective),
        "accepted": list(cloud.accepted),
        "evidence": cloud.evidence,
        "silent": int((bits(cloud.z) < WORDS[-2][0]).sum()),
        "readings": [
            dict(zip(("truce", "reading", "believed", "fitted"), row, strict=True))
            for row in readings_told(fit, cloud)
        ],
        "settings": settings_frame(fit, cloud).to_dict("records"),
        "truces": truces_frame(fit, cloud).to_dict("records"),
        "pareto_k": _tails(cloud),
    }
