"""What is sealed is spelt in one way, so that ids may be compared as texts."""

from hypothesis import example, given
from hypothesis import strategies as st

from insurers import url_letters

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def taken(text: str) -> bytes | None:
    try:
        return url_letters.read(text)
    except ValueError:
        return None


@given(st.binary(max_size=80))
def test_what_is_spelt_is_read(box: bytes) -> None:
    assert box == url_letters.read(url_letters.spelt(box))


@given(st.text(ALPHABET + "=+/! あ", max_size=60) | st.text(max_size=20))
@example("QQ")
@example("QR")
@example("QQ==")
@example("QUI\n")
def test_whatever_is_read_is_spelt_so_and_in_no_other_way(text: str) -> None:
    box = taken(text)

    assert box is None or url_letters.spelt(box) == text


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_letter_more_or_another_one_is_something_else(box: bytes, data: st.DataObject) -> None:
    text = url_letters.spelt(box)
    at = data.draw(st.integers(0, len(text)))
    letter = data.draw(st.sampled_from(ALPHABET + "=!"))

    for other in (text[:at] + letter + text[at:], text[:at] + letter + text[at + 1 :]):
        assert other == text or taken(other) != box
