"""The catalogue of named policies, and the way from a scenario's `policy` table to a machine."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.errors import PolicyError, Problem, nearest, one_of, quoted
from sim.extensions import Registry
from sim.policies import named
from sim.policies.inline import is_number, machine_from_table, sensing, unknown_keys
from sim.policies.machine import Machine, refuse
from sim.world.sensors import SENSORS

#: Keys of a `policy` table that belong to no policy's function.
COMMON_KEYS = ("name", "sensor", "threshold")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a named policy.

    Numbers lie in `low`..`high`; `choices` makes it a word instead. `range` is what the outer
    loop over parameter uncertainty uses (None: it is left alone).
    """

    name: str
    default: float | str
    low: float
    high: float
    meaning: str
    integer: bool = False
    unit: str = ""
    range: tuple[float, float] | None = None
    source: str = "judgement"
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The values it may take, in words."""
        if self.choices:
            return one_of(self.choices)
        kind = "a whole number" if self.integer else "a number"
        if self.high == UNBOUNDED:
            return f"{kind}" if self.low == -UNBOUNDED else f"{kind}, {self.low:g} or more"
        return f"{kind}, {self.low:g} to {self.high:g}"


UNBOUNDED = float("inf")


@dataclass(frozen=True)
class Policy:
    """A named policy: the function that returns its machine, its parameters, its source."""

    name: str
    function: Callable[..., Machine]
    source: str
    parameters: tuple[Parameter, ...] = ()

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().split("\n")[0]

    def build(self, **values: Any) -> Machine:
        """The machine for these parameters, the others at their defaults."""
        return self.function(**values)


def _chance(name: str, default: float, meaning: str, **rest: Any) -> Parameter:
    return Parameter(name, default, 0.0, 1.0, meaning, unit="probability", **rest)


def _generosity(default: float) -> Parameter:
    meaning = "chance that a bad signal passes unanswered"
    source = "V02 (Molander 1985; Nowak and Sigmund 1992)"
    return _chance("generosity", default, meaning, range=(0.0, 0.6), source=source)


#: What the functions made for a stage game call its payoffs T, R, P and S.
PAYOFFS = ("temptation", "reward", "punishment", "sucker")
_STAGE_PAYOFFS = tuple(
    Parameter(name, default, -UNBOUNDED, UNBOUNDED, meaning, unit="payoff", source="Axelrod 1984")
    for name, default, meaning in zip(
        PAYOFFS,
        (5.0, 3.0, 1.0, 0.0),
        (
            "bad against good, the better payoff (T)",
            "both good (R)",
            "both bad (P)",
            "good against bad (S)",
        ),
        strict=True,
    )
)


def _row(function: Callable[..., Machine], source: str, *parameters: Parameter) -> Policy:
    """The policy that is called as its function."""
    return Policy(function.__name__, function, source, parameters)


_ALL = (
    _row(named.always_concede, "Axelrod 1984"),
    _row(named.always_retaliate, "Axelrod 1984"),
    _row(named.tit_for_tat, "Axelrod 1984"),
    _row(
        named.generous_tit_for_tat,
        "Molander 1985; Nowak and Sigmund 1992",
        _generosity(1 / 3),
    ),
    _row(
        named.tit_for_k_tats,
        "Axelrod 1984",
        Parameter(
            "k",
            2,
            1,
            64,
            "bad signals in a row before it answers",
            integer=True,
            unit="weeks",
            range=(1.0, 3.0),
            source="claim 4 (Trivium China, May 2025)",
        ),
        _generosity(0.0),
        Parameter("below", "concede", 0, 0, "what it plays meanwhile", choices=("concede", "hold")),
    ),
    _row(named.two_tits_for_tat, "Axelrod 1984"),
    _row(named.contrite_tit_for_tat, "Sugden 1986; Boyd 1989; Wu and Axelrod 1995"),
    _row(named.grim, "Friedman 1971"),
    _row(named.win_stay_lose_shift, "Nowak and Sigmund 1993"),
    _row(named.firm_but_fair, "Frean 1994"),
    _row(
        named.inertial,
        "Pang and Liu 2019",
        _chance("persistence", 0.5, "chance that it repeats its own conduct"),
    ),
    _row(
        named.memory_one,
        "Nowak and Sigmund 1995",
        _chance("p_cc", 1.0, "concedes after both were good", source="tit for tat"),
        _chance("p_cd", 0.0, "concedes after only the other was bad", source="tit for tat"),
        _chance("p_dc", 1.0, "concedes after only it was bad", source="tit for tat"),
        _chance("p_dd", 0.0, "concedes after both were bad", source="tit for tat"),
    ),
    _row(
        named.zero_determinant,
        "Press and Dyson 2012",
        Parameter("chi", 3.0, 1.0, UNBOUNDED, "extortion factor", source="V08"),
        _chance("phi", 1 / 26, "scale of the probabilities", source="V08"),
        *_STAGE_PAYOFFS,
    ),
    _row(
        named.equalizer,
        "Press and Dyson 2012",
        _chance("p_cc", 0.9, "concedes after both were good", source="V09"),
        _chance("p_dd", 0.2, "concedes after both were bad", source="V09"),
        *_STAGE_PAYOFFS,
    ),
    _row(
        named.trigger,
        "Green and Porter 1984",
        Parameter("weeks", 4, 1, 520, "length of a punishment", True, unit="weeks", source="V15"),
    ),
    _row(named.random, "Axelrod 1984", _chance("p", 0.5, "chance that it concedes", source="V08")),
    _row(named.mixture, "Kreps and Wilson 1982"),
)
#: Policies made for the payoffs of one stage game.
STAGED = ("zero_determinant", "equalizer")

#: Every named policy, by name; extensions may add theirs with `POLICIES.register`.
POLICIES: Registry[Policy] = Registry("policy", {policy.name: policy for policy in _ALL})


def build_policy(table: Mapping[str, Any]) -> Machine:
    """The machine of a `policy` table.

    The table is {name, parameters, sensor, threshold}; {machine: an inline machine}; or
    {name = "mixture", parts = [{weight, policy}, ...]}.
    Raises PolicyError, with key paths below the policy, for everything that is wrong.
    """
    if "machine" in table:
        return sensing(_inline(table), table)
    policy = POLICIES.get(str(table.get("name", "")))
    if policy is None:
        name = table.get("name")
        found = quoted(name) if "name" in table else "neither name nor machine"
        meant = nearest(name, POLICIES) if isinstance(name, str) else None
        raise PolicyError([Problem.at(("name",), found, one_of(POLICIES), meant)])
    if policy.name == "mixture":
        return sensing(_mixture(table), table)
    items = tuple(table.items())
    if all(isinstance(value, str | int | float) for _, value in items):
        return _remembered(policy, items, repr((items, SENSORS.get(str(table.get("sensor"))))))
    return _built(policy, table)


@lru_cache(maxsize=512)
def _remembered(policy: Policy, items: tuple[tuple[str, Any], ...], _: str) -> Machine:
    """The machine of a policy for these parameters; the text tells apart 1, 1.0 and true, and
    sensors of one's own by what they weigh."""
    return _built(policy, dict(items))


def _built(policy: Policy, table: Mapping[str, Any]) -> Machine:
    refuse(_parameter_problems(policy, table))
    given = {p.name: (p, table[p.name]) for p in policy.parameters if p.name in table}
    values = {
        name: value if p.choices else int(value) if p.integer else float(value)
        for name, (p, value) in given.items()
    }
    return sensing(policy.build(**values), table)


def _parameter_problems(policy: Policy, table: Mapping[str, Any]) -> Iterator[Problem]:
    names = tuple(p.name for p in policy.parameters)
    yield from unknown_keys((), table, (*COMMON_KEYS, *names))
    for parameter in policy.parameters:
        if parameter.name in table and not _fits(parameter, table[parameter.name]):
            value = table[parameter.name]
            meant = nearest(value, parameter.choices) if isinstance(value, str) else None
            yield Problem.at((parameter.name,), quoted(value), parameter.allowed, meant)


def _fits(parameter: Parameter, value: object) -> bool:
    if parameter.choices:
        return value in parameter.choices
    if not is_number(value) or not -UNBOUNDED < value < UNBOUNDED:
        return False
    whole = not parameter.integer or float(value).is_integer()
    return whole and parameter.low <= value <= parameter.high


def _inline(table: Mapping[str, Any]) -> Machine:
    problems = list(unknown_keys((), table, ("machine", "sensor", "threshold")))
    if not isinstance(table["machine"], Mapping):
        problems.append(Problem.at(("machine",), quoted(table["machine"]), "a table"))
    refuse(problems)
    try:
        return machine_from_table(table["machine"])
    except PolicyError as error:
        raise error.below("machine") from None


def _mixture(table: Mapping[str, Any]) -> Machine:
    problems = list(unknown_keys((), table, (*COMMON_KEYS, "parts")))
    parts = table.get("parts")
    if "parts" in table and not (isinstance(parts, list | tuple) and parts):
        problems.append(Problem.at(("parts",), quoted(parts), "a list of {weight, policy}"))
        parts = None
    pairs = []
    for i, part in enumerate(parts or ()):
        try:
            pairs.append(_part(part))
        except PolicyError as error:
            problems += error.below("parts", str(i)).problems
    refuse(problems)
    return named.mixture(pairs if "parts" in table else None)


def _part(part: object) -> tuple[float, Machine]:
    if not isinstance(part, Mapping):
        raise PolicyError.single((), quoted(part), "a table with weight and policy")
    problems = list(unknown_keys((), part, ("weight", "policy")))
    weight, policy = part.get("weight"), part.get("policy")
    if not is_number(weight) or not 0 <= weight <= 1:
        problems.append(Problem.at(("weight",), quoted(weight), "a probability, 0 to 1"))
    if not isinstance(policy, Mapping):
        problems.append(Problem.at(("policy",), quoted(policy), "a policy table"))
    if problems or not isinstance(policy, Mapping) or not is_number(weight):
        raise PolicyError(problems)
    try:
        return float(weight), build_policy(policy)
    except PolicyError as error:
        raise error.below("policy") from None


Payoffs = Mapping[str, float]  # by PAYOFFS


def with_payoffs(
    table: Mapping[str, Any], mine: Payoffs | None, other: Payoffs | None
) -> dict[str, Any]:
    """A policy table with the payoffs of the scenario's stage game, also in a mixture.

    mine, other: those of the side and of the other side; None where the scenario has no stage
    game. What a zero-determinant policy enforces is about these numbers alone (Press and Dyson
    2012), and its formulas are of games that are alike for both. Raises PolicyError where there
    are none and the table does not give all four, where the sides' differ, or where it gives
    another number.
    """
    if isinstance(parts := table.get("parts"), list):
        staged = [_part_with_payoffs(part, n, mine, other) for n, part in enumerate(parts)]
        return {**table, "parts": staged}
    if table.get("name") not in STAGED:
        return dict(table)
    if mine is None or other is None:
        if all(name in table for name in PAYOFFS):
            return dict(table)
        found = f"{table['name']}, which needs the payoffs of a stage game; this scenario has none"
        allowed = f"a policy of another name; or {', '.join(PAYOFFS)} given; or [stage_payoffs]"
        raise PolicyError.single(("name",), found, allowed)
    problems = []
    for name in PAYOFFS:
        if name in table and table[name] != mine[name]:
            allowed = f"{mine[name]:g}, as in stage_payoffs; or left out"
            problems.append(Problem.at((name,), quoted(table[name]), allowed))
    if dict(mine) != dict(other):
        found = f"{table['name']}, where the two sides' stage_payoffs differ"
        problems.append(Problem.at(("name",), found, "stage_payoffs that are alike for both"))
    refuse(problems)
    return {**table, **mine}


def _part_with_payoffs(part: Any, place: int, mine: Payoffs | None, other: Payoffs | None) -> Any:
    """A part of a mixture; one that is not well formed is left to what builds it."""
    if not isinstance(part, Mapping) or not isinstance(part.get("policy"), Mapping):
        return part
    try:
        return {**part, "policy": with_payoffs(part["policy"], mine, other)}
    except PolicyError as error:
        raise error.below("parts", str(place), "policy") from None
