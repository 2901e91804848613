"""How the order of the week is walked: one list of steps, made into a function for each engine.

A step says by the names of its arguments what it takes: `p` and `s` are the tables, `t` is the
week; one that takes `i` is done for us and then for cn, one that takes `m` for every ally in file
order. The function is written out and compiled as if by hand: a loop over the list would have to be
unrolled by the compiler, which takes it longer.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.world.compiled import step

Step = Callable[..., object]
NONE: Mapping[Step, Step] = {}
#: The loop in which a step with this argument is done.
_LOOPS = {"i": "for i in range(2): ", "m": "for m in range(p.allies.shape[0]): "}


def walked(
    steps: Sequence[Step], arguments: str = "p, s, t", after: Mapping[Step, Step] = NONE
) -> Any:
    """A function of `arguments` that takes the steps in order, each followed by its `after`.

    Raises ValueError where a step is none of those that are to be followed.
    """
    lost = [each.__name__ for each in after if each not in steps]
    if lost:
        raise ValueError(f"{', '.join(lost)}: no step of this walk")
    every = [one for each in steps for one in (each, after.get(each)) if one is not None]
    lines = [f"    {_LOOPS.get(who_takes(one), '')}{_call(one, n)}" for n, one in enumerate(every)]
    return _made("walk", arguments, lines, every)


def called_by_number(steps: Sequence[Step]) -> Any:
    """A function (p, s, t, number, who) that takes one of the steps, for one side or ally."""
    lines = ["    i = m = who", "    if number < 0: return"]
    lines += [f"    elif number == {n}: {_call(each, n)}" for n, each in enumerate(steps)]
    return _made("take", "p, s, t, number, who", lines, steps)


def who_takes(step_: Step) -> str:
    """For whom a step is taken: "i" for each side, "m" for each ally, "" once for all."""
    taken = inspect.signature(step_).parameters
    return next((letter for letter in _LOOPS if letter in taken), "")


def _call(step_: Step, number: int) -> str:
    return f"step_{number}({', '.join(inspect.signature(step_).parameters)})"


def _made(name: str, arguments: str, lines: Sequence[str], steps: Sequence[Step]) -> Any:
    """The function with these lines, merged into kernels as every function of the world."""
    names: dict[str, Any] = {f"step_{n}": each for n, each in enumerate(steps)}
    exec("\n".join([f"def {name}({arguments}):", *lines]), names)
    return step(names[name])
