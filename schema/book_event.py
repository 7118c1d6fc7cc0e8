"""What happens in a book while an agent watches it."""

from collections.abc import AsyncGenerator

import strawberry

from insurers.agency import Agent
from insurers.book import EntryFilter
from schema.agency_ports import BookNews
from schema.book_entry import BookEntry
from schema.book_filter import BookEntryFilter, wanted
from schema.book_matching import admits
from schema.book_summary import BookSummary, summarised
from schema.connection import MOST
from schema.context import Info


@strawberry.type(
    description="A change in the book. The first event tells how things stand; each later one brings what changed since"
    " the one before, whole, so that a normalised cache needs no code."
)
class BookEvent:
    summary: BookSummary = strawberry.field(description="The book in figures, as it stands now.")
    entries: list[BookEntry] = strawberry.field(
        description="The entries that changed, as they stand now, as far as the filter wants them; 100 at most."
    )
    left: list[strawberry.ID] = strawberry.field(
        description="Ids of entries that changed and are not, or no longer, what the filter wants: take them off."
    )
    more: bool = strawberry.field(description="True when more changed than is told here: read the page again.")


async def events(info: Info, filter_: BookEntryFilter | None, due_within_days: int) -> AsyncGenerator[BookEvent, None]:
    """Tell how the book stands, and after every change what changed, while whoever watches is an agent of it."""
    book, agent = info.context.host.book, await info.context.book.readings.agent()
    if agent is None:
        return
    home = agent.agency
    async with info.context.host.updates.subscribe(f"book:{home}") as changes:
        news = await book.since(agent, None, first=MOST)
        yield await _event(info, agent, wanted(info, filter_, home), news, due_within_days)
        async for _ in changes:
            info.context.renew()
            agent = await info.context.book.readings.agent()
            if agent is None or agent.agency != home:
                return
            news = await book.since(agent, news.mark, first=MOST)
            yield await _event(info, agent, wanted(info, filter_, home), news, due_within_days)


async def _event(info: Info, agent: Agent, only: EntryFilter, news: BookNews, due_within_days: int) -> BookEvent:
    now, known = info.context.host.now(), info.context.host.manifests
    told = [entry for entry in news.entries if entry.insurer in known]
    left = [*(entry.id for entry in told if not admits(only, entry, now)), *news.left]
    return BookEvent(
        summary=await summarised(info, agent, due_within_days),
        entries=[BookEntry(word=entry) for entry in told if admits(only, entry, now)],
        left=[info.context.ids.seal("BookEntry", id_) for id_ in left],
        more=news.more,
    )
