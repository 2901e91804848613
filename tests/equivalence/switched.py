"""Mechanisms that are off by default, and values that switch them on in the Geneva truce."""

from typing import Any

#: Every mechanism of decision that is off by default.
SWITCHED_ON: dict[str, Any] = {
    **{f"actors.{side}.package": 4 for side in ("us", "cn")},
    **{f"actors.{side}.hurt": 1.0 for side in ("us", "cn")},
    "actors.us.lasting_weeks": 2,  # the other side's: there is no licence lever of us
    **{f"actors.{side}.insistence": 0.8 for side in ("us", "cn")},
    **{f"actors.{side}.slip_after_talks": 0.5 for side in ("us", "cn")},
    **{f"levers.{side}.tariffs.temperature": 0.1 for side in ("us", "cn")},
    "talks.grace_weeks": 4,
    "heat": 1.0,
}
#: The same off, as everywhere but in scenarios that switch them on.
SWITCHED_OFF: dict[str, Any] = {
    key: "none" if "temperature" in key else 1.0 if "slip_after_talks" in key else 0
    for key in SWITCHED_ON
}


def needed(key: str) -> dict[str, Any]:
    """What has to be on for a key to have an effect."""
    if "slip_after_talks" in key:
        side = key.split(".")[1]
        return {"talks.grace_weeks": 8, f"actors.{side}.slip": 0.3}
    return {}
