"""What an insurer of paper tells its agency: a number to a line, under a heading that says how many there are."""

from dataclasses import dataclass, field

from insurers.errors import AccessDenied, Drifted, Expired
from insurers.feed import FeedAccess, FeedKind, FeedPage, FeedRecord, Flaw, FlawKind
from insurers.identity import AgencyCode, PolicyNumber
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from tests.language.paper_forms import MATURITY, MORNING, PAPER, WORD

OFFICE = FeedAccess(insurer=PAPER, agency=AgencyCode("OFFICE"), secret="himitsu")
ENDED = -1

# So wide that a file does not fit into the smallest buffer.
WIDTH = 200


@dataclass
class Feeds:
    """The agency's lines, and how often they were made."""

    lines: list[str] = field(default_factory=lambda: ["A1", "A2", "C1", "C2"])
    edition: int = 1

    def content(self) -> bytes:
        return "".join(f"{line:{WIDTH}}\n" for line in [f"PAPER {len(self.lines)}", *self.lines]).encode()

    async def spoil(self) -> None:
        self.lines[1:2] = ["A"]
        await self.outdate()

    async def outdate(self) -> None:
        self.edition += 1


class PaperFeed:
    """Reads two lines to a page; an `after` is OFFSET, lines, total and edition."""

    def __init__(self, feeds: Feeds) -> None:
        self.feeds = feeds

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        self.enter_office(access)
        words = after.split() if after else []
        if words and words[-1] != str(self.feeds.edition):
            raise Expired(PAPER)
        content = self.feeds.content()
        offset = int(words[0]) if words else 0
        lines = content[offset:].splitlines(keepends=True)
        chunk = b"".join(lines[:2])
        return self.page(chunk, after, last=len(lines) <= 2, edition=self.feeds.edition)

    def enter_office(self, access: FeedAccess) -> None:
        if access != OFFICE:
            raise AccessDenied(PAPER)

    def feed_file(self, chunk: bytes, after: str | None, *, last: bool) -> FeedPage:
        return self.page(chunk, after, last=last, edition=0)

    def page(self, chunk: bytes, after: str | None, *, last: bool, edition: int) -> FeedPage:
        offset, line, total = (int(word) for word in after.split()[:3]) if after else (0, 0, ENDED)
        records: list[FeedRecord] = []
        lines: list[int] = []
        flaws: list[Flaw] = []
        for raw in chunk.decode().splitlines(keepends=True):
            if not raw.endswith("\n"):
                break
            offset, line = offset + len(raw), line + 1
            if line == 1:
                total = heading(raw)
            elif len(number := raw.strip()) == 2:
                records.append(self.told(number))
                lines.append(self.line(line))
            else:
                flaws.append(self.flaw(line, number))
        return FeedPage(
            kind=FeedKind.FULL,
            as_of=MORNING,
            records=tuple(records),
            lines=tuple(lines),
            flaws=tuple(flaws),
            after=None if last else f"{offset} {line} {total} {edition}",
            read=line - 1,
            total=total,
            agency=OFFICE.agency,
        )

    def told(self, number: str) -> FeedRecord:
        return FeedRecord(
            number=PolicyNumber(number),
            status=PolicyStatus.IN_FORCE,
            insurer_status="有効",
            starts_at=MORNING.replace(year=2025),
            ends_at=MATURITY,
            holder=PersonName(family="紙", given="一郎"),
            phone="0900000001",
        )

    def line(self, line: int) -> int:
        return line

    def flaw(self, line: int, said: str) -> Flaw:
        return Flaw(line=line, kind=FlawKind.TRUNCATED, reason=WORD)


def heading(line: str) -> int:
    word, _, count = line.partition(" ")
    if word != "PAPER":
        raise Drifted(PAPER)
    return int(count)
