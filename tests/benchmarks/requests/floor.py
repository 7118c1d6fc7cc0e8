"""The floor: what a good engineer writes by hand for each question, in Starlette, without any GraphQL."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schema.ports import Asker
from tests.benchmarks.requests.by_hand import assigning, book_page, dashboard, one_policy, wizard
from tests.benchmarks.requests.place import Answer, House, Said

Endpoint = Callable[[House, Asker, Said], Awaitable[Answer]]

ENDPOINTS: Mapping[str, Endpoint] = {
    "q1": dashboard.answer,
    "q2": one_policy.answer,
    "q3": book_page.answer,
    "q4": wizard.answer,
    "q5": assigning.answer,
}


def app(house: House) -> Starlette:
    return Starlette(routes=[_route(house, name, endpoint) for name, endpoint in ENDPOINTS.items()])


def _route(house: House, name: str, endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        asker = await house.authenticate(request.headers["authorization"].removeprefix("Bearer "))
        said = msgspec.json.decode(await request.body())
        data = await endpoint(house, asker, said)
        return Response(msgspec.json.encode({"data": data}), media_type="application/json")

    return Route(f"/{name}", answer, methods=["POST"])
