"""What each side owes under the truce, lever by lever, as a level or as service, and to whom."""

from collections.abc import Iterator

import numpy as np

from sim.explain.phrases import Voice, listed, opened
from sim.explain.weeks import Trace

#: What the stories count by.
RUNG = (
    "A side's rung is how far its levers stand above the levels they are held to, each notch by "
    "its severity; above 0 it is in violation."
)


def owed_lines(trace: Trace, voice: Voice) -> Iterator[str]:
    """What is owed, a sentence or two for each side and for each lever that owes service."""
    levers = tuple(zip(trace.compiled.levers, trace.compiled.params.levers, strict=True))
    for side in trace.ids:
        own = [(name, row) for name, row in levers if name.startswith(f"{side}.")]
        eased = [
            f"ease {voice.measure(name)} {_from_level_to(row)}"
            for name, row in own
            if row["obligation"] < row["level"] and not _service(row)
        ]
        if eased:
            yield opened(f"{voice.of(side)} is to {listed(eased)}.")
        for name, row in own:
            if _service(row):
                yield _what(side, name, row, voice)
                yield from _how_much(trace, side, name, voice)
    yield RUNG


def _service(row: np.void) -> bool:
    """Whether either side holds that a lever owes service."""
    return bool(row["owes_service"] or row["seen_owing_service"])


def _from_level_to(row: np.void) -> str:
    """From where to where a lever is to be eased, and by when."""
    by = "at once" if row["due"] == 0 else f"by the end of week {row['due']}"
    return f"from level {row['level']} of {row['notches']} to {row['obligation']} {by}"


def _what(side: str, name: str, row: np.void, voice: Voice) -> str:
    """What a lever owes, by the reading of both or by that of each."""
    who, other, what = voice.of(side), voice.other(side), voice.measure(name)
    if row["owes_service"] and row["seen_owing_service"]:
        return opened(f"{who} {_as_service(what, row)}.")
    as_service, as_level = f"it {_as_service(what, row)}", f"it {_as_level(what, row)}"
    own, seen = (as_service, as_level) if row["owes_service"] else (as_level, as_service)
    return opened(
        f"{who} and {other} read the terms differently. By {voice.whose(side)} reading {own}. "
        f"By {other}'s reading {seen}; the story judges violations by this one."
    )


def _as_service(what: str, row: np.void) -> str:
    """Service: deliveries count, and no level falls due."""
    none = "A slow office is no violation"
    if row["level"] > row["obligation"]:
        at = f"the lever at level {row['level']} of {row['notches']}"
        none = f"Neither {at} nor a slow office is a violation"
    return (
        f"owes service on {what}, not a level: to grant them as at level {row['obligation']}. "
        f"{none}; raising the lever above its lowest level so far is"
    )


def _as_level(what: str, row: np.void) -> str:
    """A level: above it, once it is due, is a violation."""
    if row["obligation"] < row["level"]:
        return f"is to ease {what} {_from_level_to(row)}; above that it is in violation"
    return f"owes level {row['obligation']} of {what}, and is in violation above it"


def _how_much(trace: Trace, side: str, name: str, voice: Voice) -> Iterator[str]:
    """How much service the owner promised, and how much the other side expects."""
    k = trace.compiled.levers.index(name)
    row = trace.compiled.params.levers[k]
    full = float(trace.compiled.params.allowed[k, row["obligation"]])
    who, other = voice.of(side), voice.other(side)
    if full <= 0 or row["expected"] <= 0:
        yield opened(f"{other} takes any such service for compliance.")
        return
    of = "what each holds to be owed"
    if row["owes_service"] and row["seen_owing_service"]:
        of = "normal demand" if full == 1 else f"the {full:.0%} of normal demand that this means"
    yield opened(
        f"{who} promised to serve at least {row['promised']:.0%} of {of}; {other} expects "
        f"{row['expected']:.0%}, and may see a violation, wrongly, in anything less."
    )
