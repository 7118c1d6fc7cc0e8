"""Who is believed, and what nobody may see."""

from datetime import timedelta

import pytest

from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend
from tests.api.live import knocked

VIEWER = "{ viewer { displayName } }"
UNAUTHORIZED = 401
FORBIDDEN = 4403


@pytest.fixture
def wrong_headers(town: Town) -> dict[str, str]:
    token = town.issuer.mint("三住 太郎")
    head, body, signature = token.split(".")
    tampered = signature[::-1]
    return {
        "of no shape": "Bearer not-a-token",
        "tampered with": f"Bearer {head}.{body}.{tampered}",
        "unsigned": f"Bearer {head}.{body}.",
        "expired": f"Bearer {town.issuer.mint('三住 太郎', lifetime=timedelta(minutes=-5))}",
        "empty": "Bearer ",
        "of another scheme": "Basic dGFybzpTdW1pcmU=",
    }


async def test_a_token_that_is_not_believed_is_refused_in_graphqls_shape(
    town: Town, wrong_headers: dict[str, str]
) -> None:
    address = f"{town.url}/graphql"
    for words, authorization in wrong_headers.items():
        headers = {"Authorization": authorization}
        async with (
            town.http.post(address, json={"query": VIEWER}, headers=headers) as posted,
            town.http.get(address, params={"query": VIEWER}, headers=headers) as got,
        ):
            for answer in (posted, got):
                assert UNAUTHORIZED == answer.status, words
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                (error,) = (await answer.json())["errors"]
                assert "UNAUTHENTICATED" == error["extensions"]["code"], words
                assert " / " in error["message"]
                assert authorization not in await answer.text()


async def test_a_token_that_is_not_believed_opens_no_socket(town: Town, wrong_headers: dict[str, str]) -> None:
    for words, authorization in wrong_headers.items():
        async with knocked(town.nobody(), authorization) as live:
            message = await live.socket.receive()

            assert FORBIDDEN == message.data, (words, message)


async def test_a_token_in_time_is_believed_on_every_road(town: Town, taro: Frontend) -> None:
    async with town.http.get(f"{town.url}/graphql", params={"query": VIEWER}, headers=taro.headers) as got:
        answers = [await taro.raw(VIEWER), await got.json()]

    assert [{"viewer": {"displayName": "三住 太郎"}}] * 2 == [answer["data"] for answer in answers]


async def test_without_a_token_there_is_a_catalogue_and_nobody_in_it(town: Town) -> None:
    asked = "{ viewer { id } policies { totalCount } insurers { edges { node { code } } } }"

    data = (await town.nobody().raw(asked))["data"]

    assert data["viewer"] is None
    assert data["policies"] is None
    assert set(CODES) == {edge["node"]["code"] for edge in data["insurers"]["edges"]}
