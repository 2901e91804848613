"""The game above the runs: policies against each other, and what a rational player would do."""
