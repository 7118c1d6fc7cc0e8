"""A plate as people and insurers write it, and the car it is on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.plate import canonical

OFFICES = st.sampled_from(["品川", "なにわ", "いわき", "横浜", "富士山", "奄美"])
KINDS = st.from_regex(r"\A[0-9][0-9ACFHKLMPXY]{2}\Z|\A[0-9]{1,2}\Z")
USES = st.sampled_from([*"さすせそたちつとな", *"れろわ", *"ABEHKMTY"])
SERIALS = st.integers(1, 9999)
GAPS = st.sampled_from(["", " ", "　", "\t"])

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def printed(serial: int) -> str:
    """As it stands on the car: dots for the digits that are not there."""
    digits = f"{serial:・>4}"
    return f"{digits[:2]}-{digits[2:]}" if serial > 999 else digits


@pytest.mark.parametrize(
    "written",
    [
        "品川 500 す 77-01",
        "品川　５００　す　７７－０１",
        "品川５００す７７−０１",
        "品川500ス77ー01",
        "品川 500 ｽ 7701",
        " 品川-500-す-77-01 ",
    ],
)
def test_one_plate_is_the_same_however_it_is_written(written: str) -> None:
    assert "品川500す7701" == canonical(written)


@pytest.mark.parametrize(
    "written", ["練馬 33 ひ ・・12", "練馬33ひ12", "練馬 33 ひ ‥12", "練馬 ３３ ひ 00-12", "練馬 33 ヒ ･･12"]
)
def test_a_digit_that_is_not_there_may_be_a_dot(written: str) -> None:
    assert "練馬33ひ12" == canonical(written)


def test_a_variant_of_a_kanji_makes_no_other_car() -> None:
    assert canonical("横浜 331 ふ 21-43") == canonical("橫濵 331 ふ 21-43")


@pytest.mark.parametrize(
    "other", ["品川 501 す 77-01", "品川 500 せ 77-01", "品川 500 す 77-10", "足立 500 す 77-01", "品川 50A す 77-01"]
)
def test_another_plate_is_another_car(other: str) -> None:
    assert canonical(other) not in (None, canonical("品川 500 す 77-01"))


@pytest.mark.parametrize(
    "written", [None, "", "  ", "---", "登録未了", "未登録", "新車", "不明 0", "す 77-01", "品川 500 す 77-012"]
)
def test_what_is_no_plate_is_no_car(written: str | None) -> None:
    assert canonical(written) is None


@given(OFFICES, KINDS, USES, SERIALS, GAPS, st.booleans())
def test_spaces_and_width_never_matter(office: str, kind: str, use: str, serial: int, gap: str, wide: bool) -> None:
    written = gap.join((office, kind, use, printed(serial)))

    assert f"{office}{kind}{use}{serial}" == canonical(written.translate(FULL_WIDTH) if wide else written)


@given(st.text())
def test_reading_twice_changes_nothing(written: str) -> None:
    once = canonical(written)

    assert once is None or once == canonical(once)
