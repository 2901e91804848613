"""What a fit says: points, prior and posterior side by side, how far the record moved each, and
the page of it, with what it says nothing about, and how little that is.

The page is made of the fit's content as plain values (`content`), so that it can be made of a file
that holds these and nothing else.
"""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.extras import installed, line_for, need
from sim.forecast.priors import READING
from sim.forecast.tempered import Particles
from sim.report.content import NAME, Report, Section, table
from sim.report.numbers import hundredths

if TYPE_CHECKING:
    import pandas as pd

    from sim.forecast.fitted import Fit

#: How far the record moved a setting, bits: above each of these it is called so (judgement).
WORDS = ((1.0, "much"), (0.3, "something"), (0.1, "a little"), (0.0, "nothing"))
_ENDS = (0.05, 0.5, 0.95)


def bits(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """(D,) information of the posterior over the prior of each coordinate, as of normal laws.

    The Kullback-Leibler divergence of N(m, s^2) from N(0, 1), in bits, less what a sample of so
    many different points has of it by chance, about 1 / n.
    """
    mean, sd = z.mean(axis=0), np.maximum(z.std(axis=0, ddof=1), 1e-3)
    nats = (mean**2 + sd**2 - 1) / 2 - np.log(sd)
    chance = 1 / np.array([len(np.unique(column)) for column in z.T])
    information: NDArray[np.float64] = np.maximum(nats - chance, 0.0) / math.log(2)
    return information


def word(value: float) -> str:
    """What so many bits are called.

    >>> [word(x) for x in (0.02, 0.2, 0.5, 2.0)]
    ['nothing', 'a little', 'something', 'much']
    """
    return next(text for least, text in WORDS if value >= least)


def idle_bits(fit: "Fit", cloud: Particles) -> float:
    """The most that a setting on which nothing depends seems to gain, bits; 0 without any."""
    idle = bits(cloud.z[:, fit.prior.size :])
    return float(idle.max()) if idle.size else 0.0


def said(fit: "Fit", cloud: Particles) -> list[str]:
    """What the record says of each coordinate of the prior, in a word: nothing, where it gains no
    more than what nothing depends on."""
    floor = idle_bits(fit, cloud)
    return [
        word(value if value > floor else 0.0)
        for value in bits(cloud.z[:, : fit.prior.size]).tolist()
    ]


def settings_frame(fit: "Fit", cloud: Particles) -> "pd.DataFrame":
    """A row a coordinate: setting, truce, quantiles of prior and posterior, bits, says, and how
    many different values the points have."""
    import pandas as pd
    from scipy.special import ndtri

    normal = ndtri(np.array(_ENDS))
    values, moved, words = fit.prior.values(cloud.z), bits(cloud.z), said(fit, cloud)
    rows = []
    for place, coordinate in enumerate(fit.prior.coordinates):
        after = np.quantile(values[:, place], _ENDS, method="inverted_cdf")
        row: dict[str, Any] = {"setting": coordinate.path, "truce": coordinate.truce}
        for prefix, quantiles in (("prior_q", coordinate.values(normal)), ("q", after)):
            row |= {
                f"{prefix}{100 * q:.0f}": float(v) for q, v in zip(_ENDS, quantiles, strict=True)
            }
        different = len(np.unique(cloud.z[:, place]))
        row |= {"bits": round(float(moved[place]), 4), "says": words[place]}
        rows.append(row | {"different": different})
    return pd.DataFrame(rows)


def weighted_points(fit: "Fit", cloud: Particles) -> "pd.DataFrame":
    """A row a point: its values, its weight, the logarithm of the likelihood of each truce."""
    import pandas as pd

    values = fit.prior.values(cloud.z)
    frame = pd.DataFrame(values, columns=[coordinate.name for coordinate in fit.prior.coordinates])
    frame.insert(0, "weight", 1 / len(values))
    for place, scenario in enumerate(fit.prior.scenarios):
        frame[f"log_likelihood {scenario.name}"] = cloud.logs[:, place]
    return frame


def truces_frame(fit: "Fit", cloud: Particles) -> "pd.DataFrame":
    """A row a truce: weeks and acts on record, mean and sd of the points' log likelihood."""
    import pandas as pd

    rows = []
    for scenario, (weeks, acts), logs in zip(
        fit.prior.scenarios, fit.on_record, cloud.logs.T, strict=True
    ):
        row = {"truce": scenario.name, "weeks": weeks, "acts": acts}
        rows.append(row | {"log_likelihood": float(logs.mean()), "sd": float(logs.std())})
    return pd.DataFrame(rows)


def pareto_k(cloud: Particles) -> list[float]:
    """By truce, the shape k of the tail of the weights that would take it out of the fit again.

    Up to .7 those weights tell what the other truces alone say; above, the truce has moved the
    points too far, and only a fit without it does (Vehtari, Simpson, Gelman, Yao and Gabry 2024,
    Journal of Machine Learning Research 25:72). Raises MissingPackageError without arviz-stats.
    """
    need("arviz_stats", "Pareto k")
    import arviz_stats.base

    tails: Any = arviz_stats.base
    with np.errstate(all="ignore"):  # where a tail is flat, k is nan
        return [float(tails.array_stats.psislw(-column)[1]) for column in cloud.logs.T]


def reading_rows(fit: "Fit", cloud: Particles) -> list[dict[str, Any]]:
    """A row a reading: truce, reading, the weight believed, and the share fitted."""
    rows = []
    for place, coordinate in enumerate(fit.prior.coordinates):
        if coordinate.law is None:
            where, before = coordinate.values(cloud.z[:, place]), 0.0
            for number, (name, end) in enumerate(coordinate.readings):
                row = {"truce": coordinate.truce, "reading": name, "believed": end - before}
                rows.append(row | {"fitted": float((where == number).mean())})
                before = end
    return rows


Content = Mapping[str, Any]

NOTHING = WORDS[-1][1]
_FEWEST_FOR_TAILS = 100  # points: of fewer there is no tail
_TAILS = (
    "Pareto k: above .7 the points do not show what the other truces alone say; a fit without "
    "that truce does."
)


def fit_report(fit: "Fit") -> Report:
    """The report of a fit that has its points. Raises ValueError for one that has none."""
    if fit.cloud is None:
        raise ValueError("the fit has no points yet")
    page = content(fit, fit.cloud)
    title = "What the record says of " + ", ".join(page["scenarios"])
    notes = (
        sizes_line(page),
        bits_line(page),
    )
    return Report(title, tuple(lead(page)), notes, tuple(sections(page)), page)


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
    size, count = len(page["settings"]), len(page["scenarios"])
    truces = f"{count} truce{'' if count == 1 else 's'}"
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


def _settings_moved(page: Content) -> Section:
    rows = []
    for row in sorted(page["settings"], key=lambda row: -row["bits"]):
        if row["says"] == NOTHING or row["setting"] == READING:
            continue
        before = f"{row['prior_q50']:.3g} ({row['prior_q5']:.3g} to {row['prior_q95']:.3g})"
        after = f"{row['q50']:.3g} ({row['q5']:.3g} to {row['q95']:.3g})"
        name = row["setting"] + (f" ({row['truce']})" if row["truce"] else "")
        rows.append((name, before, after, f"{row['bits']:.2f}", row["says"]))
    title = "Settings that the record moved"
    if not rows:
        return Section(title, ("None.",))
    heads = ("setting", NAME), "believed", "fitted", "bits", ("the record says", NAME)
    return table(title, heads, rows)


def _readings(page: Content) -> Section:
    rows = (
        (row["truce"], row["reading"], hundredths(row["believed"]), hundredths(row["fitted"]))
        for row in page["readings"]
    )
    heads = ("truce", NAME), ("reading", NAME), "believed", "fitted"
    return table("Readings", heads, rows)


def _truces(page: Content) -> Section:
    tails, rows = page["pareto_k"], []
    for row, k in zip(page["truces"], tails, strict=True):
        tail = "-" if k is None or math.isnan(k) else f"{k:.2f}"
        logs = f"{row['log_likelihood']:.1f}"
        rows.append((row["truce"], f"{row['weeks']}", f"{row['acts']}", logs, tail))
    heads = ("truce", NAME), "weeks", "acts", "log likelihood", "Pareto k"
    note = line_for("arviz_stats") + " computes Pareto k" if None in tails else _TAILS
    return table("Truces", heads, rows, note)


def sizes_line(page: Content) -> str:
    """How much work the fit was, and how well its sampler did."""
    return (
        f"{page['points']:,} points, with at least {page['distinct']:,} different values of every "
        f"setting; effective before resampling {min(page['effective']):,.0f} at least; "
        f"{np.mean(page['accepted']):.0%} of "
        f"the moves accepted; {page['copies']:,} copies a point; logarithm of the evidence "
        f"{page['evidence']:.1f}; seed {page['seed']}, tolerances times {page['tolerance']:g}, "
        f"codings of the acts: {page['codings']}."
    )


def bits_line(page: Content) -> str:
    """What the bits of the table are, and how many are the sampler's own."""
    return (
        "Medians with the 5 and 95 % points. Bits: the information of the fitted over the believed "
        f"law, both taken as normal. {page['idle']} settings that nothing depends on were fitted "
        f"along with the others and seem to gain up to {page['idle_bits']:.2f} bits; of what gains "
        f"no more than that, or than {WORDS[-2][0]:g}, the record says nothing."
    )


def content(fit: "Fit", cloud: Particles) -> dict[str, Any]:
    """A fit as plain values; Pareto k is None where it cannot be computed."""
    tells = len(cloud.z) >= _FEWEST_FOR_TAILS and installed("arviz_stats")
    return {
        "until": fit.until.isoformat(),
        "scenarios": [scenario.name for scenario in fit.prior.scenarios],
        "points": len(cloud.z),
        "distinct": min(len(np.unique(column)) for column in cloud.z.T),
        "effective": list(cloud.effective),
        "accepted": list(cloud.accepted),
        "evidence": cloud.evidence,
        "copies": fit.copies,
        "seed": fit.seed,
        "tolerance": fit.tolerance,
        "codings": fit.codings,
        "silent": said(fit, cloud).count(NOTHING),
        "idle": fit.idle,
        "idle_bits": idle_bits(fit, cloud),
        "readings": reading_rows(fit, cloud),
        "settings": settings_frame(fit, cloud).to_dict("records"),
        "truces": truces_frame(fit, cloud).to_dict("records"),
        "pareto_k": pareto_k(cloud) if tells else [None] * cloud.logs.shape[1],
    }
