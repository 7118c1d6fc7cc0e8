"""A number as people type it, and the number it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.identity import InsurerCode, PolicyNumber, PolicyRef, SuccessorNumber

PRINTED = st.from_regex(r"\A[A-Z0-9]{1,32}\Z")

FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}


@pytest.mark.parametrize(
    "typed",
    [
        "A123456789",
        " a123456789 ",
        "Ａ１２３４５６７８９",
        "A-12345-6789",
        "A‐1234－56789",
        "A12345−6789",
        "A1234ー56789",
        "A123　456　789",
        "A123\t456789\n",
    ],
)
def test_one_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert "A123456789" == str(PolicyNumber.parse(typed))


@pytest.mark.parametrize(
    "typed", ["", "   ", "---", "証券番号", "A12345/6789", "A_1", "é", "ß", "ı", "0" * 33, "A1\x00"]
)
def test_what_no_insurer_prints_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a policy number") as refused:
        PolicyNumber.parse(typed)

    assert "A12345/6789" not in str(refused.value)


def test_leading_zeros_are_kept() -> None:
    assert "0123456789" == PolicyNumber.parse("0123456789").text


@given(st.text())
def test_reading_twice_changes_nothing(typed: str) -> None:
    try:
        once = PolicyNumber.parse(typed)
    except ValueError:
        return

    assert once == PolicyNumber.parse(str(once))


@given(PRINTED)
def test_a_printed_number_reads_as_itself(printed: str) -> None:
    assert printed == str(PolicyNumber.parse(printed))


@given(PRINTED)
def test_width_and_case_do_not_matter(printed: str) -> None:
    assert {PolicyNumber(printed)} == {
        PolicyNumber.parse(typed)
        for typed in (printed.lower(), printed.translate(FULL_WIDTH), f" {printed[:1]}-{printed[1:]}")
    }


def test_a_successor_is_not_the_number_in_force() -> None:
    number: object = PolicyNumber("A1")

    assert number != SuccessorNumber("A1")


def test_two_insurers_may_print_the_same_number() -> None:
    number = PolicyNumber("A1")

    assert PolicyRef(InsurerCode("one"), number) != PolicyRef(InsurerCode("other"), number)
