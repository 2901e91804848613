"""Compiles the week to WebAssembly: `python -m sim.native.wasm`, or `make wasm`.

The compiler is the wheel `ziglang`, of which the same version gives the same bytes anywhere;
the module and the stamp of its sources are kept beside them.
"""

import hashlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent
MODULE = FOLDER / "week.wasm"
SOURCES = ("week.c", "wasm.c")
#: Which sources the module was compiled of, so that a stale one is seen without a compiler.
STAMP = FOLDER / "week.wasm.sha256"
#: As the native program, without fused multiply-add; no path of this machine gets into the file.
FLAGS = ("-target", "wasm32-wasi", "-mexec-model=reactor", "-std=c11", "-O3", "-ffp-contract=off")
LINKING = ("-s", "-Wl,--gc-sections", "-Wl,--build-id=none", "-fno-sanitize=all")


def has_compiler() -> bool:
    """Whether the compiler is installed."""
    return find_spec("ziglang") is not None


def compile_module(target: Path, folder: Path = FOLDER) -> None:
    """Compiles wasm.c of a folder to `target`; raises CalledProcessError where that fails."""
    words = ("cc", *FLAGS, *LINKING, "-o", str(target.absolute()), "wasm.c")
    subprocess.run([sys.executable, "-m", "ziglang", *words], check=True, cwd=folder, timeout=600)


def stamp() -> str:
    """SHA-256 of the sources as they are, a line each."""
    hashes = ((hashlib.sha256((FOLDER / name).read_bytes()).hexdigest(), name) for name in SOURCES)
    return "".join(f"{digest}  {name}\n" for digest, name in hashes)


if __name__ == "__main__":
    compile_module(MODULE)
    MODULE.chmod(0o644)
    STAMP.write_text(stamp(), encoding="utf-8")
