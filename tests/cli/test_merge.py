"""`detente sweep --part` and `detente merge`: what they print, write and refuse."""

import json
from pathlib import Path

import pytest

from tests.studies.experiments import GRID, written


@pytest.fixture
def small(detente, tmp_path):
    written(tmp_path, GRID)
    return lambda *options: detente("sweep", "small.toml", *options)


def parts():
    return sorted(map(str, Path("results").glob("small-*-part-*")))


def test_three_parts_become_the_study_that_nobody_divided(small, detente):
    whole = Path(json.loads(small("--json", "--out", "whole").stdout)["folder"])
    for number in (1, 2, 3):
        told = small("--part", f"{number}/3")
        assert told.exit_code == 0, told.stderr
        assert f"part {number}/3 is played: 2 of 6 points" in told.stdout
        assert f"detente merge results/{whole.name}-part-*-of-3" in told.stdout
        assert "2 points x 200 runs" in told.stderr
    again = json.loads(small("--part", "2/3", "--json").stdout)
    assert (again["part"], again["of"], again["first_point"], again["points"]) == (2, 3, 2, 2)
    told = detente("merge", *parts())
    assert told.exit_code == 0, told.stderr
    assert "standing at the end of week 13" in told.stdout
    made = Path("results") / whole.name
    assert sorted(path.name for path in made.glob("*.parquet")) == [
        "outcomes.parquet",
        "points.parquet",
    ]
    for path in whole.glob("*.parquet"):
        assert (made / path.name).read_bytes() == path.read_bytes()
    (picture,) = (made / "figures").iterdir()
    picture.unlink()
    again = detente("merge", *parts()).stderr
    assert "already there" in again
    assert f"drawn: {picture}" in again


@pytest.mark.parametrize(
    "part", ["0/3", "4/3", "3", "1/0", "1/2/3", "-1/3", "x/y", "", "1/7", "٣/3"]
)
def test_what_is_no_part_is_refused_and_nothing_written(small, part):
    told = small("--part", part)
    assert told.exit_code == 2
    assert "--part" in told.stderr
    assert "allowed: I/N" in told.stderr
    assert not Path("results").exists()


def test_a_missing_part_is_named_and_nothing_written(small, detente):
    small("--part", "1/2", "--threads", "1")
    told = detente("merge", *parts())
    assert told.exit_code == 2
    assert "no folder of part 2/2" in told.stderr
    assert len(list(Path("results").iterdir())) == 1


def test_what_reads_results_says_what_a_part_is(small, detente):
    small("--part", "1/2")
    for words in (("plot",), ("analyze", "--sensitivity"), ("report",), ("export",)):
        told = detente(words[0], *parts(), *words[1:])
        assert told.exit_code == 2, words
        assert "part of a study" in told.stderr, words
