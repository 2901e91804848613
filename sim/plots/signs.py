"""Signs that the font of pictures lacks: named together, once, instead of one by one."""

import contextlib
import functools
import re
import warnings
from collections.abc import Iterator

#: matplotlib's own warning, one for each sign: its code point and the fonts looked in.
_MISSING = re.compile(r"Glyph (\d+) .* missing from font\(s\) (.+)\.$")


@contextlib.contextmanager
def missing_signs_named() -> Iterator[None]:
    """Say once, for all that is drawn in here, which signs stand as boxes; other warnings pass."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield
    matches = [(_MISSING.match(str(warning.message)), warning) for warning in heard]
    for match, warning in matches:
        if match is None:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
    signs = sorted({chr(int(match[1])) for match, _ in matches if match})
    if signs:
        fonts = sorted({match[2] for match, _ in matches if match})
        _say("".join(signs), ", ".join(fonts))


@functools.lru_cache(maxsize=64)
def _say(signs: str, fonts: str) -> None:
    """Once a process: pictures of one result share their title."""
    text = f"the font of pictures ({fonts}) has no sign for {signs}: boxes stand in their place"
    warnings.warn(text, UserWarning, stacklevel=4)
