"""Tables in Parquet: what may go wrong when a damaged file is read."""

#: Every kind of error by which pyarrow says that it cannot read a file: damage may hit a name, a
#: type, a length or the data, and each has its own.
UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    NotImplementedError,
    EOFError,
    MemoryError,
)
