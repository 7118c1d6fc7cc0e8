"""An agency's list of contracts, page by page (WIRE.md §14): many lines, so nothing here looks at a field twice."""

import re
from enum import StrEnum
from urllib.parse import unquote

from msgspec import Struct

from insurers.sompo.wire import lines
from insurers.sompo.wire.lines import Record, Request
from insurers.sompo.wire.notation import read_number

PATH = "/dairiten/itiran"
CODEC = "cp932"
# The most contracts that one page holds (§14.1).
PAGE_AT_MOST = 2_000

# 外字 and other characters of somebody's own: what they look like is known where they were made, and nowhere else.
_OWN = "\ue000-\uf8ff"
_CONTROL = "\x00-\x1f"
_ESCAPE = "%"
_EOL = b"\r\n"

_REC = ("REC", "ITIRAN")
_TEXT = f"[^&={_CONTROL}{_OWN}]"
_KANA = "[ァ-ヺー・ヽヾ\u3000 ]"
# §14.2, in the wire's order.
SHAPES = {
    "SYOKEN_NO": "[A-Z][0-9]{9}",
    "DAIRITEN_CD": "[A-Z0-9]{1,10}",
    "KEIYAKU_JYOTAI": "[0-9]{2}",
    "SIKI_YMD": "[0-9]{8}",
    "SIKI_JI": "[0-9]{4}",
    "MANKI_YMD": "[0-9]{8}",
    "MANKI_JI": "[0-9]{4}",
    "KEIYAKUSYA_SEI": f"{_TEXT}+",
    "KEIYAKUSYA_MEI": f"{_TEXT}*",
    "KEIYAKUSYA_SEI_KANA": f"{_KANA}*",
    "KEIYAKUSYA_MEI_KANA": f"{_KANA}*",
    "SEINEN_YMD": r"(?:[MTSHR][0-9]{2}\.[0-9]{2}\.[0-9]{2})?",
    "TEL_NO": "[-+0-9()]*",
    "MAIL": f"{_TEXT}*",
    "SYAMEI": f"{_TEXT}*",
    "TOROKU_NO": f"{_TEXT}*",
    "HOKENRYO": "[0-9]{1,9}",
    "JIKI_HOKENRYO": "[0-9]{0,9}",
    "TOUKYU": "[0-9]{1,2}",
    "ANSIN_KOUSIN": "[01]",
    "KYOTEN_CD": "[A-Z0-9]{0,4}",
    "BOSYUNIN_CD": "[A-Z0-9]{0,10}",
    "KOUKAIGO_SYOKEN_NO": "(?:[A-Z][0-9]{9})?",
}
# What no text may hold is looked for once in a line, and not in every field.
_LINE = re.compile(
    "=".join(_REC) + "".join(f"&{name}=({shape})" for name, shape in SHAPES.items()).replace(_TEXT, "[^&=]")
)
_STRANGE = re.compile(f"[{_CONTROL}{_OWN}]")

Fields = tuple[str, ...]


class Itiran(Record, frozen=True):
    """§14.1, the first line."""

    dairiten_cd: str
    sakusei_nitiji: str
    zen_kensuu: str
    kensuu: str
    tuzuki: str


class Page(Struct, frozen=True):
    """
    One page: what its first line says, and a text for each further line, or None for bytes that are no CP932.

    `announced` is how many lines it says that it has.
    """

    head: Itiran
    announced: int
    texts: tuple[str | None, ...]

    def __repr__(self) -> str:
        return f"Page({len(self.texts)})"


class Broken(StrEnum):
    """What a line that cannot be read suffers from."""

    CUT = "cut"
    FIELDS = "fields"  # one is missing, surplus or misplaced
    SHAPE = "shape"
    OWN_CHARACTER = "own_character"


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
    return Page(head, read_number(head.kensuu), _texts(rest) if rest else ())


def fields(text: str) -> Fields | None:
    """Answer the values of a line in the order of `SHAPES`; None if it is broken."""
    found = _LINE.fullmatch(text)
    # A line that is printable throughout holds nothing strange; one that is not may have wide spaces.
    if found is None or (not text.isprintable() and _STRANGE.search(text)):
        return None
    return found.groups() if _ESCAPE not in text else tuple(map(unquote, found.groups()))


def blame(text: str) -> tuple[Broken, str | None]:
    """Tell what a line suffers from that `fields` does not read, and in which field, where one is to blame."""
    parts = [part.partition("=") for part in text.split("&")]
    names = [name for name, _, _ in parts]
    expected = (_REC[0], *SHAPES)
    if _cut(names, expected, ended=bool(parts[-1][1])):
        return Broken.CUT, None
    if wrong := next((want for want, name in zip(expected, names, strict=False) if want != name), None):
        return Broken.FIELDS, wrong
    if len(names) != len(expected) or parts[0][2] != _REC[1]:
        return Broken.FIELDS, None
    for (name, shape), (_, _, value) in zip(SHAPES.items(), parts[1:], strict=True):
        if not re.fullmatch(shape, value):
            return Broken.OWN_CHARACTER if re.search(f"[{_OWN}]", value) else Broken.SHAPE, name
    return Broken.FIELDS, None


def _cut(names: list[str], expected: tuple[str, ...], *, ended: bool) -> bool:
    """Whether a line is as it should be up to somewhere, and nothing comes after. *ended*: its last name is whole."""
    *before, last = names
    at = len(before)
    if at >= len(expected) or tuple(before) != expected[:at] or (ended and at + 1 == len(expected)):
        return False
    return expected[at] == last if ended else expected[at].startswith(last)


def _texts(rest: bytes) -> tuple[str | None, ...]:
    try:
        # All at once is ten times as fast, and nearly every page allows it.
        return tuple(rest.decode(CODEC).split("\r\n"))
    except UnicodeDecodeError:
        return tuple(_text(line) for line in rest.split(_EOL))


def _text(line: bytes) -> str | None:
    try:
        return line.decode(CODEC)
    except UnicodeDecodeError:
        return None
