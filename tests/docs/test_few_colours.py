"""A colour that few points have is still that colour in a small picture."""

import numpy as np
from PIL import Image, ImageColor

from docs.few_colours import in_few_colours
from sim.plots.style import VERMILLION


def test_a_few_points_keep_their_colour():
    """Among 4,096 others and much blue, as a mark among letters."""
    red = ImageColor.getrgb(VERMILLION)
    grid = np.zeros((128, 128, 3), np.uint8)
    grid[...] = np.arange(128)[:, None, None]
    grid[:, :, 2] += np.arange(128, dtype=np.uint8)
    grid[3:5, 3:5] = red
    grid[100:, 100:] = 255
    grid[90:100, 100:] = 253
    small = in_few_colours(Image.fromarray(grid), 32)
    assert len(small.getcolors()) <= 32
    assert small.convert("RGB").getpixel((127, 127)) == (255, 255, 255)
    assert np.array_equal(np.asarray(small.convert("RGB"))[3:5, 3:5], grid[3:5, 3:5])
