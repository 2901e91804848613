"""The picture of the page in docs/images, taken in the system's Chromium; left as it is without."""

import io
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from browser import arguments, chromium
from few_colours import in_few_colours

from sim.scenario import Scenario
from sim.web.page import explorer

PICTURE = Path(__file__).parent / "images" / "page-geneva.png"
#: What the picture shows: fewer slips and easier removals, against the scenario as given.
CHANGED = "#actors.us.slip=0.02&levers.cn.rare_earths.friction=0.35&pin="
MINUTE = 60_000


def picture(path: str) -> bytes:
    """The first screen of the page of Geneva, with something pinned."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        file = Path(folder) / "page.html"
        file.write_text(explorer(Scenario.load("geneva-2025")), encoding="utf-8")
        browser = started.chromium.launch(executable_path=path, args=arguments())
        page = browser.new_page(viewport={"width": 1240, "height": 1000})
        page.goto(file.as_uri() + CHANGED)
        page.wait_for_selector("body[data-runs='10000']", timeout=MINUTE)
        page.locator("#comparison").wait_for(state="visible", timeout=MINUTE)
        taken = page.screenshot()
        browser.close()
    return taken


def main() -> None:
    """Takes the picture, in few colours, so that it is small."""
    path = chromium()
    if path is None or find_spec("playwright") is None:
        print("no Chromium, or no playwright: the picture of the page stays as it is")
        return
    in_few_colours(Image.open(io.BytesIO(picture(path))), 128).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
