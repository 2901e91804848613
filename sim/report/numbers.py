"""How a number with its interval is written, everywhere: the value, then both ends."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

#: Nearer to 0 or 1 than this an interval is written by its ends: it is not even (judgement).
EDGE = 0.05
#: So is one whose two sides differ by more than this share of its half length (judgement).
UNEVEN = 0.5
NOTHING = "-"


def with_interval(value: float, low: float, high: float, form: str = ".3f") -> str:
    """A value and its interval; no sign before what rounds to 0 from below.

    >>> with_interval(0.35, 0.33, 0.372)
    '0.350 (0.330 to 0.372)'
    >>> with_interval(-0.0001, -0.01, 0.01, "+.2f")
    '+0.00 (-0.01 to +0.01)'
    """
    one, two, three = (formatted(number, form) for number in (value, low, high))
    return f"{one} ({two} to {three})"


def formatted(number: float, form: str = ".3f") -> str:
    """A number in a format; what rounds to 0 is 0, never -0."""
    text = format(number, form)
    return format(0.0, form) if text.startswith("-") and not text.strip("-0.%") else text


def row_text(
    row: Mapping[Any, Any] | None, value: str = "p", prefix: str = "", form: str = ".3f"
) -> str:
    """A value of a row with its low and high, whose names have the prefix; "-" without a row."""
    if not row:
        return NOTHING
    return with_interval(row[value], row[f"{prefix}low"], row[f"{prefix}high"], form)


def change(value: float, low: float, high: float) -> str:
    """A difference with its interval, signed."""
    return with_interval(value, low, high, "+.3f")


def half_width_text(p: float, low: float, high: float) -> str:
    """An interval in short: half its width, or near 0 and 1, where it is not even, its ends.

    >>> half_width_text(0.35, 0.33, 0.37), half_width_text(0.999, 0.994, 1.0)
    ('±0.02', '0.994 to 1.000')
    >>> half_width_text(1.0, 0.9996, 1.0)
    '0.9996 to 1.0000'
    """
    half = (high - low) / 2
    if is_uneven(p, low, high):
        digits = 3 if f"{low:.3f}" != f"{high:.3f}" else 4
        return f"{low:.{digits}f} to {high:.{digits}f}"
    return f"±{half:.2f}" if half >= 0.005 else f"±{half:.1g}"


def is_uneven(p: float, low: float, high: float) -> bool:
    """Whether plus or minus half of an interval would say something else than its ends."""
    near = not EDGE <= p <= 1 - EDGE
    return near or abs(low + high - 2 * p) > UNEVEN * (high - low) / 2


def of_hundred(p: float) -> str:
    """A share in plain words, out of a hundred, to stand before "runs" or "of the settings".

    >>> of_hundred(0.342), of_hundred(0.001), of_hundred(0.0), of_hundred(1.0)
    ('34 of 100', 'fewer than 1 of 100', '0 of 100', 'all')
    """
    if p in (0.0, 1.0):
        return "all" if p else "0 of 100"
    if p <= 0.005:
        return "fewer than 1 of 100"
    return "more than 99 of 100" if p >= 0.995 else f"{percent(p)} of 100"


def hundredths(p: float) -> str:
    """A share in hundredths, halves to the even one: the same wherever a page says it.

    >>> hundredths(0.215), percent(0.215), hundredths(0.225), percent(0.225)
    ('0.22', '22', '0.22', '22')
    """
    return str(Decimal(f"{p:.9f}").quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def short_share(p: float, low: float, high: float) -> str:
    """A share with its interval, in hundredths.

    >>> short_share(0.215, 0.105, 0.325)
    '0.22 (0.10 to 0.32)'
    """
    return f"{hundredths(p)} ({hundredths(low)} to {hundredths(high)})"


def percent(p: float) -> str:
    """The same out of a hundred, a whole number."""
    return str(int(100 * Decimal(hundredths(p))))


def shift_text(half_width: float) -> str:
    """How far half an interval of a share reaches, to stand behind "moves it by".

    >>> shift_text(0.0095), shift_text(0.002)
    ('about 1 of 100', 'less than 1 of 100')
    """
    whole = round(100 * half_width)
    return f"about {whole} of 100" if whole else "less than 1 of 100"


def span(ends: tuple[float, float] | None) -> str:
    """A range as "low to high"; empty for none."""
    return "" if ends is None else f"{ends[0]:g} to {ends[1]:g}"


def significant(value: float | None, form: str = ".3g") -> str:
    """A number in a format; "-" where there is none."""
    return NOTHING if value is None else formatted(value, form)
