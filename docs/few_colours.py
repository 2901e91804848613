"""Pictures of the documentation in few colours, so that they are small."""

import numpy as np
from PIL import Image, ImageColor

from sim.plots.style import GREY, PALETTE

#: A colour of few points would else fall together with another: a red one came out brown.
HOUSE = [ImageColor.getrgb(colour) for colour in ("white", *PALETTE.values(), GREY)]


def in_few_colours(image: Image.Image, colours: int) -> Image.Image:
    """A palette picture of at most so many colours, those of the house among them.

    Each point gets the nearest; Pillow's own way to a given palette takes a near one.
    """
    plain = image.convert("RGB")
    found = plain.quantize(colours - len(HOUSE), dither=Image.Dither.NONE).getpalette() or []
    palette = np.array([*found, *np.ravel(HOUSE)], dtype=int).reshape(-1, 3)
    coded = np.asarray(plain).astype(int) @ (1 << 16, 1 << 8, 1)
    codes, where = np.unique(coded, return_inverse=True)
    points = codes[:, None] >> np.array([16, 8, 0]) & 0xFF
    off = ((points[:, None, :] - palette) ** 2).sum(axis=2)
    nearest = off.argmin(axis=1).astype(np.uint8)
    small = Image.fromarray(nearest[where].reshape(plain.height, plain.width), "P")
    small.putpalette(palette.astype(np.uint8).ravel().tolist())
    return small
