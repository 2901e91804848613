"""`detente version`: which version this is, and with `--all` what a bug report needs."""

from collections.abc import Iterator
from typing import Annotated

import typer

from sim.cli.failure import ends_well

#: Installed or not, these decide what comes out and how fast.
LIBRARIES = (
    *("numpy", "scipy", "numba", "llvmlite", "wasmtime", "pandas", "pyarrow", "matplotlib"),
    *("pydantic", "typer", "rich", "mesa", "SALib", "ema_workbench", "nashpy", "distributed"),
)


@ends_well
def version(
    everything: Annotated[
        bool, typer.Option("--all", help="What a bug report needs: code, machine, libraries.")
    ] = False,
) -> None:
    """Print the version; with --all also the code's hash, the machine and the libraries."""
    from sim.version import __version__

    typer.echo(f"detente {__version__}")
    if everything:
        for name, value in facts():
            typer.echo(f"{name:<14} {value}")


def facts() -> Iterator[tuple[str, str]]:
    """What a bug report needs, a name and a value each; nothing that tells who or where."""
    import os
    import platform

    from sim.studies.plan import code_hash

    yield "code", code_hash()
    yield "python", f"{platform.python_implementation()} {platform.python_version()}"
    yield "system", f"{platform.system()} {platform.release()}, {platform.machine()}"
    yield "cores", str(os.cpu_count())
    yield "kernel", _kernel()
    for name in LIBRARIES:
        yield name, _installed(name)


def _kernel() -> str:
    from sim.engines import host
    from sim.world.caching import is_cached

    if is_cached("block.run_block"):
        return "compiled"
    return "not compiled; " + ("the module stands in" if host.is_usable() else "nothing stands in")


def _installed(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
