"""
The book as a CSV file for a spreadsheet or an agency's own system.

An address opens one file for a quarter of an hour, for as long as its agent works there and sees the
book. Rows are read page by page while they are sent, so a file may be as long as the book.
"""

import csv
import io
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.doors import PRIVATE, closed
from gateway.journeys.agencies import Agencies
from gateway.vault import Keyring, Unsealable
from insurers import glyphs
from insurers.agency import Agent
from insurers.book import Entry, EntryFilter, EntryOrder
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.panel import Clock
from insurers.person import Private
from insurers.telling import Encoding, Export
from insurers.text import Text
from schema.agency_ports import BookDesk
from schema.book_summary import BLOCKER_LABELS, STATUS_LABELS
from schema.execution.refusals import Refusal

PATH = "/exports/{ticket}/{file}"
ROWS, LOST = "book.csv", "unencodable.csv"
LIFE = timedelta(minutes=15)
ABOUT = "export"
PAGE = 100

# What Japanese printers set where a character is missing.
GETA = "〓"

# Windows writes these by other code points than everybody else; they look the same.
_WINDOWS = str.maketrans("−〜‖—¢£¬", "－～∥―￠￡￢")

# A spreadsheet takes a text that begins with one of these for a formula, a Japanese one in whichever width.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")

_RUN_OUT = Refusal(
    "NOT_FOUND",
    404,
    Text("このファイルのリンクは期限切れです。もう一度書き出してください。", "This link has run out: export again."),
)
_CODECS: Mapping[Encoding, str] = {Encoding.UTF_8: "utf-8", Encoding.CP932: "cp932"}
_BYTE_ORDER_MARK = "\ufeff"

log = structlog.stdlib.get_logger("tabane.exports")

Cell = str | int | None


class Ticket(Private, frozen=True, kw_only=True):
    """What an address opens, for whom, and until when."""

    agent: str
    agency: str
    wanted: EntryFilter
    order: EntryOrder
    descending: bool
    encoding: Encoding
    expires_at: datetime


class Exports:
    """Writes the addresses."""

    def __init__(self, keyring: Keyring, public_url: str, clock: Clock) -> None:
        self._keyring = keyring
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def export(
        self, agent: Agent, wanted: EntryFilter, order: EntryOrder, encoding: Encoding, *, descending: bool
    ) -> Export:
        ticket = Ticket(
            agent=agent.id,
            agency=agent.agency,
            wanted=wanted,
            order=order,
            descending=descending,
            encoding=encoding,
            expires_at=self._clock() + LIFE,
        )
        sealed = self._keyring.ticket(msgspec.json.encode(ticket), ABOUT)
        lost = self._url(sealed, LOST) if encoding is Encoding.CP932 else None
        return Export(url=self._url(sealed, ROWS), unencodable_url=lost, expires_at=ticket.expires_at)

    def read(self, text: str) -> Ticket | None:
        """Answer what *text* opens, or None when it is none of ours or too old."""
        try:
            ticket = msgspec.json.decode(self._keyring.redeem(text, ABOUT), type=Ticket)
        except Unsealable:
            return None
        return ticket if ticket.expires_at > self._clock() else None

    def _url(self, ticket: str, file: str) -> str:
        return self._public_url + PATH.format(ticket=ticket, file=file)


class ExportRoom:
    """The door behind the addresses."""

    def __init__(
        self,
        exports: Exports,
        book: BookDesk,
        agencies: Agencies,
        insurers: Callable[[InsurerCode], Text],
    ) -> None:
        self._exports = exports
        self._book = book
        self._agencies = agencies
        self._insurers = insurers

    def route(self) -> Route:
        return Route(PATH, self.opened, methods=["GET"])

    async def opened(self, request: Request) -> Response:
        ticket, file = self._exports.read(request.path_params["ticket"]), request.path_params["file"]
        agent = await self._agencies.working(ticket.agent) if ticket is not None else None
        if ticket is None or agent is None or agent.agency != ticket.agency or file not in (ROWS, LOST):
            return closed(_RUN_OUT, request)
        # Who took which part of a book away is kept where operators look; what was in it is not.
        log.info("book exported", agent=agent.id, agency=agent.agency, file=file, encoding=ticket.encoding.value)
        rows = self._rows(ticket, agent)
        lines = _written(rows, ticket.encoding) if file == ROWS else _lost(rows)
        encoding = ticket.encoding if file == ROWS else Encoding.UTF_8
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{file}"'}
        charset = {Encoding.UTF_8: "utf-8", Encoding.CP932: "Shift_JIS"}[encoding]
        return StreamingResponse(lines, media_type=f"text/csv; charset={charset}", headers=headers)

    async def _rows(self, ticket: Ticket, agent: Agent) -> AsyncIterator[Sequence[Cell]]:
        names = {one.id: one.name for one in await self._agencies.agents(agent)}
        after: str | None = None
        # Whoever reads slowly may have left the agency meanwhile, and is sent no more.
        while await self._agencies.working(agent.id) == agent:
            page = await self._book.page(
                agent,
                ticket.wanted,
                ticket.order,
                descending=ticket.descending,
                first=PAGE,
                after=after,
                count=False,
            )
            for entry in page.entries:
                yield self._row(entry, names)
            if not page.more_after:
                return
            after = page.cursors[-1]

    def _row(self, entry: Entry, names: Mapping[str, str]) -> Sequence[Cell]:
        return tuple(cell(self, entry, names) for cell in COLUMNS.values())

    def insurer(self, code: InsurerCode) -> str:
        return self._insurers(code).ja


def _day(moment: datetime) -> str:
    return moment.astimezone(TOKYO).date().isoformat()


def _yen(yen: Yen | None) -> int | None:
    return None if yen is None else yen.amount


def _kana(entry: Entry) -> str:
    holder = entry.record.holder
    return f"{holder.family_kana or ''} {holder.given_kana or ''}".strip()


# In the order of the columns: the head of each, and what stands below it.
COLUMNS: Mapping[str, Callable[[ExportRoom, Entry, Mapping[str, str]], Cell]] = {
    "保険会社": lambda room, entry, names: room.insurer(entry.insurer),
    "証券番号": lambda room, entry, names: str(entry.record.number),
    "契約者名": lambda room, entry, names: f"{entry.record.holder.family} {entry.record.holder.given}".strip(),
    "契約者名カナ": lambda room, entry, names: _kana(entry),
    "電話番号": lambda room, entry, names: entry.record.phone,
    "メールアドレス": lambda room, entry, names: entry.record.email,
    "車名": lambda room, entry, names: entry.record.vehicle,
    "登録番号": lambda room, entry, names: entry.record.plate,
    "始期日": lambda room, entry, names: _day(entry.record.starts_at),
    "満期日": lambda room, entry, names: _day(entry.record.ends_at),
    "状態": lambda room, entry, names: STATUS_LABELS[entry.status].ja,
    "待っていること": lambda room, entry, names: BLOCKER_LABELS[entry.blocker].ja,
    "現在の年間保険料": lambda room, entry, names: _yen(entry.record.premium),
    "次回の年間保険料（目安）": lambda room, entry, names: _yen(entry.record.next_premium),
    "保険料の増減（目安）": lambda room, entry, names: _yen(entry.premium_change),
    "等級": lambda room, entry, names: entry.record.grade,
    "拠点": lambda room, entry, names: entry.branch,
    "担当者": lambda room, entry, names: names.get(entry.assignee or ""),
    "保険会社のデータ作成日時": lambda room, entry, names: entry.as_of.astimezone(TOKYO).isoformat(timespec="minutes"),
}

_LOST_HEAD = ("行", "証券番号", "項目", "文字", "代わりに書いた文字")


def encodable(text: str) -> str:
    """Write *text* so that CP932 holds it: a variant in its common form, and what has none as 〓."""
    common = glyphs.within(text.translate(_WINDOWS), "cp932")
    return "".join(letter if _holds(letter) else GETA for letter in common)


def _holds(letter: str) -> bool:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


async def _written(rows: AsyncIterator[Sequence[Cell]], encoding: Encoding) -> AsyncIterator[bytes]:
    codec = _CODECS[encoding]
    fit = encodable if encoding is Encoding.CP932 else str
    yield (_BYTE_ORDER_MARK if encoding is Encoding.UTF_8 else "").encode(codec) + _line(tuple(COLUMNS)).encode(codec)
    async for row in rows:
        yield _line([fit(cell) if isinstance(cell, str) else cell for cell in row]).encode(codec)


async def _lost(rows: AsyncIterator[Sequence[Cell]]) -> AsyncIterator[bytes]:
    """List what CP932 could not hold; a line is counted as a spreadsheet does, whose first is the head."""
    yield (_BYTE_ORDER_MARK + _line(_LOST_HEAD)).encode()
    at = 1
    async for row in rows:
        at += 1
        for head, letter, instead in _losses(row):
            yield _line((at, row[1], head, letter, instead)).encode()


def _losses(row: Sequence[Cell]) -> Iterator[tuple[str, str, str]]:
    for head, cell in zip(COLUMNS, row, strict=True):
        for letter in glyphs.gaiji(cell) if isinstance(cell, str) else ():
            yield head, letter, encodable(letter)


def _line(cells: Sequence[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return line.getvalue()


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str) and unicodedata.normalize("NFKC", cell[:1]).startswith(_FORMULAS):
        return f"'{cell}"
    return cell
