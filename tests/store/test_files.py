"""Whole files: what is no plain file is never replaced, and nobody meets another's draft."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.store.drafts import DRAFTS
from sim.store.files import whole_file, write_text


def test_a_failure_leaves_what_was_there(tmp_path):
    target = tmp_path / "page.md"
    target.write_text("before")

    def fail():
        with whole_file(target) as draft:
            draft.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    target, link = tmp_path / "real.md", tmp_path / "link.md"
    target.write_text("before")
    link.symlink_to(target)
    write_text(link, "after")
    assert link.is_symlink()
    assert target.read_text() == "after"


def test_a_device_stays_a_device(tmp_path):
    link = tmp_path / "nowhere.txt"
    link.symlink_to("/dev/null")
    write_text(link, "gone")
    assert link.is_symlink()
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write_text(pipe, "through")
    reader.join(timeout=10)
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_is_written_to_wherever_it_goes(tmp_path):
    code = "from pathlib import Path; from sim.store.files import write_text;"
    code += "write_text(Path('/dev/stdout'), 'text')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"text"


def test_two_writers_of_one_file_have_drafts_of_their_own(tmp_path):
    target = tmp_path / "table.csv"
    with whole_file(target) as one, whole_file(target) as two:
        assert one != two
        assert {one.suffix, two.suffix} == {".csv"}
        one.write_text("one")
        two.write_text("two")
        assert set(tmp_path.glob(DRAFTS)) == {one, two}
    assert target.read_text() == "one"  # the last to be whole


def test_the_longest_name_a_file_system_takes_can_be_written(tmp_path):
    target = tmp_path / ("n" * 251 + ".csv")
    write_text(target, "x")
    assert target.read_text() == "x"
