"""Lines of percent-encoded Shift_JIS, a record in each; the first line of an answer tells how it went (WIRE.md §1)."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from urllib.parse import urlencode

from msgspec import Struct

from insurers.sompo.wire.records import CODEC, Line, R, Record, fitted, leading, parsed, reader

CONTENT_TYPE = "application/x-www-form-urlencoded; charset=Shift_JIS"

DONE = "00"


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
    What was answered: the code, the rest of the first line, and the records by their `REC`, each as it travelled.

    KEKKA_BUN is left behind: it may change and is never to be parsed (§2).
    """

    kekka_cd: str
    rest: Line
    records: Mapping[str, Sequence[str]]

    def __repr__(self) -> str:
        return f"Answer({self.kekka_cd})"

    def head(self, kind: type[R]) -> R:
        """Read the rest of the first line as *kind*."""
        return fitted(kind, self.rest)

    def every(self, kind: type[R]) -> tuple[R, ...]:
        """Read all records of *kind*, in their order."""
        read = reader(kind)
        return tuple(read(text) for text in self.records.get(_rec(kind), ()))

    def by(self, kind: type[R], *lead: str) -> Mapping[tuple[str, ...], Sequence[R]]:
        """Read all records of *kind*, by the values of the fields *lead* that stand before its own."""
        found: defaultdict[tuple[str, ...], list[R]] = defaultdict(list)
        # The lines of one contract begin alike.
        led: dict[tuple[str, ...], tuple[str, ...]] = {}
        read = reader(kind)
        for text in self.records.get(_rec(kind), ()):
            *fields, own = text.split("&", len(lead))
            begun = tuple(fields)
            if begun not in led:
                led[begun] = leading(begun, lead)
            found[led[begun]].append(read(own))
        return found

    def only(self, *kinds: type[Record]) -> None:
        """Pass if there are records of these kinds and no others."""
        if strangers := self.records.keys() - {_rec(kind) for kind in kinds}:
            raise ValueError(f"unlisted records: {len(strangers)}")

    def sound(self) -> "Answer":
        """Answer this if every record could be read, whatever it is of."""
        for texts in self.records.values():
            for text in texts:
                parsed(text)
        return self


def read(body: bytes) -> Answer:
    """
    Read an answer. What a success says in its records is read where somebody asks for them.

    Raises:
        ValueError: it is not one.
    """
    first, *further = body.decode("ascii").splitlines() or [""]
    told = parsed(first)
    answer = Answer(fitted(_Told, told[:3]).kekka_cd, told[3:], _sorted(further))
    return answer if answer.kekka_cd == DONE else answer.sound()


def _sorted(further: Sequence[str]) -> Mapping[str, Sequence[str]]:
    records: defaultdict[str, list[str]] = defaultdict(list)
    recs: dict[str, str] = {}
    for line in further:
        began, more, text = line.partition("&")
        if (rec := recs.get(began)) is None:
            rec = recs[began] = _begun(began)
        if more and not text:
            raise ValueError("a field without a value")
        records[rec].append(text)
    return records


def _begun(field: str) -> str:
    match parsed(field):
        case [("REC", rec)]:
            return rec
    raise ValueError("a further line is not a record")


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


def _rec(kind: type[Record]) -> str:
    return kind.__name__.upper()
