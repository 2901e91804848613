"""A fit read from its folder: the same scenarios, coordinates and points, without the facts."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.engines.setting import seed_words
from sim.errors import ResultError
from sim.forecast.fit_store import CLOUD, KIND, plan_of, read_cloud
from sim.forecast.fitted import Fit
from sim.forecast.priors import Prior, prior_of
from sim.forecast.tempered import Plan
from sim.outcomes.manifest import read_manifest_of
from sim.scenario import Scenario
from sim.store.checksums import FILES, intact
from sim.store.files import MANIFEST

#: What a manifest must have to be read.
_KINDS = {
    **dict.fromkeys(("names", "titles", "scenarios", "truces"), list),
    **dict.fromkeys(("plan", "libraries", FILES), dict),
}


def fit_again(manifest: dict[str, Any]) -> Fit:
    """The fit of a manifest; `observed` is empty, since the record may have grown."""
    plan = manifest["plan"]
    pairs = zip(manifest["scenarios"], manifest["names"], strict=True)
    worlds = [Scenario.from_table(table, name=name) for table, name in pairs]
    names = list(zip(plan["coordinates"], manifest["truces"], strict=True))
    shared = [name for name, truce in names if not truce]
    paths = list(dict.fromkeys(n.removesuffix(f" ({t})") for n, t in names if t))
    whole = prior_of(worlds, shared, [path for path in paths if path != "reading"])
    by_name = {coordinate.name: coordinate for coordinate in whole.coordinates}
    prior = Prior(whole.scenarios, tuple(by_name[name] for name, _ in names))
    return Fit(
        prior,
        (),
        Plan(plan["points"], plan["stages"], plan["moves"], seed_words(plan["seed"])),
        plan["copies"],
        plan["tolerance"],
        plan.get("codings", 1),  # of one made before there was a second
        plan["seed"],
        datetime.date.fromisoformat(plan["until"]),
        tuple((weeks, acts) for weeks, acts in plan["weeks"]),
    )


def read_fit(folder: Path) -> Fit:
    """A finished fit with its points.

    Raises ResultError if the folder holds none, or any of it is not as it was written.
    """
    manifest = fit_manifest(folder)
    try:
        fit = fit_again(manifest)
        same = plan_of(fit)["laws"] == manifest["plan"]["laws"]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise ResultError(f"{folder / MANIFEST} does not fit itself: {problem!r}") from problem
    if not same:
        raise ResultError(f"{folder} was made by another version: fit again")
    return replace(fit, cloud=read_cloud(intact(folder, manifest, CLOUD), fit))


def fit_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a fit. Raises ResultError if it is none, or not as it was written."""
    return read_manifest_of(folder, KIND, "no fit: `detente fit` writes one", _KINDS)
