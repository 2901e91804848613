"""The page of Geneva in the system's Chromium: how long from a slider to the redrawn curve.

Parts: patch (choices to tables), kernel (1,000 runs in WebAssembly), draw (tables and curves); the
rest is messages between the page and its worker. WebAssembly is held against the same C, compiled
natively, by turns. Without a browser the lines are left out, and said so.
"""

import contextlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import clock
from docs.browser import arguments, chromium
from sim import native
from sim.scenario import Scenario
from sim.web.page import explorer

SCENARIO = "geneva-2025"
MOVES = 31
RUNS = 10_000
LONG = 100_000  # runs of a turn whose processor time is told in hundredths of a second
TURNS = 5
MINUTE = 60_000
FIRST_CURVE = """
() => new Promise((done) => {
  const look = () => {
    const { runs, drawn, answered } = detente.timing;
    if (runs >= 1000 && drawn >= answered) done({ ...detente.timing, late: runs > 1000 });
    else setTimeout(look, 1);
  };
  detente.timing.runs = 0;
  const slider = document.getElementById("set-actors.us.slip");
  slider.value = (Number(slider.value) + 7) % 40;
  slider.dispatchEvent(new Event("input"));
  look();
})
"""


def measure() -> Iterator[str]:
    """Lines that tell how fast the page answers, and how long a report takes to write."""
    yield _report()
    path = chromium()
    if path is None or find_spec("playwright") is None:
        yield "no Chromium, or no playwright: the page was not measured"
        return
    from playwright.sync_api import sync_playwright

    scenario = Scenario.load(SCENARIO)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        file = Path(folder) / "page.html"
        begun = time.perf_counter()
        file.write_text(explorer(scenario), encoding="utf-8")
        size = file.stat().st_size
        yield f"written in {time.perf_counter() - begun:.1f} s, {size / 1000:.0f} KB"
        browser = started.chromium.launch(executable_path=path, args=arguments())
        page = browser.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector(f"body[data-runs='{RUNS}']", timeout=MINUTE)
        first = page.evaluate("detente.timing.first")
        yield f"first curve {first:.0f} ms after the page was opened"
        yield _moves(page)
        yield _against_native(page, scenario)
        browser.close()


def _moves(page: Any) -> str:
    """Medians of the time from a slider to the curve of 1,000 runs, and of its parts."""
    found = []
    for _ in range(MOVES):
        found.append(page.evaluate(FIRST_CURVE))
        assert not found[-1]["late"], "the curve of 1,000 runs was missed"
        page.wait_for_selector(f"body[data-runs='{RUNS}']", timeout=MINUTE)
    parts = {
        "patch": [t["patched"] - t["changed"] for t in found],
        "kernel": [t["kernel"] for t in found],
        "draw": [t["drawn"] - t["answered"] for t in found],
    }
    words = ", ".join(f"{name} {statistics.median(times):.1f}" for name, times in parts.items())
    whole = statistics.median(t["drawn"] - t["changed"] for t in found)
    return f"from slider to curve, 1,000 runs: {whole:.0f} ms median of {MOVES} ({words})"


def _against_native(page: Any, scenario: Scenario) -> str:
    """The kernel in WebAssembly over the kernel in C, by turns."""
    program = native.build()
    if program is None:
        return "no C compiler: WebAssembly was not held against native C"
    params = scenario.compiled.params
    tables = program.tables(params)
    run_weeks = LONG * int(params.rules[0].weeks)
    taken: dict[str, list[float]] = {"wasm": [], "native": []}

    def turn(name: str, work: Callable[[], object]) -> None:
        before = processor_seconds()
        work()
        taken[name].append(1e9 * (processor_seconds() - before) / run_weeks)

    browser = partial(page.evaluate, f"() => detente.kernel({LONG})")
    alone = partial(program.run, tables, 1, 0, LONG, "--bench")
    clock.by_turns(
        {"wasm": partial(turn, "wasm", browser), "native": partial(turn, "native", alone)}, TURNS
    )
    wasm, floor = taken["wasm"][1:], taken["native"][1:]
    best = f"WebAssembly {min(wasm):.0f} ns, native C {min(floor):.0f} ns of processor per run-week"
    return f"{best}; {clock.ratio(wasm, floor)}"


def _report() -> str:
    """The report of a result of 10,000 runs, written by whole commands."""
    with tempfile.TemporaryDirectory() as folder:
        _command("run", SCENARIO, "--runs", str(RUNS), "--no-pictures", "--out", folder)
        (made,) = Path(folder).iterdir()
        wall, spent = [], []
        for _ in range(TURNS):
            begun, before = time.perf_counter(), processor_seconds()
            _command("report", str(made))
            wall.append(time.perf_counter() - begun)
            spent.append(processor_seconds() - before)
        size = (made / "report.html").stat().st_size
    times = f"{statistics.median(wall):.1f} s, {statistics.median(spent):.1f} s of processor"
    return f"a report written in {times} (medians of {TURNS}), {size / 1000:.0f} KB"


def _command(*words: str) -> None:
    command = [sys.executable, "-m", "sim", *words]
    subprocess.run(command, check=True, capture_output=True, timeout=600)


def processor_seconds() -> float:
    """Processor time of all that this process started, the browser's own processes among them."""
    import psutil

    own = psutil.Process()
    spent = [own.cpu_times()]
    for child in own.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent.append(child.cpu_times())
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    alive = sum(one.user + one.system for one in spent)
    return alive + ended.ru_utime + ended.ru_stime
