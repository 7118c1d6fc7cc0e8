"""What can stand in the book at all. PostgreSQL refuses to compare anything with more; what cannot fits nobody."""

from collections.abc import Collection

# Of columns that count minutes and yen.
LEAST_NUMBER, MOST_NUMBER = -(2**31), 2**31 - 1

# Of ids and positions, which are of 64 bits.
MOST_DIGITS = 18

_NUL = "\x00"


def number(asked: int) -> int:
    """Answer the nearest number that can stand in the book."""
    return min(max(asked, LEAST_NUMBER), MOST_NUMBER)


def can_stand(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return _NUL not in text


def position(text: str | None) -> int | None:
    """Answer an id, or a place among ids, as a number; None for what is none of ours."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        return None
    return int(text)


def numbered(ids: Collection[str]) -> list[int]:
    """Answer ids as numbers, without those that are none of ours."""
    return [id_ for text in ids if (id_ := position(text)) is not None]
