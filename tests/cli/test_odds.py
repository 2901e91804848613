"""`detente odds`: the table, the folder, the picture from it, and what is refused."""

import json
from datetime import date

from sim.forecast.store import load_odds
from sim.plots import style
from sim.plots.dates import place
from sim.report.pictures import ODDS, draw

SMALL = ("--particles", "400", "--runs", "400", "--seed", "1", "--anyway")


def test_one_day(detente, tmp_path):
    printed = detente("odds", "geneva-2025", "--as-of", "2025-06-29", *SMALL, "--no-pictures")
    assert printed.exit_code == 0, printed.output
    assert "as shipped (judgement)" in printed.output
    assert "from what was known on 2025-06-29" in " ".join(printed.output.split())
    (folder,) = (tmp_path / "results").iterdir()
    rows = (folder / "odds.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("as_of,weeks_over,outcome,at,week,day,p,low,high")
    assert all(row.startswith("2025-06-29,7,") for row in rows[1:])
    facts = (folder / "facts.csv").read_text(encoding="utf-8")
    assert "2025-06-27" in facts
    assert "2025-07" not in facts
    drawn = detente("plot", str(folder))
    assert drawn.exit_code == 0, drawn.output
    assert (folder / "figures" / "odds.png").stat().st_size > 10_000
    chances = draw(ODDS, "odds", load_odds(folder)).axes[0]
    headline = [row for row in rows if ",standing," in row and row.endswith(",asked")]
    days = [date.fromisoformat(row.split(",")[5]) for row in headline]
    bars = chances.containers[0]
    assert bars.get_label() == "as shipped"
    assert bars.lines[0].get_xdata().tolist() == [place(day) for day in days]
    rivals = [line for line in chances.lines if line.get_color() == style.GREY]
    assert {"coin flips", "base rate"} <= {line.get_label() for line in rivals}
    assert len({line.get_marker() for line in rivals}) == len(rivals) == 5
    spoiled = folder / "odds.csv"
    spoiled.write_text(spoiled.read_text(encoding="utf-8") + "x\n", encoding="utf-8")
    assert "damaged" in detente("plot", str(folder)).output


def test_every_week_and_the_same_numbers_again(detente):
    told = []
    for _ in range(2):
        printed = detente(
            "odds", "geneva-2025", "--every", "week", "--as-of", "2025-05-25", *SMALL, "--json"
        )
        assert printed.exit_code == 0, printed.output
        told.append(json.loads(printed.stdout))
    assert told[0] == told[1]
    days = dict.fromkeys(row["as_of"] for row in told[0]["odds"])
    assert list(days) == ["2025-05-12", "2025-05-18", "2025-05-25"]
    assert all(0 <= row["low"] <= row["p"] <= row["high"] <= 1 for row in told[0]["odds"])


def test_all_mistakes_at_once(detente):
    refused = detente(
        "odds", "geneva-2025", "--as-of", "june", "--every", "weak", "--tolerance", "0"
    )
    assert refused.exit_code == 2
    for words in ("--as-of", "a day, as 2025-10-09", "did you mean week?", "a factor above 0"):
        assert words in refused.output


def test_what_cannot_be_told(detente, tmp_path):
    for options, words in (
        (("geneva-2025", "--as-of", "2025-05-01"), "the start of geneva-2025"),
        (("geneva-2025", "--as-of", "2026-05-01"), "to 2025-12-31, the end of the record"),
        (
            ("geneva-2025", "--as-of", "2027-05-01", "--set", "start=2027-01-04"),
            "geneva-2025, 26 weeks from 2027-01-04",
        ),
        (("textbook/tft-noise",), "levers of the record"),
        (("geneva-2025", "--as-of", "2025-06-29", "--particles", "40"), "effective sample"),
    ):
        refused = detente("odds", *options, "--no-pictures")
        assert refused.exit_code == 2
        assert words in refused.output
        assert "forecast: " not in refused.output
    assert not (tmp_path / "results").exists()
