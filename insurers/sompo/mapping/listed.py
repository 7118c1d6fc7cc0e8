"""A line of an agency's list to ours (WIRE.md §14.2). One core reads tens of thousands of them in a second."""

from datetime import date, datetime
from functools import lru_cache

from insurers.feed import FeedRecord, Flaw, FlawKind
from insurers.identity import PolicyNumber, SuccessorNumber
from insurers.money import Yen
from insurers.person import PersonName
from insurers.sompo.mapping.policy import STATUS
from insurers.sompo.mapping.policy import plate as read_plate
from insurers.sompo.wire import itiran
from insurers.sompo.wire.itiran import Broken
from insurers.sompo.wire.notation import read_era_ymd, read_moment
from insurers.text import Text

# Terms, birth dates, names and codes come again and again in a book; more than these are read anew.
TERMS, BIRTH_DATES, WORDS = 4_096, 32_768, 16_384

KINDS = {
    Broken.CUT: FlawKind.TRUNCATED,
    Broken.FIELDS: FlawKind.WRONG_COLUMN,
    Broken.SHAPE: FlawKind.WRONG_COLUMN,
}

# No term of a car's insurance begins or ends in another year than these.
YEARS = range(1990, 2101)

STATUSES = {code.encode(): status for code, status in STATUS.items()}

_ASK = Text("この契約はマイページか保険会社の画面で確認してください。", "Look this contract up at the insurer.")


def _said(ja: str, en: str) -> Text:
    return Text(f"{ja}{_ASK.ja}", f"{en} {_ASK.en}")


REASONS = {
    FlawKind.TRUNCATED: _said("行が途中で切れています。", "The line is cut off."),
    FlawKind.WRONG_COLUMN: _said(
        "項目が足りないか、決まった形ではありません。", "A field is missing, or has not the shape that it should have."
    ),
    FlawKind.UNKNOWN_CODE: _said("知らないコードです。", "The code is unknown."),
    FlawKind.UNDECODABLE: _said(
        "読めない文字（外字など）があります。", "There are characters that cannot be read, such as 外字."
    ),
    FlawKind.IMPOSSIBLE_DATE: _said(
        "実在しない日付か、満期が始期より前です。",
        "There is no such date, or the maturity is not behind the inception.",
    ),
    FlawKind.DUPLICATE_NUMBER: Text(
        "同じ証券番号が2回あります。先の行を採用しました。違いがあれば保険会社に確認してください。",
        "This policy number stands twice; the first line counts. Ask the insurer if they differ.",
    ),
    FlawKind.WRONG_AGENCY: Text(
        "他の代理店の契約です。取り込まずに、保険会社に知らせてください。",
        "This is another agency's contract. It was not taken in; tell the insurer.",
    ),
    FlawKind.WRONG_COUNT: Text(
        "件数が合いません。行が失われたかもしれません。もう一度取り込んでください。",
        "The lines are not as many as were announced; some may be lost. Read the list again.",
    ),
}


class Unfit(Exception):
    """A line that is no record: of what kind, and in which field. Its contents are a person's and not in here."""

    def __init__(self, kind: FlawKind, column: str | None = None) -> None:
        super().__init__(kind, column)
        self.kind = kind
        self.column = column


def flaw(line: int, kind: FlawKind, column: str | None = None, number: PolicyNumber | None = None) -> Flaw:
    return Flaw(line=line, kind=kind, reason=REASONS[kind], column=column, number=number)


def number_of(line: bytes, agency: bytes) -> PolicyNumber | None:
    """Answer of which of the agency's contracts a broken line is, where that can be read."""
    beginning = itiran.beginning(line)
    return PolicyNumber(beginning.number.decode()) if beginning and beginning.agency == agency else None


def record(line: bytes, agency: bytes) -> FeedRecord:
    """
    Raises:
        Unfit: it cannot be read, or is not this *agency*'s.
    """
    values = _values(line)
    number, whose, code = values[:3]
    if whose != agency:
        raise Unfit(FlawKind.WRONG_AGENCY, "DAIRITEN_CD")
    if code not in STATUSES:
        raise Unfit(FlawKind.UNKNOWN_CODE, "KEIYAKU_JYOTAI")
    status, word = STATUSES[code]
    starts_at, ends_at = _term(*values[3:7])
    born, phone, mail, car, plate = values[11:16]
    premium, next_premium, grade, renews_itself = values[16:20]
    branch, solicitor, successor = values[20:]
    return FeedRecord(
        # The line's shape is the number's canonical form, so there is nothing left to parse.
        number=PolicyNumber(number.decode()),
        status=status,
        insurer_status=word,
        starts_at=starts_at,
        ends_at=ends_at,
        holder=_name(*values[7:11]),
        birth_date=_birth_date(born) if born else None,
        phone=phone.replace(b"-", b"").decode() or None,
        email=_text("MAIL", mail) or None,
        vehicle=_word("SYAMEI", car),
        plate=read_plate(_text("TOROKU_NO", plate)) or None,
        premium=Yen(int(premium)),
        next_premium=Yen(int(next_premium)) if next_premium else None,
        grade=int(grade),
        auto_renewal=renews_itself == b"1",
        branch=_word("KYOTEN_CD", branch),
        solicitor=_word("BOSYUNIN_CD", solicitor),
        successor=SuccessorNumber(successor.decode()) if successor else None,
    )


def _values(line: bytes) -> itiran.Fields:
    if values := itiran.fields(line):
        return values
    broken, column = itiran.blame(line)
    raise Unfit(KINDS[broken], column)


@lru_cache(TERMS)
def _term(start: bytes, start_time: bytes, end: bytes, end_time: bytes) -> tuple[datetime, datetime]:
    starts_at = _moment("SIKI_YMD", start, start_time)
    ends_at = _moment("MANKI_YMD", end, end_time)
    if ends_at <= starts_at:
        raise Unfit(FlawKind.IMPOSSIBLE_DATE, "MANKI_YMD")
    return starts_at, ends_at


def _moment(column: str, ymd: bytes, hhmm: bytes) -> datetime:
    try:
        moment = read_moment(ymd.decode(), hhmm.decode())
    except ValueError:
        raise Unfit(FlawKind.IMPOSSIBLE_DATE, column) from None
    if moment.year not in YEARS:
        raise Unfit(FlawKind.IMPOSSIBLE_DATE, column)
    return moment


@lru_cache(BIRTH_DATES)
def _birth_date(era_ymd: bytes) -> date:
    try:
        return read_era_ymd(era_ymd.decode())
    except ValueError:
        raise Unfit(FlawKind.IMPOSSIBLE_DATE, "SEINEN_YMD") from None


def _name(family: bytes, given: bytes, family_kana: bytes, given_kana: bytes) -> PersonName:
    return PersonName(
        family=_word("KEIYAKUSYA_SEI", family) or "",
        given=_word("KEIYAKUSYA_MEI", given) or "",
        family_kana=_kana("KEIYAKUSYA_SEI_KANA", family_kana),
        given_kana=_kana("KEIYAKUSYA_MEI_KANA", given_kana),
    )


@lru_cache(WORDS)
def _kana(column: str, raw: bytes) -> str | None:
    if not itiran.is_kana(read := _text(column, raw)):
        raise Unfit(FlawKind.WRONG_COLUMN, column)
    return read or None


@lru_cache(WORDS)
def _word(column: str, raw: bytes) -> str | None:
    return _text(column, raw) or None


def _text(column: str, raw: bytes) -> str:
    try:
        return itiran.text(raw)
    except ValueError:
        raise Unfit(FlawKind.UNDECODABLE, column) from None
