"""Dates and months, in the era or in the common calendar (domain 5.3)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.era import ERAS, in_era, read_date, read_month, with_kanji, with_letter
from insurers.numerals import kanji_number
from insurers.unreadable import Unreadable

# The first day of the common calendar in Japan (明治6年), and beyond every date of ours.
FIRST, LAST = date(1873, 1, 1), date(2100, 12, 31)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("令和2年6月23日", date(2020, 6, 23)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R02.06.23", date(2020, 6, 23)),
        ("R2/6/23", date(2020, 6, 23)),
        ("r2-6-23", date(2020, 6, 23)),
        ("R020623", date(2020, 6, 23)),
        ("令2.6.23", date(2020, 6, 23)),
        ("H31.4.30", date(2019, 4, 30)),
        ("S64.1.7", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("㍻31年4月30日", date(2019, 4, 30)),
        ("昭和五十年一月一日", date(1975, 1, 1)),
        ("大正15年12月24日", date(1926, 12, 24)),
        ("明治45年7月29日", date(1912, 7, 29)),
        ("1975年1月1日", date(1975, 1, 1)),
        ("西暦1975年1月1日", date(1975, 1, 1)),
        ("1975/1/1", date(1975, 1, 1)),
        ("1975.01.01", date(1975, 1, 1)),
        ("19750101", date(1975, 1, 1)),
        ("１９７５年　１月　１日", date(1975, 1, 1)),
        ("1975ー01ー01", date(1975, 1, 1)),
        ("二〇二〇年六月二十三日", date(2020, 6, 23)),
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str, day: date) -> None:
    assert day == read_date(typed)


@pytest.mark.parametrize(
    ("day", "kanji", "letter"),
    [
        (date(2019, 5, 1), "令和元年5月1日", "R01.05.01"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.04.30"),
        (date(1989, 1, 8), "平成元年1月8日", "H01.01.08"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.01.07"),
        (date(1926, 12, 25), "昭和元年12月25日", "S01.12.25"),
        (date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
        (date(1912, 7, 30), "大正元年7月30日", "T01.07.30"),
        (date(1912, 7, 29), "明治45年7月29日", "M45.07.29"),
        (date(1873, 1, 1), "明治6年1月1日", "M06.01.01"),
    ],
)
def test_each_side_of_a_boundary_is_in_its_own_era(day: date, kanji: str, letter: str) -> None:
    assert (kanji, letter) == (with_kanji(day), with_letter(day))
    assert (day, day) == (read_date(kanji), read_date(letter))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("昭和64年1月8日", "昭和の日付は1926年12月25日（昭和元年）から1989年1月7日（昭和64年）までです。"),
        ("H1.1.7", "平成の日付は1989年1月8日（平成元年）から2019年4月30日（平成31年）までです。"),
        ("平成31年5月1日", "平成の日付は1989年1月8日（平成元年）から2019年4月30日（平成31年）までです。"),
        ("R1.4.30", "令和は2019年5月1日（令和元年）からです。"),
        ("昭和元年12月24日", "昭和の日付は1926年12月25日（昭和元年）から1989年1月7日（昭和64年）までです。"),
        ("明治5年12月2日", "明治の日付は1873年1月1日（明治6年）から1912年7月29日（明治45年）までです。"),
    ],
)
def test_a_day_that_the_era_never_had_is_refused_and_said_so(typed: str, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_date(typed)

    assert told == refused.value.message.ja


@pytest.mark.parametrize(
    "typed",
    ["", "昨日", "75/1/1", "昭和50年2月29日", "1975-13-01", "R0.1.1", "慶応3年1月1日", "1975-01", "令和", "1975-W01-1",
     "昭和十十年1月1日", "二十三", "1975-01-01T00:00", "٢٠٢٠-٠١-٠١"],
)  # fmt: skip
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_date(typed)


def test_every_day_of_every_era_goes_and_comes_back() -> None:
    day = FIRST
    while day <= LAST:
        assert day == read_date(with_letter(day))
        day += timedelta(days=1)


@given(st.dates(FIRST, LAST))
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    era = in_era(day)
    assert era is not None
    spellings = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        with_kanji(day),
        with_letter(day),
        f"{era.letter}{era.year(day)}.{day.month}.{day.day}",
    ]
    wide = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}

    assert {day} == {read_date(text) for text in spellings}
    assert {day} == {read_date(text.translate(wide)) for text in spellings}


@given(st.dates(FIRST, LAST))
def test_a_day_is_of_one_era_only(day: date) -> None:
    read = set()
    for era in ERAS:
        try:
            read.add(read_date(f"{era.kanji}{era.year(day)}年{day.month}月{day.day}日"))
        except ValueError:
            assert era is not in_era(day)

    assert {day} == read


def test_there_is_no_era_before_the_common_calendar() -> None:
    before = FIRST - timedelta(days=1)

    assert in_era(before) is None
    assert before == read_date(before.isoformat())
    for written in (with_kanji, with_letter):
        with pytest.raises(ValueError):
            written(before)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("2026-06", date(2026, 6, 1)),
        ("2026/6", date(2026, 6, 1)),
        ("2026年6月", date(2026, 6, 1)),
        ("202606", date(2026, 6, 1)),
        ("令和8年6月", date(2026, 6, 1)),
        ("R8.06", date(2026, 6, 1)),
        # Both eras had days of this month.
        ("昭和64年1月", date(1989, 1, 1)),
        ("平成元年1月", date(1989, 1, 1)),
        ("平成31年4月", date(2019, 4, 1)),
        ("令和元年5月", date(2019, 5, 1)),
    ],
)
def test_a_month_is_read_as_people_write_it(typed: str, first: date) -> None:
    assert first == read_month(typed)


@pytest.mark.parametrize("typed", ["平成31年5月", "令和元年4月", "昭和64年2月", "大正元年6月"])
def test_a_month_that_the_era_never_had_is_refused_and_said_so(typed: str) -> None:
    with pytest.raises(Unreadable):
        read_month(typed)


@pytest.mark.parametrize("typed", ["2026-13", "2026-06-01", "2026", "6月"])
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_month(typed)


@pytest.mark.parametrize(
    ("kanji", "number"),
    [
        ("〇", 0),
        ("九", 9),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("二十三", 23),
        ("二三", 23),
        ("百一", 101),
        ("千二百三十四", 1234),
    ],
)
def test_a_number_in_kanji_is_read(kanji: str, number: int) -> None:
    assert number == kanji_number(kanji)


@pytest.mark.parametrize("kanji", ["", "十十", "百千", "二〇十", "23"])
def test_what_is_no_number_in_kanji_is_refused(kanji: str) -> None:
    with pytest.raises(ValueError):
        kanji_number(kanji)
