"""An experiment file as its schema reads it: its parts, its lines, and what is wrong with it."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import KeyPath, Problem, nearest, quoted
from sim.scenario.key_paths import key_lines
from sim.scenario.shipped import label
from sim.studies.schema import ALLOWED, DESIGNS, ExperimentSpec, FactorSpec

#: What is wrong with a key: its place, what was found, what is allowed, and what was meant.
Wrong = tuple[KeyPath, str, str, str | None]


class ExperimentFile:
    """One file being read; `problems` gathers what is wrong with it.

    `spec` has defaults where the file is wrong; `spoilt` says at which keys and factors.
    """

    def __init__(self, path: Path, table: dict[str, Any], text: str) -> None:
        self.path = path
        self.text = text
        self.lines = key_lines(text)
        self.problems: list[Problem] = []
        self.spoilt: set[KeyPath] = set()
        try:
            self.spec = ExperimentSpec.model_validate(table)
        except ValidationError as error:
            details = error.errors(include_url=False)
            for wrong in dict.fromkeys(map(_in_words, details)):
                self.wrong(*wrong)
            self.spec = self._rest(table, {_place(detail["loc"])[0] for detail in details})

    def wrong(self, path: KeyPath, found: str, allowed: str, near: str | None = None) -> None:
        """Notes a problem at a key of the file."""
        lines = (self.lines.get(path[:length]) for length in range(len(path), 0, -1))
        line = next((line for line in lines if line is not None), None)
        file = label(self.path)
        self.problems.append(Problem(file, line, ".".join(path), found, allowed, near))

    def _rest(self, table: dict[str, Any], wrong: Collection[KeyPath]) -> ExperimentSpec:
        """What the file says besides what is wrong."""
        rest = {key: value for key, value in table.items() if (key,) not in wrong}
        rest.setdefault("scenario", "?")
        if any(where[0] == "design" for where in wrong) and "design" in rest:
            written = rest["design"] if isinstance(rest["design"], dict) else {}
            kind = written.get("kind", "grid") if written else rest["design"]
            written = written | {"kind": kind}
            rest["design"] = _without(DESIGNS[kind], written, ("design",), wrong)
        self.spoilt = {where[:2] for where in wrong}
        factors = list(rest.get("factors", [None]))
        for index, written in enumerate(factors):
            where = ("factors", str(index))
            if where in self.spoilt or "factors" not in rest:
                self.spoilt.add(where)
                known = written if isinstance(written, dict) else {}
                factors[index] = _without(FactorSpec, known, where, wrong)
        return ExperimentSpec.model_validate(rest | {"factors": factors})


def _without(
    model: type[BaseModel], table: dict[str, Any], where: KeyPath, wrong: Collection[KeyPath]
) -> BaseModel:
    """A table without what is wrong; nothing checks it, for it would be refused."""
    needed = {key: "" for key, field in model.model_fields.items() if field.is_required()}
    good = {key: value for key, value in table.items() if (*where, key) not in wrong}
    return model.model_construct(**needed | good)


def _place(loc: tuple[int | str, ...]) -> tuple[KeyPath, type[BaseModel], str]:
    """The key that an error is about, the model of its table, and its name there."""
    if loc[0] == "design" and len(loc) > 2:
        return ("design", str(loc[2])), DESIGNS[str(loc[1])], str(loc[2])
    if loc[0] == "factors" and len(loc) > 2:
        return ("factors", str(loc[1]), str(loc[2])), FactorSpec, str(loc[2])
    listed = loc[0] == "factors" and len(loc) > 1
    return tuple(map(str, loc[: 1 + listed])), ExperimentSpec, str(loc[0])


def _in_words(detail: Any) -> Wrong:
    """An error of pydantic in the words of the key it is about."""
    where, model, name = _place(detail["loc"])
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return where, *_no_such_key(name, model, value)
    words: Any = model.model_fields[name].json_schema_extra
    if kind == "model_type":
        return where, quoted(value), "a table, as [[factors]]", None
    if kind == "missing":
        return where, f"no {name}", words["allowed"], None
    if kind == "union_tag_invalid":
        value = value["kind"]
    near = nearest(value, words.get("names", ())) if isinstance(value, str) else None
    return where, quoted(value), detail["msg"] if kind == ALLOWED else words["allowed"], near


def _no_such_key(key: str, model: type[BaseModel], value: Any) -> tuple[str, str, str | None]:
    """What is said of a key that is none, or that belongs to another kind of design."""
    others = [kind for kind, design in DESIGNS.items() if key in design.model_fields]
    if model not in DESIGNS.values() or not others:
        return "no such key", ", ".join(model.model_fields), nearest(key, model.model_fields)
    kind = next(kind for kind, design in DESIGNS.items() if design is model)
    _, *sizes = model.model_fields
    if key == "points":
        settled = "its factors" if kind in ("grid", "list") else " and ".join(sizes)
        return quoted(value), f"no points: a {kind} has as many as {settled} make", None
    return f"{key} in a {kind}", f"{key} only in: {', '.join(others)}", None
