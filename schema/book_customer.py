"""A customer of an agency, as the insurers' feeds tell of them."""

from collections.abc import Sequence
from datetime import date

import strawberry

from insurers.book import Entry
from schema.agency import Agent
from schema.book_entry import BookEntry, assignee, mandate
from schema.connection import PageInfo
from schema.consent import Consent
from schema.context import Info
from schema.customer import PersonName
from schema.directives import ENTITY, PERSONAL
from schema.node import Node


@strawberry.type(
    description="A customer of the agency: one person, whichever insurers tell of them. It is what the feeds say, and"
    " no account here.",
    directives=[ENTITY],
)
class BookCustomer(Node):
    node_type = "BookCustomer"
    entry: strawberry.Private[Entry]

    def node_parts(self) -> tuple[str, ...]:
        return self.entry.agency, self.entry.person

    @strawberry.field(description="The name as the insurer writes it, with its reading.", directives=[PERSONAL])
    def name(self) -> PersonName:
        # GraphQL reads the language's value by attribute; a PersonName here is a description of it.
        return self.entry.record.holder  # type: ignore[return-value]

    @strawberry.field(description="Born on; null where no insurer tells.", directives=[PERSONAL])
    async def birth_date(self, info: Info) -> date | None:
        return next((entry.record.birth_date for entry in await self._all(info) if entry.record.birth_date), None)

    @strawberry.field(description="Phone number; null where no insurer tells.", directives=[PERSONAL])
    async def phone(self, info: Info) -> str | None:
        return next((entry.record.phone for entry in await self._all(info) if entry.record.phone), None)

    @strawberry.field(description="Mail address; null where no insurer tells.", directives=[PERSONAL])
    async def email(self, info: Info) -> str | None:
        return next((entry.record.email for entry in await self._all(info) if entry.record.email), None)

    @strawberry.field(
        description="All entries of this customer that the viewer may see, over all insurers, soonest first."
    )
    async def entries(self, info: Info) -> list[BookEntry]:
        return [BookEntry(word=entry) for entry in await self._all(info)]

    @strawberry.field(description="Who works on this customer; null for nobody.")
    async def assignee(self, info: Info) -> Agent | None:
        return await assignee(info, self.entry)

    @strawberry.field(description="What the customer lets the agency do now; null where nothing, or no longer.")
    async def consent(self, info: Info) -> Consent | None:
        known = next((entry for entry in await self._all(info) if entry.customer), None)
        found = await mandate(info, known) if known else None
        return Consent(word=found) if found else None

    async def _all(self, info: Info) -> Sequence[Entry]:
        return await info.context.book.of_person.load(self.entry.person)


@strawberry.type(description="Edge of a page of customers.")
class BookCustomerEdge:
    cursor: str = strawberry.field(description="Where this customer stands; pass it as `after`.")
    node: BookCustomer = strawberry.field(description="The customer.")


@strawberry.type(description="Page of customers, in the order of their readings (五十音).")
class BookCustomerConnection:
    edges: list[BookCustomerEdge] = strawberry.field(description="The customers of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")
