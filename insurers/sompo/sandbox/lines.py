"""Lines of form data in Shift_JIS, as WIRE.md §1 has them travel."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, quote_plus, urlencode

ENCODING = "shift_jis"
EOL = "\r\n"

# What a browser sends for a character that the page's encoding does not have.
REFERENCE = re.compile(r"&#(?:\d+|[xX][0-9a-fA-F]+);")

Line = dict[str, str]

# The same names and words go out in answer after answer, and to quote them takes longer than to look them up.
_quoted = lru_cache(maxsize=10_000)(quote_plus)


class NotShiftJIS(ValueError):
    """A character of the request is not in Shift_JIS (§1.10)."""


def decode(body: bytes) -> list[Line]:
    """
    Read a request; the first line is always there, though perhaps empty.

    Raises:
        NotShiftJIS: bytes that are no Shift_JIS, or a reference to a character outside it.
        ValueError: a line is no form data.
    """
    try:
        text = body.decode("ascii")
        lines = [_line(line) for line in text.splitlines() if line]
    except UnicodeDecodeError as error:
        raise NotShiftJIS from error
    if any(REFERENCE.search(value) for line in lines for value in line.values()):
        raise NotShiftJIS
    return lines or [{}]


def _line(line: str) -> Line:
    return dict(parse_qsl(line, keep_blank_values=True, strict_parsing=True, encoding=ENCODING, errors="strict"))


def encode(lines: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(_written(line) + EOL for line in lines).encode("ascii")


def _written(line: Mapping[str, object]) -> str:
    return urlencode(line, encoding=ENCODING, errors="strict", quote_via=_quoted)
