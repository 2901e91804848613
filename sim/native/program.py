"""The C program: built with the compiler that is there, fed with compiled scenarios."""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.engines.counts import ROW, Tally, new_tally
from sim.engines.host import dump
from sim.world.params import Params

SOURCE = Path(__file__).with_name("week.c")
#: No fused multiply-add: it would change bits.
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off")
#: Longer than any compilation or benchmark takes.
SECONDS = 600


@dataclass(frozen=True)
class Program:
    """The compiled program and a folder for its files."""

    folder: Path

    @classmethod
    def build(cls, folder: Path, compiler: str = "cc") -> "Program":
        """The program compiled into a folder; raises CalledProcessError where that fails."""
        command = [compiler, *FLAGS, "-o", str(folder / "week"), str(SOURCE), "-lm"]
        subprocess.run(command, check=True, timeout=SECONDS)
        return cls(folder)

    def tables(self, params: Params) -> Path:
        """The file of `params`; the next call writes over it."""
        file = self.folder / "params.bin"
        file.write_bytes(dump(params))
        return file

    def run(self, tables: Path, seed: int, first: int, runs: int, *mode: str) -> str:
        """Output of the program on a file of tables."""
        command = [self.folder / "week", tables, seed, first, runs, *mode]
        words = [str(word) for word in command]
        done = subprocess.run(words, check=True, capture_output=True, timeout=SECONDS)
        return done.stdout.decode()

    def rows(self, params: Params, seed: int, first: int, runs: int) -> np.ndarray:
        """ROW records of `runs` runs."""
        file = self.folder / "rows.bin"
        self.run(self.tables(params), seed, first, runs, "--rows", str(file))
        return np.fromfile(file, ROW)

    def tally(self, params: Params, seed: int, first: int, runs: int) -> Tally:
        """Counts of `runs` runs."""
        file = self.folder / "tally.bin"
        self.run(self.tables(params), seed, first, runs, "--tally", str(file))
        flat, fields = np.fromfile(file, np.int64), []
        for field in new_tally(params):
            fields.append(flat[: field.size].reshape(field.shape))
            flat = flat[field.size :]
        return Tally(*fields)


def build() -> Program | None:
    """The program in a folder that goes with this process, or None where there is no C compiler."""
    compiler = os.environ.get("CC", "cc")
    if shutil.which(compiler) is None:
        return None
    folder = tempfile.mkdtemp(prefix="detente-floor-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Program.build(Path(folder), compiler)


def player(program: Program, params: Params, runs: int, seed: int = 1) -> Callable[[], float]:
    """A function that plays and tallies `runs` runs; it returns the program's ns a run-week."""
    tables = program.tables(params)
    return lambda: float(program.run(tables, seed, 0, runs, "--bench"))
