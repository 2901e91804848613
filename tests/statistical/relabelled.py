"""Runs of a relabelled world with the luck relabelled too: then nothing else may change.

Draws are keyed by who draws (docs/model.md, table of draws). If labels are moved about and every
draw is taken from where its owner used to stand, the run is the same run under other names, week
by week, and not only in distribution.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.world.play import CN, US, WORLD, Game

Philox = Callable[..., tuple[int, ...]]
#: From the world's luck to that of the relabelled world.
Relabelling = Callable[[Philox], Philox]
_LEVER, _TOP = 16, 2**32 - 1
_ACT, _PICK, _RELIEF = 1, 2, 1024

_LEVER_WORDS = ("level", "counts", "obligation", "listed", "gone", "armed")
_LEVER_NUMBERS = ("dependence", "backlog", "flow", "third_flow", "service", "stock", "short")
_LEVER_NUMBERS += ("value", "capacity")
_SIDE_WORDS = ("move", "saw_bad", "own_bad", "accuses", "moved", "backed_down", "stretch")
_SIDE_WORDS += ("violation_run", "relief_week", "relief_waits", "origin", "origin_week", "alarm")
_SIDE_NUMBERS = ("rung", "felt", "pressure", "good_count", "bad_count", "offence", "bite", "gap")
_SIDE_NUMBERS += ("payoff", "harm", "relief_rung")
_RUN_WORDS = ("in_force", "first_truce", "expiry", "mutual", "ruptured", "renewals", "talks_week")
_RUN_WORDS += ("talks_count", "clean_week", "standing_week", "core_week", "lapse_week", "extended")
_RUN_WORDS += ("unilateral_week", "undisputed_week")


class Relabelled(Game):
    """A run of a world with its luck taken from elsewhere."""

    def __init__(self, tree: Mapping[str, Any], luck_of: Relabelling, seed: int) -> None:
        self.luck_of = luck_of
        super().__init__(tree, seed=seed)

    @contextmanager
    def dictated(self) -> Iterator[None]:
        """The world's luck, relabelled."""
        shipped = WORLD.draws.philox
        WORLD.draws.philox = self.luck_of(shipped)
        try:
            yield
        finally:
            WORLD.draws.philox = shipped


def sides_swapped(us: int, cn: int) -> Relabelling:
    """The luck of a world whose sides, of `us` and `cn` levers, have swapped labels."""

    def source(who: int) -> int:
        if who in (US, CN):
            return 1 - who
        k = who - _LEVER
        if 0 <= k < us + cn:
            return _LEVER + (us + k if k < cn else k - cn)
        return who

    def luck_of(philox: Philox) -> Philox:
        return lambda a, b, run, week, who, block: philox(a, b, run, week, source(who), block)

    return luck_of


def order_reversed(us: int, cn: int, allies: int) -> Relabelling:
    """The luck of a world with the levers of each side and the allies in opposite order.

    A draw that picks the n-th of a list from above is the same draw from below: 1 - u.
    """

    def lever(who: int) -> int:
        k = who - _LEVER
        return _LEVER + (us - 1 - k if k < us else 2 * us + cn - 1 - k)

    def luck_of(philox: Philox) -> Philox:
        def drawn(a: int, b: int, run: int, week: int, who: int, block: int) -> tuple[int, ...]:
            if _LEVER <= who < _LEVER + us + cn:
                return philox(a, b, run, week, lever(who), block)
            words = philox(a, b, run, week, who, block)
            if who in (US, CN) and block == _ACT:
                return (_TOP - words[0], *words[1:])
            if who in (US, CN) and _PICK <= block < _RELIEF:
                return tuple(_TOP - word for word in words)
            if who == 2:
                places = [_ally_place(4 * block + word, allies) for word in range(4)]
                return tuple(philox(a, b, run, week, 2, q // 4)[q % 4] for q in places)
            return words

        return drawn

    return luck_of


def _ally_place(place: int, allies: int) -> int:
    """Word 0 is that of talks; ally m has word m + 1."""
    return allies + 1 - place if 1 <= place <= allies else place


def lever_inserted(at: int) -> Relabelling:
    """The luck of a world that has one lever more, with the index `at`."""
    unused = _LEVER + 4_000

    def source(who: int) -> int:
        if who < _LEVER + at or who >= unused:
            return who
        return unused if who == _LEVER + at else who - 1

    def luck_of(philox: Philox) -> Philox:
        return lambda a, b, run, week, who, block: philox(a, b, run, week, source(who), block)

    return luck_of


def assert_same_week(one: Game, two: Game, lever: Callable[[str], str], swapped: bool) -> None:
    """The state of `two` is that of `one` with lever names mapped, and sides swapped or not.

    What is counted is equal; what is added up is equal but for the order of the sum. A trigger may
    go to another lever or side where both began in the same week: ties go to us, to the first.
    """
    for name in one.compiled.levers:
        _assert_same(one.at(name), two.at(lever(name)), _LEVER_WORDS, _LEVER_NUMBERS)
    for i in (US, CN):
        j = 1 - i if swapped else i
        _assert_same(one.s.sides[i], two.s.sides[j], _SIDE_WORDS, _SIDE_NUMBERS)
    _assert_same(one.run, two.run, _RUN_WORDS, ())
    assert one.s.k_week.tolist() == two.s.k_week.tolist()
    joined = dict(zip(two.compiled.allies, two.s.allies.joined_week.tolist(), strict=True))
    for name, week in zip(one.compiled.allies, one.s.allies.joined_week.tolist(), strict=True):
        assert joined[name] == week
    if one.run.undisputed_week == one.t > 0:
        _assert_same_trigger(one, two, swapped)


def _assert_same(one: Any, two: Any, words: tuple[str, ...], numbers: tuple[str, ...]) -> None:
    for word in words:
        assert one[word] == two[word], word
    for number in numbers:
        assert math.isclose(one[number], two[number], rel_tol=1e-9, abs_tol=1e-12), number


def _first_of_cores(game: Game) -> set[tuple[int, ...]]:
    """The origins of the earliest week among core levers above what counts: ties by place."""
    above = [
        (int(now.origin_week), int(now.origin), int(now.origin_who), int(now.origin_item))
        for lever, now in zip(game.p.levers, game.s.levers[: len(game.p.levers)], strict=True)
        if lever.core and now.level > now.counts
    ]
    ended = game.run.core_week == game.t
    return {origin for origin in above if ended and origin[0] == min(above)[0]}


def _assert_same_trigger(one: Game, two: Game, swapped: bool) -> None:
    assert one.run.cause_week == two.run.cause_week
    if len(_first_of_cores(one)) > 1:
        return
    both = one.us.rung > 0.0 and one.cn.rung > 0.0
    cores = one.run.core_week == one.t
    if swapped and both and not cores and one.us.origin_week == one.cn.origin_week:
        return
    assert one.run.cause == two.run.cause
    nobodys = WORLD.state.CAUSES[one.run.cause] in ("lapse", "act")
    assert two.run.cause_who == (
        1 - one.run.cause_who if swapped and not nobodys else one.run.cause_who
    )
