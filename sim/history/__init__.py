"""The dated record of 2018-2025: events, series, truces, moves of levers, and where it lies."""
