"""The fit that docs/forecast.md tells of: too long for `make docs`, so its summary is kept.

python docs/frozen_fit.py FOLDER     # keep the summary of a fit, as `detente fit` wrote it

The summary says by which command it was made, and the hashes of the scenarios and of the record's
facts it was made from; the page says whether these are those of now.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "validation" / "fit_of_four.json"


def stored_summary() -> dict[str, Any]:
    """The summary."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def summary(folder: Path) -> dict[str, Any]:
    """The plan of a fit, and what it says, as plain values."""
    from sim.forecast.fit_store import read_fit
    from sim.forecast.posterior import command_of, content
    from sim.store.files import read_json

    fit = read_fit(folder)
    if fit.cloud is None:
        raise ValueError(f"{folder} holds no points")
    plan = read_json(folder / "plan.json")
    says = _plain(content(fit, fit.cloud))
    return {"command": command_of(fit), "plan": plan, "says": says}


def _plain(value: Any) -> Any:
    """Values that JSON has: what is no number is none."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.6g}")
    return value


def changed(plan: dict[str, Any]) -> list[str]:
    """The scenarios that are no longer those of the plan."""
    from sim.scenario import Scenario

    return [name for name, hash_ in plan["scenarios"].items() if Scenario.load(name).hash != hash_]


if __name__ == "__main__":
    FILE.write_text(json.dumps(summary(Path(sys.argv[1])), indent=1) + "\n", encoding="utf-8")
