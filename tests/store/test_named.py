"""A folder by its name: a path, a name in results/, or the newest made of what is called so."""

import os

import pytest

from sim.store.named import folder_called


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = {"geneva-2025-0a1b2c3d": 1, "geneva-2025-1b2c3d4e": 3, "geneva-2025-slow-2b3c4d5e": 5}
    for name, when in made.items():
        folder = tmp_path / "results" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        os.utime(folder / "manifest.json", (when, when))
    (tmp_path / "results" / "geneva-2025-9f9f9f9f").mkdir()  # unfinished
    return tmp_path / "results"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("geneva-2025", "geneva-2025-1b2c3d4e"),
        ("geneva-2025-0a1b2c3d", "geneva-2025-0a1b2c3d"),
        ("results/geneva-2025-0a1b2c3d", "geneva-2025-0a1b2c3d"),
        ("geneva-2025-slow", "geneva-2025-slow-2b3c4d5e"),
    ],
)
def test_the_folder_that_is_meant(results, name, meant):
    assert folder_called(name).resolve() == results / meant


@pytest.mark.parametrize("name", ["geneva", "london-2025", "other/geneva-2025", "slow"])
def test_none(results, name):
    assert results.is_dir()
    assert folder_called(name) is None
