"""Scores of forecasts by hand, and what is said of them."""

import importlib
import math
import sys

import numpy as np
import pytest

from sim.extras import MissingPackageError
from sim.forecast.frozen import BASE, COIN, HAZARD, MODEL, PERSISTENCE
from sim.forecast.score_page import error_words, loses, power_line, score_report
from sim.forecast.scored import (
    RECORD,
    SCENARIO,
    Bin,
    Difference,
    Scored,
    common,
    differences,
    losses_by_day,
    means,
    needed_for,
    places,
    reliability,
    table,
    unsettled,
)
from sim.forecast.scoring import (
    BRIER,
    FLOW,
    LOGARITHMIC,
    PATH,
    RUNG,
    TIME,
    Later,
    Score,
    rules,
    scores,
)
from sim.outcomes.estimates import Estimate
from sim.report.terminal import page
from tests.forecast.made import frozen, truth


def value(rows, forecaster, quantity, measure):
    found = [
        row.value
        for row in rows
        if (row.forecaster, row.quantity, row.measure) == (forecaster, quantity, measure)
    ]
    (only,) = found
    return only


def test_every_score_is_that_of_its_definition():
    rows = scores(frozen(), truth())
    four, term = "standing, 4 weeks on", "standing, 13 weeks on"
    assert value(rows, MODEL, four, BRIER) == pytest.approx(0.04)
    assert value(rows, MODEL, term, BRIER) == pytest.approx(0.64)
    assert value(rows, MODEL, four, LOGARITHMIC) == pytest.approx(-math.log(0.8))
    assert value(rows, MODEL, term, LOGARITHMIC) == pytest.approx(-math.log(0.2))
    # weeks 1 to 5 it held (.04 each), weeks 6 to 13 it did not (.64 each)
    assert value(rows, MODEL, "standing, week of its end", TIME) == pytest.approx(
        5 * 0.04 + 8 * 0.64
    )
    assert value(rows, MODEL, "rung us, 4 weeks on", RUNG) == pytest.approx(1.0)  # |2 - 3|
    assert value(rows, MODEL, "flow, 2025-05", FLOW) == pytest.approx(0.4)
    assert value(rows, MODEL, "path of both rungs", PATH) == pytest.approx(math.sqrt(26))
    assert value(rows, MODEL, "extended", BRIER) == pytest.approx(0.04)
    assert value(rows, PERSISTENCE, term, LOGARITHMIC) == math.inf


def test_the_energy_score_of_a_single_path_is_its_distance():
    rows = scores(frozen(), truth())
    distance = np.linalg.norm(np.full(26, 3.0))
    assert value(rows, PERSISTENCE, "path of both rungs", PATH) == pytest.approx(distance)


def test_what_had_ended_on_the_day_is_not_scored():
    later = frozen(elapsed=6, forecasts={MODEL: frozen().forecasts[MODEL]})
    rows = scores(later, truth(ends=6))
    assert not [row for row in rows if row.quantity.startswith("standing")]
    assert [row for row in rows if row.measure == RUNG]


def test_what_has_not_happened_yet_is_not_scored():
    rows = scores(frozen(), truth(ends=0, extended=None, weeks=5))
    assert {row.quantity for row in rows if row.measure == BRIER} == {"standing, 4 weeks on"}


def test_differences_are_paired_and_their_error_is_between_truces():
    one = scores(frozen("geneva-2025"), truth(ends=0))
    two = scores(frozen("london-2025"), truth(ends=1))
    frame = table([*one, *two])
    found = {(d.measure, d.rival): d for d in differences(frame)}
    base = found[BRIER, BASE]
    gaps = (0.04 - 0.16, 0.64 - 0.36)  # held, did not
    assert (base.n, base.truces) == (4, 2)
    assert base.mean == pytest.approx(np.mean(gaps))
    assert base.error == pytest.approx(np.std(gaps, ddof=1) / math.sqrt(2))
    assert base.loses
    assert base.needed == needed_for(float(np.std([*gaps, *gaps], ddof=1)))
    assert math.isinf(found[LOGARITHMIC, PERSISTENCE].mean)
    assert math.isnan(found[LOGARITHMIC, PERSISTENCE].error)


def gaps_of(**truces):
    """Brier scores of the model, 0, and of a rival: minus the gaps, by truce."""
    found = [
        Score(truce, f"day {n}", who, "forecast", "held", BRIER, value)
        for truce, gaps in truces.items()
        for n, gap in enumerate(gaps)
        for who, value in ((MODEL, 0.0), (BASE, -gap))
    ]
    return differences(table(found))[0]


def test_mean_and_error_belong_together_where_truces_have_unequal_pairs():
    found = gaps_of(one=[0.1] * 12, two=[0.4], three=[-0.2, 0.0])
    every = np.array([0.1] * 12 + [0.4] + [-0.2, 0.0])
    assert found.mean == pytest.approx(every.mean())
    sums = [12 * (0.1 - every.mean()), 0.4 - every.mean(), -0.2 - 2 * every.mean()]
    assert found.error == pytest.approx(math.sqrt(3 / 2 * np.square(sums).sum()) / 15)


def test_the_error_is_what_truces_drawn_anew_spread_by():
    """Against a bootstrap of whole truces: many of them, of 1 or 30 pairs."""
    draw = np.random.Generator(np.random.Philox(2025))
    level, pairs = draw.normal(0.0, 0.2, 60), np.where(np.arange(60) % 4, 1, 30)
    truces = [level[n] + draw.normal(0.0, 0.1, pairs[n]) for n in range(60)]
    found = gaps_of(**{f"truce-{n}": gaps for n, gaps in enumerate(truces)})
    means = []
    for _ in range(2000):
        again = [truces[n] for n in draw.integers(0, 60, 60)]
        means.append(np.concatenate(again).mean())
    assert found.error == pytest.approx(np.std(means), rel=0.1)
    unweighted = np.std([gaps.mean() for gaps in truces], ddof=1) / math.sqrt(60)
    assert abs(unweighted / found.error - 1) > 0.1  # the error that stood beside it belonged there


def test_the_common_table_has_the_same_questions_for_all():
    frame = common(table(scores(frozen(), truth())))
    counts = frame.groupby(["forecaster", "measure"]).size().unstack()
    assert (counts.nunique() == 1).all()
    assert set(frame["measure"]) == {BRIER, LOGARITHMIC, TIME}
    assert list(means(frame).index) == [MODEL, COIN, BASE, HAZARD, PERSISTENCE]


def test_days_on_which_the_best_rival_wins_are_named():
    found, count = losses_by_day(table(scores(frozen(), truth())))
    assert count == 6  # measures, of one day
    by = {loss.measure: loss for loss in found}
    assert set(by) == {BRIER, LOGARITHMIC, TIME}
    # week 4: .04 against .16 (base rate); week 13: .64 against .36
    assert by[BRIER].rival == BASE
    assert by[BRIER].gap == pytest.approx((0.04 + 0.64) / 2 - (0.16 + 0.36) / 2)


def test_the_power_line_is_that_of_a_normal_mean():
    assert needed_for(0.2) == 126
    assert "126 independent forecasts" in power_line([])


def test_reliability_and_places_have_counts():
    frame = table(scores(frozen(), truth()))
    (only,) = reliability(frame)
    assert (only.low, only.high, only.said) == (0.8, 1.0, pytest.approx(0.8))
    assert (only.came.n, only.came.p) == (3, pytest.approx(2 / 3))  # week 4, extended; not week 13
    assert places(frame) == [1, 0, 0, 0, 4]  # the flow lay below, four rungs above
    assert (places(frame, "rung"), places(frame, "flow")) == ([0, 0, 0, 0, 4], [1, 0, 0, 0, 0])


def test_a_week_that_is_forecast_on_two_days_is_one_week():
    """Four rungs, of both sides in two weeks, and a month of flow, asked twice."""
    rows = [*scores(frozen(), truth()), *scores(frozen("london-2025"), truth())]
    scored = Scored((frozen(), frozen("london-2025")), table(rows), (), ((), ()))
    assert (sum(places(scored.scores, "rung")), scored.different("rung")) == (8, 2)
    assert (sum(places(scored.scores, "flow")), scored.different("flow")) == (2, 1)


def test_what_every_government_leaves_as_it_is_is_scored_apart():
    """All but sure for all of them, or for none but one; rivals without governments have no say."""
    chances = {
        "settled": {MODEL: 0.999, COIN: 0.992, HAZARD: 0.5},
        "settled too": {MODEL: 0.001, COIN: 0.01, HAZARD: 0.5},
        "by the model alone": {MODEL: 0.999, COIN: 0.6, HAZARD: 0.5},
        "opposite": {MODEL: 0.999, COIN: 0.001, HAZARD: 0.5},
    }
    rows = [
        Score("truce", "day", who, "forecast", quantity, BRIER, 0.0, chance, True)
        for quantity, by_forecaster in chances.items()
        for who, chance in by_forecaster.items()
    ]
    left = unsettled(table(rows))
    assert set(left["quantity"]) == {"by the model alone", "opposite"}
    assert set(left["forecaster"]) == {MODEL, COIN, HAZARD}


def test_with_few_truces_an_interval_is_more_than_two_errors():
    assert error_words([]) == "one standard error"
    three = Difference(BRIER, COIN, 0.1, 0.05, 30, 3, 0)
    assert error_words([three]).endswith("of 3 truces a 95 % interval is ± 4.3 of them")


def test_the_page_begins_with_where_the_model_loses():
    rows = [*scores(frozen(), truth()), *scores(frozen("london-2025"), truth(ends=0))]
    scored = Scored((frozen(), frozen("london-2025")), table(rows), (), ((), (RECORD,)))
    report = score_report(scored)
    assert report.lead[0].startswith("The model loses: to ")
    assert report.lead[0].startswith(loses(differences(scored.scores)))
    assert "Day by day the best of its rivals, picked afterwards, beats it in " in report.lead[0]
    assert "lie in the top 20 % of its forecasts" in report.lead[0]
    assert "2 are fits, not forecasts" in report.lead[1]
    text = "".join(str(part) for part in report.sections)
    assert "infinite" in text
    assert "gave 0 % to what happened" in text
    assert page(report)


@pytest.mark.parametrize("count", [0, 1, 12])
def test_what_changed_since_is_one_line_and_a_column(count):
    """However many forecasts there are; of none it is not said."""
    both = ((SCENARIO, RECORD), (SCENARIO,))
    forecasts = tuple(frozen() for _ in range(12))
    changed = tuple(both[n % 2] if n < count else () for n in range(12))
    report = score_report(Scored(forecasts, table(scores(frozen(), truth())), (), changed))
    lines = [line for line in (*report.lead, *report.notes) if "changed" in line]
    assert len(lines) == min(1, count)
    if count:
        assert f"the scenario of {count} of 12 forecasts" in lines[0]
        assert f"of {(count + 1) // 2} the record" in lines[0]
    last = report.sections[-1]
    (place,) = (n for n, column in enumerate(last.columns) if column.name == "changed since")
    assert [row[place] for row in last.rows] == [", ".join(each) or "-" for each in changed]


def test_shares_in_hundredths_are_rounded_as_everywhere(monkeypatch):
    """A half as 0.215, which Python's own rounding writes as 0.21."""
    half = Bin(0.2, 0.4, 0.215, Estimate(0.215, 0.105, 0.325, 9, ""))
    monkeypatch.setattr("sim.forecast.score_page.reliability", lambda *_: [half])
    report = score_report(Scored((frozen(),), table(scores(frozen(), truth())), (), ((),)))
    (section,) = (each for each in report.sections if each.title.startswith("Reliability"))
    assert section.rows[0][1:3] == ("0.22", "0.22 (0.10 to 0.32)")


def test_without_the_package_that_scores_the_line_to_type_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "scoringrules", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'detente\[forecast\]'"):
        scores(frozen(), truth())


def test_a_rule_is_compiled_when_it_is_first_called():
    made = []

    def compiled():
        made.append(1)
        return lambda a, b: a + b

    later = Later(compiled)
    assert made == []
    assert (later(1, 2), later(3, 4)) == (3, 7)
    assert made == [1]


def test_rules_that_nobody_calls_are_not_compiled():
    rules().crps_quantile(1.0, np.array([0.0, 2.0]), np.array([0.25, 0.75]))
    rare = importlib.import_module("scoringrules.core.crps._gufuncs")._crps_ensemble_fair_gufunc
    assert isinstance(rare, Later)
    assert rare.compiled.cache_info().currsize == 0
