"""Requests, read field by field."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from types import TracebackType
from typing import TypeVar

from aiohttp import web

from insurers.sompo.sandbox import dates, lines
from insurers.sompo.sandbox.lines import Line
from insurers.sompo.sandbox.replies import Refusal

MOST_POLICIES = 50  # WIRE.md §5
MOST_AT_ONCE = 5  # SJ-REG-12

Value = TypeVar("Value")


async def read(request: web.Request) -> tuple[Line, list[Line]]:
    """
    Answer the first line and the records behind it.

    Raises:
        Refusal: 12, a character outside Shift_JIS; 10, no lines of form data.
    """
    try:
        first, *records = lines.decode(await request.read())
    except lines.NotShiftJIS as error:
        raise Refusal("12") from error
    except ValueError as error:
        raise Refusal("10", KOUMOKU="") from error
    return first, records


def policy_numbers(records: Sequence[Line]) -> list[str]:
    """Answer the numbers of the KEIYAKU lines, in their canonical form and order, each once."""
    numbers = [record.get("SYOKEN_NO", "") for record in records if record.get("REC") == "KEIYAKU"]
    return list(dict.fromkeys(policy_number(number) for number in numbers))


def require_at_most(most: int, records: Sequence[Line], code: str) -> None:
    if len(records) > most:
        raise Refusal(code)


def policy_number(text: str) -> str:
    return re.sub(r"[\s\-‐−ー]", "", unicodedata.normalize("NFKC", text)).upper()


def fits(shape: str, text: str) -> bool:
    return re.fullmatch(shape, text) is not None


class Form:
    """
    One line, read field by field.

    Fields that will not do are collected, and told all at once when the block ends
    (code 10); what the readers answered for them is then never used.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._wrong: list[str] = []

    def __enter__(self) -> "Form":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._wrong and error is None:
            raise Refusal("10", KOUMOKU=",".join(self._wrong))

    def wrong(self, name: str) -> None:
        if name not in self._wrong:
            self._wrong.append(name)

    def text(self, name: str, longest: int, shape: str = r".+") -> str:
        """Read a text that matches *shape* wholly and has no more than *longest* characters."""
        value = self._line.get(name, "")
        if len(value) > longest or not fits(shape, value):
            self.wrong(name)
        return value

    def one_of(self, name: str, codes: Sequence[str]) -> str:
        value = self._line.get(name, "")
        if value not in codes:
            self.wrong(name)
        return value

    def flag(self, name: str) -> bool:
        return self.one_of(name, ("0", "1")) == "1"

    def number(self, name: str) -> int:
        return self._read(name, _digits, 0)

    def has(self, name: str) -> bool:
        return bool(self._line.get(name))

    def day(self, name: str) -> date:
        return self._read(name, dates.read_ymd, date.min)

    def era_day(self, name: str) -> date:
        return self._read(name, dates.read_era_day, date.min)

    def era_month(self, name: str) -> date:
        return self._read(name, dates.read_era_month, date.min)

    def _read(self, name: str, reader: Callable[[str], Value], instead: Value) -> Value:
        try:
            return reader(self._line.get(name, ""))
        except ValueError:
            self.wrong(name)
            return instead


def _digits(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError("not a number")
    return int(text)
