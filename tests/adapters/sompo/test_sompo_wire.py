"""Sompo's words as they travel: bytes in, bytes out."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.sompo.wire import contracts, lines, notation, says
from insurers.sompo.wire.contracts import Bunkatu, Kensuu, Kousin
from insurers.sompo.wire.lines import Outside, Unsayable
from insurers.sompo.wire.members import Kakutei, link_key

TOLD = "KEKKA_CD=00&KEKKA_BUN=%90%B3%8F%ED&SYORI_NITIJI=20261121184500"
JST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(1975, 1, 1), "S50.01.01"),
        (date(2026, 11, 21), "R08.11.21"),
        (date(2019, 4, 30), "H31.04.30"),
        (date(2019, 5, 1), "R01.05.01"),
        (date(1989, 1, 7), "S64.01.07"),
        (date(1989, 1, 8), "H01.01.08"),
        (date(1926, 12, 24), "T15.12.24"),
        (date(1926, 12, 25), "S01.12.25"),
    ],
)
def test_a_day_is_written_in_its_era(day: date, written: str) -> None:
    assert written == notation.era_ymd(day)
    assert day == notation.read_era_ymd(written)


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2110, 12, 31)))
def test_every_day_can_be_written_and_read_back(day: date) -> None:
    assert day == notation.read_era_ymd(notation.era_ymd(day))


def test_a_month_is_its_first_day() -> None:
    assert date(2028, 2, 1) == notation.read_era_ym("R10.02")
    assert "R10.02" == notation.era_ym(date(2028, 2, 1))


@pytest.mark.parametrize(
    ("written", "month"),
    [
        # Both eras of a month in which one ended.
        ("S64.01", date(1989, 1, 1)),
        ("H01.01", date(1989, 1, 1)),
        ("H31.04", date(2019, 4, 1)),
        ("R01.05", date(2019, 5, 1)),
    ],
)
def test_a_month_is_read_in_an_era_that_has_a_day_of_it(written: str, month: date) -> None:
    assert month == notation.read_era_ym(written)


@pytest.mark.parametrize("text", ["", "S99.01", "S00.12", "R01.04", "H31.05", "S64.02", "M00.12", "R10.13"])
def test_what_is_no_month_of_its_era_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        notation.read_era_ym(text)


def test_moments_are_in_tokyo() -> None:
    assert datetime(2027, 1, 5, 16, 0, tzinfo=JST) == notation.read_moment("20270105", "1600")
    assert datetime(2026, 11, 21, 18, 45, tzinfo=JST) == notation.read_ts("20261121184500")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20270105",
        "2027-01-05",
        "S50.1.1",
        "X50.01.01",
        "S50.02.30",
        "Ｓ50.01.01",
        "S99.01.01",
        "S00.12.31",
        "R00.01.01",
        "R01.04.30",
        "H31.05.01",
        "H01.01.07",
        "S64.01.08",
        "M01.01.24",
    ],
)
def test_what_is_no_era_date_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        notation.read_era_ymd(text)


@pytest.mark.parametrize("text", ["", "1,200", "１２００", "12.5", "+5", "1_000"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        notation.read_number(text)


def test_a_request_is_its_own_line_and_a_line_for_each_record() -> None:
    assert (
        b"KAIIN_TOKEN=8c1f\r\nREC=KEIYAKU&SYOKEN_NO=A123456789\r\nREC=KEIYAKU&SYOKEN_NO=A123456790\r\n"
        == says.contracts("8c1f", ["A123456789", "A123456790"]).body()
    )


def test_text_travels_as_shift_jis_in_ascii() -> None:
    assert (
        b"UKETUKE_NO=u1&SEI=%8EO%8FZ&MEI=%91%BE%98Y\r\nREC=KEIYAKU&SYOKEN_NO=A123456789\r\n"
        == says.entries("u1", [("SEI", "三住"), ("MEI", "太郎")], ["A123456789"]).body()
    )


def test_a_quote_names_its_changes_line_by_line() -> None:
    assert (
        b"KAIIN_TOKEN=t&SYOKEN_NO=A123456789&PLAN_CD=01\r\nREC=HENKOU&HOSYOU_CD=31&SENTAKU_CD=11\r\n"
        == says.quote("t", "A123456789", "01", [("31", "11")]).body()
    )


def test_the_button_names_all_that_was_confirmed() -> None:
    pressed = says.application(
        "t", "p", [("ANNAI_CD", "10")], quote_no="q", premium="57600", document_no="JY-1", sha256="ab"
    )

    assert "/koukai/moshikomi" == pressed.path
    assert (
        b"KAIIN_TOKEN=t&TETUZUKI_NO=p&ANNAI_CD=10&SISAN_NO=q&HOKENRYO=57600&SYORUI_NO=JY-1&SHA256=ab\r\n"
        == pressed.body()
    )


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("髙橋", Outside.KANJI),
        ("山﨑", Outside.KANJI),
        ("𠮷田", Outside.KANJI),
        ("①", Outside.SYMBOL),
        ("㈱見本", Outside.SYMBOL),
        ("😀", Outside.SYMBOL),
        ("３－９", Outside.OTHER),
        ("José", Outside.OTHER),
    ],
)
def test_characters_that_the_insurer_has_not_are_not_written(text: str, sort: Outside) -> None:
    with pytest.raises(Unsayable) as refused:
        says.entries("u1", [("SEI", text)], []).body()

    assert sort is refused.value.sort
    assert text not in repr(refused.value)
    assert refused.value.__context__ is None


def test_nothing_that_is_said_or_heard_shows_itself() -> None:
    said = says.login("taro@example.jp", "Himawari2026", "")
    heard = lines.read(f"{TOLD}&MAIL=taro&KIGEN=20261121184500&ANNAI_BUN=".encode())

    assert "Request(/login/ninsyo)" == repr(said)
    assert "Answer(00)" == repr(heard)
    assert "Kakutei(…)" == repr(heard.head(Kakutei))


def test_an_answer_is_read_with_either_end_of_line() -> None:
    for end in ("\r\n", "\n"):
        heard = lines.read(
            f"{TOLD}&KENSUU=1{end}REC=BUNKATU&SYOKEN_NO=A1&KAI=1&HARAIKOMI_YMD=20270225&GAKU=4800{end}".encode()
        )

        assert Kensuu("1") == heard.head(Kensuu)
        assert {("A1",): [Bunkatu("1", "20270225", "4800")]} == heard.by(Bunkatu, "SYOKEN_NO")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x81\x00<html>\xff",
        b"<html></html>",
        b"KEKKA_CD=00",
        b"KEKKA_BUN=&KEKKA_CD=00&SYORI_NITIJI=20261121184500",
        f"{TOLD}\r\nSYOKEN_NO=A1".encode(),
        f"{TOLD}\r\n\r\n".encode(),
        f"{TOLD}\r\n\r\nREC=BUNKATU&SYOKEN_NO=A1".encode(),
        b"KEKKA_CD=00&KEKKA_BUN=%81&SYORI_NITIJI=20261121184500",
    ],
)
def test_what_is_no_answer_is_not_read(body: bytes) -> None:
    with pytest.raises(ValueError):
        lines.read(body)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "&KENSUU=0&SINSETU=1",
        "&KENSUU=1",
        "&KENSUU=0\r\nREC=SINSETU&SYOKEN_NO=A1",
        "&KENSUU=1\r\nREC=KOUSIN&SYOKEN_NO=A1",
    ],
    ids=["missing", "surplus", "too few", "another record", "a shorter record"],
)
def test_a_wire_that_has_changed_is_not_read(rest: str) -> None:
    with pytest.raises(ValueError):
        contracts.renewal_list(lines.read(f"{TOLD}{rest}".encode()))


def test_fields_that_have_no_value_are_empty() -> None:
    names = [name.upper() for name in Kousin.__struct_fields__]
    record = "&".join(f"{name}={'A1' if name == 'SYOKEN_NO' else ''}" for name in names)

    (listed,) = contracts.renewal_list(lines.read(f"{TOLD}&KENSUU=1\r\nREC=KOUSIN&{record}".encode()))

    assert ("A1", "") == (listed.syoken_no, listed.koukaigo_syoken_no)


KAGI = "0a1b2c3d" * 4


def test_the_key_is_taken_out_of_the_link() -> None:
    assert KAGI == link_key(f" http://127.0.0.1:8103/touroku/honnin?KAGI={KAGI}\n", "/touroku/honnin")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "0a1b",
        "http://127.0.0.1/touroku/honnin",
        "http://127.0.0.1/touroku/honnin?KAGI=",
        f"http://127.0.0.1/touroku/honnin?KAGI={KAGI}&KAGI={KAGI}",
        f"http://127.0.0.1/touroku/honnin?KAGI={KAGI}a",
        # Cut by a line break of the mail.
        f"http://127.0.0.1/touroku/honnin?KAGI={KAGI[:-1]}",
        f"http://127.0.0.1/login?KAGI={KAGI}",
        f"http://127.0.0.1/login/saisettei_url?KAGI={KAGI}",
        f"ftp://127.0.0.1/touroku/honnin?KAGI={KAGI}",
        "http://[/touroku/honnin?KAGI=0a1b",
    ],
)
def test_another_link_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        link_key(url, "/touroku/honnin")
