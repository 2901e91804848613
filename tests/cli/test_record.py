"""`detente record` and `detente backtest`: a record of one's own, and the record among the runs."""

import json


def test_a_record_is_copied_and_checked(detente, tmp_path):
    made = detente("record", "new", "mine")
    assert made.exit_code == 0, made.output
    assert (tmp_path / "mine" / "events.csv").is_file()
    checked = detente("record", "check", "mine")
    assert checked.exit_code == 0, checked.output
    assert checked.output.endswith("OK\n")
    again = detente("record", "new", "mine")
    assert again.exit_code == 2
    assert "something is already" in again.output


def test_a_broken_record_is_refused_with_every_mistake(detente, tmp_path):
    detente("record", "new", "mine")
    moves = tmp_path / "mine" / "moves.csv"
    text = moves.read_text(encoding="utf-8")
    text = text.replace(",us.visas,1,", ",us.visa,1,").replace(",us.engines,1,", ",us.engines,x,")
    moves.write_text(text, encoding="utf-8")
    for command in (("record", "check", "mine"), ("backtest", "geneva-2025", "--record", "mine")):
        refused = detente(*command)
        assert refused.exit_code == 2
        assert "did you mean us.visas?" in refused.output
        assert '"x"' in refused.output
        assert "Traceback" not in refused.output


def test_a_backtest_of_a_textbook_game_is_refused(detente):
    refused = detente("backtest", "textbook/tft-noise", "--runs", "2")
    assert refused.exit_code == 2
    assert "not about the record" in refused.output


def test_a_backtest_prints_numbers_and_their_definition(detente):
    printed = detente("backtest", "busan-2025", "--runs", "40", "--json")
    assert printed.exit_code == 0, printed.output
    (told,) = json.loads(printed.stdout)["scenarios"]
    assert (told["scenario"], told["n"], told["weeks"]) == ("busan-2025", 40, 8)
    assert told["matching"]["low"] <= told["matching"]["p"] <= told["matching"]["high"]
    table = detente("backtest", "busan-2025", "--runs", "40")
    assert "as shipped (judgement)" in table.output
    assert "flow, December 2025" in table.output
