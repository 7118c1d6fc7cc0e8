"""Who is asking, as GraphQL shows it."""

import strawberry

from schema.agency import Agent
from schema.agency_request import AgencyRequest, requests
from schema.arguments import After, PageSize
from schema.consent import ConsentConnection, consents
from schema.context import Info
from schema.customer import Customer
from schema.directives import PERSONAL
from schema.ports import Asker, Role
from schema.scalars import Locale


@strawberry.type(description="The signed-in party.")
class Viewer:
    word: strawberry.Private[Asker]

    @strawberry.field(description="Opaque and stable: store it and compare it, nothing else.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal("Viewer", self.word.actor)

    @strawberry.field(description="The name of who is signed in.", directives=[PERSONAL])
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

    @strawberry.field(description="As what the viewer works at an agency; null for who does not, or no longer.")
    async def agent(self, info: Info) -> Agent | None:
        found = await info.context.book.readings.agent()
        return Agent(word=found) if found else None

    @strawberry.field(
        description="Consents that the viewer gave, or that the agency of the viewer holds; newest first, those that"
        " are over, too."
    )
    async def consents(self, info: Info, first: PageSize = 20, after: After = None) -> ConsentConnection:
        return await consents(info, first=first, after=after)

    @strawberry.field(
        description="What agencies want of the viewer that only a customer can give, newest first; what is there by"
        " now is not among it."
    )
    async def requests(self, info: Info) -> list[AgencyRequest]:
        return await requests(info)
