"""Pages that travel: reports to read in a browser, and the explorer with the simulator inside."""
