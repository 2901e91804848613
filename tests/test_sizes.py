"""Modules and functions of sim/ stay small, and an idiom of the command line stands once."""

import ast
from pathlib import Path

import sim

LONGEST_MODULE, LONGEST_FUNCTION = 400, 50
ROOT = Path(sim.__file__).parent
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.rglob("*.py")
}


def lengths(text: str) -> dict[str, int]:
    """Lines of each function, the docstring counted, by name."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    every = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    return {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in every}


def test_a_long_function_is_met():
    assert lengths("def short():\n    pass\n\nasync def long():\n" + "    pass\n" * 60) == {
        "short": 2,
        "long": 61,
    }


def test_no_module_and_no_function_is_long():
    for path, text in MODULES.items():
        assert text.count("\n") <= LONGEST_MODULE, path
        long = {one: n for one, n in lengths(text).items() if n > LONGEST_FUNCTION}
        assert not long, f"{path}: {long}"


def test_commands_refuse_what_was_typed_wrongly_in_one_way():
    """`refuse_any` of failure.py renames problems after the command and ends it."""
    again = [
        path
        for path, text in MODULES.items()
        if path.startswith("cli/") and path != "cli/failure.py" and "refuse(*" in text
    ]
    assert not again
