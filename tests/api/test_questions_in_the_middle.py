"""An insurer that asks for a passcode in the middle of a read, and an account that is given up."""

from datetime import timedelta

import pytest

from insurers.sandbox import Fault
from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json

ASKING = [code for code in CODES if "asks a device" in INSURERS[code]]
asking = pytest.mark.parametrize("code", ASKING)

# Longer than any session lives, so that the next read has to open one.
A_WHILE = timedelta(minutes=90)
# Longer than any passcode lives.
A_DAY = timedelta(days=1)


async def told(taro: Frontend, code: str) -> Json:
    found = await taro.do("Providers")
    provider = next(each for each in found["providers"] if each["insurer"]["code"] == code)
    numbers = {edge["node"]["number"] for edge in found["edges"] if edge["node"]["insurer"]["code"] == code}
    return provider | {"numbers": numbers}  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.


async def asked(town: Town, member: Frontend, code: str) -> Json:
    """Have the insurer ask for a passcode when it is read next, and answer what is then told of it."""
    address = town.houses[next(each for each in CODES if each == code)][1]
    order = {"mail": member.person["mail"]}
    async with town.http.post(address.control_url + INSURERS[code]["asks a device"], json=order) as response:
        assert 204 == response.status
    town.clock.advance(A_WHILE)
    return await told(member, code)


def mails(town: Town) -> int:
    return len(town.letterbox.letters)


def challenge_of(provider: Json) -> str:
    (action,) = provider["nextActions"]
    assert ("ANSWER_CHALLENGE", "Mutation.challengeAnswer") == (action["kind"], action["mutation"])
    return action["challenge"]["id"]  # type: ignore[no-any-return]  # As above.


@asking
async def test_a_passcode_asked_in_the_middle_of_a_read_is_a_next_action_and_no_failure(
    town: Town, member: Frontend, code: str
) -> None:
    provider = await asked(town, member, code)

    (action,) = provider["nextActions"]
    assert ("AUTH_REQUIRED", "OTP_REQUIRED", set()) == (provider["state"], provider["code"], provider["numbers"])
    assert ("ANSWER_CHALLENGE", "ONE_TIME_PASSWORD") == (action["kind"], action["challenge"]["kind"])
    assert "***" in action["challenge"]["sentTo"]
    link = next(link for link in (await links(member)) if link["insurer"]["code"] == code)
    assert ("CHALLENGE_PENDING", action["challenge"]["id"]) == (link["state"], link["challenge"]["id"])


@asking
async def test_the_other_insurers_policies_are_there_all_the_while(town: Town, member: Frontend, code: str) -> None:
    await asked(town, member, code)

    for other in CODES:
        if other != code:
            provider = await told(member, other)
            assert ("OK", set(member.person["policies"][other])) == (provider["state"], provider["numbers"])


@asking
async def test_reading_again_sends_no_second_passcode(town: Town, member: Frontend, code: str) -> None:
    first = await asked(town, member, code)
    before = mails(town)
    town.forget_requests()

    again = await told(member, code)

    assert (before, {}) == (mails(town), town.requests(code))
    assert challenge_of(first) == challenge_of(again)


@asking
@pytest.mark.parametrize("trusted", [True, False])
async def test_the_passcode_brings_the_policies_back(town: Town, member: Frontend, code: str, trusted: bool) -> None:
    challenge = challenge_of(await asked(town, member, code))

    done = await member.mutate("ChallengeAnswer", challengeId=challenge, answer=member.passcode(), trustDevice=trusted)

    provider = await told(member, code)
    assert ([], "LINKED") == (done["errors"], done["link"]["state"])
    assert ("OK", set(member.person["policies"][code])) == (provider["state"], provider["numbers"])


@asking
async def test_a_wrong_passcode_leaves_the_question_as_it_was(town: Town, member: Frontend, code: str) -> None:
    challenge = challenge_of(await asked(town, member, code))
    right = member.passcode()
    wrong = str((int(right[0]) + 1) % 10) + right[1:]

    refused = await member.mutate("ChallengeAnswer", challengeId=challenge, answer=wrong)

    still = await told(member, code)
    assert [["answer"]] == [error["field"] for error in refused["errors"]]
    assert ("OTP_REQUIRED", challenge) == (still["code"], challenge_of(still))
    done = await member.mutate("ChallengeAnswer", challengeId=challenge, answer=right)
    assert ([], "OK") == (done["errors"], (await told(member, code))["state"])


@asking
async def test_a_passcode_that_died_unanswered_is_asked_anew(town: Town, member: Frontend, code: str) -> None:
    await asked(town, member, code)
    before = mails(town)
    town.clock.advance(A_DAY)

    again = await told(member, code)

    assert ("OTP_REQUIRED", before + 1) == (again["code"], mails(town))
    await member.mutate("ChallengeAnswer", challengeId=challenge_of(again), answer=member.passcode())
    assert "OK" == (await told(member, code))["state"]


@each_insurer
async def test_unlinking_ends_the_key_at_the_insurer_and_the_policies_are_gone(
    town: Town, member: Frontend, code: str
) -> None:
    link = next(link for link in (await links(member)) if link["insurer"]["code"] == code)
    town.forget_requests()

    gone = await member.mutate("InsurerLinkDelete", linkId=link["id"])

    provider = await told(member, code)
    assert [] == gone["errors"]
    assert 1 == town.requests(code)[INSURERS[code]["revokes the key"]]
    assert ("NOT_LINKED", set()) == (provider["code"], provider["numbers"])


@each_insurer
async def test_unlinking_is_done_here_also_when_the_insurer_does_not_answer(
    town: Town, member: Frontend, code: str
) -> None:
    link = next(link for link in (await links(member)) if link["insurer"]["code"] == code)
    town.trouble(code, Fault.LOST)

    gone = await member.mutate("InsurerLinkDelete", linkId=link["id"])

    town.relieve()
    assert ([], link["id"]) == (gone["errors"], gone["deletedLinkId"])
    assert "NOT_LINKED" == (await told(member, code))["code"]


async def links(taro: Frontend) -> list[Json]:
    return (await taro.do("Links"))["customer"]["links"]  # type: ignore[no-any-return]  # As above.
