"""Who is asking, as GraphQL shows it."""

import strawberry

from schema.context import Info
from schema.link import InsurerLink
from schema.node import Node
from schema.policies import policies
from schema.policy import PolicyConnection
from schema.ports import Asker, Role
from schema.scalars import Locale


@strawberry.type(description="A Japanese name with its reading where known.")
class PersonName:
    family: str = strawberry.field(description="Family name as written.")
    given: str = strawberry.field(description="Given name as written.")
    family_kana: str | None = strawberry.field(description="Family name in katakana.")
    given_kana: str | None = strawberry.field(description="Given name in katakana.")


@strawberry.type(description="An insured person.")
class Customer(Node):
    node_type = "Customer"
    word: strawberry.Private[Asker]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.customer,)

    @strawberry.field(description="The name; null where the sign-in does not tell it.")
    def name(self) -> PersonName | None:
        # GraphQL reads the language's value by attribute; a PersonName here is a description of it.
        return self.word.name  # type: ignore[return-value]

    @strawberry.field(description="Accounts at insurers.")
    async def links(self, info: Info) -> list[InsurerLink]:
        return [InsurerLink(word=link) for link in await info.context.loaders.links.load(None)]

    @strawberry.field(description="Policies at all linked insurers.")
    async def policies(self, info: Info, first: int = 20, after: str | None = None) -> PolicyConnection:
        return await policies(info, first=first, after=after)


@strawberry.type(description="The signed-in party.")
class Viewer:
    word: strawberry.Private[Asker]

    @strawberry.field(description="Opaque and stable.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal("Viewer", self.word.actor)

    @strawberry.field(description="What to call them.")
    def display_name(self) -> str:
        return self.word.actor_name

    @strawberry.field(description="What they may be here.")
    def roles(self) -> list[Role]:
        return sorted(self.word.roles)

    @strawberry.field(description="The language of this answer, by `Accept-Language`.")
    def locale(self, info: Info) -> Locale:
        return Locale(info.context.language)

    @strawberry.field(description="The zone of every date without an offset.")
    def time_zone(self) -> str:
        return "Asia/Tokyo"

    @strawberry.field(
        description="The insured person: the viewer, or for whom an agent acts; null for a viewer who is neither."
    )
    def customer(self) -> Customer | None:
        acts = self.word.role is Role.AGENT and not self.word.is_alone
        return Customer(word=self.word) if acts or Role.CUSTOMER in self.word.roles else None
