"""`detente run --engine mesa`: the same tables, byte for byte, and a word before a long wait."""

from pathlib import Path

SLOW = "the Mesa engine plays runs one by one"


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def test_both_engines_write_the_same_tables(detente):
    for engine in ("batch", "mesa"):
        options = ("--runs", "3", "--keep-runs", "--no-pictures", "--out", engine)
        told = detente("run", "geneva-2025", *options, "--engine", engine)
        assert told.exit_code == 0
        assert SLOW not in told.stderr
    (one,), (two,) = (list(Path(engine).iterdir()) for engine in ("batch", "mesa"))
    assert len(tables(one)) > 5
    assert tables(one) == tables(two)


def test_many_runs_are_warned_about(detente, monkeypatch):
    monkeypatch.setattr("sim.cli.run.QUICK_RUN_WEEKS", 10)
    told = detente("run", "textbook/quiet", "--runs", "2", "--no-pictures", "--engine", "mesa")
    assert told.exit_code == 0
    assert SLOW in told.stderr
