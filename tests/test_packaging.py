"""What a fresh clone needs: exact pins for everything, and no address of any registry."""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in wanted)
    return {plain(name): version for name, version in (line.split("==") for line in wanted)}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required() -> set[str]:
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["dev"], "setuptools", "wheel"]
    return {plain(re.match(r"[A-Za-z0-9._-]+", text)[0]) for text in wanted}


def test_everything_the_project_requires_is_pinned():
    assert required() <= set(pins())


def test_set_up_takes_wheels_only_and_names_no_registry():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in makefile.splitlines() if "$(PIP)" in line]
    assert len(installs) == 5
    assert all("--only-binary=:all:" in line and " constraints.txt" in line for line in installs)
    for name in (
        "Makefile",
        "constraints.txt",
        "constraints-docs.txt",
        "pyproject.toml",
        ".ci/run",
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|find-links|https?://", text), name


def test_git_ignores_results_but_their_readme():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"results/*", "!results/README.md", ".venv/"} <= set(ignored)
    assert (ROOT / "results" / "README.md").is_file()


def test_every_shipped_file_is_in_the_lists_of_the_wheel():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    listed = {
        file.relative_to(ROOT)
        for patterns in tool["setuptools"]["data-files"].values()
        for pattern in patterns
        for file in ROOT.glob(pattern)
    }
    there = [*(ROOT / "scenarios").rglob("*.toml"), *(ROOT / "experiments").rglob("*.toml")]
    assert listed == {file.relative_to(ROOT) for file in there}


def test_version_and_licence_are_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (.+)$", citation, re.M)[1] == PROJECT["version"]
    assert re.search(r"^license: (.+)$", citation, re.M)[1] == PROJECT["license"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.M)[:2] == ["Unreleased", PROJECT["version"]]


def test_what_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for kind in ("policy", "kind of lever", "outcome", "picture", "scenario", "command"):
        assert re.search(f"^## Adding an? {kind}$", text, re.M), kind
    named = re.findall(r"`((?:sim|tests|docs|scenarios)/[\w./-]+)`", text)
    assert named
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []


def test_what_checks_elsewhere_runs_what_checks_here():
    text = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    assert "run: bash .ci/run" in text
    assert not re.search(r"https?://|index-url", text)


PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"


def checked(*command, **options):
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


BUILD = """
import sys
from setuptools import build_meta
folder = sys.argv[1]
build_meta.build_wheel(folder)
build_meta.build_sdist(folder)
"""
#: What a clone has and an archive need not: how git and make keep house.
NOT_SHIPPED = {".gitignore"}


@pytest.mark.slow
def test_wheel_and_source_archive_hold_every_file(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    checked("git", "clone", "-q", ROOT, source)
    files = set(checked("git", "ls-files", cwd=source).splitlines())
    out.mkdir()
    checked(sys.executable, "-c", BUILD, out, cwd=source)
    (wheel,), (archive,) = out.glob("*.whl"), out.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        packed = set(opened.namelist())
    own = {name for name in files if name.startswith("sim/")}
    assert own <= packed, sorted(own - packed)
    shipped = {name for name in files if name.startswith(("scenarios/", "experiments/"))}
    shared = {name.partition("data/share/detente/")[2] for name in packed}
    assert {name for name in shipped if name.endswith(".toml")} <= shared
    with tarfile.open(archive) as opened:
        packed = {name.partition("/")[2] for name in opened.getnames()}
    assert files - NOT_SHIPPED <= packed, sorted(files - NOT_SHIPPED - packed)


@pytest.mark.slow
def test_a_wheel_in_an_empty_environment_runs_from_an_empty_folder(tmp_path):
    """The libraries it depends on are lent by this environment; the project itself is not."""
    source = tmp_path / "source"
    checked("git", "clone", "-q", ROOT, source)
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path)
    checked(sys.executable, "-m", "pip", *build, source)
    (wheel,) = tmp_path.glob("detente-*.whl")
    home = tmp_path / "home"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    place = Path(checked(python, "-c", PURELIB).strip())
    target = ("--python", python, "install", "--quiet", "--no-deps", wheel)
    checked(sys.executable, "-m", "pip", *target)
    (place / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    detente = home / "bin" / "detente"
    where = checked(python, "-c", "import sim; print(sim.__file__)", cwd=empty, env=own)
    assert where.startswith(str(home))
    run = ("run", "geneva-2025", "--runs", "200", "--no-pictures")
    assert "standing" in checked(detente, *run, cwd=empty, env=own)
    swept = checked(detente, "sweep", "slow-licensing", "--yes", cwd=empty, env=own)
    assert "share of runs with" in swept
    assert (empty / "results").is_dir()
