"""The page in a real browser: the system's Chromium, driven by Playwright; skipped without one."""

import numpy as np
import pytest

from docs.browser import arguments, chromium
from sim.engines.counts import Tally, new_tally
from sim.scenario import Scenario
from sim.web.page import explorer

SECONDS = 60_000
DONE = "body[data-runs='10000']"
WIDE = {"width": 1280, "height": 720}
ROOMS = "const rooms = [...document.querySelectorAll('details')];"
#: Notes which rooms stand open.
NOTED = f"() => {{ {ROOMS} globalThis.openAtFirst = rooms.filter((room) => room.open); }}"
#: A link without settings, if there are any; open is what was noted.
AS_OPENED = f"""() => {{
  {ROOMS} rooms.forEach((room) => (room.open = openAtFirst.includes(room)));
  if (location.hash) {{ document.body.dataset.runs = ""; location.hash = ""; }}
}}"""


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    found = chromium()
    if found is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=found, args=arguments())
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def geneva(tmp_path_factory):
    """The file of the page of Geneva."""
    return written(tmp_path_factory.mktemp("page"), Scenario.load("geneva-2025"), told=500)


def written(folder, scenario, told=0):
    file = folder / "page.html"
    file.write_text(explorer(scenario, story_runs=told), encoding="utf-8")
    return file


@pytest.fixture
def opened(browser):
    """Opens a file; at the end, the console must be clean and no request may have left."""
    contexts, seen = [], []

    def open_file(file, address="", **options):
        context, page = _watched(browser, file, seen, address, **options)
        contexts.append(context)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert seen == []


@pytest.fixture(scope="module")
def standing(browser, geneva):
    """The page of Geneva, opened once for tests that leave it as `page` finds it; what it said."""
    seen = []
    context, page = _watched(browser, geneva, seen)
    page.wait_for_selector(DONE)
    page.evaluate(NOTED)
    yield page, seen
    context.close()


@pytest.fixture
def page(standing):
    """The page of Geneva as a reader finds it who opens it; the console as in `opened`."""
    page, seen = standing
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", media="screen")
    page.evaluate(AS_OPENED)
    page.wait_for_selector(DONE)
    yield page
    said, seen[:] = seen[:], []
    assert said == []


def _watched(browser, file, seen, address="", script=None, **options):
    """A context and its page with a file; what should not be said or asked for goes to `seen`."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    page.on("console", lambda message: seen.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("request", lambda request: seen.extend(_outside(request.url, file)))
    if script:
        page.add_init_script(script)
    page.goto(f"{file.as_uri()}{address}")
    return context, page


def _outside(url, file):
    own = url.startswith((file.as_uri(), "blob:"))
    return [] if own else [f"request: {url}"]


#: Bytes come back as text: Playwright hands over JSON.
CODED = """
(bytes) => {
  let text = "";
  const all = new Uint8Array(bytes);
  for (let at = 0; at < all.length; at += 30000)
    text += String.fromCharCode(...all.subarray(at, at + 30000));
  return btoa(text);
}
"""


def bytes_of(page, expression, *values):
    """The bytes that an expression of `a`, the values, gives in the page."""
    import base64

    text = page.evaluate(f"async (a) => ({CODED})(await ({expression}))", list(values))
    return base64.b64decode(text)


def tally_of(page, params, changes, runs, seed):
    """The tally that the page counts, field by field."""
    call = "detente.tally(a[0], a[1], a[2])"
    flat = np.frombuffer(bytes_of(page, call, changes, runs, str(seed)), np.int64)
    fields = []
    for field in new_tally(params):
        fields.append(flat[: field.size].reshape(field.shape))
        flat = flat[field.size :]
    assert flat.size == 0
    return Tally(*fields)
