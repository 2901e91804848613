"""The page of a best response: who answers whom, the machine in words, what each policy lacks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.games.best_response import NAMED
from sim.policies.words import sentences
from sim.report.content import NAME, Report, Section, columns
from sim.report.numbers import ends

if TYPE_CHECKING:
    from sim.games.best_response import Entry, Response


def response_report(response: "Response") -> Report:
    """The report of a best response."""
    best = response.best
    words = Section("What it does", tuple(sentences(best.machine)))
    notes_ = (f"best response found: {best.label}, {_value(response, best)}", *notes(response)[:3])
    sections = (words, _gaps(response))
    return Report(
        response.question.scenario.title,
        tuple(_lead(response)),
        notes_,
        sections,
        content(response),
    )


def _lead(response: "Response") -> Iterator[str]:
    yield heading(response)
    names = {entry.label: entry for entry in response.entries}
    as_shipped = names.get(f"{response.question.side}_as_shipped")
    how = "exactly" if response.exact else f"in {response.n:,} runs that it was not chosen on"
    best = f"The best answer found is {response.best.label}"
    lost = (
        "" if as_shipped is None else f"; what it plays as shipped is {as_shipped.gap:.3g} below it"
    )
    yield f"{best}{lost}, in {response.question.utility}, measured {how}."
    as_good = next((e for e in response.entries if e.kind == NAMED and e.gap_low <= 0.0), None)
    if as_good is not None and response.best.kind != NAMED:
        gap = ends(as_good.gap, as_good.gap_low, as_good.gap_high)
        yield f"As good, as far as these runs tell, is the plainer {as_good.label}: gap {gap}."


def _gaps(response: "Response") -> Section:
    rows = []
    for entry in response.entries:
        if response.exact:
            rows.append((entry.label, f"{entry.value:.6g}", f"{entry.gap:.6g}"))
        else:
            gap = ends(entry.gap, entry.gap_low, entry.gap_high)
            rows.append((entry.label, ends(entry.value, entry.low, entry.high), gap))
    heading_ = columns(("policy", NAME), response.question.utility, "gap")
    return Section("Gap of each policy to the best response", (), heading_, tuple(rows))


def _value(response: "Response", entry: "Entry") -> str:
    if response.exact:
        return f"{entry.value:.6g} (exact)"
    return f"{ends(entry.value, entry.low, entry.high)}, n = {response.n:,}"


def content(response: "Response") -> dict[str, Any]:
    """A best response as plain values; exact numbers have low = high."""
    question = response.question
    return {
        "scenario": question.scenario.name,
        "title": question.scenario.title,
        "hash": question.scenario.hash,
        "side": question.side,
        "against": question.against,
        "utility": question.utility,
        "definition": definition(response),
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
            {"label": entry.label}
            | {name: getattr(entry, name) for name in NUMBERS}
            | {"kind": entry.kind}
            for entry in response.entries
        ],
    }


DOTS = "Full dots: found by a search; open: named."
#: What is known of each policy, in the order of the table that is written.
NUMBERS = ("value", "low", "high", "gap", "gap_low", "gap_high")


def definition(response: "Response") -> str:
    """What the numbers are."""
    question = response.question
    if question.utility not in ("payoff", "harm"):
        return f"share of runs in which {question.utility} holds at the end of the term"
    utility = {"payoff": "payoff", "harm": "harm suffered, as a loss"}[question.utility]
    weeks = f"weeks 1 to {question.scenario.spec.weeks}"
    over = "all weeks to come" if question.forever else weeks
    return f"discounted {utility} over {over}"


def heading(response: "Response") -> str:
    """Who answers whom."""
    question = response.question
    sides = question.scenario.sides
    other = sides.other(question.side).plain
    return f"{sides.of(question.side).plain} against {question.against} ({other})"


#: What reconciles a best response with the name of the week's game (`classify_page.ONE_WEEK`).
ANSWERED = (
    "A best response reckons with what the other's policy answers: the game of one week may be a "
    "prisoner's dilemma all the same, where bad conduct pays against conduct that is held"
)


def notes(response: "Response") -> list[str]:
    """How sure it is, and what was searched."""
    space = response.space
    searched = (
        f"Searched: all {len(space.machines):,} behaviours of deterministic machines of up to "
        f"{space.states} states that react to the signal ({space.tables:,} tables); machines that "
        "know their own conduct, by single changes (a local search); memory-one, by differential "
        "evolution; the named policies, each with its defaults."
    )
    name, digest = response.question.scenario.name, response.question.scenario.hash[:8]
    if response.exact:
        sure = f"{definition(response).capitalize()}, exact."
        source = f"Source: detente, scenario {name} ({digest}), exact engine."
    else:
        sure = (
            f"{definition(response).capitalize()}. Chosen on {response.n:,} runs of seed "
            f"{response.chosen_on}, reported on {response.n:,} of seed {response.seed}; "
            "bars: 95 %, paired (common random numbers)."
        )
        source = f"Source: detente, scenario {name} ({digest}), batch engine."
    return [sure, searched, f"{ANSWERED}.", source]
