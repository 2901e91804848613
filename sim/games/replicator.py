"""Replicator dynamics: policies spread in proportion to how much better they fare than the mean.

A teaching device: governments are few and do not breed. It shows which policies would be left if
success were copied, and from where.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from sim.games.bimatrix import Matrix, UnsolvedError, Vector, mix_of
from sim.games.ranking import interval, resampled_means
from sim.games.sizes import PAYOFF
from sim.games.tournament import PairRuns, PlayedTournament
from sim.report.content import NAME, TEXT, Report, table
from sim.scenario.sides import DEFAULT, Sides

RESAMPLES = 100
#: Default time, over the range of payoffs: a policy a tenth of it better has long won by then.
LONG = 400.0
#: Starts of the fan: multiples of 1 / FAN in the interior of the simplex.
FAN = 6
#: Integration error, absolute and relative, of a share.
TOLERANCE = 1e-9
POINTS = 801
#: Shares and speeds below this (speeds as a share of the range of payoffs) are rounding.
REST = 1e-9
_ENDS = ("population", "policy", "share", "low", "high")


@dataclass(frozen=True)
class SharePath:
    """Shares over time: `times` (T,), `us` (T, policies of us), `cn` (T, policies of cn).

    Of a single population `cn` is the same array as `us`.
    """

    times: Vector
    us: Matrix
    cn: Matrix


def single(utility: Matrix, start: Vector, horizon: float) -> SharePath:
    """One population that plays itself: x_i' = x_i ((A x)_i - x A x) (Taylor and Jonker 1978)."""
    times, (shares,) = _integrated(lambda mixes: [utility @ mixes[0]], [start], horizon)
    return SharePath(times, shares, shares)


def double(us: Matrix, cn: Matrix, starts: tuple[Vector, Vector], horizon: float) -> SharePath:
    """Two populations, each playing the other (Taylor 1979).

    x_i' = x_i ((A y)_i - x A y), y_j' = y_j ((x B)_j - x B y).
    """
    times, (first, second) = _integrated(
        lambda mixes: [us @ mixes[1], mixes[0] @ cn], starts, horizon
    )
    return SharePath(times, first, second)


def _integrated(
    fitness: Callable[[list[Vector]], list[Vector]], starts: Sequence[Vector], horizon: float
) -> tuple[Vector, list[Matrix]]:
    """Times, and of each population the shares over time, shape (times, policies).

    Integrated are the logarithms of shares up to a constant, u_i' = (A y)_i, of which shares are
    the softmax: they sum to 1 whatever the payoffs, where shares themselves leave the simplex
    exponentially fast as soon as mean payoffs are below zero. Raises UnsolvedError if the solver
    gives up.
    """
    from scipy.integrate import solve_ivp
    from scipy.special import softmax

    ends = np.cumsum([len(start) for start in starts])[:-1]
    with np.errstate(divide="ignore"):
        begun = np.log(np.concatenate(starts))  # -inf: never there, never born

    def shares(gained: Matrix) -> list[Matrix]:
        """Of what each policy (row) has gained, the shares of each population."""
        parts = np.split((begun + gained.T).T, ends)
        return [np.asarray(softmax(part, axis=0)) for part in parts]

    def change(_: float, gained: Vector) -> Vector:
        speeds = fitness(shares(gained))
        return np.concatenate([speed - speed.mean() for speed in speeds])

    times = np.linspace(0.0, horizon, POINTS)
    solver: dict[str, Any] = {"method": "LSODA", "rtol": TOLERANCE, "atol": TOLERANCE}
    path = solve_ivp(change, (0.0, horizon), np.zeros(len(begun)), t_eval=times, **solver)
    if not path.success:
        raise UnsolvedError("replicator", f"no solution: {path.message}", "a shorter --time")
    return times, [part.T for part in shares(path.y)]


def symmetrised(us: Matrix, cn: Matrix) -> Matrix:
    """The payoff of a policy that plays either side equally often (Selten 1980)."""
    return np.asarray((us + cn.T) / 2)


def interior_rest(utility: Matrix) -> Vector | None:
    """The mix of all policies at which each fares alike; None if there is none or not just one.

    On a face of the simplex: that of the game of its policies.
    """
    count = len(utility)
    system = np.block([[utility, -np.ones((count, 1))], [np.ones((1, count)), np.zeros((1, 1))]])
    if np.linalg.matrix_rank(system) <= count:
        return None
    mix = np.linalg.solve(system, np.append(np.zeros(count), 1.0))[:count]
    return mix if bool((mix > REST).all()) else None


def rest_points(utility: Matrix) -> list[tuple[Vector, bool]]:
    """Isolated rest points of one population of up to 6 policies, and whether each is stable.

    One candidate a face of the simplex. Stable: the linearised flow within the simplex shrinks
    in every direction (eigenvalues with negative real parts); a rest point that is neutral in
    some direction counts as not stable.
    """
    points = []
    for size in range(1, len(utility) + 1):
        for face in combinations(range(len(utility)), size):
            mix = interior_rest(utility[np.ix_(face, face)])
            if mix is not None:
                whole = np.zeros(len(utility))
                whole[list(face)] = mix
                points.append((whole, _stable(utility, whole)))
    return points


def _stable(utility: Matrix, x: Vector) -> bool:
    """Whether the flow near a rest point returns to it."""
    fitness = utility @ x
    mean = x @ fitness
    jacobian = np.diag(fitness - mean) + x[:, None] * (utility - (fitness + utility.T @ x)[None, :])
    count = len(x)
    if count == 1:
        return True
    # directions that keep the sum of shares
    basis = np.linalg.qr(np.column_stack((np.ones(count), np.eye(count)[:, : count - 1])))[0][:, 1:]
    speeds = np.linalg.eigvals(basis.T @ jacobian @ basis).real
    return bool((speeds < -REST * max(1.0, float(np.ptp(utility)))).all())


@dataclass(frozen=True)
class Dynamics:
    """What became of equal shares, and how other starts go (one population only).

    `low`, `high`: 95 % of the final shares over resampled runs, us then cn; `rests`: isolated
    rest points of one population, each with whether it is stable.
    """

    populations: int
    names: tuple[str, ...]
    path: SharePath
    low: Vector
    high: Vector
    fan: list[SharePath]
    rests: list[tuple[Vector, bool]]
    sides: Sides = DEFAULT

    def content(self) -> dict[str, Any]:
        """The result as plain values."""
        labels = product(["both"] if self.populations == 1 else self.sides.ids, self.names)
        rows = zip(labels, _last(self.path), self.low, self.high, strict=True)
        return {
            "populations": self.populations,
            "time": float(self.path.times[-1]),
            "ends": [
                dict(zip(_ENDS, (*label, *map(float, shares)), strict=True))
                for label, *shares in rows
            ],
            "rest_points": [
                {"mix": mix_of(self.names, mix), "stable": stable} for mix, stable in self.rests
            ],
            "path": {
                "time": self.path.times.tolist(),
                self.sides.first.id: self.path.us.tolist(),
                self.sides.second.id: self.path.cn.tolist(),
            },
        }


def dynamics(played: PairRuns, populations: int, horizon: float | None, seed: int) -> Dynamics:
    """Replicator dynamics of a tournament in which both sides have the same policies.

    From equal shares, and of one population of three policies from a fan of starts. `horizon`
    None: LONG over the range of payoffs. Raises UnsolvedError for constant payoffs.
    """
    us, cn = played.utilities((PAYOFF, PAYOFF))
    tables = us.mean(axis=2), cn.mean(axis=2)
    reach = max(float(np.ptp(table)) for table in tables)
    time = LONG / reach if horizon is None else horizon
    resampled = [resampled_means(values, RESAMPLES, seed) for values in (us, cn)]
    finals = [_last(_path(populations, a, b, time)) for a, b in zip(*resampled, strict=True)]
    low, high = interval(np.array(finals))
    fan, rests = list[SharePath](), list[tuple[Vector, bool]]()
    if populations == 1:
        utility = symmetrised(*tables)
        rests = rest_points(utility)
        if len(utility) == 3:
            inside = [(i, j, FAN - i - j) for i in range(1, FAN) for j in range(1, FAN - i)]
            fan = [single(utility, np.array(start) / FAN, time) for start in inside]
    path = _path(populations, *tables, time)
    return Dynamics(populations, played.us, path, low, high, fan, rests, played.sides)


def _path(populations: int, us: Matrix, cn: Matrix, time: float) -> SharePath:
    equal = np.full(len(us), 1 / len(us))
    if populations == 1:
        return single(symmetrised(us, cn), equal, time)
    return double(us, cn, (equal, equal), time)


def _last(path: SharePath) -> Vector:
    return path.us[-1] if path.cn is path.us else np.concatenate([path.us[-1], path.cn[-1]])


def replicator_report(game: PlayedTournament, result: Dynamics) -> Report:
    """The report of dynamics between the policies of a tournament."""
    content = result.content()
    ends = (
        (who, policy, f"{share:.4f}", f"{low:.4f} to {high:.4f}")
        for who, policy, share, low, high in map(dict.values, content["ends"])
    )
    title = f"Shares from equal ones, after time {result.path.times[-1]:.4g}"
    heads = ("population", NAME), ("policy", NAME), "share", "95 % over resampled runs"
    sections = [table(title, heads, ends)]
    if result.rests:
        rests = (
            (" + ".join(f"{p:.6f} {name}" for name, p in mix.items()), "yes" if stable else "no")
            for mix, stable in map(dict.values, content["rest_points"])
        )
        named = ("mix", TEXT), ("stable", NAME)
        sections += [table("Rest points (exact for these mean payoffs)", named, rests)]
    lead = ("replicator dynamics, a teaching device",)
    return Report(game.world.title, lead, (), tuple(sections), game.content() | content)
