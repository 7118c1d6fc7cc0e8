"""Lines of an agency's list as they should not be (WIRE.md §14.2), for whoever orders them."""

import re
from collections.abc import Callable, Mapping

CODEC = "cp932"
EOL = b"\r\n"
# What this insurer's forms have instead of a letter that CP932 has not.
STAND_INS = {"𠮷": "吉"}

Line = bytes


def in_cp932(text: str) -> Line:
    try:
        return text.encode(CODEC)
    except UnicodeEncodeError:
        for letter, instead in STAND_INS.items():
            text = text.replace(letter, instead)
        return text.encode(CODEC, errors="replace")


def _put(field: str, value: bytes) -> Callable[[Line], Line]:
    """Write another value into a field."""
    return lambda line: re.sub(rb"&%s=[^&]*" % field.encode(), lambda _: b"&%s=%s" % (field.encode(), value), line)


def _without(field: str) -> Callable[[Line], Line]:
    return lambda line: re.sub(rb"&%s=[^&]*" % field.encode(), b"", line)


# By the words of an order.
LINES: Mapping[str, Callable[[Line], Line]] = {
    "truncated": lambda line: line[: line.index(b"&TOROKU_NO=") + 4],
    "wrong_column": _without("HOKENRYO"),
    "wrong_shape": _put("HOKENRYO", b"57,600"),
    "unknown_code": _put("KEIYAKU_JYOTAI", b"77"),
    "undecodable": _put("KEIYAKUSYA_SEI", b"\x8d\x82\x81\x20"),
    "own_character": _put("KEIYAKUSYA_SEI", b"\xf0\x40\x93\x63"),
    "impossible_date": _put("MANKI_YMD", b"20270230"),
    "impossible_era_date": _put("SEINEN_YMD", b"H01.01.07"),
    "duplicate_number": lambda line: line + EOL + line,
    "lost": lambda _: b"",  # Announced, and not there.
    "wrong_agency": _put("DAIRITEN_CD", b"X9999"),
}
