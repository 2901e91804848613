"""Writes docs/validation.md and its pictures: `python -m validation`, or `make validation`."""

import runpy
from pathlib import Path

from validation.page import PAGE, renewed
from validation.pictures import PICTURES


def main() -> None:
    """Plays and solves every row; some minutes."""
    save_small = runpy.run_path(str(PAGE.parent / "make_images.py"))["save_small"]
    for name, draw in PICTURES.items():
        path = Path(PAGE.parent / "images" / f"validation-{name}.png")
        save_small(draw(), path)
        print(f"wrote {path.name}")
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
