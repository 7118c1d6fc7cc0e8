"""
Records: a line's fields as a Struct, or what leads it and then a Struct (WIRE.md §1).

A record is read in one go. Where a sign in it could pass for another, and where it is not as it should be, it is
read again field by field, and that decides.
"""

import re
from binascii import a2b_qp
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import TypeVar
from urllib.parse import unquote_to_bytes

from msgspec import Struct

CODEC = "shift_jis"

# As many lines of the price list as all covers have with their options and sums; some hundred bytes each.
WARES_KEPT = 2_000

Line = Sequence[tuple[str, str]]


class Record(Struct, frozen=True, rename="upper", gc=False):
    """One line's fields in the wire's order, all text. Its class is named for its `REC`."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Ware(Record, frozen=True):
    """A line of what Sompo sells, which is the same for everybody: it is read once and kept."""


R = TypeVar("R", bound=Record)


def reader(kind: type[R]) -> Callable[[str], R]:
    return _ware(kind) if issubclass(kind, Ware) else partial(_filled, kind)


@cache
def _ware(kind: type[R]) -> Callable[[str], R]:
    return lru_cache(WARES_KEPT)(partial(_filled, kind))


def _filled(kind: type[R], text: str) -> R:
    """
    Read all fields of a record at once.

    Raises:
        ValueError: a field is missing, surplus or misplaced, so the wire has changed (§1.8), or it cannot be read.
    """
    # An ampersand or a control character in disguise would pass for the end of a name or a value.
    plain = "%26" not in text and "%1" not in text
    if plain and (found := _shape(kind).fullmatch(_read(text.replace("=", _IS)))):
        return kind(*found.groups())
    return fitted(kind, parsed(text))


# Stands for the equals sign: it parts lines (`str.splitlines`), so that no line has it undisguised.
_IS = "\x1e"


@cache
def _shape(kind: type[Record]) -> re.Pattern[str]:
    return re.compile("&".join(f"{name}{_IS}([^&{_IS}]*)" for name in kind.__struct_encode_fields__))


def fitted(kind: type[R], line: Line) -> R:
    names, values = zip(*line, strict=True) if line else ((), ())
    if names != kind.__struct_encode_fields__:
        raise ValueError(f"{kind.__name__} has other fields than the wire we know")
    return kind(*values)


def leading(fields: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Read what stands before a record's own fields."""
    line = parsed("&".join(fields))
    if [name for name, _ in line] != list(names):
        raise ValueError(f"a record does not begin with {names}")
    return tuple(value for _, value in line)


def parsed(line: str) -> Line:
    """
    Read a line field by field: as `urllib.parse.parse_qsl` has it, strictly.

    Raises:
        ValueError: a field has no value, or is not in Shift_JIS.
    """
    fields = []
    for field in line.split("&") if line else ():
        name, told, value = field.partition("=")
        if not told:
            raise ValueError("a field without a value")
        fields.append((_read(name), _read(value)))
    return fields


def _read(text: str) -> str:
    # Most are codes and amounts, and stand there as they are.
    spaced = text.replace("+", " ")
    if "%" not in spaced:
        return spaced
    # Quoted-printable, which C reads, is the same with another sign. Whatever is not whole in it comes out longer.
    read = a2b_qp(spaced.replace("%", "="))
    whole = "=" not in spaced and len(read) == len(spaced) - 2 * spaced.count("%")
    return (read if whole else unquote_to_bytes(spaced)).decode(CODEC)
