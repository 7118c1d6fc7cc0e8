"""What of the book is found by its id, by an agent who may see it."""

from schema.book import Book, book
from schema.book_customer import BookCustomer
from schema.book_entry import BookEntry
from schema.context import Info
from schema.node import Node

Parts = tuple[str, ...]


async def whole(info: Info, parts: Parts) -> Node | None:
    found: Book | None = await book(info)
    return found if found and found.node_parts() == parts else None


async def entry(info: Info, parts: Parts) -> Node | None:
    found = await info.context.book.entry.load(parts[0])
    return BookEntry(word=found) if found else None


async def customer(info: Info, parts: Parts) -> Node | None:
    agent = await info.context.book.readings.agent()
    found = await info.context.book.of_person.load(parts[1]) if agent and agent.agency == parts[0] else ()
    return BookCustomer(entry=found[0]) if found else None
