"""`detente run`: what it prints and writes, and what it refuses before it runs anything."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.errors import ResultWriteError
from sim.outcomes.spread import outer_loop
from tests.everyday import one_in

FAST = ("--runs", "200", "--no-pictures")
RESULTS = Path("results")


@pytest.fixture
def whole_loop(monkeypatch):
    """All points of the outer loop, where what is told of them is compared."""
    monkeypatch.setattr("sim.outcomes.simulate.outer_loop", outer_loop)


REFUSED = {
    "no runs": (["--runs", "0"], "--runs", "found:   0", "from 1 to"),
    "negative runs": (["--runs=-5"], "--runs", "found:   -5", "from 1 to"),
    "negative seed": (["--seed=-1"], "--seed", "found:   -1", "from 0 to 18446744073709551615"),
    "seed beyond 64 bits": (["--seed", str(2**64)], "--seed", str(2**64), "18446744073709551615"),
    "no threads": (["--threads", "0"], "--threads", "found:   0", "from 1 to"),
    "no width": (["--until", "0"], "--until", "found:   0.0", "between 0 and 0.5"),
    "negative width": (["--until=-1"], "--until", "found:   -1.0", "between 0 and 0.5"),
    "nan": (["--until", "nan"], "--until", "found:   nan", "between 0 and 0.5"),
    "engine": (["--engine", "bach"], "--engine", "found:   bach", "did you mean batch?"),
    "format": (["--format", "pgn"], "--format", "found:   pgn", "did you mean png?"),
    "no value": (["--set", "weeks"], "--set", '"weeks"', "key.path=value"),
    "no path": (["--set", "=3"], "--set", '"=3"', "key.path=value"),
    "a key twice": (["--set", "weeks=3", "--set", "weeks=4"], "--set", "weeks twice", "once"),
    "unknown key": (["--set", "actors.us.slipp=.1"], "actors.us.slipp", "did you mean", "us.slip?"),
    "out of bounds": (["--set", "actors.us.slip=2"], "actors.us.slip", "found:   2", "from 0 to 1"),
    "unknown policy": (
        ["--set", "actors.us.policy.name=tit_for_tatt"],
        "actors.us.policy",
        "tit_for_tatt",
        "did you mean tit_for_tat?",
    ),
}


def folders() -> list[Path]:
    return sorted(RESULTS.iterdir()) if RESULTS.exists() else []


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_words_and_nothing_is_written(detente, case):
    options, *expected = REFUSED[case]
    told = detente("run", "geneva-2025", *options)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert "Traceback" not in told.stderr
    assert all(text in told.stderr for text in expected), told.stderr
    assert folders() == []


def test_all_bad_options_are_told_at_once(detente):
    told = detente("run", "geneva-2025", "--runs", "0", "--seed=-1", "--until", "9")
    assert told.exit_code == 2
    assert all(option in told.stderr for option in ("--runs", "--seed", "--until"))


def test_all_bad_settings_are_told_at_once(detente):
    told = detente("run", "geneva-2025", "--set", "a", "--set", "b")
    assert told.exit_code == 2
    assert told.stderr.count("key.path=value") == 2


def test_brackets_are_printed_as_they_are(detente):
    told = detente("run", "geneva-2025", *FAST, "--set", "truce=none", "--set", "title=a [b] c")
    assert told.exit_code == 0, told.stderr
    assert told.stdout.startswith("a [b] c")
    assert told.stdout.count("the scenario has no [truce]") == 4


def test_an_unknown_scenario_gets_the_nearest_name(detente):
    told = detente("run", "geneva-2052")
    assert told.exit_code == 2
    assert "did you mean geneva-2025?" in told.stderr


@pytest.mark.parametrize("name", ["", ".", "/", "results"])
def test_what_is_no_file_is_no_scenario(detente, name):
    RESULTS.mkdir()
    told = detente("run", name)
    assert told.exit_code == 2
    assert "a scenario file" in told.stderr


def test_a_folder_that_cannot_be_one_is_refused_before_running(detente):
    Path("taken").write_text("not a folder")
    told = detente("run", "geneva-2025", "--out", "taken/below")
    assert told.exit_code == 2
    assert "--out" in told.stderr
    assert "is not a folder" in told.stderr


def test_a_folder_that_cannot_be_written_is_refused_before_running(detente, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refused)
    told = detente("run", "geneva-2025", "--out", "results")
    assert told.exit_code == 2
    assert "cannot write in" in told.stderr
    assert "Permission denied" in told.stderr


def test_it_prints_everything_and_writes_the_folder(detente):
    told = detente("run", "geneva-2025", *FAST)
    assert told.exit_code == 0, told.stderr
    for text in (
        "at these settings (chance ±",
        "over plausible ranges",
        "is the share of runs with",
        "K weeks in a row",
        "What began the dispute",
        "What would have kept it",
        "Talks in",
        "200 runs, seed 2025",
    ):
        assert text in told.stdout
    (folder,) = folders()
    assert f"written to {folder}/" in told.stdout
    assert (folder / "summary.md").is_file()
    assert not (folder / "figures").exists()
    assert not (folder / "runs.parquet").exists()


@pytest.mark.slow
def test_copies_of_the_process_print_and_write_what_one_does_alone(detente, request):
    """With pictures, ranges and the but-for table; of the manifest all but the moment."""
    told, files = [], []
    for out in ("alone", "copies"):
        if out == "copies":
            request.getfixturevalue("copies")
        done = detente("run", "geneva-2025", "--runs", "200", "--format", "svg", "--out", out)
        assert done.exit_code == 0, done.stderr
        told.append(done.stdout.partition("200 runs, seed 2025")[0])
        (folder,) = Path(out).iterdir()
        written = (path for path in folder.rglob("*") if path.is_file())
        files.append({path.name: path.read_bytes() for path in written})
    assert told[0] == told[1]
    alone, copied = files
    assert alone.keys() == copied.keys()
    assert [name for name in alone if alone[name] != copied[name]] in ([], ["manifest.json"])


def test_the_outer_loop_tells_parameters_from_dice_and_may_have_fresh_luck(detente, monkeypatch):
    monkeypatch.setattr("sim.outcomes.simulate.outer_loop", partial(outer_loop, points=100))
    slip = "actors.us.slip={ triangular = [0, .05, .2] }"
    told = detente("run", "geneva-2025", *FAST, "--set", slip, "--fresh-luck", "--json")
    assert told.exit_code == 0, told.stderr
    spread = json.loads(told.stdout)["spread"]
    of_itself = Scenario.load("geneva-2025").distributions().values()
    shaped = sum(law.kind != "uniform" for law in of_itself)
    assert (spread["luck"], spread["shaped"]) == ("fresh", shaped + 1)
    part = spread["variance"]["standing"]
    assert 0 < part["low"] < part["share"] < part["high"] < 1
    assert part["parameters"] + part["chance"] == pytest.approx(part["total"])
    (folder,) = folders()
    page = (folder / "summary.md").read_text(encoding="utf-8")
    assert "## Settings and chance" in page
    assert "fresh random numbers at each" in page


def test_the_exact_engine_has_no_fresh_luck(detente):
    told = detente("run", "textbook/tft-noise", "--engine", "exact", "--fresh-luck")
    assert told.exit_code == 2
    assert "it draws no random numbers" in told.stderr


def test_json_holds_the_numbers_of_the_python_api(detente):
    told = detente("run", "geneva-2025", *FAST, "--seed", "7", "--json")
    printed = json.loads(told.stdout)
    standing = simulate(Scenario.load("geneva-2025"), runs=200, seed=7).standing
    top = printed["headline"]
    assert (top["p"], top["low"], top["high"], top["n"]) == (
        standing.p,
        standing.low,
        standing.high,
        200,
    )
    assert printed["folder"] == str(folders()[0])
    assert [entry["outcome"] for entry in printed["outcomes"]] == [
        "standing",
        "undisputed",
        "clean",
        "core",
        "extended",
    ]


def test_the_error_stream_is_silent_where_nobody_watches(detente, monkeypatch):
    monkeypatch.setattr("sim.engines.batch.needs_compiling", lambda *_: False)
    told = detente("run", "textbook/quiet", *FAST)
    assert told.stderr == ""


def test_it_says_when_the_kernel_must_be_compiled_first(detente, monkeypatch):
    monkeypatch.setattr("sim.engines.compiling.missing", lambda *names: names)
    monkeypatch.setattr("sim.engines.compiling.compile_ahead", lambda names: None)
    monkeypatch.setattr("sim.engines.batch.needs_compiling", lambda *_: True)
    told = detente("run", "textbook/quiet", *FAST)
    assert "compiling" in told.stderr


def test_a_setting_changes_the_scenario_and_is_remembered(detente):
    detente("run", "geneva-2025", *FAST, "--set", "weeks=20", "--set", "actors.us.slip=.1")
    (folder,) = folders()
    kept = json.loads((folder / "manifest.json").read_text())
    assert kept["scenario"]["weeks"] == 20
    assert kept["scenario"]["actors"]["us"]["slip"] == 0.1


def test_until_runs_on_until_the_headline_is_known(detente):
    told = detente("run", "geneva-2025", *FAST, "--until", "0.02", "--json")
    top = json.loads(told.stdout)["headline"]
    assert top["half_width"] <= 0.02
    assert top["n"] > 200


def test_where_until_is_not_met_the_limit_is_said_before_and_after(detente, monkeypatch):
    monkeypatch.setattr("sim.outcomes.simulate.BATCH", 100)
    monkeypatch.setattr("sim.outcomes.simulate.MOST_RUNS_UNTIL", 450)
    told = detente("run", "geneva-2025", *FAST, "--until", "0.01", "--json")
    top = json.loads(told.stdout)["headline"]
    assert top["n"] == 400
    before = "±0.01 may take 9,604 runs, as of a share of one half; no more than 400 are played"
    after = f"after 400 runs, the most that --until plays, {top['outcome']} is known to "
    assert before in told.stderr
    assert f"{after}±{top['half_width']:.2g}, not to ±0.01" in told.stderr


def test_the_limit_of_until_is_nobodys_news_where_it_is_not_met(detente):
    assert "may take" not in detente("run", "geneva-2025", *FAST, "--until", "0.02").stderr


def test_single_runs_are_kept_when_asked(detente):
    detente("run", "geneva-2025", *FAST, "--keep-runs")
    (folder,) = folders()
    assert len(pd.read_parquet(folder / "runs.parquet")) == 200


def test_pictures_come_in_the_formats_asked_for(detente):
    options = ("--runs", "200", "--pictures", "survival", "--format", "svg", "--format", "png")
    told = detente("run", "geneva-2025", *options)
    assert told.exit_code == 0, told.stderr
    names = {path.name for path in (folders()[0] / "figures").iterdir()}
    kinds = {name.partition(".")[0] for name in names}
    assert names == {f"{kind}.{form}" for kind in kinds for form in ("svg", "png")}
    assert kinds


def test_a_full_disk_does_not_cost_the_numbers(detente, monkeypatch):
    def full(*_, **__):
        raise ResultWriteError("the result could not be written: no space left on device")

    monkeypatch.setattr("sim.outcomes.store.write_result", full)
    told = detente("run", "geneva-2025", *FAST)
    assert told.exit_code == 1
    assert "at these settings" in told.stdout
    assert "written to" not in told.stdout
    assert "no space left" in told.stderr


#: `detente` whose user presses Ctrl-C as soon as some runs are finished, and again while these are
#: kept, as whatever ends a batch job may too.
INTERRUPTED = """
import contextlib, signal
import sim.cli.run as command
from sim.cli.main import main

@contextlib.contextmanager
def watched(*_):
    yield lambda done: signal.raise_signal(signal.SIGINT)

def disturbed(*words, write=command.write):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.raise_signal(number)
    return write(*words)

command.progress, command.write = watched, disturbed
main()
"""


def test_ctrl_c_keeps_the_runs_finished_by_then(tmp_path):
    words = ["run", "geneva-2025", "--runs", "50000000", "--ranges", "off", "--no-pictures"]
    program = [sys.executable, "-c", INTERRUPTED, *words, "--out", str(tmp_path)]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 130, ended.stderr
    assert "at these settings" in ended.stdout
    (folder,) = tmp_path.iterdir()
    kept = json.loads((folder / "manifest.json").read_text())["runs"]
    assert 0 < kept < 50_000_000
    assert f"the {kept:,} runs finished by then were kept" in ended.stderr


def test_ctrl_c_before_any_run_keeps_nothing(detente, monkeypatch):
    def at_once(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.engines.batch.run_batch", at_once)
    told = detente("run", "geneva-2025", *FAST)
    assert told.exit_code == 130
    assert "nothing was kept" in told.stderr
    assert folders() == []


def test_a_narrow_terminal_gets_the_definitions_below_the_table(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "62")
    told = detente("run", "textbook/tft-noise", *FAST).stdout
    assert max(map(len, told.partition("written to")[0].splitlines())) <= 62
    words = " ".join(told.split())
    assert "clean is the share of runs with no week in which a lever stood above its" in words
    assert "extended is not defined: the truce is open-ended" in words


@pytest.mark.parametrize("written", one_in(3, ["2e2", "200", "200.0", "0_200"]))
def test_whole_numbers_are_taken_as_people_write_them(detente, written):
    told = detente("run", "textbook/grim-noise", "--runs", written, "--no-pictures", "--json")
    assert (told.exit_code, json.loads(told.stdout)["runs"]) == (0, 200)


@pytest.mark.parametrize("written", ["200.5", "many", "", "1e-2"])
def test_what_is_no_whole_number_is_refused(detente, written):
    told = detente("run", "textbook/grim-noise", "--runs", written)
    assert (told.exit_code, told.stdout, folders()) == (2, "", [])
    assert "'--runs': \"" + written + '"; allowed: a whole number' in told.stderr


def test_brief_prints_the_first_three_lines_of_the_page_alone(detente):
    options = ("run", "textbook/tft-noise", *FAST)
    whole, brief = detente(*options).stdout, detente(*options, "--brief").stdout
    assert whole.startswith(brief)
    title, first, second = brief.splitlines()
    assert title == "Textbook: tit for tat, slips"
    assert "simulated runs the truce still stands at the horizon" in first
    assert "in 200 runs" in second


@pytest.mark.slow
@pytest.mark.parametrize(
    "more", one_in(3, [(), ("--set", "actors.us.slip=0.1"), ("--until", "0.04")])
)
def test_brief_says_of_a_range_what_the_page_says_and_keeps_nothing(whole_loop, detente, more):
    options = ("run", "geneva-2025", "--runs", "50", "--no-pictures", *more)
    brief = detente(*options, "--brief").stdout
    assert folders() == []
    assert detente(*options).stdout.startswith(brief)
    assert ("plausible ones" in brief, len(brief.split("\n")[1]) > 20) == (True, True)


@pytest.mark.parametrize("more", ["--json", "--keep-runs", "--format=png", "--pictures=raster"])
def test_brief_keeps_nothing_and_says_so(detente, more):
    told = detente("run", "geneva-2025", "--brief", more)
    assert (told.exit_code, told.stdout, folders()) == (2, "", [])
    assert f"found:   with {more.partition('=')[0]}\n" in told.stderr


def test_the_outer_loop_can_be_switched_off_or_widened(detente):
    slip = ("--set", "actors.us.slip=0.1", "--json")

    def spread(*options):
        told = detente("run", "geneva-2025", "--runs", "50", "--no-pictures", *slip, *options)
        return json.loads(told.stdout)["spread"]

    assert spread("--ranges", "off") is None
    stated, every = spread(), spread("--ranges", "all")
    assert (stated["held"], every["held"]) == (["actors.us.slip"], [])
    assert every["ranges"] == stated["ranges"] + 1
    wrong = detente("run", "geneva-2025", "--ranges", "of")
    assert (wrong.exit_code, "did you mean off?" in wrong.stderr) == (2, True)
