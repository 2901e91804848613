"""Engines that play runs: `batch` for millions, others for one run or for exact answers."""
