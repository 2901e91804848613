"""Classes of acts: what a coder of the record tells apart more surely than single levers."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

#: By lever of the base scenario. Visas go with technology: the one act on record, of 28 May 2025,
#: was part of that package (judgement, 2026-11-29).
CLASSES = {
    "us.chips": "technology",
    "us.chip_equipment": "technology",
    "us.eda": "technology",
    "us.engines": "technology",
    "us.visas": "technology",
    "us.entity_list": "lists",
    "us.tariffs": "tariffs",
    "cn.tariffs": "tariffs",
    "cn.rare_earths": "minerals",
    "cn.critical_minerals": "minerals",
    "cn.unreliable_entities": "lists",
    "cn.probes": "probes",
}


def class_names(levers: Iterable[str]) -> list[tuple[str, str]]:
    """(side, class) of the levers, each once and in their order; of no class: one of its own.

    >>> class_names(["us.chips", "us.eda", "us.tariffs", "cn.gas"])
    [('us', 'technology'), ('us', 'tariffs'), ('cn', 'cn.gas')]
    """
    return list(dict.fromkeys((lever[:2], CLASSES.get(lever, lever)) for lever in levers))


def families(levers: Sequence[str]) -> NDArray[np.int32]:
    """The index of each lever's class in `class_names`.

    >>> families(["us.chips", "us.eda", "us.tariffs", "cn.tariffs", "cn.gas"]).tolist()
    [0, 0, 1, 2, 3]
    """
    order = class_names(levers)
    return np.array([order.index(class_names([lever])[0]) for lever in levers], np.int32)
