"""What is named before it is imported."""

import sys

from sim.plots import when_used

SOURCE = "import sys\nsys.ran.append(__name__)\nanswer = 42\n"


def test_a_module_of_others_is_run_once_and_when_it_is_used(tmp_path, monkeypatch):
    (tmp_path / "used_late.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "ran", [], raising=False)
    monkeypatch.delitem(sys.modules, "used_late", raising=False)
    when_used("used_late")
    import used_late

    assert sys.ran == []
    assert used_late.answer == 42
    when_used("used_late")
    import used_late as again

    assert (again.answer, sys.ran) == (42, ["used_late"])
    assert not hasattr(used_late, "nothing")
    monkeypatch.delitem(sys.modules, "used_late")


def test_one_that_is_not_there_is_left_alone():
    when_used("no_such_module_at_all")
    assert "no_such_module_at_all" not in sys.modules
