"""The week as WebAssembly, in place of the compiled kernel: the same counts, nothing to wait for.

Compiling the kernel takes half a minute, the module (sim/native/host.wasm, from the week in C)
a tenth of a second; it then plays two thirds as fast. So it plays whatever would be over before the
kernel were compiled. It plays only if it was made beside exactly these sources of the kernel:
whoever edits the model plays the edited one.

It reads the compiled tables of a scenario as bytes (`dump`): a magic word, then for each field of
Params that week.c reads, in order, rows, columns and bytes per item as int64, and the raw array,
padded to eight bytes. Record arrays are aligned C structs.

Every count and every row is that of the kernel to the bit but the last bit of a payoff, which both
take from a logarithm of their C library: it is lost in the rounding of the counts, not in a row.
"""

import atexit
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.engines.compiling import BLOCK, is_loaded
from sim.engines.counts import ROW, Tally, new_tally
from sim.engines.setting import decided
from sim.scenario.kept import keep, name_of, taken
from sim.world.caching import is_cached, sources_digest
from sim.world.outcomes import CURVES, ONCE
from sim.world.params import Params

NATIVE = Path(__file__).resolve().parent.parent / "native"
MODULE, STAMP = NATIVE / "host.wasm", NATIVE / "host.wasm.sha256"
#: What the line of the kernel's sources is called in the stamp.
KERNEL = "kernel"
#: More run-weeks than this and compiling costs less than it saves: 35 s over 0.35 us a run-week
#: (`python -m benchmarks first`, 2026-11).
MOST_RUN_WEEKS = 100_000_000
#: More than this in one process and a kernel on the disk is loaded, with the compiler's library:
#: 0.7 s over 0.24 us a run-week, and as much again before it is known that more will follow.
LOADING_RUN_WEEKS = 4_000_000
#: Where machine code of the module is kept, and of how many modules.
KIND, MOST_KEPT = "module", 4
MAGIC = b"DETENTE1"
#: Tables that week.c does not read: it makes what they hold from the others.
DERIVED = ("calendar", "left", "allowed", "gain", "offices", "core", "worldwide")
_INT8, _INT64, _FLOAT64 = np.dtype(np.int8), np.dtype(np.int64), np.dtype(np.float64)


@cache
def is_usable() -> bool:
    """Whether the module can play what the kernel plays."""
    return find_spec("wasmtime") is not None and is_of_these_sources()


def is_of_these_sources() -> bool:
    """Whether the module was made beside exactly these sources of the kernel."""
    if not (MODULE.is_file() and STAMP.is_file()):
        return False
    lines = (line.split() for line in STAMP.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in lines}.get(KERNEL) == sources_digest()


def stands_in(run_weeks: int) -> bool:
    """Whether the module plays so many run-weeks: until a kernel, with its loading, were sooner."""
    if run_weeks > MOST_RUN_WEEKS or not is_usable() or is_loaded(BLOCK):
        return False
    return _program().played + run_weeks <= LOADING_RUN_WEEKS or not _was_cached()


@cache
def _was_cached() -> bool:
    """Whether the kernel lay on the disk when this was first asked for."""
    return is_cached(BLOCK)


class _Machine(NamedTuple):
    """An instance of the module, with a memory of its own."""

    store: Any  # wasmtime.Store
    calls: Mapping[str, Any]  # its functions, by name
    memory: Any  # wasmtime.Memory


@dataclass(eq=False)
class _Program:
    """The module, its instances that nobody uses now (to make one takes milliseconds), its use."""

    engine: Any  # wasmtime.Engine
    module: Any  # wasmtime.Module
    idle: list[_Machine]
    played: int = 0  # run-weeks, in this process

    def machine(self) -> _Machine:
        """An instance for one user."""
        import wasmtime

        try:
            return self.idle.pop()
        except IndexError:
            store = wasmtime.Store(self.engine)
            exports: Any = wasmtime.Instance(store, self.module, []).exports(store)
            calls = {name: exports[name] for name in exports}
            return _Machine(store, calls, calls["memory"])

    def close(self) -> None:
        """Lets go of all; Python, at its end, would do so after what lets go of it is gone."""
        self.idle.clear()
        self.module.close()
        self.engine.close()


@cache
def _program() -> _Program:
    """The module, compiled for this machine once a process."""
    import wasmtime

    config = wasmtime.Config()
    config.memory_init_cow = False  # it would write a file, which a limit on files may forbid
    engine = wasmtime.Engine(config)
    made = _Program(engine, _module(engine), [])
    atexit.register(made.close)
    return made


def _module(engine: Any) -> Any:
    """The module's machine code, as an earlier command kept it, else made and kept."""
    import wasmtime

    source = MODULE.read_bytes()
    name = name_of(source)
    raw = taken(KIND, name)
    if raw is not None:
        with suppress(wasmtime.WasmtimeError):  # of another machine, or another wasmtime
            return wasmtime.Module.deserialize(engine, raw)
    module = wasmtime.Module(engine, source)
    keep(KIND, name, bytes(module.serialize()), MOST_KEPT)
    return module


class HostHand:
    """Plays blocks by the module, for one thread: an instance with a memory of its own.

    `outcomes`: only these are asked, so that each run is played no further and none is counted.
    Raises ScenarioError for the tables of a scenario with readings.
    """

    def __init__(self, params: Params, key: tuple[int, int], outcomes: Sequence[str] = ()) -> None:
        self.params = decided(params)
        self.outcomes = outcomes
        self.weeks = int(params.rules[0]["weeks"])
        self.machine = _program().machine()
        # Given back when nobody holds this hand any more; whoever takes it opens other tables.
        weakref.finalize(self, _program().idle.append, self.machine).atexit = False
        tables = dump(params)
        self.machine.memory.write(self.machine.store, tables, self.call("room", len(tables)))
        self.call("open", *key)

    def runs(self, how: str, start: int, runs: int, *more: int) -> None:
        """Plays runs in one of the module's ways."""
        _program().played += runs * self.weeks
        self.call(how, start, runs, *more)

    def call(self, name: str, *numbers: int) -> int:
        """The answer of a function of the module."""
        signed = (number - (number >> 31 << 32) for number in numbers)
        function = self.machine.calls[f"detente_{name}"]
        return int(function(self.machine.store, *signed) or 0) & 0xFFFFFFFF

    def array(self, at: int, count: int, dtype: np.dtype) -> np.ndarray:
        """A copy of an array in the module's memory."""
        raw = self.machine.memory.read(self.machine.store, at, at + count * dtype.itemsize)
        return np.frombuffer(bytearray(raw), dtype)

    def play(self, start: int, runs: int, keep: bool) -> np.ndarray:
        """Plays and counts a block; the rows of its runs if they are kept, else none."""
        if self.outcomes:
            names = [one.name for one in (*CURVES, *ONCE)]
            self.runs("decide", start, runs, sum(1 << names.index(name) for name in self.outcomes))
        else:
            self.runs("play", start, runs)
        return self.rows(runs if keep else 0)

    def rows(self, runs: int) -> np.ndarray:
        """The rows of the runs played last."""
        return self.array(self.call("rows"), runs, ROW).view(np.recarray)

    @cached_property
    def tally(self) -> Tally:
        """The counts of all runs played; to be asked for when all are."""
        if self.outcomes:
            return new_tally(self.params)
        flat = self.array(self.call("tally"), self.call("tally_length"), _INT64)
        fields = []
        for field in new_tally(self.params):
            fields.append(flat[: field.size].reshape(field.shape))
            flat = flat[field.size :]
        return Tally(*fields)

    def weeks_of(self, run: int) -> np.ndarray:
        """A run, not counted, week by week: float64 (weeks, width), its columns as in weekly.py."""
        width = self.call("weeks_width")
        return self.array(self.call("weeks", run), self.weeks * width, _FLOAT64).reshape(-1, width)

    def sample(self, runs: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Runs 0 .. runs - 1, not counted: rows, conduct and shortages of allies, by week.

        Conduct (runs, weeks): bits as of `Sample.conduct`. Shortages (runs, weeks, allies): the
        worse of the two sides'.
        """
        weeks, allies = int(self.params.rules[0].weeks), len(self.params.allies)
        self.call("sample", 0, runs)
        conduct = self.array(self.call("sample_conduct"), runs * weeks, _INT8)
        short = self.array(self.call("sample_shortage"), runs * weeks * allies, _FLOAT64)
        return (self.rows(runs), conduct.reshape(runs, weeks), short.reshape(runs, weeks, allies))


def dump(params: Params) -> bytes:
    """The tables of `params` as week.c reads them."""
    parts = [MAGIC]
    for table in written(params).values():
        rows, columns = (*table.shape, 1)[:2]
        parts.append(np.array([rows, columns, table.itemsize], "<i8").tobytes())
        raw = table.tobytes()
        parts.append(raw + bytes(-len(raw) % 8))
    return b"".join(parts)


def written(params: Params) -> dict[str, np.ndarray]:
    """The tables that are written, by name, in order; what pads their records is 0."""
    named = params._asdict()
    return {name: _padded(table) for name, table in named.items() if name not in DERIVED}


def _padded(table: np.ndarray) -> np.ndarray:
    """A copy whose bytes depend on its values alone."""
    if table.dtype.names is None:
        return np.ascontiguousarray(table)
    plain = table.view(np.ndarray)  # a recarray takes five times as long to give a column
    copy = np.zeros(table.shape, table.dtype)
    for name in table.dtype.names:
        copy[name] = plain[name]
    return copy
