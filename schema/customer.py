"""An insured person, as GraphQL shows one."""

import strawberry

from schema.arguments import After, PageSize
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.link import InsurerLink
from schema.node import Node
from schema.policies import policies
from schema.policy import PolicyConnection
from schema.ports import Asker


@strawberry.type(description="A Japanese name with its reading where known.")
class PersonName:
    family: str = strawberry.field(description="Family name as written.", directives=[PERSONAL])
    given: str = strawberry.field(description="Given name as written.", directives=[PERSONAL])
    family_kana: str | None = strawberry.field(description="Family name in katakana.", directives=[PERSONAL])
    given_kana: str | None = strawberry.field(description="Given name in katakana.", directives=[PERSONAL])

    @strawberry.field(description="The whole name as written, the family name first.", directives=[PERSONAL])
    def display(self) -> str:
        return f"{self.family} {self.given}"


@strawberry.type(description="An insured person, who holds policies and signs in here.", directives=[ENTITY])
class Customer(Node):
    node_type = "Customer"
    word: strawberry.Private[Asker]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.customer,)

    @strawberry.field(description="The name; null where the sign-in does not tell it.", directives=[PERSONAL])
    def name(self) -> PersonName | None:
        # GraphQL reads the language's value by attribute; a PersonName here is a description of it.
        return self.word.name  # type: ignore[return-value]

    @strawberry.field(description="Accounts at insurers.")
    async def links(self, info: Info) -> list[InsurerLink]:
        return [InsurerLink(word=link) for link in await info.context.loaders.links.load(None)]

    @strawberry.field(description="Policies at all linked insurers.")
    async def policies(self, info: Info, first: PageSize = 20, after: After = None) -> PolicyConnection:
        return await policies(info, first=first, after=after)
