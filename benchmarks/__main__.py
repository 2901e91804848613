"""One table of all that has an aim, or the benchmarks named on the command line, told at length."""

import importlib
import sys

from benchmarks import table

BENCHMARKS = {
    "kernel": "the batch kernel against a C translation, one core against all",
    "mechanisms": "the mechanisms of the articles' story: on, off, and the kernel before them",
    "exact_solver": "the exact engine on chains near its limit",
    "memory": "peak memory of 10,000,000 runs against 10,000",
    "forecast": "the filter against the batch kernel, odds of every week, what a fit costs",
    "billion": "what a billion runs cost, from ten million of the command itself",
    "studies": "a sweep against the kernel alone, and Dask workers against threads",
    "page": "the page in a browser: from slider to curve, and WebAssembly against native C",
    "first": "the first run of a clone, and what follows it, as ratios",
    "growth": "how run time grows with levers, weeks, allies and machine states, as a picture",
    "tournament": "a 20 x 20 tournament, from files to ranked and solved tables",
    "mesa_batch_run": "one core against mesa.batch_run on the same model",
    "axelrod_match": "turns a second against axelrod.Match on the textbook game",
}


def main(names: list[str]) -> int:
    """Print one block a benchmark; exit code 2 for a name that is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; allowed: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    if not names:
        return table.main()
    for name in names:
        print(f"{name}: {BENCHMARKS[name]}", flush=True)
        for line in importlib.import_module(f"benchmarks.{name}").measure():
            print(f"  {line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
