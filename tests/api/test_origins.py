"""Pages of other origins: only those that the operator named may ask from a browser."""

import aiohttp
import pytest

from gateway.settings import Settings
from tests.api.conftest import Town

PROTOCOLS = ("graphql-transport-ws",)
OURS, OTHERS = "https://app.example.jp", "https://other.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"allowed_origins": (OURS,)})


@pytest.mark.parametrize(("origin", "allowed"), [(OURS, OURS), (OTHERS, None)])
async def test_a_page_is_told_whether_it_may_ask(town: Town, origin: str, allowed: str | None) -> None:
    preflight = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    async with town.http.options(f"{town.url}/graphql", headers=preflight) as answer:
        assert allowed == answer.headers.get("Access-Control-Allow-Origin")
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_a_program_without_an_origin_may_ask(town: Town) -> None:
    async with town.http.post(f"{town.url}/graphql", json={"query": "{ viewer { id } }"}) as answer:
        assert {"viewer": None} == (await answer.json())["data"]
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_socket_opens_for_a_page_of_ours(town: Town) -> None:
    async with town.http.ws_connect(f"{town.url}/graphql", origin=OURS, protocols=PROTOCOLS) as socket:
        assert not socket.closed


async def test_a_socket_stays_shut_for_a_page_of_others(town: Town) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await town.http.ws_connect(f"{town.url}/graphql", origin=OTHERS, protocols=PROTOCOLS)

    assert 403 == refused.value.status
