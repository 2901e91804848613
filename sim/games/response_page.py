"""The page of a best response: who answers whom, the machine in words, what each policy lacks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.policies.words import sentences
from sim.report.content import NAME, Report, Section, columns
from sim.report.numbers import ends

if TYPE_CHECKING:
    from sim.games.best_response import Entry, Response


def response_report(found: "Response") -> Report:
    """The report of a best response."""
    best = found.best
    words = Section("What it does", tuple(sentences(best.machine)))
    notes_ = (f"best response found: {best.label}, {_value(found, best)}", *notes(found)[:3])
    sections = (words, _gaps(found))
    return Report(found.scenario.title, tuple(_lead(found)), notes_, sections, content(found))


def _lead(found: "Response") -> Iterator[str]:
    yield heading(found)
    names = {entry.label: entry for entry in found.entries}
    own = names.get(f"{found.side}_as_shipped")
    how = "exactly" if found.exact else f"in {found.n:,} runs that it was not chosen on"
    best = f"The best answer found is {found.best.label}"
    lost = "" if own is None else f"; what it plays as shipped lacks {own.gap:.3g} of it"
    yield f"{best}{lost}, in {found.utility}, measured {how}."


def _gaps(found: "Response") -> Section:
    rows = []
    for entry in found.entries:
        if found.exact:
            rows.append((entry.label, f"{entry.value:.6g}", f"{entry.gap:.6g}"))
        else:
            gap = ends(entry.gap, entry.gap_low, entry.gap_high)
            rows.append((entry.label, ends(entry.value, entry.low, entry.high), gap))
    heading_ = columns(("policy", NAME), found.utility, "gap")
    return Section("What each lacks of it", (), heading_, tuple(rows))


def _value(found: "Response", entry: "Entry") -> str:
    if found.exact:
        return f"{entry.value:.6g} (exact)"
    return f"{ends(entry.value, entry.low, entry.high)}, n = {found.n:,}"


def content(found: "Response") -> dict[str, Any]:
    """A best response as plain values; exact numbers have low = high."""
    return {
        "scenario": found.scenario.name,
        "title": found.scenario.title,
        "hash": found.scenario.hash,
        "side": found.side,
        "against": found.against,
        "utility": found.utility,
        "definition": definition(found),
        "exact": found.exact,
        "n": found.n,
        "seed": found.seed,
        "chosen_on_seed": found.chosen_on,
        "in_the_way_of_exact": list(found.obstacles),
        "searched": {
            "states": found.space.states,
            "tables": found.space.tables,
            "machines": len(found.space.machines),
        },
        "best": {"label": found.best.label, "words": list(sentences(found.best.machine))},
        "policies": [
            {name: getattr(entry, name) for name in _NUMBERS} | {"kind": entry.kind}
            for entry in found.entries
        ],
    }


DOTS = "Full dots: found by a search; open: named."
_NUMBERS = ("label", "value", "low", "high", "gap", "gap_low", "gap_high")


def definition(found: "Response") -> str:
    """What the numbers are."""
    weeks = found.scenario.spec.weeks
    if found.utility not in ("payoff", "harm"):
        return f"share of runs in which {found.utility} holds at the end of the term"
    what = {"payoff": "payoff", "harm": "harm suffered, as a loss"}[found.utility]
    over = "all weeks to come" if found.forever else f"weeks 1 to {weeks}"
    return f"discounted {what} over {over}"


def heading(found: "Response") -> str:
    """Who answers whom."""
    sides = found.scenario.sides
    other = sides.other(found.side).plain
    return f"{sides.of(found.side).plain} against {found.against} ({other})"


#: What reconciles a best response with the name of the week's game (`classify.ONE_WEEK`).
ANSWERED = (
    "A best response reckons with what the other's policy answers: the game of one week may be a "
    "prisoner's dilemma all the same, where bad conduct pays against conduct that is held"
)


def notes(found: "Response") -> list[str]:
    """How sure it is, and what was searched."""
    space = found.space
    searched = (
        f"Searched: all {len(space.machines):,} behaviours of deterministic machines of up to "
        f"{space.states} states that react to the signal ({space.tables:,} tables); machines that "
        "know their own conduct, by single changes (a local search); memory-one, by differential "
        "evolution; the named policies."
    )
    name, digest = found.scenario.name, found.scenario.hash[:8]
    if found.exact:
        sure = f"{definition(found).capitalize()}, exact."
        source = f"Source: detente, scenario {name} ({digest}), exact engine."
    else:
        sure = (
            f"{definition(found).capitalize()}. Chosen on {found.n:,} runs of seed "
            f"{found.chosen_on}, reported on {found.n:,} of seed {found.seed}; bars: 95 %, paired "
            "(common random numbers)."
        )
        source = f"Source: detente, scenario {name} ({digest}), batch engine."
    return [sure, searched, f"{ANSWERED}.", source]
