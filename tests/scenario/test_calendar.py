"""One calendar: the week of a day, a week's days, the weeks that are over."""

from datetime import date, timedelta

from sim.scenario.calendar import first_day, last_day, week_dates, week_of, weeks_over

START = date(2025, 5, 12)


def test_every_day_of_a_week_is_in_it_and_it_is_over_on_its_last():
    for week in range(1, 5):
        days = [first_day(START, week) + timedelta(days=n) for n in range(7)]
        assert days[-1] == last_day(START, week)
        assert {week_of(day, START) for day in days} == {week}
        assert [weeks_over(START, day) for day in days] == [week - 1] * 6 + [week]


def test_days_before_the_start():
    day = START - timedelta(days=1)
    assert week_of(day, START) == 0
    assert weeks_over(START, START - timedelta(days=30)) == 0


def test_first_days_of_weeks_in_a_row():
    assert week_dates(START, 3).astype("datetime64[D]").tolist() == [
        first_day(START, week) for week in (1, 2, 3)
    ]
