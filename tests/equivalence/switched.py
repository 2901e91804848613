"""Mechanisms that are off by default, and values that switch them on in the Geneva truce."""

#: Every mechanism of decision that is off by default.
SWITCHED_ON = {
    **{f"actors.{side}.package": 4 for side in ("us", "cn")},
    **{f"actors.{side}.hurt": 1.0 for side in ("us", "cn")},
    "actors.us.lasting_weeks": 2,  # the other side's: there is no licence lever of us
    **{f"actors.{side}.insistence": 0.8 for side in ("us", "cn")},
    **{f"actors.{side}.slip_after_talks": 0.5 for side in ("us", "cn")},
    **{f"levers.{side}.tariffs.temperature": 0.1 for side in ("us", "cn")},
    "talks.grace_weeks": 4,
    "heat": 1.0,
}


def needed(key: str) -> dict[str, float]:
    """What has to be on for a key to have an effect."""
    return {"talks.grace_weeks": 4} if "slip_after_talks" in key else {}
