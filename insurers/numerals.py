"""Whole numbers written in kanji (漢数字)."""

import re

DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
UNITS = {"千": 1000, "百": 100, "十": 10}
KANJI = "".join([*DIGITS, *UNITS])

_BY_UNITS = re.compile(
    r"(?:([一二三四五六七八九])?千)?(?:([一二三四五六七八九])?百)?(?:([一二三四五六七八九])?十)?([一二三四五六七八九])?"
)


def kanji_number(text: str) -> int:
    """
    Read `二十三`, or `二三` digit by digit.

    Raises:
        ValueError: it is no number.
    """
    if not text:
        raise ValueError("no number in kanji")
    if all(letter in DIGITS for letter in text):
        return int("".join(DIGITS[letter] for letter in text))
    found = _BY_UNITS.fullmatch(text)
    if found is None:
        raise ValueError("no number in kanji")
    total = int(DIGITS[found[4]]) if found[4] else 0
    for unit, many in zip(UNITS, found.groups(), strict=False):
        if unit in text:
            total += UNITS[unit] * (int(DIGITS[many]) if many else 1)
    return total


def in_digits(text: str) -> str:
    """
    Write every number in kanji with digits.

    Raises:
        ValueError: one of them is no number.
    """
    return re.sub(rf"[{KANJI}]+", lambda found: str(kanji_number(found[0])), text)
