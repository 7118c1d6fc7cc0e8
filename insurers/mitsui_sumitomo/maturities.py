"""Lines of the maturity data (満期データ, WIRE.md §17.3) as records of an agency's feed."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from insurers.feed import FeedKind, FeedRecord, FlawKind
from insurers.hours import TOKYO
from insurers.identity import PolicyNumber, SuccessorNumber
from insurers.kana import full_width
from insurers.mitsui_sumitomo.wire import manki
from insurers.money import Yen
from insurers.person import PersonName
from insurers.policy import PolicyStatus

# Cover begins and ends at four in the afternoon; the columns have the day alone.
AT_FOUR = time(16)

# No term of a car's insurance begins or ends in another year than these.
YEARS = range(1990, 2101)

KIND = {manki.ALL: FeedKind.FULL, manki.CHANGED: FeedKind.CHANGES}

# 異動区分: whether the agency has lost the policy.
REMOVED: Mapping[FeedKind, Mapping[bytes, bool]] = {
    FeedKind.FULL: {b"0": False},
    FeedKind.CHANGES: {b"1": False, b"2": False, b"3": True},
}
STATUS = {
    b"10": (PolicyStatus.PENDING, "始期前"),
    b"20": (PolicyStatus.IN_FORCE, "有効"),
    b"30": (PolicyStatus.EXPIRED, "満期"),
    b"40": (PolicyStatus.RENEWED, "継続済"),
    b"50": (PolicyStatus.CANCELLED, "解約"),
}
GRADE: Mapping[bytes, int | None] = {f"{grade:02d}".encode(): grade for grade in range(1, 21)} | {b"  ": None}
AUTO_RENEWAL = {b"1": True, b"0": False, b" ": None}

# As many different days, names of cars, parts of names and codes are remembered; a life has fewer days.
REMEMBERED = 32_768


class Unfit(Exception):
    """A line that cannot be read: why, and in which column."""

    def __init__(self, kind: FlawKind, column: str | None = None) -> None:
        super().__init__(kind, column)
        self.kind, self.column = kind, column


class ImpossibleDate(ValueError):
    """Eight digits that no calendar has."""


@lru_cache(REMEMBERED)
def _day(raw: bytes) -> date:
    if not raw.isdigit():
        raise ValueError("no digits")
    try:
        return date(int(raw[:4]), int(raw[4:6]), int(raw[6:]))
    except ValueError:
        raise ImpossibleDate from None


@lru_cache(REMEMBERED)
def _born(raw: bytes) -> date | None:
    return None if raw.isspace() else _day(raw)


@lru_cache(REMEMBERED)
def _moment(raw: bytes) -> datetime:
    day = _day(raw)
    if day.year not in YEARS:
        raise ImpossibleDate
    return datetime.combine(day, AT_FOUR, TOKYO)


def _text(raw: bytes) -> str | None:
    return manki.text(raw).strip(" \u3000") or None


_word = lru_cache(REMEMBERED)(_text)


def _plain(raw: bytes) -> str | None:
    """Half-width letters, digits and signs."""
    if not raw.isascii():
        manki.text(raw)  # What is no CP932 at all is told as that.
        raise ValueError("full width")
    return raw.rstrip(b" ").decode() or None


_code = lru_cache(REMEMBERED)(_plain)


def _number(raw: bytes) -> PolicyNumber:
    # Ten digits are as a number is parsed already, and this is read a million times.
    return PolicyNumber(_digits(raw))


def _successor(raw: bytes) -> SuccessorNumber | None:
    return None if raw.isspace() else SuccessorNumber(_digits(raw))


def _digits(raw: bytes) -> str:
    if not raw.isdigit():
        raise ValueError("no digits")
    return raw.decode()


def _yen(raw: bytes) -> Yen:
    if not raw.isdigit():
        raise ValueError("no digits")
    return Yen(int(raw))


def _yen_or_none(raw: bytes) -> Yen | None:
    return None if raw.isspace() else _yen(raw)


@lru_cache(REMEMBERED)
def _name(raw: bytes) -> tuple[str, str]:
    """Family and given name with a space between; a firm has the first only."""
    text = manki.text(raw)
    family, _, given = text.strip("\u3000").partition("\u3000")
    # More letters than half the bytes are what is left where a column begins in the midst of one.
    if not family or 2 * len(text) != len(raw):
        raise ValueError("no name in full width")
    return family, given


def _reading(raw: bytes) -> tuple[str | None, str | None]:
    family, _, given = raw.rstrip(b" ").partition(b" ")
    return _kana(family), _kana(given)


@lru_cache(REMEMBERED)
def _kana(raw: bytes) -> str | None:
    text = manki.text(raw)
    if len(text) != len(raw):
        raise ValueError("no half width")
    return full_width(text) or None


def _phone(raw: bytes) -> str | None:
    digits = raw.rstrip(b" ").replace(b"-", b"")
    if digits and not (digits.isdigit() and 10 <= len(digits) <= 11):
        raise ValueError("no phone number")
    return digits.decode() or None


def _blank(raw: bytes) -> None:
    if not raw.isspace():
        raise ValueError("not blank")


# How each column is read, in their order; the three before are read by what the file is.
READ: tuple[tuple[str, Callable[[bytes], object]], ...] = (
    ("証券番号", _number),
    ("契約状態", STATUS.__getitem__),
    ("保険始期", _moment),
    ("保険満期", _moment),
    ("契約者名", _name),
    ("契約者カナ", _reading),
    ("生年月日", _born),
    ("電話番号", _phone),
    ("メールアドレス", _plain),
    ("車名", _word),
    ("登録番号", _text),
    ("年間保険料", _yen),
    ("次回保険料", _yen_or_none),
    ("等級", GRADE.__getitem__),
    ("継続手続特約", AUTO_RENEWAL.__getitem__),
    ("拠点コード", _code),
    ("募集人コード", _code),
    ("継続後証券番号", _successor),
    ("予備", _blank),
)

TYPE, CHANGE, AGENCY, ENDS = "レコード区分", "異動区分", "代理店コード", "保険満期"

# The first that fits tells what a reader's error means.
MEANING: tuple[tuple[type[Exception], FlawKind], ...] = (
    (KeyError, FlawKind.UNKNOWN_CODE),
    (UnicodeDecodeError, FlawKind.UNDECODABLE),
    (ImpossibleDate, FlawKind.IMPOSSIBLE_DATE),
    (ValueError, FlawKind.WRONG_COLUMN),
)


def record(line: bytes, kind: FeedKind, agency: bytes) -> FeedRecord:
    """
    Read one line of data, without its ending.

    Raises:
        Unfit: it is broken; nothing of it is guessed.
    """
    if len(line) != manki.LINE_BYTES:
        raise Unfit(FlawKind.TRUNCATED if len(line) < manki.LINE_BYTES else FlawKind.WRONG_COLUMN)
    typed, change, whose, *columns = manki.split(line)
    if typed != manki.DATA:
        raise Unfit(FlawKind.UNKNOWN_CODE, TYPE)
    if change not in REMOVED[kind]:
        raise Unfit(FlawKind.UNKNOWN_CODE, CHANGE)
    if whose != agency:
        raise Unfit(FlawKind.WRONG_AGENCY, AGENCY)
    told = _read(columns)
    if told.ends_at <= told.starts_at:
        raise Unfit(FlawKind.IMPOSSIBLE_DATE, ENDS)
    return replace(told, removed=True) if REMOVED[kind][change] else told


def number(line: bytes, agency: bytes) -> PolicyNumber | None:
    """Answer of which of the agency's contracts a broken line is, where that can be read."""
    if len(line) < manki.BEGINNING.size:
        return None
    typed, _, whose, digits = manki.BEGINNING.unpack_from(line)
    return PolicyNumber(digits.decode()) if (typed, whose) == (manki.DATA, agency) and digits.isdigit() else None


def _read(columns: list[bytes]) -> FeedRecord:
    values: list[Any] = []  # Any: each column has a type of its own.
    try:
        for (_, read), raw in zip(READ, columns, strict=True):
            values.append(read(raw))
    except (KeyError, ValueError) as error:
        column, _ = READ[len(values)]
        raise Unfit(next(kind for meant, kind in MEANING if isinstance(error, meant)), column) from None
    policy, (status, word), starts, ends, (family, given), (family_kana, given_kana), *rest = values
    born, phone, email, car, plate, premium, next_premium, grade, rider, branch, solicitor, successor, _ = rest
    return FeedRecord(
        number=policy,
        status=status,
        insurer_status=word,
        starts_at=starts,
        ends_at=ends,
        holder=PersonName(family=family, given=given, family_kana=family_kana, given_kana=given_kana),
        birth_date=born,
        phone=phone,
        email=email,
        vehicle=car,
        plate=plate,
        premium=premium,
        next_premium=next_premium,
        grade=grade,
        auto_renewal=rider,
        branch=branch,
        solicitor=solicitor,
        successor=successor,
    )
