"""The model: one week, one mechanism a file; `week.py` is the order of it."""
