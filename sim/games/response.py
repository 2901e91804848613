"""A best response as plain values, as a page, and as a folder that is read back.

The page: who answers whom, the machine in words, what each policy lacks. The folder: what was
asked, every machine and its gap; the manifest last.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import DetenteError, ResultError
from sim.extensions import fingerprint
from sim.games.best_response import NAMED, Entry, Response
from sim.games.responding import Question
from sim.games.searches import signal_machines
from sim.games.sizes import FIRST_RUNS, MOST_STATES
from sim.numbers import MOST_RUNS, MOST_SEEDS
from sim.outcomes.manifest import read_manifest_of, scenario_in, write_sealed
from sim.outcomes.simulate import whole
from sim.policies.inline import policy_table, policy_toml
from sim.policies.library import build_policy
from sim.policies.machine import sentences
from sim.report.content import NAME, Report, Section, table
from sim.report.numbers import with_interval
from sim.report.pictures import RESPONSE
from sim.report.text import json_text
from sim.store.checksums import FILES, intact
from sim.store.digests import short_key
from sim.store.files import MANIFEST, read_json, write_text
from sim.store.folders import AGAIN, written_folder
from sim.store.tables import csv_text
from sim.studies.plan import code_hash
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
    **dict.fromkeys(("written", "extensions"), str),
}
#: What is known of each policy, in the order of the table that is written.
NUMBERS = ("value", "low", "high", "gap", "gap_low", "gap_high")
DOTS = "Full dots: found by a search; open: named."
#: What reconciles a best response with the name of the week's game (`pages.ONE_WEEK`).
ANSWERED = (
    "A best response reckons with what the other's policy answers: the game of one week may be a "
    "prisoner's dilemma all the same, where bad conduct pays against conduct that is held"
)


def content(response: Response) -> dict[str, Any]:
    """A best response as plain values; exact numbers have low = high."""
    question = response.question
    return {
        "scenario": question.scenario.name,
        "title": question.scenario.title,
        "hash": question.scenario.hash,
        "side": question.side,
        "against": question.against,
        "utility": question.utility,
        "definition": definition(question),
        "exact": response.exact,
        "n": response.n,
        "seed": response.seed,
        "chosen_on_seed": response.chosen_on,
        "in_the_way_of_exact": list(response.obstacles),
        "searched": {
            "states": response.space.states,
            "tables": response.space.tables,
            "machines": len(response.space.machines),
        },
        "best": {"label": response.best.label, "words": list(sentences(response.best.machine))},
        "policies": [
            {
                "label": entry.label,
                **{name: getattr(entry, name) for name in NUMBERS},
                "kind": entry.kind,
            }
            for entry in response.entries
        ],
    }


def definition(question: Question) -> str:
    """What the numbers are."""
    if question.utility not in ("payoff", "harm"):
        return f"share of runs in which {question.utility} holds at the end of the term"
    utility = {"payoff": "payoff", "harm": "harm suffered, as a loss"}[question.utility]
    weeks = f"weeks 1 to {question.scenario.spec.weeks}"
    return f"discounted {utility} over {'all weeks to come' if question.forever else weeks}"


def heading(response: Response) -> str:
    """Who answers whom."""
    question, sides = response.question, response.question.scenario.sides
    other = sides.other(question.side).plain
    return f"{sides.of(question.side).plain} against {question.against} ({other})"


def notes(response: Response) -> list[str]:
    """How sure it is, and what was searched."""
    space, scenario = response.space, response.question.scenario
    searched = (
        f"Searched: all {len(space.machines):,} behaviours of deterministic machines of up to "
        f"{space.states} states that react to the signal ({space.tables:,} tables); machines that "
        "know their own conduct, by single changes (a local search); memory-one, by differential "
        "evolution; the named policies, each with its defaults."
    )
    sure = f"{definition(response.question).capitalize()}, exact."
    if not response.exact:
        sure = (
            f"{definition(response.question).capitalize()}. Chosen on {response.n:,} runs of seed "
            f"{response.chosen_on}, reported on {response.n:,} of seed {response.seed}; "
            "bars: 95 %, paired (common random numbers)."
        )
    engine = "exact" if response.exact else "batch"
    source = f"Source: detente, scenario {scenario.name} ({scenario.hash[:8]}), {engine} engine."
    return [sure, searched, f"{ANSWERED}.", source]


def response_report(response: Response) -> Report:
    """The report of a best response."""
    best, question = response.best, response.question
    sure = " (exact)" if response.exact else f", n = {response.n:,}"
    found = f"best response found: {best.label}, {_texts(response, best)[0]}{sure}"
    rows = ((entry.label, *_texts(response, entry)) for entry in response.entries)
    heads = ("policy", NAME), question.utility, "gap"
    return Report(
        question.scenario.title,
        tuple(_lead(response)),
        (found, *notes(response)[:3]),
        (
            Section("What it does", tuple(sentences(best.machine))),
            table("Gap of each policy to the best response", heads, rows),
        ),
        content(response),
    )


def _texts(response: Response, entry: Entry) -> tuple[str, str]:
    if response.exact:
        return f"{entry.value:.6g}", f"{entry.gap:.6g}"
    gap = with_interval(entry.gap, entry.gap_low, entry.gap_high)
    return with_interval(entry.value, entry.low, entry.high), gap


def _lead(response: Response) -> Iterator[str]:
    yield heading(response)
    names, question = {entry.label: entry for entry in response.entries}, response.question
    as_shipped = names.get(f"{question.side}_as_shipped")
    how = "exactly" if response.exact else f"in {response.n:,} runs that it was not chosen on"
    best = f"The best answer found is {response.best.label}"
    if as_shipped is not None:
        best += f"; what it plays as shipped is {as_shipped.gap:.3g} below it"
    yield f"{best}, in {question.utility}, measured {how}."
    as_good = next((e for e in response.entries if e.kind == NAMED and e.gap_low <= 0.0), None)
    if as_good is not None and response.best.kind != NAMED:
        gap = with_interval(as_good.gap, as_good.gap_low, as_good.gap_high)
        yield f"As good, as far as these runs tell, is the plainer {as_good.label}: gap {gap}."


def question_table(question: Question, runs: int, seed: int) -> dict[str, Any]:
    """What determines the numbers of a best response, as plain values.

    runs: of the last choice and of the report; seed: of the choice.
    """
    return {
        "version": __version__,
        "extensions": fingerprint(),
        "name": question.scenario.name,
        "scenario_hash": question.scenario.hash,
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

    question, scenario = response.question, response.question.scenario
    asked_for = question_table(question, runs, response.chosen_on)
    page = content(response)
    # every machine besides what `--json` prints, so that the folder can be read back
    machines = {entry.label: policy_table(entry.machine) for entry in response.entries}
    texts = {
        RESPONSE_FILE: json_text(page | {MACHINES: machines}) + "\n",
        GAPS: csv_text(pd.DataFrame(page["policies"])),
        MACHINE: f"# {response.best.label}\n{policy_toml(response.best.machine, question.side)}",
    }
    facts = {
        "kind": KIND,
        "format": FORMAT,
        **asked_for,
        "code": code_hash(),
        "title": scenario.title,
        "scenario": scenario.to_table(),
        "command": command,
    }

    def fill(draft: Path) -> None:
        for name, text in texts.items():
            write_text(draft / name, text)
        write_sealed(draft, facts, [draft / name for name in texts])

    key = short_key(json.dumps(asked_for))
    name = f"{Path(scenario.name).name}-response-{question.side}-{key}"
    return written_folder(place, name, fill, "response", AGAIN)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a best response. Raises ResultError if it is none, or damaged."""
    refusal = "no best response: `detente games SCENARIO response` writes one"
    return read_manifest_of(folder, KIND, refusal, _KINDS)


def question_of(folder: Path, manifest: Mapping[str, Any]) -> Question:
    """What was asked of a best response. Raises ResultError if this version reads it otherwise."""

    def unfit(why: object) -> ResultError:
        return ResultError(f"{folder / MANIFEST} does not fit itself: {why}")

    scenario = scenario_in(folder, manifest)
    try:
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
        raise unfit(problem) from problem
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise unfit(repr(problem)) from problem
    if question.side not in scenario.sides.ids or not 1 <= question.states <= MOST_STATES:
        raise unfit("its side or states are none")
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
        entries = tuple(
            Entry(
                str(row["label"]),
                str(row["kind"]),
                build_policy(plain[MACHINES][row["label"]]),
                *(float(row[name]) for name in NUMBERS),
            )
            for row in plain["policies"]
        )
        return Response(
            question,
            n=int(plain["n"]),
            seed=int(plain["seed"]),
            chosen_on=int(plain["chosen_on_seed"]),
            space=signal_machines(question.states),
            best=next(entry for entry in entries if entry.label == plain["best"]["label"]),
            entries=entries,
            obstacles=tuple(plain["in_the_way_of_exact"]),
        )
    except (DetenteError, KeyError, TypeError, ValueError, StopIteration) as problem:
        raise ResultError(f"{file} cannot be read: {problem!r}") from problem
