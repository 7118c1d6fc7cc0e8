"""One reading of an insurer's feed, and what of it could not be read."""

from datetime import datetime

import strawberry

from insurers.book import FeedRun as RunWord
from insurers.book import RunState
from insurers.feed import FeedKind, FeedSource, FlawKind
from insurers.feed import Flaw as FlawWord
from schema import book_enums as book_enums
from schema.arguments import After, PageSize
from schema.connection import Cursors, PageInfo, clamped, facts
from schema.context import Info


@strawberry.type(description="One record of a feed that could not be read. The rest of the feed is not held up by it.")
class FeedFlaw:
    word: strawberry.Private[FlawWord]

    @strawberry.field(description="Its line in the file, or in all pages together; counted from 1.")
    def line(self) -> int:
        return self.word.line

    @strawberry.field(description="The feed's own name of the column, where one is to blame.")
    def column(self) -> str | None:
        return self.word.column

    @strawberry.field(description="Why it could not be read.")
    def kind(self) -> FlawKind:
        return self.word.kind

    @strawberry.field(description="Why, and what to do, in words. Nothing of what stood there is repeated.")
    def reason(self, info: Info) -> str:
        return info.context.say(self.word.reason)


@strawberry.type(description="Edge of a page of flaws.")
class FeedFlawEdge:
    cursor: str = strawberry.field(description="Where this flaw stands; pass it as `after`.")
    node: FeedFlaw = strawberry.field(description="The flaw.")


@strawberry.type(description="Page of flaws, by line.")
class FeedFlawConnection:
    edges: list[FeedFlawEdge] = strawberry.field(description="The flaws of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


@strawberry.type(description="One reading of an insurer's feed. A crash in between neither loses nor doubles anything.")
class BookFeedRun:
    word: strawberry.Private[RunWord]

    @strawberry.field(description="Opaque and stable: store it and compare it, nothing else.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal("BookFeedRun", self.word.id)

    @strawberry.field(description="Whether it goes on, or how it ended.")
    def state(self) -> RunState:
        return self.word.state

    @strawberry.field(description="How the insurer tells it.")
    def source(self) -> FeedSource:
        return self.word.source

    @strawberry.field(description="Everything, or what changed; null before the first page came.")
    def kind(self) -> FeedKind | None:
        return FeedKind(self.word.kind) if self.word.kind else None

    @strawberry.field(description="When the insurer made the feed; null before the first page came.")
    def as_of(self) -> datetime | None:
        return self.word.as_of

    @strawberry.field(description="When it began.")
    def started_at(self) -> datetime:
        return self.word.begun_at

    @strawberry.field(description="When it ended; null while it goes on.")
    def ended_at(self) -> datetime | None:
        return self.word.ended_at

    @strawberry.field(description="How many records were read so far, good and bad.")
    def read(self) -> int:
        return self.word.read

    @strawberry.field(description="How many the feed says it holds, where it does.")
    def total(self) -> int | None:
        return self.word.total

    @strawberry.field(description="How many were new.")
    def added(self) -> int:
        return self.word.added

    @strawberry.field(description="How many had changed.")
    def changed(self) -> int:
        return self.word.changed

    @strawberry.field(description="How many were as before.")
    def unchanged(self) -> int:
        return self.word.unchanged

    @strawberry.field(description="How many a full feed came without. They are marked, and kept.")
    def vanished(self) -> int:
        return self.word.vanished

    @strawberry.field(description="How many could not be read; `flaws` tells each.")
    def flawed(self) -> int:
        return self.word.flawed

    @strawberry.field(description="Records that could not be read, by line.")
    async def flaws(self, info: Info, first: PageSize = 50, after: After = None) -> FeedFlawConnection:
        agent = await info.context.book.readings.agent()
        own = Cursors(info.context.ids, "flaws", self.word.id)
        line = int(own.behind(after) or 0)
        found, more = (
            await info.context.host.book.flaws(agent, self.word.id, first=clamped(first), after=line)
            if agent
            else ((), False)
        )
        cursors = [own.seal(str(flaw.line)) for flaw in found]
        edges = [
            FeedFlawEdge(cursor=cursor, node=FeedFlaw(word=flaw)) for cursor, flaw in zip(cursors, found, strict=True)
        ]
        return FeedFlawConnection(edges=edges, page_info=facts(cursors, more_before=line > 0, more_after=more))
