"""What a fit says: points, prior and posterior side by side, and how far the record moved each."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.extras import need
from sim.forecast.tempered import Cloud

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


def settings_frame(fit: "Fit", cloud: Cloud) -> "pd.DataFrame":
    """A row a coordinate: setting, truce, quantiles of prior and posterior, bits, says."""
    import pandas as pd
    from scipy.special import ndtri

    normal = ndtri(np.array(_ENDS))
    values, moved = fit.prior.values(cloud.z), bits(cloud.z)
    rows = []
    for place, coordinate in enumerate(fit.prior.coordinates):
        after = np.quantile(values[:, place], _ENDS, method="inverted_cdf")
        rows.append(
            {
                "setting": coordinate.path,
                "truce": coordinate.truce,
                **{
                    f"prior_q{100 * q:.0f}": float(v)
                    for q, v in zip(_ENDS, coordinate.values(normal), strict=True)
                },
                **{f"q{100 * q:.0f}": float(v) for q, v in zip(_ENDS, after, strict=True)},
                "bits": round(float(moved[place]), 4),
                "says": word(float(moved[place])),
            }
        )
    return pd.DataFrame(rows)


def weighted_points(fit: "Fit", cloud: Cloud) -> "pd.DataFrame":
    """A row a point: its values, its weight, the logarithm of the likelihood of each truce."""
    import pandas as pd

    values = fit.prior.values(cloud.z)
    frame = pd.DataFrame(values, columns=[coordinate.name for coordinate in fit.prior.coordinates])
    frame.insert(0, "weight", 1 / len(values))
    for place, scenario in enumerate(fit.prior.scenarios):
        frame[f"log_likelihood {scenario.name}"] = cloud.logs[:, place]
    return frame


def truces_frame(fit: "Fit", cloud: Cloud) -> "pd.DataFrame":
    """A row a truce: weeks and acts on record, mean and sd of the points' log likelihood."""
    import pandas as pd

    rows = []
    for place, (scenario, counts) in enumerate(
        zip(fit.prior.scenarios, fit.on_record, strict=True)
    ):
        logs = cloud.logs[:, place]
        row = {"truce": scenario.name, "weeks": counts[0], "acts": counts[1]}
        rows.append(row | {"log_likelihood": float(logs.mean()), "sd": float(logs.std())})
    return pd.DataFrame(rows)


def pareto_k(cloud: Cloud) -> list[float]:
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


def reading_rows(fit: "Fit", cloud: Cloud) -> list[dict[str, Any]]:
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
