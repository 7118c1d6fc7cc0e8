"""Signing in at an insurer on the customer's behalf: the passcode, the refusal, the trusted device, and forgetting."""

import asyncio
from collections.abc import Coroutine

import pytest

from insurers.sandbox import Fault
from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json

BY_PASSCODE = [code for code in CODES if INSURERS[code]["asks for a passcode"]]


def untrusted(need: Json) -> Json | None:
    """Do not let the insurer trust this gateway while registering."""
    return {"choice": "false"} if need["key"] == "trusted_device" else None


async def signed_in(taro: Frontend, code: str, password: str | None = None, **fields: object) -> Json:
    return await taro.mutate(
        "InsurerLinkCreate",
        insurer={"code": code},
        **({"userId": taro.person["mail"], "password": password or taro.person["password"]} | fields),
    )


async def answered(taro: Frontend, link: Json, secret: str, **fields: object) -> Json:
    return await taro.mutate("ChallengeAnswer", challengeId=link["challenge"]["id"], answer=secret, **fields)


async def links(taro: Frontend) -> list[Json]:
    asked = """{ viewer { customer { links {
      id state userIdHint insurer { code } challenge { id } nextActions { kind mutation }
    } } } }"""
    return (await taro.raw(asked))["data"]["viewer"]["customer"]["links"]  # type: ignore[no-any-return]  # As asked.


async def told(taro: Frontend, code: str) -> Json:
    found = await taro.policies(first=100)
    return next(provider for provider in found["providers"] if provider["insurer"]["code"] == code)


async def standing(taro: Frontend, code: str) -> tuple[str, str | None]:
    provider = await told(taro, code)
    return provider["state"], provider["code"]


def passcode_but(right: str) -> str:
    return str((int(right[0]) + 1) % 10) + right[1:]


@pytest.fixture
async def unlinked(taro: Frontend, code: str) -> Frontend:
    """Taro, registered at the one insurer that the test is about, whose account this gateway has forgotten."""
    await taro.register(code, untrusted)
    (link,) = await links(taro)
    await taro.mutate("InsurerLinkDelete", linkId=link["id"])
    return taro


async def opened(taro: Frontend, code: str, **fields: object) -> Json:
    """Sign in, with a passcode where one is asked."""
    done = await signed_in(taro, code)
    if done["link"]["challenge"]:
        done = await answered(taro, done["link"], taro.passcode(), **fields)
    assert [] == done["errors"]
    return done["link"]  # type: ignore[no-any-return]  # As above.


@each_insurer
async def test_whoever_is_registered_signs_in_and_sees_the_policies(unlinked: Frontend, code: str) -> None:
    before = await told(unlinked, code)

    link = await opened(unlinked, code)

    found = await unlinked.policies(first=100)
    assert ("AUTH_REQUIRED", "NOT_LINKED") == (before["state"], before["code"])
    assert [{"kind": "LINK_ACCOUNT"}] == before["nextActions"]
    assert "LINKED" == link["state"]
    assert "OK" == (await told(unlinked, code))["state"]
    assert set(unlinked.person["policies"][code]) == {edge["node"]["number"] for edge in found["edges"]}


@each_insurer
async def test_a_hint_lets_its_owner_recognise_the_account_and_tells_nobody_else(unlinked: Frontend, code: str) -> None:
    await opened(unlinked, code)

    (link,) = await links(unlinked)

    assert "***" in link["userIdHint"]
    assert unlinked.person["mail"] != link["userIdHint"]
    assert [] == link["nextActions"]


@each_insurer
@pytest.mark.parametrize("who", ["of nobody", "with a wrong password"])
async def test_a_sign_in_is_refused_as_a_whole(town: Town, unlinked: Frontend, code: str, who: str) -> None:
    sent = {"userId": "nobody@example.jp"} if who == "of nobody" else {}
    mails = len(town.letterbox.letters)

    refused = await signed_in(unlinked, code, password="Chigau2026", **sent)

    (error,) = refused["errors"]
    assert ("CREDENTIALS_REJECTED", ["password"]) == (error["code"], error["field"])
    assert "Chigau2026" not in str(refused)
    assert refused["link"] is None
    assert [] == await links(unlinked)
    assert mails == len(town.letterbox.letters)


@each_insurer
async def test_a_sign_in_that_nobody_answers_may_be_tried_again(town: Town, unlinked: Frontend, code: str) -> None:
    town.trouble(code, Fault.GIBBERISH)
    done = await signed_in(unlinked, code)
    assert [("ProviderError", "PROVIDER_UNAVAILABLE")] == [
        (error["__typename"], error["code"]) for error in done["errors"]
    ]
    town.relieve()

    assert [] == (await signed_in(unlinked, code))["errors"]


@each_insurer
async def test_a_wrong_password_leaves_an_account_that_is_linked_as_it_was(member: Frontend, code: str) -> None:
    refused = await signed_in(member, code, password="Chigau2026")

    assert ["CREDENTIALS_REJECTED"] == [error["code"] for error in refused["errors"]]
    assert "LINKED" == refused["link"]["state"]
    assert "OK" == (await told(member, code))["state"]


@pytest.mark.parametrize("code", BY_PASSCODE)
async def test_a_wrong_passcode_is_refused_and_the_right_one_opens(unlinked: Frontend, code: str) -> None:
    asked = (await signed_in(unlinked, code))["link"]
    right = unlinked.passcode()

    wrong = await answered(unlinked, asked, passcode_but(right))
    pending = await links(unlinked)
    done = await answered(unlinked, asked, right)

    assert ("CHALLENGE_PENDING", "ONE_TIME_PASSWORD") == (asked["state"], asked["challenge"]["kind"])
    assert "***" in asked["challenge"]["sentTo"]
    assert asked["challenge"]["trustDeviceOffered"]
    (error,) = wrong["errors"]
    assert ["answer"] == error["field"]
    assert "CHALLENGE_PENDING" == wrong["link"]["state"]
    assert [{"kind": "ANSWER_CHALLENGE", "mutation": "Mutation.challengeAnswer"}] == pending[0]["nextActions"]
    assert ([], "LINKED", None) == (done["errors"], done["link"]["state"], done["link"]["challenge"])


@pytest.mark.parametrize("code", BY_PASSCODE)
async def test_until_the_passcode_is_answered_nothing_of_the_account_is_read(unlinked: Frontend, code: str) -> None:
    await signed_in(unlinked, code)

    assert ("AUTH_REQUIRED", "OTP_REQUIRED") == await standing(unlinked, code)


@pytest.mark.parametrize("code", BY_PASSCODE)
@pytest.mark.parametrize("trusted", [True, False])
async def test_a_trusted_device_is_spared_the_passcode_the_next_time(
    town: Town, unlinked: Frontend, code: str, trusted: bool
) -> None:
    await opened(unlinked, code, trustDevice=trusted)
    mails = len(town.letterbox.letters)

    again = (await signed_in(unlinked, code))["link"]

    assert ("LINKED" if trusted else "CHALLENGE_PENDING") == again["state"]
    assert trusted == (mails == len(town.letterbox.letters))


@pytest.mark.parametrize("code", BY_PASSCODE)
async def test_a_passcode_is_answered_once(unlinked: Frontend, code: str) -> None:
    asked = (await signed_in(unlinked, code))["link"]
    right = unlinked.passcode()
    await answered(unlinked, asked, right)

    again = await answered(unlinked, asked, right)

    assert ["NOT_FOUND"] == [error["code"] for error in again["errors"]]


@pytest.mark.parametrize("code", BY_PASSCODE)
async def test_an_account_that_works_goes_on_working_while_a_new_sign_in_waits_for_its_passcode(
    unlinked: Frontend, code: str
) -> None:
    await opened(unlinked, code)
    again = (await signed_in(unlinked, code))["link"]

    assert "CHALLENGE_PENDING" == again["state"]
    assert "OK" == (await told(unlinked, code))["state"]


async def forgotten_meanwhile(town: Town, taro: Frontend, code: str, asking: Coroutine[None, None, Json]) -> Json:
    """Forget the only account while its insurer is *asking*'s to wait for, and answer what came of that."""
    (link,) = await links(taro)
    town.trouble(code, Fault.SLOW, times=1, seconds=0.5)
    asked = asyncio.create_task(asking)
    await asyncio.wait([asked], timeout=0.2)

    gone = await taro.mutate("InsurerLinkDelete", linkId=link["id"])

    town.relieve()
    assert ([], link["id"]) == (gone["errors"], gone["deletedLinkId"])
    return await asked


@pytest.mark.parametrize("code", BY_PASSCODE)
async def test_a_sign_in_under_way_brings_nothing_back_of_an_account_that_is_forgotten(
    town: Town, unlinked: Frontend, code: str
) -> None:
    before = await opened(unlinked, code)

    done = await forgotten_meanwhile(town, unlinked, code, signed_in(unlinked, code))

    (after,) = await links(unlinked)
    assert before["id"] != done["link"]["id"] == after["id"]
    # The old key would have opened it.
    assert ("AUTH_REQUIRED", "OTP_REQUIRED") == await standing(unlinked, code)


@pytest.mark.parametrize("code", BY_PASSCODE)
async def test_a_passcode_opens_nothing_whose_account_is_forgotten_while_it_is_answered(
    town: Town, unlinked: Frontend, code: str
) -> None:
    asked = (await signed_in(unlinked, code))["link"]

    done = await forgotten_meanwhile(town, unlinked, code, answered(unlinked, asked, unlinked.passcode()))

    assert ["NOT_FOUND"] == [error["code"] for error in done["errors"]]
    assert [] == await links(unlinked)


@each_insurer
async def test_a_forgotten_account_is_gone_at_once_and_everything_behind_it(member: Frontend, code: str) -> None:
    renewal = await member.start(code)
    before = await links(member)
    policy = await member.policy_id(code)
    link = next(known for known in before if known["insurer"]["code"] == code)

    gone = await member.mutate("InsurerLinkDelete", linkId=link["id"])
    again = await member.mutate("InsurerLinkDelete", linkId=link["id"])
    refused = await member.mutate("RenewalStart", policy={"id": policy})

    assert ([], link["id"]) == (gone["errors"], gone["deletedLinkId"])
    assert ["NOT_FOUND"] == [error["code"] for error in again["errors"]]
    assert len(before) - 1 == len(await links(member))
    assert ("AUTH_REQUIRED", "NOT_LINKED") == await standing(member, code)
    assert (await member.raw("query ($id: ID!) { node(id: $id) { id } }", {"id": policy}))["data"] == {"node": None}
    assert renewal["id"] == (refused["renewal"] or {}).get("id", renewal["id"])
