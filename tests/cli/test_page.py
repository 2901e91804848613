"""`detente page` and `detente serve`."""

import base64
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
import zlib

import pytest

QUIET = "textbook/quiet"


def data_of(file):
    text = file.read_text(encoding="utf-8")
    packed = re.search(r'<script type="text/plain" id="data">(.*?)</script>', text)[1]
    return json.loads(zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS))


def test_it_writes_one_file_and_says_so_and_the_same_again(detente, tmp_path):
    done = detente("page", QUIET, "--no-stories")
    assert done.exit_code == 0
    assert done.stdout.startswith("wrote quiet.html (")
    assert [path.name for path in tmp_path.iterdir()] == ["quiet.html"]
    detente("page", QUIET, "--no-stories", "--out", "two.html")
    assert (tmp_path / "quiet.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_what_was_set_and_the_seed_are_in_it(detente, tmp_path):
    done = detente("page", QUIET, "--no-stories", "--set", "actors.us.slip=0.07", "--seed", "9")
    assert done.exit_code == 0
    data = data_of(tmp_path / "quiet.html")
    assert data["seed"] == "9"
    assert data["scenario"]["changed"] == {"actors.us.slip": 0.07}
    slip = next(each for each in data["settings"] if each["path"] == "actors.us.slip")
    assert slip["value"] == 0.07
    assert slip["value"] in slip["values"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "page.pdf"), "a file that ends in .html"),
        (("--out", "nowhere/page.html"), "a file in a folder that exists"),
        (("--seed", "-1"), "--seed"),
        (("--set", "actors.us.slop=1"), "actors.us.slip"),
        (("--odds", "nowhere"), "--odds\n  found:   nowhere, which is not there"),
        (("--odds", "nowhere"), "a folder of odds or of a fit"),
    ],
)
def test_what_is_wrong_is_refused(detente, tmp_path, arguments, said):
    refused = detente("page", QUIET, *arguments)
    assert refused.exit_code == 2
    assert said in refused.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [".", "..", "/", "", "a\x00b", "a" * 5000, ".toml"])
def test_any_name_of_a_scenario_is_an_answer_or_words(detente, tmp_path, name):
    refused = detente("page", name)
    assert refused.exit_code == 2
    assert refused.output.strip()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_page_of_a_reading_says_what_the_reading_sets(detente, tmp_path):
    done = detente("page", "geneva-2025-readings", "--reading", "design", "--no-stories")
    assert done.exit_code == 0
    data = data_of(tmp_path / "geneva-2025-readings.html")
    assert data["scenario"]["reading"] == "design"
    assert "levers.cn.rare_earths.capacity" in data["scenario"]["sets"]
    assert data["readings"] == []


def test_odds_of_a_folder_that_holds_none_are_refused(detente, tmp_path):
    run = detente("run", QUIET, "--runs", "20", "--no-pictures", "--ranges", "off", "--out", "out")
    assert run.exit_code == 0
    (folder,) = (tmp_path / "out").iterdir()
    refused = detente("page", QUIET, "--odds", str(folder))
    assert refused.exit_code == 2
    assert refused.output.startswith("detente page: --odds\n")
    assert "which holds neither" in refused.output
    assert not list(tmp_path.glob("*.html"))


def test_a_taken_port_and_wrong_options_are_refused(detente):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = detente("serve", QUIET, "--port", str(port))
    assert done.exit_code == 2
    assert f"{port}, which another program has" in done.stderr
    for words in (("--port", "70000"), ("--seed", "-1"), ("--host", "no.such.name.invalid")):
        assert detente("serve", QUIET, *words).exit_code == 2


@pytest.mark.slow
def test_it_serves_until_ctrl_c(tmp_path):
    words = [sys.executable, "-m", "sim", "serve", QUIET, "--port", "0"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as program:
        try:
            line = ""
            while "open " not in line:
                line = program.stdout.readline()
                assert line, program.stderr.read()
            address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
            with urllib.request.urlopen(address, timeout=30) as answer:
                assert b"connect-src &#39;self&#39;" in answer.read()
            program.send_signal(signal.SIGINT)
            assert program.wait(30) == 130
            assert program.stderr.read().splitlines()[-1] == "stopped"
        finally:
            program.kill()
    assert list(tmp_path.iterdir()) == []
