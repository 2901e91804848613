"""A package that an extra brings: what each command says where it is missing."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from sim.extras import EXTRAS, MissingPackageError, line_for, need, part

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize(("package", "extra"), EXTRAS.items())
def test_each_package_is_one_of_its_extra(package, extra):
    named = [
        re.match(r"[\w-]+", text)[0].replace("-", "_")
        for text in PROJECT["optional-dependencies"][extra]
    ]
    assert package in named


@pytest.mark.parametrize("package", EXTRAS)
def test_what_to_type_is_told(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackageError) as told:
        need(package, "indices")
    assert line_for(package) in str(told.value)
    assert f"needs {package}" in str(told.value)


def test_a_part_of_a_package_is_imported_without_the_rest(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    inner = tmp_path / "whole_for_parts" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").write_text("raise RuntimeError('all of it')")
    (inner.parent / "beside.py").write_text("VALUE = 5")
    (inner / "wanted.py").write_text("from ..beside import VALUE")
    assert part("whole_for_parts", "inner.wanted").VALUE == 5
    assert "whole_for_parts" not in sys.modules  # who wants all of it gets it
    assert part("whole_for_parts", "inner.wanted") is part("whole_for_parts", "inner.wanted")
    with pytest.raises(RuntimeError, match="all of it"):
        __import__("whole_for_parts")


@pytest.mark.parametrize("hidden", [True, False])
def test_no_part_of_a_package_that_is_not_there(hidden, monkeypatch):
    if hidden:
        monkeypatch.setitem(sys.modules, "nowhere_to_be_found", None)
    with pytest.raises(ImportError):
        part("nowhere_to_be_found", "inner.wanted")


def test_every_library_that_is_imported_is_required_or_of_an_extra():
    needed = {re.match(r"[A-Za-z0-9_]+", text)[0].lower() for text in PROJECT["dependencies"]}
    imported = {name for path in (ROOT / "sim").rglob("*.py") for name in libraries(path)}
    others = imported - {"sim", *sys.stdlib_module_names, *EXTRAS}
    assert {name.lower() for name in others} <= needed | BROUGHT


#: What a required package brings, and cannot do without.
BROUGHT = {"llvmlite", "markupsafe", "pydantic_core"}


def libraries(path):
    """The first parts of all that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]
