"""Guessing: counted one by one whatever way the guesses come, stopped with the end of the wait told, and forgiven."""

import asyncio
from datetime import datetime, timedelta

from gateway.store.attempts import LOCKED_FOR, WRONG_AT_MOST
from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes, key, only
from tests.api.test_registering import saying
from tests.api.walking import persona

SECOND = timedelta(seconds=1)
WRONG = "Chigau2026"


def nobody(place: int) -> str:
    """Answer an address that nobody has: an insurer locks each for itself, which is not what is tested here."""
    return f"nobody{place}@example.jp"


async def guess(taro: Frontend, code: str, place: int, **fields: str) -> Json:
    said = {"insurer": {"code": code}, "userId": nobody(place), "password": WRONG} | fields
    return await taro.mutate("InsurerLinkCreate", **said)


def calls(town: Town, code: str) -> list[int]:
    """Answer how often each screen of the sign-in was asked for."""
    counted = town.requests(code)
    return [counted.get(screen, 0) for screen in INSURERS[code]["sign-in"]]


async def lock(taro: Frontend, code: str) -> None:
    for place in range(WRONG_AT_MOST):
        assert ["CREDENTIALS_REJECTED"] == codes(await guess(taro, code, place))


def aliases(code: str, many: int) -> tuple[str, Json]:
    """Answer one document that signs in so many times, each time with another user id and another key."""
    inputs = {
        f"i{place}": {
            "insurer": {"code": code},
            "userId": nobody(place),
            "password": WRONG,
            "idempotencyKey": key(),
        }
        for place in range(many)
    }
    heads = ", ".join(f"${name}: InsurerLinkCreateInput!" for name in inputs)
    fields = "\n".join(
        f"a{place}: insurerLinkCreate(input: $i{place}) {{ errors {{ code retryAt }} }}" for place in range(many)
    )
    return f"mutation ({heads}) {{ {fields} }}", inputs


@each_insurer
async def test_who_is_wrong_too_often_waits_and_is_told_until_when(town: Town, taro: Frontend, code: str) -> None:
    await lock(taro, code)
    town.forget_requests()

    stopped = await guess(taro, code, WRONG_AT_MOST)

    (error,) = stopped["errors"]
    assert "TOO_MANY_ATTEMPTS" == error["code"]
    assert town.clock() + LOCKED_FOR == datetime.fromisoformat(error["retryAt"])
    assert {} == town.requests(code)


@each_insurer
async def test_the_lock_opens_when_it_says_and_not_before(town: Town, taro: Frontend, code: str) -> None:
    await lock(taro, code)
    (error,) = (await guess(taro, code, WRONG_AT_MOST))["errors"]
    opens = datetime.fromisoformat(error["retryAt"])

    town.clock.set(opens - SECOND)
    before = codes(await guess(taro, code, WRONG_AT_MOST))
    town.clock.set(opens)
    after = codes(await guess(taro, code, WRONG_AT_MOST))

    assert (["TOO_MANY_ATTEMPTS"], ["CREDENTIALS_REJECTED"]) == (before, after)


@each_insurer
async def test_a_lock_at_one_insurer_is_none_at_another_and_none_for_anybody_else(
    town: Town, taro: Frontend, sayuri: Frontend, code: str
) -> None:
    await lock(taro, code)

    assert ["CREDENTIALS_REJECTED"] == codes(await guess(sayuri, code, 0))
    for other in CODES:
        if other != code:
            assert ["CREDENTIALS_REJECTED"] == codes(await guess(taro, other, 0))


@each_insurer
async def test_aliases_in_one_document_are_counted_one_by_one(town: Town, taro: Frontend, code: str) -> None:
    document, inputs = aliases(code, WRONG_AT_MOST // 2)
    town.forget_requests()

    heard = []
    for _ in range(3):
        answer = await taro.raw(document, {name: said | {"idempotencyKey": key()} for name, said in inputs.items()})
        assert "errors" not in answer, answer
        heard += [codes(done) for done in answer["data"].values()]

    wrong, stopped = ["CREDENTIALS_REJECTED"], ["TOO_MANY_ATTEMPTS"]
    assert [wrong] * WRONG_AT_MOST + [stopped] * (len(heard) - WRONG_AT_MOST) == heard
    assert {WRONG_AT_MOST} == set(calls(town, code))


@each_insurer
async def test_guesses_over_many_connections_at_once_are_counted_one_by_one(
    town: Town, taro: Frontend, code: str
) -> None:
    town.forget_requests()
    many = WRONG_AT_MOST + 4

    heard = await asyncio.gather(*(guess(taro, code, place) for place in range(many)))

    told = [codes(done) for done in heard]
    assert WRONG_AT_MOST == told.count(["CREDENTIALS_REJECTED"])
    assert many - WRONG_AT_MOST == told.count(["TOO_MANY_ATTEMPTS"])
    assert {WRONG_AT_MOST} == set(calls(town, code))


@each_insurer
async def test_who_has_an_account_may_not_guess_at_others_for_ever(town: Town, code: str) -> None:
    """Getting in counts for nothing, and against nothing."""
    name = INSURERS[code]["has an account"]
    walker = persona(town, name)
    for place in range(WRONG_AT_MOST - 1):
        await guess(walker.frontend, code, place)

    await walker.signed_in()

    again = [codes(await guess(walker.frontend, code, place)) for place in range(2)]
    assert [["CREDENTIALS_REJECTED"], ["TOO_MANY_ATTEMPTS"]] == again


@each_insurer
async def test_identities_are_counted_with_the_sign_ins(town: Town, taro: Frontend, code: str) -> None:
    """Whoever tries birth dates instead of passwords is counted in the same row."""
    half = WRONG_AT_MOST // 2
    for place in range(half):
        await guess(taro, code, place)
    wrong = saying("birth_date", {"date": INSURERS[code]["identity"]["birth_date"]})
    told = [codes(await taro.register(code, wrong)) for _ in range(WRONG_AT_MOST - half)]
    town.forget_requests()

    stopped = await taro.register(code, wrong)

    assert [["IDENTITY_MISMATCH"]] * len(told) == told
    (error,) = stopped["errors"]
    assert "TOO_MANY_ATTEMPTS" == error["code"]
    assert town.clock() + LOCKED_FOR == datetime.fromisoformat(error["retryAt"])
    assert {} == town.requests(code)


@each_insurer
async def test_nobody_learns_at_the_door_who_has_an_account(town: Town, code: str) -> None:
    """The same bytes, whether there is such a user id or not."""
    known = persona(town, INSURERS[code]["has an account"])
    user_id = known.person["account"]["userId"]

    answers = [await sent(known.frontend, code, said) for said in (user_id, nobody(1))]

    assert answers[0] == answers[1]


@each_insurer
async def test_nobody_learns_from_a_reset_who_has_an_account(town: Town, code: str) -> None:
    known = persona(town, INSURERS[code]["has an account"])
    reset = next(method["key"] for method in await known.methods() if method["purpose"] == "CREDENTIAL_RESET")
    mail = known.person["mail"]

    told = []
    for said in (mail, nobody(1)):
        known.enters(email=said)
        waiting = await known.walk(await known.started(reset), until="WAITING_FOR_LINK")
        told.append((waiting["status"], waiting.get("errors"), shape(waiting["challenge"]), waiting["expiresAt"]))

    assert told[0] == told[1]


def shape(challenge: Json) -> Json:
    """Whether something is shown once, and all else but whose it is."""
    unlike = ("id", "sentTo", "displayOnce")
    kept = {name: value for name, value in challenge.items() if name not in unlike}
    return kept | {"shows": challenge["displayOnce"] is not None, "masked": "***" in (challenge["sentTo"] or "***")}


async def sent(taro: Frontend, code: str, user_id: str) -> bytes:
    said = {"insurer": {"code": code}, "userId": user_id, "password": WRONG, "idempotencyKey": key()}
    body = {"query": only("InsurerLinkCreate"), "variables": {"input": said}}
    async with taro.http.post(f"{taro.url}/graphql", json=body, headers=taro.headers) as response:
        return await response.read()
