"""The folder of a best response: what was asked, every machine and its gap; the manifest last."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import DetenteError, ResultError
from sim.extensions import fingerprint
from sim.games.best_response import Entry, Question, Response
from sim.games.machine_space import MOST_STATES, signal_machines
from sim.games.response_page import NUMBERS, content
from sim.games.searches import FIRST_RUNS
from sim.numbers import MOST_RUNS, MOST_SEEDS
from sim.outcomes.manifest import read_manifest_of, write_sealed
from sim.outcomes.simulate import whole
from sim.policies.inline import policy_table, policy_toml
from sim.policies.library import build_policy
from sim.report.pictures import RESPONSE
from sim.report.plain import json_text
from sim.scenario import Scenario
from sim.store.checksums import FILES, intact
from sim.store.drafts import sweep
from sim.store.files import MANIFEST, read_json, write_text
from sim.store.text import csv_text
from sim.studies.plan import code_hash
from sim.studies.store import write_failures_named
from sim.version import __version__

KIND = RESPONSE
FORMAT = 1
RESPONSE_FILE, GAPS, MACHINE = "response.json", "gaps.csv", "machine.toml"
MACHINES = "machines"
#: What a manifest must have to be read.
_KINDS = {
    **dict.fromkeys(("version", "code", "name", "title", "scenario_hash", "command"), str),
    **dict.fromkeys(("side", "utility", "against"), str),
    **dict.fromkeys(("states", "runs", "seed"), int),
    **dict.fromkeys(("scenario", "named", "libraries", FILES), dict),
    "written": str,
    "extensions": str,
}


def question_table(question: Question, runs: int, seed: int) -> dict[str, Any]:
    """What determines the numbers of a best response, as plain values.

    runs: of the last choice and of the report; seed: of the choice.
    """
    scenario = question.scenario
    return {
        "version": __version__,
        "extensions": fingerprint(),
        "name": scenario.name,
        "scenario_hash": scenario.hash,
        "side": question.side,
        "against": question.against,
        "utility": question.utility,
        "forever": question.forever,
        "states": question.states,
        "named": {label: policy_table(machine) for label, machine in question.named.items()},
        "runs": runs,
        "seed": seed,
    }


def write_response(response: Response, runs: int, place: Path, command: str) -> Path:
    """Writes the folder below `place` and returns it. Raises ResultWriteError if it cannot."""
    import pandas as pd

    question = response.question
    asked_for = question_table(question, runs, response.chosen_on)
    key = hashlib.sha256(json.dumps(asked_for).encode()).hexdigest()[:8]
    folder = place / f"{Path(question.scenario.name).name}-response-{question.side}-{key}"
    page = content(response)
    # every machine besides what `--json` prints, so that the folder can be read back
    machines = {entry.label: policy_table(entry.machine) for entry in response.entries}
    texts = {
        RESPONSE_FILE: json_text(page | {MACHINES: machines}) + "\n",
        GAPS: csv_text(pd.DataFrame(page["policies"])),
        MACHINE: f"# {response.best.label}\n{policy_toml(response.best.machine, question.side)}",
    }
    with write_failures_named(folder, "response", "nothing else is lost: run it again"):
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        for name, text in texts.items():
            write_text(folder / name, text)
        facts = {
            "kind": KIND,
            "format": FORMAT,
            **asked_for,
            "code": code_hash(),
            "title": question.scenario.title,
            "scenario": question.scenario.to_table(),
            "command": command,
        }
        write_sealed(folder, facts, [folder / name for name in texts])
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a best response. Raises ResultError if it is none, or damaged."""
    refusal = "no best response: `detente games SCENARIO response` writes one"
    return read_manifest_of(folder, KIND, refusal, _KINDS)


def question_of(folder: Path, manifest: Mapping[str, Any]) -> Question:
    """What was asked of a best response. Raises ResultError if this version reads it otherwise."""
    try:
        scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
        question = Question(
            scenario,
            manifest["side"],
            {label: build_policy(table) for label, table in manifest["named"].items()},
            manifest["utility"],
            bool(manifest["forever"]),
            manifest["states"],
            manifest["against"],
        )
        whole("runs", manifest["runs"], FIRST_RUNS, MOST_RUNS)
        whole("seed", manifest["seed"], 0, MOST_SEEDS - 2)
    except DetenteError as problem:
        raise ResultError(f"{folder / MANIFEST} does not fit itself: {problem}") from problem
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ResultError(f"{folder / MANIFEST} does not fit itself: {problem!r}") from problem
    if question.side not in scenario.sides.ids or not 1 <= question.states <= MOST_STATES:
        raise ResultError(f"{folder / MANIFEST} does not fit itself: its side or states are none")
    if scenario.hash != manifest["scenario_hash"]:
        raise ResultError(
            f"{folder / MANIFEST} does not fit itself: read by this version, its scenario has the "
            f"hash {scenario.hash}, not {manifest['scenario_hash']}"
        )
    return question


def read_response(folder: Path) -> Response:
    """A best response with its machines, as it was written.

    Raises ResultError if the folder holds none, or any of it is damaged.
    """
    manifest = read_manifest(folder)
    question = question_of(folder, manifest)
    file = intact(folder, manifest, RESPONSE_FILE)
    plain = read_json(file)
    try:
        entries = tuple(_entry(row, plain[MACHINES]) for row in plain["policies"])
        best = next(entry for entry in entries if entry.label == plain["best"]["label"])
        return Response(
            question,
            int(plain["n"]),
            int(plain["seed"]),
            int(plain["chosen_on_seed"]),
            signal_machines(question.states),
            best,
            entries,
            tuple(plain["in_the_way_of_exact"]),
        )
    except (DetenteError, KeyError, TypeError, ValueError, StopIteration) as problem:
        raise ResultError(f"{file} cannot be read: {problem!r}") from problem


def _entry(row: Mapping[str, Any], machines: Mapping[str, Any]) -> Entry:
    numbers = {name: float(row[name]) for name in NUMBERS}
    machine = build_policy(machines[row["label"]])
    return Entry(label=str(row["label"]), kind=str(row["kind"]), machine=machine, **numbers)
