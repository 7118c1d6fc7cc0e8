"""What a customer lets an agency do."""

from datetime import datetime

import strawberry

from insurers import mandate
from insurers.agency import ConsentScope, Mandate
from schema.agency import MultiAgency
from schema.arguments import InLanguage
from schema.connection import Cursors, PageInfo, clamped, facts
from schema.context import Info
from schema.customer import Customer
from schema.directives import CUSTOMERS, ENTITY
from schema.evidence import Evidence, evidence
from schema.node import Node


@strawberry.type(
    description="A revocable permission from a customer to an agency (委任). Looked at at every use.",
    directives=[ENTITY],
)
class Consent(Node):
    node_type = "Consent"
    word: strawberry.Private[Mandate]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="Whom the customer lets act.")
    async def agency(self, info: Info) -> MultiAgency | None:
        found = await info.context.book.agency.load(self.word.agency)
        return MultiAgency(word=found) if found else None

    @strawberry.field(description="How far, from the least to the most.")
    def scopes(self) -> list[ConsentScope]:
        return mandate.in_order(self.word.scopes)

    @strawberry.field(description="`scopes` in words.")
    def scope_labels(self, info: Info, locale: InLanguage = None) -> list[str]:
        return [info.context.say(mandate.SCOPES[scope], locale) for scope in mandate.in_order(self.word.scopes)]

    @strawberry.field(description="When the customer agreed.")
    def granted_at(self) -> datetime:
        return self.word.granted_at

    @strawberry.field(description="When it ends by itself; null where it does not.")
    def expires_at(self) -> datetime | None:
        return self.word.expires_at

    @strawberry.field(description="When the customer took it back, or gave the agency another in its place.")
    def revoked_at(self) -> datetime | None:
        return self.word.revoked_at

    @strawberry.field(description="Whether it holds at this moment.")
    def active(self, info: Info) -> bool:
        now = info.context.host.now()
        return any(self.word.allows(scope, now) for scope in self.word.scopes)

    @strawberry.field(
        description="What was agreed to and taken back, word for word. It is the customer's own: null for an agent.",
        directives=[CUSTOMERS],
    )
    async def evidence(self, info: Info) -> Evidence | None:
        return await evidence(info, self.word.id)

    @strawberry.field(
        description="Who agreed; null unless the customer asks, or somebody whose token says for whom they act."
    )
    def customer(self, info: Info) -> Customer | None:
        asker = info.context.asker
        return Customer(word=asker) if asker is not None and asker.customer == self.word.customer else None


@strawberry.type(description="Edge of a page of consents.")
class ConsentEdge:
    cursor: str = strawberry.field(description="Where this consent stands; pass it as `after`.")
    node: Consent = strawberry.field(description="The consent.")


@strawberry.type(description="Page of consents, newest first, those that are over, too.")
class ConsentConnection:
    edges: list[ConsentEdge] = strawberry.field(description="The consents of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


async def consents(info: Info, *, first: int, after: str | None) -> ConsentConnection:
    asker = info.context.asker
    own = Cursors(info.context.ids, "consents", asker.party if asker else "")
    behind = own.behind(after)
    found, more = (
        await info.context.host.mandates.of(asker, first=clamped(first), after=behind) if asker else ((), False)
    )
    cursors = [own.seal(word.id) for word in found]
    edges = [ConsentEdge(cursor=cursor, node=Consent(word=word)) for cursor, word in zip(cursors, found, strict=True)]
    return ConsentConnection(edges=edges, page_info=facts(cursors, more_before=behind is not None, more_after=more))


async def consent_node(info: Info, parts: tuple[str, ...]) -> Node | None:
    asker = info.context.asker
    found = await info.context.host.mandates.get(asker, parts[0]) if asker else None
    return Consent(word=found) if found else None
