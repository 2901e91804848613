"""Shares of work done by copies of a process: the same as one by one."""

import os
import subprocess
import sys
import warnings

import pytest

from sim.report import side_by_side as module
from sim.report.side_by_side import side_by_side

CODE = """
import os, time, warnings
from sim.report import side_by_side as module
module.cores = lambda: 3

def work(n):
    if n == {bad}:
        raise ValueError("no " + str(n))
    if n == 4:
        warnings.warn("four")
    time.sleep(0.1)  # so that others have their turn
    return n * n, os.getpid()

with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    try:
        found = module.side_by_side(work, range(7), {hands})
        print([value for value, _ in found], len({{pid for _, pid in found}}))
    except ValueError as problem:
        print("refused:", problem)
print([str(one.message) for one in told])
"""


def told(bad, hands=None):
    words = [sys.executable, "-c", CODE.format(bad=bad, hands=hands)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")
def test_values_come_in_order_with_their_warnings():
    for hands, copies in ((None, 3), (2, 2), (64, 3)):
        assert told(-1, hands) == [f"[0, 1, 4, 9, 16, 25, 36] {copies}", "['four']"]


@pytest.mark.parametrize("bad", [0, 5])
def test_a_failure_is_that_of_the_work(bad):
    assert told(bad)[0] == f"refused: no {bad}"


LATE = """
import os, time
from sim.report import side_by_side as module
module.cores = lambda: 2
other = module.Expecting(lambda: None, time.sleep, lambda made, thing: thing)
other.hand_over({takes})

def work(n):
    time.sleep(0.05)
    return os.getpid()

print(len(set(module.side_by_side(work, range(4), late=other.wait))))
other.hand_over("made")
print(other.made())
print(module.side_by_side(lambda n: n, range(5_000)) == list(range(5_000)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")
@pytest.mark.parametrize(("takes", "hands"), [(0, 2), (1, 1)])
def test_a_late_copy_takes_what_is_left_once_another_is_done(takes, hands):
    words = [sys.executable, "-c", LATE.format(takes=takes)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"{hands}\nmade\nTrue\n"


def test_on_one_core_all_is_done_here(monkeypatch):
    monkeypatch.setattr(module, "cores", lambda: 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(side_by_side(lambda _: os.getpid(), range(3))) == {os.getpid()}


EXPECTING = """
import os, sys, warnings
from sim.report import side_by_side as module
module.cores = lambda: {cores}
prepared = []

def first(thing):
    warnings.warn("at work")
    if thing == "bad":
        raise ValueError("no " + thing)
    return thing, prepared, os.getpid() == here

here = os.getpid()
work = module.Expecting(lambda: prepared.append(1), first, lambda made, thing: (*made, thing))
{then}
"""


def expecting(then, cores=2):
    words = [sys.executable, "-W", "always", "-c", EXPECTING.format(then=then, cores=cores)]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def test_a_copy_prepares_and_works_on_what_is_handed_over():
    things = "work.hand_over(list(range(100_000))); work.hand_over(bytes(1_000_000))"
    done = expecting(f"{things}; made = work.made(); print(made[1:3], len(made[3]))")
    assert done.stdout == "([1], False) 1000000\n"
    assert "at work" in done.stderr


def test_without_a_copy_the_same_is_done_here():
    things = "work.hand_over('one'); work.hand_over('two'); print(work.made(), work.copy)"
    assert expecting(things, cores=1).stdout == "('one', [], True, 'two') None\n"


def test_what_the_work_raises_is_raised():
    done = expecting("work.hand_over('bad'); work.wait(); work.hand_over('two'); work.made()")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "ValueError: no bad")


@pytest.mark.parametrize("end", ["pass", "os.abort()", "raise KeyboardInterrupt"])
def test_a_copy_that_gets_nothing_ends_with_the_first_process_and_says_nothing(end):
    done = expecting(f"print('over', flush=True)\n{end}")
    assert done.stdout == "over\n"
    assert "EOFError" not in done.stderr
    assert "Broken" not in done.stderr
