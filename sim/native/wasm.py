"""Compiles the week to WebAssembly: `python -m sim.native.wasm`, or `make wasm`.

Two modules: `week.wasm`, which travels in every page, and `host.wasm`, which plays for Python while
no kernel is compiled (sim/engines/host.py). The compiler is the wheel `ziglang`, of which the same
version gives the same bytes anywhere; each module has the stamp of its sources beside it.
"""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sim.engines import host
from sim.world.caching import sources_digest

FOLDER = Path(__file__).parent
#: As the native program, without fused multiply-add; no path of this machine gets into the file.
FLAGS = ("-target", "wasm32-wasi", "-mexec-model=reactor", "-std=c11", "-O3", "-ffp-contract=off")
#: Of what no page carries: a fifth larger, a twelfth faster (`benchmarks/README.md`).
LARGER = ("-msimd128", "-mllvm", "-inline-threshold=450")
LINKING = ("-s", "-Wl,--gc-sections", "-Wl,--build-id=none", "-fno-sanitize=all")


@dataclass(frozen=True)
class Module:
    """A module and what it is compiled of: its last source includes the others."""

    file: Path
    sources: tuple[str, ...]
    beside_kernel: bool = False  # it plays only beside the kernel's sources of its time
    flags: tuple[str, ...] = FLAGS

    @property
    def stamp_file(self) -> Path:
        """Which sources it was compiled of, so that a stale one is seen without a compiler."""
        return self.file.with_name(f"{self.file.name}.sha256")

    def stamp(self) -> str:
        """SHA-256 of the sources as they are, a line each."""
        files = ((FOLDER / name).read_bytes() for name in self.sources)
        hashes = [hashlib.sha256(content).hexdigest() for content in files]
        lines = [*zip(hashes, self.sources, strict=True)]
        if self.beside_kernel:
            lines.append((sources_digest(), host.KERNEL))
        return "".join(f"{digest}  {name}\n" for digest, name in lines)


WEEK = Module(FOLDER / "week.wasm", ("week.c", "wasm.c"))
SOURCES_OF_HOST = ("week.c", "wasm.c", "host.c")
HOST = Module(host.MODULE, SOURCES_OF_HOST, beside_kernel=True, flags=(*FLAGS, *LARGER))
MODULES = (WEEK, HOST)
#: What travels in a page.
MODULE = WEEK.file


def has_compiler() -> bool:
    """Whether the compiler is installed."""
    return find_spec("ziglang") is not None


def compile_module(module: Module, target: Path, folder: Path = FOLDER) -> None:
    """Compiles a module's sources in a folder; raises CalledProcessError where that fails."""
    words = ("cc", *module.flags, *LINKING, "-o", str(target.absolute()), module.sources[-1])
    subprocess.run([sys.executable, "-m", "ziglang", *words], check=True, cwd=folder, timeout=600)


def make(module: Module) -> None:
    """Compiles a module unless it is of these sources, and writes its stamp."""
    wanted = module.stamp()
    there = module.stamp_file.read_text(encoding="utf-8") if module.stamp_file.is_file() else ""
    own = [line for line in wanted.splitlines() if not line.endswith(f"  {host.KERNEL}")]
    if not module.file.is_file() or not set(own) <= set(there.splitlines()):
        compile_module(module, module.file)
        module.file.chmod(0o644)
    module.stamp_file.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    for each in MODULES:
        make(each)
