"""Plain Strawberry: its own schema, executor, view and JSON, over our types and the very same host."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry import federation
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig

from schema.context import Context
from schema.mutation import Mutation
from schema.query import Query
from schema.requirement import (
    ChallengeRequirement,
    ConfirmationRequirement,
    DocumentRequirement,
    FieldRequirement,
    OutOfBandRequirement,
    PlanRequirement,
)
from schema.scalars import SCALARS
from schema.user_error import MEMBERS
from tests.benchmarks.requests.place import House

# Whatever no field names, and an interface may be.
TYPES = (
    *MEMBERS,
    FieldRequirement,
    ConfirmationRequirement,
    DocumentRequirement,
    PlanRequirement,
    OutOfBandRequirement,
    ChallengeRequirement,
)


class Plain(GraphQL[Context, None]):
    def __init__(self, house: House) -> None:
        stock = federation.Schema(
            query=Query, mutation=Mutation, types=TYPES, config=StrawberryConfig(scalar_map=SCALARS)
        )
        super().__init__(stock, graphql_ide=None)
        self._house = house

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        asker = await self._house.authenticate(request.headers["authorization"].removeprefix("Bearer "))
        return Context(host=self._house.desks, ids=self._house.ids, asker=asker)
