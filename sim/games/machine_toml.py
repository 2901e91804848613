"""A machine written as the policy table of a scenario file, to be pasted into one."""

from sim.errors import as_key, as_toml
from sim.policies.machine import CASES, MOVES, Machine


def policy_toml(machine: Machine, side: str) -> str:
    """The lines of `[actors.SIDE.policy.machine]` that give this machine again."""
    head = f"actors.{side}.policy.machine"
    starts = {machine.states[state]: share for state, share in machine.starts if share > 0.0}
    lines = [f"[{head}]", f"start = {_choice(starts)}"]
    if machine.sensor != "signal":
        lines += [f'sensor = "{machine.sensor}"', f"threshold = {machine.threshold!r}"]
    for index, name in enumerate(machine.states):
        moves = {
            move: float(share)
            for move, share in zip(MOVES, machine.moves[index], strict=True)
            if share > 0.0
        }
        lines += ["", f"[{head}.states.{as_key(name)}]", f"move = {_choice(moves)}"]
        lines.append(f"next = {_following(machine, index)}")
    return "\n".join(lines) + "\n"


def _choice(shares: dict[str, float]) -> str:
    """One name, or a table of names with their probabilities."""
    if len(shares) == 1:
        return as_toml(next(iter(shares)))
    return "{ " + ", ".join(f"{as_key(name)} = {share!r}" for name, share in shares.items()) + " }"


def _following(machine: Machine, state: int) -> str:
    """The shortest of the forms of `next` that says it."""
    names = [machine.states[after] for after in machine.following[state]]
    if len(set(names)) == 1:
        return f"{{ any = {as_toml(names[0])} }}"
    if names[:2] == names[2:]:
        return f"{{ saw_good = {as_toml(names[0])}, saw_bad = {as_toml(names[1])} }}"
    cases = (f"{case} = {as_toml(name)}" for case, name in zip(CASES, names, strict=True))
    return "{ " + ", ".join(cases) + " }"
