"""The folder of a fit: a plan, the points after every stage, and in the end tables and a manifest.

It goes on only by the code that began it. Tables hold no times: the same bytes for the same plan,
however often it was interrupted.
"""

import datetime
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.engines.setting import seed_words
from sim.errors import ResultError
from sim.forecast.fitted import Fit
from sim.forecast.posterior import settings_frame, truces_frame, weighted_points
from sim.forecast.priors import Prior, prior_of
from sim.forecast.store import keep_record
from sim.forecast.tempered import Particles, Plan
from sim.outcomes.manifest import read_manifest_of, write_sealed
from sim.report.pictures import FIT
from sim.scenario import Scenario
from sim.store.checksums import FILES, intact
from sim.store.digests import short_key
from sim.store.files import MANIFEST, whole_file
from sim.store.folders import PLAN, PlannedFolder
from sim.store.tables import Expected, read_arrays, write_tables
from sim.studies.plan import SOURCES as OF_STUDIES
from sim.studies.plan import code_hash
from sim.version import __version__

KIND = FIT
FORMAT = 1
CLOUD = "cloud.npz"
#: The rooms that the numbers of a fit come from: those of a study, and who reads the record.
SOURCES = (*OF_STUDIES, "forecast/*.py", "history/*.py")


def plan_of(fit: Fit) -> dict[str, Any]:
    """What determines the numbers of a fit, as plain values."""
    return {
        "version": __version__,
        "code": code_hash(SOURCES),
        "scenarios": {scenario.name: scenario.hash for scenario in fit.prior.scenarios},
        "facts": {
            scenario.name: hashlib.sha256(repr(observed.facts).encode()).hexdigest()
            for scenario, observed in zip(fit.prior.scenarios, fit.observed, strict=False)
        },
        "weeks": [list(counts) for counts in fit.on_record],
        "idle": fit.idle,
        "coordinates": [coordinate.name for coordinate in fit.prior.coordinates],
        "laws": [repr(each.law or each.readings) for each in fit.prior.coordinates],
        "until": fit.until.isoformat(),
        "points": fit.plan.points,
        "stages": fit.plan.stages,
        "moves": fit.plan.moves,
        "copies": fit.copies,
        "tolerance": fit.tolerance,
        "codings": fit.codings,
        "seed": fit.seed,
    }


class FitFolder(PlannedFolder):
    """The folder of one fit, found by its scenarios and plan."""

    thing = "fit"

    def __init__(self, root: Path, fit: Fit) -> None:
        self.fit, plan = fit, plan_of(fit)
        first, *more = (Path(scenario.name).name for scenario in fit.prior.scenarios)
        name = f"{first}{f'-and-{len(more)}-more' if more else ''}-fit"
        super().__init__(root, name, plan, short_key(json.dumps(plan, sort_keys=True)))

    def refuse_to_mix(self, resume: bool) -> None:
        """Raises ResultError if it holds something else, was begun and is not to be resumed, or
        if what is there to resume was begun with other inputs or by other code."""
        self.check()
        if resume:
            self.refuse_others()
        elif self.begun and not self.finished:
            raise ResultError(f"{self.path} was begun: --resume continues, or remove it")

    def keep(self, cloud: Particles) -> None:
        """The points after a stage, whole or not at all."""
        history = np.full((2, self.fit.plan.stages), np.nan)
        history[:, : len(cloud.effective)] = cloud.effective, cloud.accepted
        with (
            self.write_failures(),
            whole_file(self.path / CLOUD) as draft,
            draft.open("wb") as file,
        ):
            np.savez(
                file,
                stage=np.array([cloud.stage]),
                z=cloud.z,
                logs=cloud.logs,
                step=np.array([cloud.step, cloud.evidence]),
                history=history,
            )

    def stored_cloud(self) -> Particles | None:
        """The points after the last stage that is whole; None before the first."""
        if not (self.path / CLOUD).is_file():
            return None
        return read_cloud(self.path / CLOUD, self.fit)

    def finish(self, cloud: Particles) -> None:
        """The tables, and the manifest last."""
        frames = {
            "settings": settings_frame(self.fit, cloud),
            "points": weighted_points(self.fit, cloud),
            "truces": truces_frame(self.fit, cloud),
        }
        scenarios = self.fit.prior.scenarios
        facts = {
            "kind": KIND,
            "format": FORMAT,
            "names": [scenario.name for scenario in scenarios],
            "titles": [scenario.title for scenario in scenarios],
            "scenarios": [scenario.to_table() for scenario in scenarios],
            "plan": self.plan,
            "truces": [coordinate.truce for coordinate in self.fit.prior.coordinates],
        }
        with self.write_failures():
            files = write_tables(self.path, frames)
            files += [self.path / PLAN, self.path / CLOUD]
            files += keep_record(self.path, self.fit.record)
            write_sealed(self.path, facts, files)


def read_cloud(path: Path, fit: Fit) -> Particles:
    """The points of an archive. Raises ResultError if it is damaged or of another fit."""
    points, size, truces = fit.plan.points, fit.size, len(fit.prior.scenarios)
    number, whole = np.dtype(float), np.dtype(np.int64)
    arrays = read_arrays(
        path,
        {
            "stage": Expected(whole, (1,)),
            "z": Expected(number, (points, size)),
            "logs": Expected(number, (points, truces)),
            "step": Expected(number, (2,)),
            "history": Expected(number, (2, fit.plan.stages)),
        },
    )
    stage = int(arrays["stage"][0])
    effective, accepted = (tuple(row[:stage].tolist()) for row in arrays["history"])
    step, evidence = arrays["step"].tolist()
    return Particles(stage, arrays["z"], arrays["logs"], step, effective, accepted, evidence)


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
    prior = Prior(whole.scenarios, tuple(by_name[name] for name, _ in names if name in by_name))
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
        idle=plan.get("idle", 0),  # of one made before there were any
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
