"""An agency's list of contracts, page by page (WIRE.md §14): many lines, so nothing here looks at a field twice."""

import re
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from insurers.sompo.wire import lines
from insurers.sompo.wire.lines import Request
from insurers.sompo.wire.notation import read_number
from insurers.sompo.wire.records import Record

PATH = "/dairiten/itiran"
CODEC = "cp932"
# The most contracts that one page holds (§14.1).
PAGE_AT_MOST = 2_000

_EOL = b"\r\n"

_REC = (b"REC", b"ITIRAN")
# No byte of a two-byte character is one of these (§14.2), so fields are told apart before they are decoded.
_TEXT = rb"[^&=]*"
# §14.2, in the wire's order.
SHAPES = {
    "SYOKEN_NO": rb"[A-Z][0-9]{9}",
    "DAIRITEN_CD": rb"[A-Z0-9]{1,10}",
    "KEIYAKU_JYOTAI": rb"[0-9]{2}",
    "SIKI_YMD": rb"[0-9]{8}",
    "SIKI_JI": rb"[0-9]{4}",
    "MANKI_YMD": rb"[0-9]{8}",
    "MANKI_JI": rb"[0-9]{4}",
    "KEIYAKUSYA_SEI": rb"[^&=]+",
    "KEIYAKUSYA_MEI": _TEXT,
    "KEIYAKUSYA_SEI_KANA": _TEXT,
    "KEIYAKUSYA_MEI_KANA": _TEXT,
    "SEINEN_YMD": rb"(?:[MTSHR][0-9]{2}\.[0-9]{2}\.[0-9]{2})?",
    "TEL_NO": rb"[-+0-9()]*",
    "MAIL": _TEXT,
    "SYAMEI": _TEXT,
    "TOROKU_NO": _TEXT,
    "HOKENRYO": rb"[0-9]{1,9}",
    "JIKI_HOKENRYO": rb"[0-9]{0,9}",
    "TOUKYU": rb"[0-9]{1,2}",
    "ANSIN_KOUSIN": rb"[01]",
    "KYOTEN_CD": rb"[A-Z0-9]{0,4}",
    "BOSYUNIN_CD": rb"[A-Z0-9]{0,10}",
    "KOUKAIGO_SYOKEN_NO": rb"(?:[A-Z][0-9]{9})?",
}
_SHAPES = {name.encode(): shape for name, shape in SHAPES.items()}
_LINE = re.compile(b"=".join(_REC) + b"".join(b"&%s=(%s)" % field for field in _SHAPES.items()))

_BEGINNING = re.compile(
    b"=".join(_REC) + b"&SYOKEN_NO=(%s)&DAIRITEN_CD=(%s)&" % (SHAPES["SYOKEN_NO"], SHAPES["DAIRITEN_CD"])
)

_KANA = re.compile("[ァ-ヺー・ヽヾ\u3000 ]*")
# Control characters, and 外字 and others of somebody's own: these look like something where they were made, and
# nowhere else.
_STRANGE = re.compile("[\x00-\x1f\ue000-\uf8ff]")

Fields = tuple[bytes, ...]


class Itiran(Record, frozen=True):
    """§14.1, the first line."""

    dairiten_cd: str
    sakusei_nitiji: str
    zen_kensuu: str
    kensuu: str
    tuzuki: str


class Page(Struct, frozen=True):
    """One page: what its first line says, and the further lines. `announced` is how many it says that it has."""

    head: Itiran
    announced: int
    lines: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Page({len(self.lines)})"


class Broken(StrEnum):
    """What a line that cannot be read suffers from."""

    CUT = "cut"
    FIELDS = "fields"  # one is missing, surplus or misplaced
    SHAPE = "shape"


def say(agency: str, key: str, tuzuki: str) -> Request:
    """§14.1."""
    fields = [("DAIRITEN_CD", agency), ("DAIRITEN_KAGI", key), ("KENSUU", str(PAGE_AT_MOST)), ("TUZUKI", tuzuki)]
    return Request(PATH, (fields,))


def first_line(body: bytes) -> lines.Answer:
    """
    Read what stands before the records; of a refusal that is all.

    Raises:
        ValueError: it is no answer.
    """
    return lines.read(body.partition(_EOL)[0])


def page(answer: lines.Answer, body: bytes) -> Page:
    """
    Read a page behind its *answer*.

    Raises:
        ValueError: its first line is not in the wire we know. A line behind it is never to blame.
    """
    head = answer.head(Itiran)
    rest = body.partition(_EOL)[2].removesuffix(_EOL)
    return Page(head, read_number(head.kensuu), tuple(rest.split(_EOL)) if rest else ())


def fields(line: bytes) -> Fields | None:
    """Answer the values of a line in the order of `SHAPES`; None if it is broken."""
    found = _LINE.fullmatch(line)
    return found.groups() if found else None


class Beginning(NamedTuple):
    """Which contract a line is of, and whose."""

    number: bytes
    agency: bytes


def beginning(line: bytes) -> Beginning | None:
    """Answer how a line begins, however broken it is behind that."""
    found = _BEGINNING.match(line)
    return Beginning(*found.groups()) if found else None


def text(raw: bytes) -> str:
    """
    Read a text.

    Raises:
        ValueError: it is no CP932, or holds a character of somebody's own.
    """
    read = (unquote_to_bytes(raw) if b"%" in raw else raw).decode(CODEC)
    # Whatever is printable throughout holds nothing strange; what is not may have wide spaces.
    if not read.isprintable() and _STRANGE.search(read):
        # The text is a person's, and a decoding error would hold it.
        raise ValueError("a character that nobody else has")
    return read


def is_kana(text: str) -> bool:
    return _KANA.fullmatch(text) is not None


def blame(line: bytes) -> tuple[Broken, str | None]:
    """Tell what a line suffers from that `fields` does not read, and in which field, where one is to blame."""
    parts = [part.partition(b"=") for part in line.split(b"&")]
    names = [name for name, _, _ in parts]
    expected = (_REC[0], *_SHAPES)
    if _cut(names, expected, ended=bool(parts[-1][1])):
        return Broken.CUT, None
    if wrong := next((want for want, name in zip(expected, names, strict=False) if want != name), None):
        return Broken.FIELDS, wrong.decode()
    if len(names) != len(expected) or parts[0][2] != _REC[1]:
        return Broken.FIELDS, None
    values = zip(_SHAPES.items(), parts[1:], strict=True)
    wrong = next((name for (name, shape), (_, _, value) in values if not re.fullmatch(shape, value)), None)
    return Broken.SHAPE, wrong.decode() if wrong else None


def _cut(names: list[bytes], expected: tuple[bytes, ...], *, ended: bool) -> bool:
    """Whether a line is as it should be up to somewhere, and nothing comes after. *ended*: its last name is whole."""
    *before, last = names
    at = len(before)
    if at >= len(expected) or tuple(before) != expected[:at] or (ended and at + 1 == len(expected)):
        return False
    return expected[at] == last if ended else expected[at].startswith(last)
