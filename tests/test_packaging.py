"""What a fresh clone needs: exact pins for everything, and no address of any registry."""

import re
import tomllib
from pathlib import Path

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
    assert "--only-binary=:all: -r constraints.txt" in makefile
    for name in ("Makefile", "constraints.txt", "pyproject.toml", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|find-links|https?://", text), name


def test_git_ignores_results_but_their_readme():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"results/*", "!results/README.md", ".venv/"} <= set(ignored)
    assert (ROOT / "results" / "README.md").is_file()
