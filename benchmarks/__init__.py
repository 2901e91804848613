"""Speed and memory, as ratios measured within one run: machines are shared and noisy.

`make bench` runs all of it; `python -m benchmarks kernel memory` only what is named. Nothing here
is asserted in a timed test.
"""
