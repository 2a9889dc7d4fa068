"""The days a Danish house is closed."""

from datetime import date, timedelta

import pytest

from house.catalogue.danish_days import house_holidays

PUBLIC = {
    2026: [(1, 1), (4, 2), (4, 3), (4, 5), (4, 6), (5, 14), (5, 24), (5, 25), (12, 25), (12, 26)],
    2027: [(1, 1), (3, 25), (3, 26), (3, 28), (3, 29), (5, 6), (5, 16), (5, 17), (12, 25), (12, 26)],
    2035: [(1, 1), (3, 22), (3, 23), (3, 25), (3, 26), (5, 3), (5, 13), (5, 14), (12, 25), (12, 26)],
}
OWN = [(6, 5), (12, 24), (12, 31)]


@pytest.mark.parametrize("year", PUBLIC)
def test_a_year_has_ten_public_holidays(year):
    assert list(house_holidays(year, extra=())) == [date(year, *day) for day in PUBLIC[year]]


@pytest.mark.parametrize("year", range(2024, 2051))
def test_the_movable_ones_are_counted_from_easter(year):
    easter = easter_sunday(year)
    movable = {easter + timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50)}
    fixed = {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    assert set(house_holidays(year, extra=())) == movable | fixed


def easter_sunday(year):
    """The Gregorian Easter by the anonymous algorithm (Nature, 1876), not from the library under test."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    w = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * w) // 451
    month, day = divmod(h + w - 7 * m + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", PUBLIC)
def test_the_house_adds_its_own_days_in_order(year):
    assert list(house_holidays(year)) == sorted(date(year, *day) for day in PUBLIC[year] + OWN)


@pytest.mark.parametrize("day", [date(2024, 4, 26), date(2026, 5, 1), date(2027, 4, 23), date(2035, 4, 20)])
def test_the_former_great_prayer_day_is_an_ordinary_day(day):
    assert day.weekday() == 4
    assert day not in house_holidays(day.year)


def test_great_prayer_day_was_a_holiday_before_it_was_abolished():
    assert date(2023, 5, 5) in house_holidays(2023)


def test_every_day_has_a_code_that_words_can_be_found_for():
    assert house_holidays(2026) == {
        date(2026, 1, 1): "new_years_day",
        date(2026, 4, 2): "maundy_thursday",
        date(2026, 4, 3): "good_friday",
        date(2026, 4, 5): "easter_sunday",
        date(2026, 4, 6): "easter_monday",
        date(2026, 5, 14): "ascension_day",
        date(2026, 5, 24): "pentecost",
        date(2026, 5, 25): "pentecost_monday",
        date(2026, 6, 5): "constitution_day",
        date(2026, 12, 24): "christmas_eve",
        date(2026, 12, 25): "christmas_day",
        date(2026, 12, 26): "second_day_of_christmas",
        date(2026, 12, 31): "new_years_eve",
    }


def test_a_house_may_close_on_a_day_of_its_own():
    assert house_holidays(2026, extra=((9, 7),))[date(2026, 9, 7)] == "house_day"


def test_a_house_day_on_a_public_holiday_keeps_the_name_of_the_holiday():
    assert house_holidays(2033)[date(2033, 6, 5)] == "pentecost"


def test_what_one_caller_changes_the_next_does_not_see():
    house_holidays(2026).clear()
    assert len(house_holidays(2026)) == 13
