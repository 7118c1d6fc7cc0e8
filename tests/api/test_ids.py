"""Global ids: they tell nothing, nobody can make one up, and they outlive the gateway that gave them."""

import base64
from collections.abc import Mapping

from pydantic import SecretStr

from gateway.settings import Settings
from gateway.vault import fresh_key
from insurers.sandbox import TestClock
from tests.api.conftest import CODES, Houses, Letterbox, Town, open_town
from tests.api.frontend import Frontend, Json

ASKED = """{
  viewer { id customer { id links { id } } }
  insurers { edges { cursor node { id code } } }
  policies { edges { cursor node { id number documents { id } } } }
}"""


def ids(data: object) -> list[str]:
    """Every id and cursor in an answer."""
    if isinstance(data, Mapping):
        own = [value for name, value in data.items() if name in ("id", "cursor") and isinstance(value, str)]
        return own + [id_ for value in data.values() for id_ in ids(value)]
    return [id_ for value in data for id_ in ids(value)] if isinstance(data, list) else []


def opened(id_: str) -> bytes:
    return base64.urlsafe_b64decode(id_ + "=" * (-len(id_) % 4))


async def seen(frontend: Frontend) -> Json:
    answer = await frontend.raw(ASKED)
    assert "errors" not in answer
    return answer["data"]  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.


async def test_an_id_tells_nothing_also_when_it_is_decoded(member: Frontend) -> None:
    data = await seen(member)
    numbers = {edge["node"]["number"] for edge in data["policies"]["edges"]}
    secrets = {*numbers, *CODES, "Policy", "Insurer", "Customer", "Document", "Cursor", member.person["mail"]}

    found = ids(data)

    assert len(found) > 4 * len(CODES)
    for id_ in found:
        for secret in secrets:
            assert secret not in id_
            assert secret.encode() not in opened(id_)


async def test_every_thing_has_one_id_and_no_two_things_share_one(member: Frontend) -> None:
    first, second = [ids(await seen(member)) for _ in range(2)]

    assert first == second
    assert len(set(first)) == len(first)


async def test_an_id_that_was_altered_is_none(town: Town, member: Frontend) -> None:
    id_ = await member.policy_id(CODES[0])
    half = len(id_) // 2
    altered = [id_[:-2], id_ + "AA", id_[:half] + ("A" if id_[half] != "A" else "B") + id_[half + 1 :], id_.swapcase()]

    answer = await member.raw("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": altered})

    assert [None] * len(altered) == answer["data"]["nodes"]


async def test_ids_outlive_a_gateway_and_end_with_its_keys(
    settings: Settings, clock: TestClock, letterbox: Letterbox, houses: Houses
) -> None:
    # By default an issuer is named for the address of its gateway, and here each has another port.
    settings = settings.model_copy(update={"token_issuer": "https://issuer.example"})
    async with open_town(settings, clock, letterbox, houses) as town:
        taro = town.customer("taro")
        for code in CODES:
            await taro.register(code)
        before = ids(await seen(taro))
        policy = await taro.policy_id(CODES[0])

    async with open_town(settings, clock, letterbox, houses) as town:
        assert before == ids(await seen(town.customer("taro")))
        assert policy == await town.customer("taro").policy_id(CODES[0])

    other = settings.model_copy(update={"vault_keys": SecretStr(fresh_key())})
    async with open_town(other, clock, letterbox, houses) as town:
        answer = await town.customer("taro").raw("query ($id: ID!) { node(id: $id) { id } }", {"id": policy})
        assert {"data": {"node": None}} == answer
