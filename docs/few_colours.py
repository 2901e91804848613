"""Pictures of the documentation in few colours, so that they are small."""

from PIL import Image, ImageColor

from sim.plots.style import GREY, PALETTE

#: A colour of few points would else fall together with another (a red one came out brown), and
#: white with what is nearly white.
HOUSE = ("white", *PALETTE.values(), GREY)
KEPT = [part for colour in HOUSE for part in ImageColor.getrgb(colour)]


def in_few_colours(image: Image.Image, colours: int) -> Image.Image:
    """A palette picture of at most so many colours, those of the house among them."""
    plain = image.convert("RGB")
    found = plain.quantize(colours - len(KEPT) // 3, dither=Image.Dither.NONE)
    palette = Image.new("P", (1, 1))
    palette.putpalette((found.getpalette() or []) + KEPT)
    return plain.quantize(palette=palette, dither=Image.Dither.NONE)
