"""Governments written in Python: what they see, what they change, what is refused."""

import pytest

from sim import Government, Scenario, TruceModel
from sim.errors import AgentError
from sim.world.state import MOVES


@pytest.fixture(scope="module")
def geneva() -> Scenario:
    """Geneva with governments that do just what their machines draw."""
    off = {"talks.grace_weeks": 0, "actors.us.insistence": 0.0, "actors.cn.insistence": 0.0}
    return Scenario.load("geneva-2025").override(off)


class Same(Government):
    def intend(self):
        return super().intend()


class Rebuilt(Government):
    """The machine's move once more, from its table and the week's luck."""

    def intend(self):
        row = self.model.params.moves[self.row.state]
        retaliate, hold = float(row[0]), float(row[1])
        word = "retaliate" if self.luck < retaliate else "hold"
        return "".join(word if self.luck < hold else "concede")


class Stubborn(Government):
    def intend(self):
        return "retaliate"


def outcomes(scenario, run=17, **governments):
    model = TruceModel(scenario, run_index=run, governments=governments)
    model.run()
    return model.outcome, model


@pytest.mark.parametrize("kind", [Same, Rebuilt])
def test_a_government_that_does_the_same_changes_nothing(geneva, kind):
    for run in range(8):
        plain, _ = outcomes(geneva, run)
        ours, _ = outcomes(geneva, run, us=kind, cn=kind)
        assert ours == plain


def test_a_subclass_is_the_machine_it_imitates(geneva):
    """Bit for bit the scenario with that policy: moves, stretches, pulls, origins and all."""
    always = geneva.override({"actors.cn.policy.name": "always_retaliate"})
    for run in range(8):
        assert outcomes(geneva, run, cn=Stubborn)[0] == outcomes(always, run)[0]


def test_everything_else_is_unchanged_until_the_first_different_move(geneva):
    _, plain = outcomes(geneva)
    _, ours = outcomes(geneva, cn=Stubborn)
    drawn = [past.move for past in plain.cn.history]
    first = next(week for week, move in enumerate(drawn, 1) if move != "retaliate")
    assert (ours.state.memory[:first] == plain.state.memory[:first]).all()
    assert {past.move for past in ours.cn.history} == {"retaliate"}
    assert ours.us.intend.__func__ is Government.intend


def test_what_a_government_sees(geneva):
    seen = []

    class Watcher(Government):
        def intend(self):
            delay = self.model.params.actors[self.index].reaction_delay
            read = self.week - 1 - delay
            known = read >= 1 and read > (self.talks_week or 0)
            past = self.history[read - 1] if known else None
            assert self.other_signal == (past.signal if past else None)
            assert self.offence == (past.offence if past else 1.0)
            assert self.signal == (self.history[-1].signal if self.week > 1 else None)
            assert [week for week, *_ in self.history] == list(range(1, self.week))
            assert all(0 <= x <= 1 for x in (self.belief, self.pressure, self.shortage, self.luck))
            assert self.leverage > 0
            assert self.machine_move in MOVES
            seen.append((self.name, self.rung, self.state, tuple(self.levels)))
            return self.machine_move

    outcomes(geneva, us=Watcher, cn=Watcher)
    assert len(seen) == 52
    assert {name for name, *_ in seen} == {"us", "cn"}
    assert {levers for name, *_, levers in seen if name == "cn"} == {
        tuple(geneva.spec.levers["cn"])
    }


@pytest.mark.parametrize(
    ("said", "found", "near"),
    [
        ("retailate", '"retailate"', "did you mean retaliate?"),
        (None, "None", ""),
        (0, "0", ""),
        (["hold"], "['hold']", ""),
        ("Hold", '"Hold"', "did you mean hold?"),
    ],
)
def test_nonsense_is_refused_by_class_and_week(geneva, said, found, near):
    class Muddled(Government):
        def intend(self):
            return said if self.week == 3 else "hold"

    model = TruceModel(geneva, governments={"cn": Muddled})
    with pytest.raises(AgentError) as refused:
        model.run()
    told = str(refused.value)
    assert "Muddled: intend() of cn in week 3" in told
    assert f"found:   {found}" in told
    assert "allowed: retaliate, hold, concede" in told
    assert near in told


def test_governments_that_are_none_are_refused_together(geneva):
    with pytest.raises(AgentError) as refused:
        TruceModel(geneva, governments={"usa": Stubborn, "cn": "hawk"})
    told = str(refused.value)
    assert 'TruceModel: governments\n  found:   "usa"' in told
    assert "did you mean us?" in told
    assert "governments.cn\n  found:   'hawk'\n  allowed: a subclass of sim.Government" in told


def test_a_government_has_the_last_word_over_a_temptation(geneva):
    """Its machine may be tempted by talks; a move of its own is no temptation any more."""
    often = {"talks.talks_rate": 0.3, "actors.us.anticipation": 1.0, "weeks": 12}
    hopeful = geneva.override(often)

    class Firm(Government):
        tempted = 0

        def intend(self):
            self.tempted += int(self.row.tempted)
            return "".join("hold")

    _, model = outcomes(hopeful, us=Firm)
    assert model.us.tempted > 0
    assert not model.us.row.tempted
