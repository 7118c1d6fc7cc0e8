"""The gateway as a subgraph of an Apollo federation: other graphs refer to what whoever asks may see, by id."""

from functools import cache
from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry.federation.schema import FederationAny

from schema import nodes, publishing
from schema.agency import Agent, MultiAgency
from schema.agency_request import AgencyRequest
from schema.book import Book
from schema.book_customer import BookCustomer
from schema.book_entry import BookEntry
from schema.challenge import Challenge
from schema.comparison import Comparison
from schema.consent import Consent
from schema.context import Info
from schema.customer import Customer
from schema.deadline_calendar import DeadlineCalendar
from schema.document import Document
from schema.inquiry import ComparisonInquiry
from schema.insurer import Insurer
from schema.link import InsurerLink
from schema.plan import Plan
from schema.policy import Policy
from schema.registration import Registration
from schema.renewal import Renewal
from schema.webhook import Webhook

# A router asks for the objects of one page at once.
MOST_ENTITIES = 100

Entity = Annotated[
    Agent
    | AgencyRequest
    | Book
    | BookCustomer
    | BookEntry
    | Challenge
    | Comparison
    | ComparisonInquiry
    | Consent
    | Customer
    | DeadlineCalendar
    | Document
    | Insurer
    | InsurerLink
    | MultiAgency
    | Plan
    | Policy
    | Registration
    | Renewal
    | Webhook,
    strawberry.union(name="_Entity", description="Whatever other subgraphs may refer to by its id."),
]


@strawberry.type(name="_Service", description="What the router of an Apollo federation composes from.")
class Service:
    @strawberry.field(description="This schema as a subgraph, in SDL. Refused where introspection is.")
    def sdl(self, info: Info) -> str:
        return _subgraph(info.schema)


@strawberry.type
class Federated:
    @strawberry.field(name="_service", description="For the router of an Apollo federation.")
    def service(self) -> Service:
        return Service()

    @strawberry.field(
        name="_entities",
        description="For the router of an Apollo federation: objects by `__typename` and `id`, as `node` answers them,"
        f" in order, nulls kept; {MOST_ENTITIES} at most.",
    )
    async def entities(self, info: Info, representations: list[FederationAny]) -> list[Entity | None]:
        if len(representations) > MOST_ENTITIES:
            raise GraphQLError(
                f"一度に指定できるのは{MOST_ENTITIES}件までです。 / {MOST_ENTITIES} representations at most.",
                extensions={"code": "BAD_USER_INPUT"},
            )
        named = [_named(representation) for representation in representations]
        found = await nodes.find_all(info, [id_ for _, id_ in named])
        # What is not there, not the asker's, and of another type are the same None. Whatever is found by its id is one
        # of the types above; a test compares the two.
        return [
            one if one is not None and one.node_type == type_ else None  # type: ignore[misc]
            for one, (type_, _) in zip(found, named, strict=True)
        ]


def _named(representation: object) -> tuple[object, str]:
    """Answer which type and id a router means; of what is no representation, an id of nothing."""
    known = representation if isinstance(representation, dict) else {}
    id_ = known.get("id")
    return known.get("__typename"), id_ if isinstance(id_, str) else ""


# A router may ask often, and printing takes a tenth of a second.
_subgraph = cache(publishing.subgraph)
