"""Rivals that know only how long truces lasted: by hand, by theory, and only what had ended."""

import datetime

import numpy as np
import pytest

from sim.forecast.freeze import Lives, base_rate, constant_hazard, frailty, lives
from sim.history.record import shipped

Date = datetime.date
#: Of four truces two broke, after 2 and 6 weeks; two were censored, after 4 and 10.
SEEN = Lives(("a", "b", "c", "d"), (2.0, 6.0, 4.0, 10.0), (True, True, False, False))


def test_kaplan_and_meier_by_hand():
    found = base_rate(SEEN, 0, [1, 2, 5, 6, 9])
    assert found == pytest.approx([1, 3 / 4, 3 / 4, 3 / 8, 3 / 8])
    assert base_rate(SEEN, 3, [3]) == pytest.approx([1 / 2])  # given that it lived three weeks


def test_kaplan_and_meier_by_another_hand():
    """scipy's estimate of the same lives, some of which end or are censored in one week."""
    from scipy.stats import CensoredData, ecdf

    rng = np.random.default_rng(3)
    weeks, broken = rng.integers(1, 15, 40).astype(float), rng.random(40) < 0.6
    theirs = ecdf(CensoredData(weeks[broken], right=weeks[~broken])).sf
    ahead = np.arange(1, 12)
    mine = base_rate(Lives(("x",) * 40, tuple(weeks), tuple(broken)), 3, ahead)
    assert mine == pytest.approx(theirs.evaluate(3.0 + ahead) / theirs.evaluate([3.0])[0])


def test_a_constant_rate_is_integrated_out():
    """Against the mean of exp(-r t) over the Gamma law of the rate, by quadrature."""
    from scipy.integrate import quad
    from scipy.stats import gamma

    law = gamma(2.5, scale=1 / 22)
    for ahead in (1.0, 13.0):
        mean, _ = quad(lambda rate, t=ahead: law.pdf(rate) * np.exp(-rate * t), 0, 5)
        assert constant_hazard(SEEN, 0, [ahead])[0] == pytest.approx(mean, rel=1e-6)


def test_a_frail_truce_that_has_lived_is_likelier_to_live():
    young, old = frailty(SEEN, 0, [4])[0], frailty(SEEN, 12, [4])[0]
    assert 0 < young < old < 1
    steady = frailty(Lives(("a",) * 50, (4.0,) * 50, (True,) * 50), 0, [4])[0]
    assert steady < 0.65  # fifty that broke after four weeks each
    chances = frailty(SEEN, 0, np.arange(1, 60))
    assert (np.diff(chances) < 0).all()


def test_only_truces_that_ended_before_the_day_are_seen_and_not_the_one_forecast():
    start = Date(2025, 5, 12)
    may = lives(shipped(), start, start)
    assert may.names[-1] == "phase-one"
    assert (len(may.names), may.deaths) == (6, 3)
    june = lives(shipped(), Date(2025, 6, 27), start)
    assert june == may  # of Geneva, what began with it is left out
    london = lives(shipped(), Date(2025, 6, 27), Date(2025, 6, 27))
    assert "geneva-nontariff" in london.names
    assert "geneva-tariff" not in london.names  # it ended in August


@pytest.mark.parametrize("rival", [base_rate, constant_hazard, frailty])
def test_without_a_truce_before_there_is_no_rate(rival):
    with pytest.raises(ValueError, match="no truce has ended before"):
        rival(Lives((), (), ()), 0, [1])
