"""`detente serve`: begins, answers, ends with Ctrl-C; a taken port is said at once."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

QUIET = "textbook/quiet"


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
