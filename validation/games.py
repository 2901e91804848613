"""The games of the validation table, in terms of the files of scenarios/textbook."""

from typing import Any

from validation.row import SIDES, Game

#: Files of scenarios/textbook that come as -noise and -perception.
FILES = {
    "tit for tat": "tft",
    "generous (1/3)": "gtft",
    "tit for two tats": "tf2t",
    "contrite": "contrite",
    "win-stay lose-shift": "wsls",
    "grim": "grim",
    "firm but fair": "firm-but-fair",
}
POLICIES: dict[str, dict[str, Any]] = {
    "tit for tat": {"name": "tit_for_tat"},
    "generous (1/3)": {"name": "generous_tit_for_tat", "generosity": 1 / 3},
    "generous (.1)": {"name": "generous_tit_for_tat", "generosity": 0.1},
    "generous (.5)": {"name": "generous_tit_for_tat", "generosity": 0.5},
    "tit for two tats": {"name": "tit_for_k_tats", "k": 2, "generosity": 0.0},
    "tit for two tats, holding": {"name": "tit_for_k_tats", "k": 2, "below": "hold"},
    "contrite": {"name": "contrite_tit_for_tat"},
    "win-stay lose-shift": {"name": "win_stay_lose_shift"},
    "grim": {"name": "grim"},
    "firm but fair": {"name": "firm_but_fair"},
    "two tits for a tat": {"name": "two_tits_for_tat"},
    "always concede": {"name": "always_concede"},
    "always retaliate": {"name": "always_retaliate"},
    "chance (1/2)": {"name": "random", "p": 0.5},
    "extortion (3)": {"name": "zero_determinant", "chi": 3.0, "phi": 1 / 26},
    "extortion (2)": {"name": "zero_determinant", "chi": 2.0, "phi": 1 / 26},
    "equalizer": {"name": "memory_one", "p_cc": 0.9, "p_cd": 0.6, "p_dc": 0.35, "p_dd": 0.2},
    "(.9, .5, .2, .1)": {"name": "memory_one", "p_cc": 0.9, "p_cd": 0.5, "p_dc": 0.2, "p_dd": 0.1},
    "one breach": {
        "machine": {
            "start": "breach",
            "states": {
                "breach": {"move": "retaliate", "next": {"any": "good"}},
                "good": {"move": "concede", "next": {"any": "good"}},
            },
        }
    },
}


def slips(us: str, e: float = 0.05, cn: str | None = None, **more: Any) -> Game:
    """Implementation noise: every act comes out as its opposite with probability e."""
    name = f"{_pair(us, cn)}, slips {_short(e)}"
    if cn is None and us in FILES:
        changes = {} if e == 0.05 else _both(slip=e)
        return Game(name, f"{FILES[us]}-noise", {**changes, **more})
    return Game(name, "base", {**_policies(us, cn), **_both(slip=e), **more})


def misreads(us: str, alarm: float = 0.05, miss: float | None = None) -> Game:
    """Perception noise: a good week is read as bad with `alarm`, a bad one as good with `miss`."""
    unlike = miss is not None and miss != alarm
    name = f"{us}, misreads {_short(alarm)}" + (f" and {_short(miss or 0.0)}" if unlike else "")
    changes = _both(false_alarm=alarm, miss=alarm if miss is None else miss)
    if us in FILES:
        same = alarm == 0.05 and not unlike
        return Game(name, f"{FILES[us]}-perception", {} if same else changes)
    return Game(name, "base", {**_policies(us, None), **changes})


def quiet(us: str, cn: str, **more: Any) -> Game:
    """No noise at all."""
    return Game(f"{us} against {cn}", "base", {**_policies(us, cn), **more})


def delayed(weeks: int) -> Game:
    """Tit for tat under slips, each side reacting some weeks late."""
    name = f"tit for tat, slips .05, delay {weeks}"
    return Game(name, "delay", _both(reaction_delay=weeks))


def _pair(us: str, cn: str | None) -> str:
    return us if cn is None else f"{us} against {cn}"


def _policies(us: str, cn: str | None) -> dict[str, Any]:
    machines = (POLICIES[us], POLICIES[us if cn is None else cn])
    return {f"actors.{s}.policy": policy for s, policy in zip(SIDES, machines, strict=True)}


def _both(**values: Any) -> dict[str, Any]:
    return {f"actors.{side}.{key}": value for side in SIDES for key, value in values.items()}


def _short(value: float) -> str:
    return f"{value:g}".removeprefix("0")
