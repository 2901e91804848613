"""Studies: many scenarios at once, or two against each other, with common random numbers."""
