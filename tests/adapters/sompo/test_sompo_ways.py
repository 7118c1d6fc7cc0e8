"""Which way into My Page is advised, and what the manifest tells a client about each."""

from datetime import timedelta

import pytest

from insurers.account import Active, Answer, Asks, Challenge, ChallengeKind, Credentials
from insurers.adapter import Applicant, Insurer
from insurers.advice import advise
from insurers.capability import Capability, Level
from insurers.errors import NotOffered
from insurers.registration import Possession, RegistrationPurpose
from insurers.sandbox import TestClock
from insurers.sompo import MANIFEST
from tests.adapters.sompo.conftest import MEMBERS_PASSWORD, PASSWORD

METHODS = MANIFEST.registration_methods


def test_every_way_is_named_with_its_purpose() -> None:
    assert [
        ("provisional", RegistrationPurpose.FIRST_TIME),
        ("password_reset", RegistrationPurpose.CREDENTIAL_RESET),
        ("add_policies", RegistrationPurpose.ADD_POLICIES),
    ] == [(method.key, method.purpose) for method in METHODS]
    assert Level.NATIVE is MANIFEST.level(Capability.CREDENTIAL_RESET)


@pytest.mark.parametrize(
    ("holding", "purpose", "way", "said"),
    [
        ({Possession.POLICY_NUMBER}, RegistrationPurpose.FIRST_TIME, "provisional", "see the contract at once"),
        # SJ-NTF-01.
        (set(), RegistrationPurpose.FIRST_TIME, "provisional", "without a policy number"),
        ({Possession.REGISTERED_MAILBOX}, RegistrationPurpose.CREDENTIAL_RESET, "password_reset", "new password"),
        (set(), RegistrationPurpose.CREDENTIAL_RESET, "provisional", "register anew"),
        ({Possession.POLICY_NUMBER}, RegistrationPurpose.ADD_POLICIES, "add_policies", "added to your My Page"),
    ],
)
def test_the_way_is_told_with_its_reason(
    holding: set[Possession], purpose: RegistrationPurpose, way: str, said: str
) -> None:
    advice = advise(METHODS, frozenset(holding), purpose)

    assert advice.way
    assert way == advice.way.method.key
    assert said in advice.why.en


def test_without_a_number_nothing_is_added() -> None:
    advice = advise(METHODS, frozenset(), RegistrationPurpose.ADD_POLICIES)

    assert None is advice.way
    assert [{Possession.POLICY_NUMBER}] == [set(way.missing) for way in advice.ways]


def test_who_cannot_read_the_mail_of_a_reset_registers_anew() -> None:
    method = MANIFEST.method("password_reset")

    assert method
    assert "provisional" == method.instead


def test_the_exceptions_of_the_maturity_mail_are_told_before_it_is_chosen() -> None:
    method = MANIFEST.method("provisional")
    assert method
    step = method.script.step("customer")

    assert step.help
    # SJ-NTF-01, SJ-REG-04.
    assert [] == [word for word in ("証券番号を入力されていない", "自賠責保険", "団体契約") if word not in step.help.ja]
    assert "maturity_mail" in [need.key for need in step.requirements]


@pytest.mark.parametrize("method", ["", "line", "provisional "])
async def test_a_way_that_there_is_not_is_not_offered(insurer: Insurer, method: str) -> None:
    with pytest.raises(NotOffered):
        await insurer.begin_registration(method, Applicant(values={}))


@pytest.mark.parametrize("user_id", ["ＯＴＰ＠ｅｘａｍｐｌｅ．ｊｐ", " otp@example.jp ", "OTP@EXAMPLE.JP"])
async def test_the_address_opens_the_door_however_it_is_typed(insurer: Insurer, user_id: str) -> None:
    asks = await insurer.sign_in(Credentials(user_id=user_id, password=MEMBERS_PASSWORD))

    assert isinstance(asks, Asks)
    assert ChallengeKind.ONE_TIME_PASSWORD is asks.challenge.kind


async def test_a_link_works_until_the_last_second_of_its_day(
    insurer: Insurer, asked_again: Challenge, clock: TestClock
) -> None:
    clock.advance(timedelta(hours=24, seconds=-1))

    assert isinstance(await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD})), Active)
