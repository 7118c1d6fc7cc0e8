"""Phone numbers in Japan: one form inside, hyphens at the edge (domain 5.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.phone import hyphenated, read_phone, same_phone
from insurers.unreadable import Unreadable

# Mobile, IP phone, free dial, and landlines with area codes of two to five digits.
NUMBERS = st.one_of(
    st.from_regex(r"0[5-9]0[0-9]{8}", fullmatch=True),
    st.from_regex(r"0120[0-9]{6}", fullmatch=True),
    # Behind 06 no exchange begins with 0, or it would read as the 060 of mobile phones.
    st.from_regex(r"06[1-9][0-9]{7}", fullmatch=True),
    st.from_regex(r"0(?:3|45|52|466|599|4992|1267)", fullmatch=True).flatmap(
        lambda area: st.from_regex(rf"{area}[0-9]{{{10 - len(area)}}}", fullmatch=True)
    ),
)


@pytest.mark.parametrize(
    ("pitfall", "typed", "kept"),
    [
        ("hyphens", "090-1234-5678", "09012345678"),
        ("no hyphens", "09012345678", "09012345678"),
        ("full width", "０９０－１２３４－５６７８", "09012345678"),
        ("a minus and a long vowel", "090−1234ー5678", "09012345678"),
        ("spaces", "090 1234　5678", "09012345678"),
        ("brackets", "０３（１２３４）５６７８", "0312345678"),
        ("+81", "+81 90 1234 5678", "09012345678"),
        ("+81 and full width", "＋８１９０１２３４５６７８", "09012345678"),
        ("+81 (0)", "+81 (0)90-1234-5678", "09012345678"),
        ("0081", "0081-90-1234-5678", "09012345678"),
        ("an area code of four digits", "0466-12-3456", "0466123456"),
        ("an area code of five digits", "01267-2-3456", "0126723456"),
        ("free dial", "0120-123-456", "0120123456"),
        ("a leaflet's number, which nobody has", "03-0000-1042", "0300001042"),
    ],
)
def test_a_number_is_kept_in_national_digits(pitfall: str, typed: str, kept: str) -> None:
    assert kept == read_phone(typed), pitfall
    assert same_phone(typed, kept), pitfall


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "110",
        "1234-5678",
        "312345678",
        "090-1234-567",
        "060-1234-567",
        "090-1234-56789",
        "03-1234-56789",
        "00-1234-5678",
        "0120-FLOWER",
        "090-1234-5678 内線12",
        "03-1234-5678 ext. 9",
        "٠٩٠١٢٣٤٥٦٧٨",
        "+999 1234 56789",
        "((((((((((",
        "+++++++++++",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_phone(typed)
    assert not same_phone(typed, typed)


@pytest.mark.parametrize("typed", ["+1 212 555 0100", "+44 (0)20 7946 0958", "+82 2 312 3456", "+39 06 698 1234"])
def test_a_number_of_another_country_is_refused_as_such(typed: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_phone(typed)

    assert "日本国内の電話番号を入力してください。" == refused.value.message.ja


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("09012345678", "090-1234-5678"),
        ("05012345678", "050-1234-5678"),
        ("0312345678", "03-1234-5678"),
        ("0466123456", "0466-12-3456"),
        ("0120123456", "0120-123-456"),
        ("0300001042", "03-0000-1042"),
    ],
)
def test_an_edge_writes_hyphens_where_the_area_code_ends(kept: str, written: str) -> None:
    assert written == hyphenated(kept)


@given(NUMBERS)
def test_every_spelling_of_a_number_is_that_number(number: str) -> None:
    wide = number.translate({code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)})

    assert number == read_phone(number)
    assert number == read_phone(wide)
    assert number == read_phone(f"+81{number[1:]}")
    assert number == read_phone(f"+81 (0){number[1:]}")
    assert number == read_phone(hyphenated(number))


@given(st.text())
def test_whatever_is_typed_reads_as_itself_or_is_refused(typed: str) -> None:
    try:
        kept = read_phone(typed)
    except ValueError:
        return

    assert kept == read_phone(kept)
