"""The same world told otherwise: sides swapped, order reversed, levers split or added, half weeks.

Each function takes a scenario's table (`Scenario.to_table()`) and returns another one. Ranges and
sources are left out: they say nothing about a run.
"""

import copy
import datetime
from collections.abc import Mapping
from typing import Any

from sim.policies.library import build_policy
from sim.policies.machine import CASES, MOVES

Table = dict[str, Any]
OTHER = {"us": "cn", "cn": "us"}
_SEQUENCING = {"us_first": "cn_first", "cn_first": "us_first", "simultaneous": "simultaneous"}


def plain_copy(table: Mapping[str, Any]) -> Table:
    """A copy to change, without ranges and sources."""
    made = copy.deepcopy(dict(table))
    made.pop("sources", None)
    return made | {"ranges": "none"}


def mirrored(table: Mapping[str, Any]) -> Table:
    """The two principals swap labels, with all that refers to them."""
    made = plain_copy(table)
    for name in ("actors", "levers", "stage_payoffs"):
        if name in made:
            made[name] = {side: made[name][OTHER[side]] for side in ("us", "cn")}
    truce, talks = made.get("truce", {}), made.get("talks", {})
    if "core" in truce:
        truce["core"] = [other_lever(path) for path in truce["core"]]
    if "sequencing" in talks:
        talks["sequencing"] = _SEQUENCING[talks["sequencing"]]
    for holder in _holders(made):
        if holder.get("lever") is not None:
            holder["lever"] = other_lever(holder["lever"])
    for ally in made.get("allies", {}).values():
        needs = ally.get("dependence", {})
        ally["dependence"] = {other_lever(path): share for path, share in needs.items()}
    return made


def other_lever(path: str) -> str:
    """ "us.chips" as "cn.chips"."""
    side, name = path.split(".", 1)
    return f"{OTHER[side]}.{name}"


def _holders(table: Table) -> list[Table]:
    """Every table that names a lever."""
    terms = [term for deal in table.get("deals", []) for term in deal["levers"]]
    return [*table.get("shocks", []), *terms, *table.get("allies", {}).values()]


def backwards(table: Mapping[str, Any]) -> Table:
    """The levers of each side, and the allies, in the opposite order."""
    made = plain_copy(table)
    made["levers"] = {side: _reversed(owned) for side, owned in made["levers"].items()}
    made["allies"] = _reversed(made.get("allies", {}))
    return made


def _reversed(entries: Table) -> Table:
    return dict(reversed(entries.items()))


#: At the top of its one notch, where it may stay; cuts nothing and weighs nothing.
IDLE = {"control": "ban", "notches": 1, "level": 1, "obligation": 1, "bite": 0.0}
IDLE |= {"dependence": 0.0, "harm_weight": 0.0, "own_cost": 0.0, "own_gain": 0.0}


def with_idle_lever(table: Mapping[str, Any], side: str) -> Table:
    """One more lever of a side, the last in order, that nobody can pull and nobody feels."""
    made = plain_copy(table)
    made["levers"][side]["idle"] = dict(IDLE)
    return made


def split(table: Mapping[str, Any], path: str) -> Table:
    """A lever as two halves: each with half its harm weight and half the severity of its notches.

    Everything else (notches, levels, dues, dependence, office, stock) is the same of both, since
    those are shares of the half itself. The second half comes last of its side. Whatever names the
    lever (core, deals, dated shocks, allies' needs) names both.
    """
    made = plain_copy(table)
    side, name = path.split(".", 1)
    twin = f"{path}_half"
    lever = made["levers"][side][name]
    lever |= {key: lever.get(key, 1.0) / 2 for key in ("harm_weight", "severity")}
    lever["issue"] = lever.get("issue") or name
    made["levers"][side][f"{name}_half"] = copy.deepcopy(lever)
    core = made.get("truce", {}).get("core", [])
    core += [twin] if path in core else []
    for deal in made.get("deals", []):
        deal["levers"] += [term | {"lever": twin} for term in _naming(deal["levers"], path)]
    made["shocks"] = made.get("shocks", [])
    made["shocks"] += [
        shock | {"lever": twin, "name": f"{shock['name']}-half"}
        for shock in _naming(made["shocks"], path)
    ]
    for ally in made.get("allies", {}).values():
        if path in ally.get("dependence", {}):
            ally["dependence"][twin] = ally["dependence"][path]
    return made


def _naming(rows: list[Table], path: str) -> list[Table]:
    return [row for row in rows if row.get("lever") == path]


# ---------------------------------------------------------------- half weeks

#: Weeks and weeks' worth of goods: twice as many half weeks.
_SPANS = {
    "truce": ("term_weeks", "extension_weeks", "quiet_weeks", "breakdown_after"),
    "talks": ("cooldown_weeks", "boost_weeks", "relief_lag_weeks"),
    "actors": ("belief_prior_weeks",),
    "levers": ("due_weeks", "dead_weeks", "halving_years", "stock_weeks", "stock_cap_weeks"),
    "allies": ("lag_weeks",),
}
#: P(it happens within a week): two half weeks without it are a week without it.
_HAPPENS = {
    "talks": ("talks_rate", "cooldown_rate"),
    "actors": ("slip", "false_alarm", "value_decay", "pressure_smoothing"),
    "allies": ("h",),
}
#: P(it does not happen within a week), and what is left after a week.
_FAILS = {
    "actors": ("miss", "slip_fail", "belief_memory", "discount"),
    "levers": ("friction",),
}
#: What is added to a chance for each unit of something: half as much.
_SLOPES = {"talks": ("talks_pressure",), "allies": ("psi",)}


def halved(table: Mapping[str, Any], keep: tuple[str, ...] = ()) -> Table:
    """The same scenario in steps of half a week: two steps are one week.

    Spans double; a chance p a week becomes 1 - sqrt(1 - p) a step; what is a chance that an order
    or a reading fails, or a share that is left, becomes its root; the total delay of an answer
    (1 + d weeks) stays, so d becomes 2 d + 1; k tats become 2 k. Keys named in `keep` are
    left as they are. Dates move away from the start twice as far.
    """
    made = plain_copy(table)
    made["weeks"] *= 2
    _apply(made, _SPANS, lambda x: 2 * x, keep)
    _apply(made, _HAPPENS, lambda p: 1 - (1 - p) ** 0.5, keep)
    _apply(made, _FAILS, lambda p: p**0.5, keep)
    _apply(made, _SLOPES, lambda x: x / 2, keep)
    if made.get("truce", {}).get("unilateral_after"):
        made["truce"]["unilateral_after"] *= 2
    for actor in made["actors"].values():
        if "reaction_delay" not in keep:
            actor["reaction_delay"] = 2 * actor["reaction_delay"] + 1
        _halve_policy(actor["policy"], keep)
    _stretch_dates(made)
    return made


def _halve_policy(policy: Table, keep: tuple[str, ...]) -> None:
    if "generosity" in policy and "generosity" not in keep:
        policy["generosity"] **= 0.5
    if "k" in policy and "k" not in keep:
        policy["k"] *= 2


def _apply(table: Table, fields: Mapping[str, tuple[str, ...]], change: Any, keep: Any) -> None:
    for section, names in fields.items():
        for row in _rows(table, section):
            for name in names:
                if row.get(name) is not None and name not in keep:
                    row[name] = change(row[name])


def _rows(table: Table, section: str) -> list[Table]:
    entries = table.get(section, {})
    if section in ("actors", "allies"):
        return list(entries.values())
    if section == "levers":
        return [lever for owned in entries.values() for lever in owned.values()]
    return [entries]


#: What is said of one order or one reading, and not of a span of time.
PER_DECISION = ("friction", "miss", "slip_fail", "generosity", "k", "reaction_delay")


def clocked(table: Mapping[str, Any]) -> Table:
    """In steps of half a week, but each side still decides and gives its order once a week.

    Every state of a machine becomes two: the first draws its move, the second holds and reads.
    """
    made = halved(table, keep=PER_DECISION)
    for side, actor in made["actors"].items():
        actor["reaction_delay"] *= 2
        actor["policy"] = _every_other_step(table["actors"][side]["policy"])
    return made


def _every_other_step(policy: Mapping[str, Any]) -> Table:
    machine = build_policy(policy)
    states: Table = {}
    for name, moves, after in zip(machine.states, machine.moves, machine.following, strict=True):
        acts = dict(zip(MOVES, moves.tolist(), strict=True))
        states[f"{name}-acts"] = {"move": acts, "next": {"any": f"{name}-reads"}}
        following = {
            case: f"{machine.states[state]}-acts" for case, state in zip(CASES, after, strict=True)
        }
        states[f"{name}-reads"] = {"move": "hold", "next": following}
    start = {f"{machine.states[state]}-acts": share for state, share in machine.starts}
    return {"machine": {"start": start, "states": states}}


def _stretch_dates(table: Table) -> None:
    start = datetime.date.fromisoformat(table["start"])
    dated = [*table.get("shocks", []), *table.get("deals", [])]
    for lever in _rows(table, "levers"):
        dated += [*lever.get("history", []), *lever.get("programmes", [])]
    for row in dated:
        for key in ("date", "online"):
            if row.get(key) is not None:
                day = datetime.date.fromisoformat(row[key])
                row[key] = (start + 2 * (day - start)).isoformat()
