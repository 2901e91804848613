"""Settings with the way each gets into the tables: by itself, or with others from a list.

Settings whose places overlap, as the capacity of an office and how far it can be squeezed, are
compiled together for every combination of a few values each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from sim.scenario.scenario import Scenario
from sim.web.patches import Patch, own_places, patches
from sim.web.settings import Setting, settings

#: Combinations compiled of settings that share a place.
MOST_TOGETHER = 300


def controls(scenario: Scenario) -> dict[str, Any]:
    """`settings`: all, with their `places` where they stand there as themselves; `joint`: the rest.

    Each of `joint` has its `paths`, the `places` it writes, and by the places of the values in
    the settings' lists ("3,0") what is `written` there, null for what stands there already.
    """
    compiled = [
        (setting, patches(scenario, {setting.path: setting.values}))
        for setting in settings(scenario)
    ]
    live = [
        (replace(setting, values=tuple(value for (value,) in values)), values)
        for setting, values in compiled
        if len(values) > 1
    ]
    places = {setting.path: own_places(values) for setting, values in live}
    shared = [(setting, values) for setting, values in live if places[setting.path] is None]
    groups = [_thinned(group) for group in _overlapping(shared)]
    thin = {setting.path: setting for group in groups for setting in group}
    return {
        "settings": [
            asdict(thin.get(setting.path, setting)) | {"places": places[setting.path]}
            for setting, _ in live
        ],
        "joint": [_joint(scenario, group) for group in groups],
    }


def _overlapping(shared: list[tuple[Setting, dict[tuple, Patch]]]) -> list[list[Setting]]:
    """Settings in groups, so that no place belongs to two groups."""
    groups: list[tuple[list[Setting], set]] = []
    for setting, values in shared:
        places = {place for each in values.values() for place in each}
        met = [group for group in groups if group[1] & places]
        members = [member for group in met for member in group[0]]
        joined = ([*members, setting], places.union(*(group[1] for group in met)))
        groups = [*(group for group in groups if group not in met), joined]
    return [members for members, _ in groups]


def _thinned(group: Sequence[Setting]) -> list[Setting]:
    """With fewer values each where there would be too many combinations; the present ones stay."""
    most = max(2, int(MOST_TOGETHER ** (1 / len(group))))
    return [replace(setting, values=tuple(_some(setting, most))) for setting in group]


def _some(setting: Setting, most: int) -> Iterator[Any]:
    every = -(-len(setting.values) // most)
    last = len(setting.values) - 1
    for place, value in enumerate(setting.values):
        if place % every == 0 or place == last or value == setting.value:
            yield value


def _joint(scenario: Scenario, group: Sequence[Setting]) -> dict[str, Any]:
    changes = patches(scenario, {setting.path: setting.values for setting in group})
    places = sorted({place for each in changes.values() for place in each})
    index = [{value: place for place, value in enumerate(setting.values)} for setting in group]
    return {
        "paths": [setting.path for setting in group],
        "places": places,
        "written": {
            ",".join(str(at[value]) for at, value in zip(index, values, strict=True)): [
                each.get(place) for place in places
            ]
            for values, each in changes.items()
        },
    }
