"""Planted bugs: the everyday tests are worth something only if they fail where they should.

Each bug of bugs.toml is put, alone, into a copy of the project; the test files that it names are
run there with the compiler off, and must fail. The copy without a bug must pass them all. One
bug is planted on every change, the others by `make test-slow`, where too only everyday tests count.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mutations.bugs import Bug, read_bugs
from tests.mutations.forks import Forks

ROOT = Path(__file__).resolve().parents[2]
BUGS = read_bugs()
EVERYDAY = [bug for bug in BUGS if bug.everyday]
SECONDS = 600
PASSED, FAILED = 0, 1
#: A bug that merely does not run proves nothing about the tests.
CRASHES = re.compile(r"\b(NameError|SyntaxError|AttributeError|ImportError|TypeError)\b")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of what the tests need; with the bytecode of files that are not edited, for speed."""
    tree = tmp_path_factory.mktemp("planted")
    for folder in ("sim", "scenarios", "tests"):
        shutil.copytree(ROOT / folder, tree / folder)
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


@contextmanager
def planted(tree: Path, bug: Bug) -> Iterator[None]:
    """The copy with the bug in it, and then without it."""
    path = tree / "sim" / bug.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(bug.plant(sound), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(sound, encoding="utf-8")


@pytest.fixture(scope="module")
def forks(tree):
    """Runs tests of the copy."""
    forks = Forks(tree, SECONDS)
    yield forks
    forks.close()


def run_tests(forks: Forks, names: Sequence[str]) -> tuple[int, str]:
    """(exit code, output) of some tests of the copy, up to the first failure."""
    plugins = ["-p", "no:cacheprovider", "-p", "no:xdist"]
    imported = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    words = ["-q", "-x", "--tb=short", *plugins, *imported]
    return forks.pytest(*words, *(f"tests/{name}" for name in names))


def assert_sound(forks: Forks, bugs: list[Bug]) -> None:
    files = sorted({file for bug in bugs for file in bug.caught_by})
    code, output = run_tests(forks, files)
    assert code == PASSED, output


def assert_caught(tree: Path, forks: Forks, bug: Bug) -> None:
    with planted(tree, bug):
        code, output = run_tests(forks, bug.caught_by)
    assert code != PASSED, f"nobody catches {bug.name!r} ({bug.breaks}): a test is missing"
    assert (code, " failed" in output) == (FAILED, True), output
    assert not CRASHES.search(output), f"{bug.name!r} does not run:\n{output}"


def test_without_a_bug_the_tests_pass(forks):
    assert_sound(forks, EVERYDAY)


@pytest.mark.parametrize("bug", EVERYDAY, ids=lambda bug: bug.name)
def test_it_is_caught(tree, forks, bug):
    assert_caught(tree, forks, bug)


@pytest.mark.slow
def test_without_a_bug_the_tests_of_all_bugs_pass(forks):
    assert_sound(forks, BUGS)


@pytest.mark.slow
@pytest.mark.parametrize("bug", [bug for bug in BUGS if not bug.everyday], ids=lambda bug: bug.name)
def test_it_is_caught_too(tree, forks, bug):
    assert_caught(tree, forks, bug)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_list_is_current(bug):
    """The old text stands once in its file, and the edited source is Python."""
    path = ROOT / "sim" / bug.file
    compile(bug.plant(path.read_text(encoding="utf-8")), bug.file, "exec")


def test_names_are_told_apart():
    assert len({bug.name for bug in BUGS}) == len(BUGS)


def test_an_old_text_that_is_gone_is_told():
    bug = Bug("x", "world/week.py", "no such text", "", "nothing", ())
    with pytest.raises(ValueError, match=r"stands 0 times in sim/world/week\.py, not once"):
        bug.plant("def one_week(): ...")
