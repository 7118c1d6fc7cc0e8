"""Pages of the maturity data (満期データ, WIRE.md §17), from the wire or from a file that an agency has at hand."""

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from insurers.errors import Drifted, Expired
from insurers.feed import FeedPage, FeedRecord, Flaw, FlawKind
from insurers.hours import TOKYO
from insurers.identity import AgencyCode, PolicyNumber
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.maturities import KIND, Unfit, number, record
from insurers.mitsui_sumitomo.wire import manki
from insurers.text import Text

NUMBER, COUNT = "証券番号", "件数"

# So much without a line's end is no file of this wire.
LONGEST_LINE = 64 * 1024

NOT_SET = "-"

_PLACE = re.compile(r"(\d+) (\d+) (\d+) (\d+) ([12]) (\d{14}) (\d{14}|-) ([A-Z0-9]{5}) (\S+) (\S+)", re.ASCII)


class Place(Struct, frozen=True, kw_only=True):
    """
    Where to go on: bytes and lines that were read, records among them, what the header said, and the last number.

    An `after` is all of it with spaces between. `etag` names the insurer's file, and nothing where there is none.
    """

    offset: int
    line: int
    read: int
    kensu: int
    kubun: str
    sakusei_nichiji: str
    kijun_nichiji: str
    dairiten_code: str
    last: str = NOT_SET
    etag: str = NOT_SET

    @classmethod
    def of(cls, after: str) -> "Place":
        """
        Read an `after` of ours.

        Raises:
            Expired: it is none.
        """
        found = _PLACE.fullmatch(after)
        if found is None:
            raise Expired(CODE)
        offset, line, read, kensu, kubun, sakusei, kijun, dairiten, last, etag = found.groups()
        return cls(
            offset=int(offset),
            line=int(line),
            read=int(read),
            kensu=int(kensu),
            kubun=kubun,
            sakusei_nichiji=sakusei,
            kijun_nichiji=kijun,
            dairiten_code=dairiten,
            last=last,
            etag=etag,
        )

    @classmethod
    def begins(cls, line: bytes, etag: str = NOT_SET) -> "Place":
        """
        Stand behind the header.

        Raises:
            Drifted: this line is no header.
        """
        try:
            said = manki.header(line)
            for moment in filter(None, (said.sakusei_nichiji, said.kijun_nichiji)):
                _moment(moment)
        except ValueError:
            raise Drifted(CODE) from None
        return cls(
            offset=len(line) + len(manki.ENDING),
            line=1,
            read=0,
            kensu=said.kensu,
            kubun=said.kubun,
            sakusei_nichiji=said.sakusei_nichiji,
            kijun_nichiji=said.kijun_nichiji or NOT_SET,
            dairiten_code=said.dairiten_code,
            etag=etag,
        )

    def __str__(self) -> str:
        return " ".join(str(getattr(self, name)) for name in self.__struct_fields__)

    @property
    def as_of(self) -> datetime:
        return _moment(self.sakusei_nichiji)

    @property
    def since(self) -> datetime | None:
        return _moment(self.kijun_nichiji) if self.kijun_nichiji != NOT_SET else None


class Reading:
    """One page as it is read, line by line."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.records: list[FeedRecord] = []
        self.lines: list[int] = []
        self.flaws: list[Flaw] = []
        self._offset, self._line, self._read = place.offset, place.line, place.read
        self._kind, self._agency = KIND[place.kubun], place.dairiten_code.encode()
        # Numbers ascend (WIRE.md §17.3), so one that comes again comes at once, if need be on the next page.
        self._seen, self._last = {place.last}, place.last

    def take(self, line: bytes) -> None:
        self._offset += len(line) + len(manki.ENDING)
        self._line += 1
        self._read += 1
        try:
            told = record(line, self._kind, self._agency)
        except Unfit as unfit:
            self.flaw(unfit.kind, unfit.column, number(line, self._agency))
            return
        text = told.number.text
        if text in self._seen:
            self.flaw(FlawKind.DUPLICATE_NUMBER, NUMBER)
            return
        self._seen.add(text)
        self._last = text
        self.records.append(told)
        self.lines.append(self._line)

    def close(self, kensu: int) -> None:
        """Compare the trailer's count, and the header's, with what was read."""
        self._line += 1
        if not kensu == self.place.kensu == self._read:
            self.flaw(FlawKind.WRONG_COUNT, COUNT)

    def break_off(self) -> None:
        """The file ends, and its trailer never came."""
        self._line += 1
        self.flaw(FlawKind.TRUNCATED, None)

    def flaw(self, kind: FlawKind, column: str | None, of: PolicyNumber | None = None) -> None:
        self.flaws.append(Flaw(line=self._line, kind=kind, column=column, reason=reason(kind, column), number=of))

    def page(self, *, ended: bool) -> FeedPage:
        after = Place(
            offset=self._offset,
            line=self._line,
            read=self._read,
            kensu=self.place.kensu,
            kubun=self.place.kubun,
            sakusei_nichiji=self.place.sakusei_nichiji,
            kijun_nichiji=self.place.kijun_nichiji,
            dairiten_code=self.place.dairiten_code,
            last=self._last,
            etag=self.place.etag,
        )
        return FeedPage(
            kind=self._kind,
            as_of=self.place.as_of,
            since=self.place.since,
            agency=AgencyCode(self.place.dairiten_code),
            records=tuple(self.records),
            lines=tuple(self.lines),
            flaws=tuple(self.flaws),
            after=None if ended else str(after),
            read=self._read,
            total=self.place.kensu,
        )


def page(chunk: bytes, place: Place | None, *, last: bool, etag: str = NOT_SET, apart: bool = False) -> FeedPage:
    """
    Read the lines that are whole in *chunk*, which begins at *place*.

    *last* says that no bytes come after these. With *apart* a trailer is left for a page of its own.

    Raises:
        Drifted: this is no such file.
    """
    lines = _lines(chunk, last=last)
    reading = Reading(place or Place.begins(next(lines, b""), etag))
    taken = 0
    for line in lines:
        kensu = manki.trailer(line)
        if kensu is None:
            reading.take(line)
            taken += 1
        elif apart and taken:
            return reading.page(ended=False)
        else:
            reading.close(kensu)
            return reading.page(ended=True)
    if last:
        reading.break_off()
    return reading.page(ended=last)


def _moment(digits: str) -> datetime:
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=TOKYO)


def _lines(chunk: bytes, *, last: bool) -> Iterator[bytes]:
    *whole, rest = chunk.split(manki.ENDING)
    yield from whole
    if last and rest:
        yield rest
    elif len(rest) > LONGEST_LINE:
        raise Drifted(CODE)


# What happened, in both languages; the column stands before it where one is to blame.
HAPPENED = {
    FlawKind.TRUNCATED: Text("行が途中で切れています。", "The line is cut off."),
    FlawKind.WRONG_COLUMN: Text("桁位置か形式に誤りがあります。", "It is out of place, or not in the agreed form."),
    FlawKind.UNKNOWN_CODE: Text("定められていないコードです。", "It is a code that is not agreed on."),
    FlawKind.UNDECODABLE: Text("読み取れない文字（CP932以外）があります。", "It has characters outside CP932."),
    FlawKind.IMPOSSIBLE_DATE: Text(
        "存在しない日付か、始期以前の満期です。", "No calendar has this date, or the term ends before it begins."
    ),
    FlawKind.DUPLICATE_NUMBER: Text(
        "前にある同じ証券番号の行を使用しました。",
        "This number stood before, and the line before counts.",
    ),
    FlawKind.WRONG_AGENCY: Text("別の代理店の行です。", "The line is another agency's."),
    FlawKind.WRONG_COUNT: Text("件数が一致しません。不足の恐れがあります。", "Counts differ; lines may be missing."),
}
TO_DO = Text(
    "三井住友海上の代理店サポートへ、ファイルの作成日時と行番号をご連絡ください。",
    "Tell the insurer's agency desk the time at which the file was made, and the line.",
)


def reason(kind: FlawKind, column: str | None) -> Text:
    happened = HAPPENED[kind]
    named_ja, named_en = (f"「{column}」: ", f"{column}: ") if column else ("", "")
    return Text(f"{named_ja}{happened.ja}{TO_DO.ja}", f"{named_en}{happened.en} {TO_DO.en}")
