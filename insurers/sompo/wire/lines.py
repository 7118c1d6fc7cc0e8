"""Lines of percent-encoded Shift_JIS, a record in each; the first line of an answer tells how it went (WIRE.md §1)."""

import unicodedata
from binascii import a2b_qp
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar
from urllib.parse import unquote_to_bytes, urlencode

from msgspec import Struct

CODEC = "shift_jis"
CONTENT_TYPE = "application/x-www-form-urlencoded; charset=Shift_JIS"

DONE = "00"

Line = Sequence[tuple[str, str]]


class Record(Struct, frozen=True, rename="upper"):
    """One line's fields in the wire's order, all text. Its class is named for its `REC`."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


R = TypeVar("R", bound=Record)


class Outside(StrEnum):
    """What sort of character Sompo cannot take."""

    KANJI = "kanji"
    SYMBOL = "symbol"
    OTHER = "other"


class Unsayable(ValueError):
    """A text with a character that Sompo cannot take (§1.10), which is not in here; it may be a person's."""

    def __init__(self, sort: Outside) -> None:
        super().__init__(sort)
        self.sort = sort


class Request(Struct, frozen=True):
    """What is said on one path: the line of its own fields, then its records."""

    path: str
    lines: tuple[Line, ...]

    def __repr__(self) -> str:
        return f"Request({self.path})"

    def body(self) -> bytes:
        """
        Write it as it travels.

        Raises:
            Unsayable: a character is not in Shift_JIS.
        """
        return "".join(f"{_written(line)}\r\n" for line in self.lines).encode("ascii")


class _Told(Record, frozen=True):
    """What every first line begins with (§1.7)."""

    kekka_cd: str
    kekka_bun: str
    syori_nitiji: str


class Answer(Struct, frozen=True):
    """
    What was answered: the code, the rest of the first line, and the records.

    KEKKA_BUN is left behind: it may change and is never to be parsed (§2).
    """

    kekka_cd: str
    rest: Line
    lines: tuple[Line, ...]

    def __repr__(self) -> str:
        return f"Answer({self.kekka_cd})"

    def head(self, kind: type[R]) -> R:
        """Read the rest of the first line as *kind*."""
        return _filled(kind, self.rest)

    def every(self, kind: type[R]) -> tuple[R, ...]:
        """Read all records of *kind*, in their order."""
        rec = _rec(kind)
        return tuple(_filled(kind, line[1:]) for line in self.lines if line[0][1] == rec)

    def by(self, kind: type[R], *lead: str) -> Mapping[tuple[str, ...], Sequence[R]]:
        """Read all records of *kind*, by the values of the fields *lead* that stand before its own."""
        found: defaultdict[tuple[str, ...], list[R]] = defaultdict(list)
        rec = _rec(kind)
        for line in self.lines:
            if line[0][1] == rec:
                names, values = zip(*line[1 : 1 + len(lead)], strict=True)
                if names != lead:
                    raise ValueError(f"{kind.__name__} does not begin with {lead}")
                found[values].append(_filled(kind, line[1 + len(lead) :]))
        return found

    def only(self, *kinds: type[Record]) -> None:
        """Pass if there are records of these kinds and no others."""
        if strangers := {line[0][1] for line in self.lines} - {_rec(kind) for kind in kinds}:
            raise ValueError(f"unlisted records: {len(strangers)}")


def read(body: bytes) -> Answer:
    """
    Read an answer.

    Raises:
        ValueError: it is not one.
    """
    first, *records = [_parsed(line) for line in body.decode("ascii").splitlines()] or [()]
    told = _filled(_Told, first[:3])
    if any(not line or line[0][0] != "REC" for line in records):
        raise ValueError("a further line is not a record")
    return Answer(told.kekka_cd, first[3:], tuple(records))


def _written(line: Line) -> str:
    try:
        text = urlencode(line, encoding=CODEC, errors="strict")
    except UnicodeEncodeError as error:
        sort = _sort(error.object[error.start])
    else:
        return text
    # The original error holds the text.
    raise Unsayable(sort)


def _sort(character: str) -> Outside:
    if unicodedata.name(character, "").startswith("CJK"):
        return Outside.KANJI
    # Circled numbers are numbers, and one-letter words such as ㈱ are symbols.
    return Outside.SYMBOL if unicodedata.category(character)[0] in "NS" else Outside.OTHER


def _parsed(line: str) -> Line:
    """
    As `urllib.parse.parse_qsl` has it, strictly, in a fifth of its time.

    Raises:
        ValueError: a field has no value, or is not in Shift_JIS.
    """
    fields = []
    for field in line.split("&") if line else ():
        name, told, value = field.partition("=")
        if not told:
            raise ValueError("a field without a value")
        # Most are codes and amounts, and stand there as they are.
        if "%" in value or "+" in value:
            value = _read(value)
        if "%" in name or "+" in name:
            name = _read(name)
        fields.append((name, value))
    return fields


def _read(text: str) -> str:
    spaced = text.replace("+", " ")
    if "%" not in spaced:
        return spaced
    # Quoted-printable, which C reads, is the same with another sign. Whatever is not whole in it comes out longer.
    read = a2b_qp(spaced.replace("%", "="))
    whole = "=" not in spaced and len(read) == len(spaced) - 2 * spaced.count("%")
    return (read if whole else unquote_to_bytes(spaced)).decode(CODEC)


def _rec(kind: type[Record]) -> str:
    return kind.__name__.upper()


def _filled(kind: type[R], line: Line) -> R:
    """A missing, surplus or misplaced field means that the wire has changed (§1.8)."""
    names, values = zip(*line, strict=True) if line else ((), ())
    if names != kind.__struct_encode_fields__:
        raise ValueError(f"{kind.__name__} has other fields than the wire we know")
    return kind(*values)
