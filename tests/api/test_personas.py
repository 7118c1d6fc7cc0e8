"""The people of the sandboxes, by name: each shows through GraphQL what it was made to show."""

from datetime import datetime, timedelta

import pytest

from tests.api.conftest import Town
from tests.api.frontend import PERSONAS, Json, Override, codes
from tests.api.walking import Walker, persona

SECOND = timedelta(seconds=1)

MISMATCHES = [name for name in PERSONAS if "mismatch" in name]


def saying(**values: Json) -> Override:
    """Answer something else than the person would, by the requirement's key."""
    return lambda need: values.get(need["key"])


def bringing(link: str) -> Override:
    return lambda need: {"link": link} if need["__typename"] == "OutOfBandRequirement" else None


def deadline(registration: Json) -> datetime:
    return datetime.fromisoformat(registration["expiresAt"])


def reasons(done: Json) -> list[str]:
    return [error["reason"] or error["code"] for error in done["errors"]]


async def refused(walker: Walker, override: Override | None = None) -> Json:
    """Walk to the first refusal."""
    there = await walker.walk(await walker.started(), override)
    assert there.get("errors"), there["status"]
    return there


async def mailed(walker: Walker) -> Json:
    return await walker.walk(await walker.started(), until="WAITING_FOR_LINK")


async def at_the_keyword(walker: Walker) -> Json:
    return await walker.walk(await mailed(walker), until="WAITING_FOR_KEYWORD")


async def state(walker: Walker) -> tuple[str, str | None]:
    found = await walker.frontend.do("Providers")
    told = next(each for each in found["providers"] if each["insurer"]["code"] == walker.insurer)
    return told["state"], told["code"]


async def sends_nothing(text: str) -> None:
    assert text


# ---- codes on paper


async def test_ms_first_id_gets_in_with_the_code_of_the_certificate(town: Town) -> None:
    walker = persona(town, "ms_first_id")
    await walker.arrive()
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


async def test_ms_postcard_gets_in_with_policy_number_and_code(town: Town) -> None:
    walker = persona(town, "ms_postcard")
    await walker.arrive()
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


@pytest.mark.parametrize("method", ["first_id", "procedure_code"])
async def test_ms_masked_code_is_refused_with_its_reason_and_led_to_another_way(town: Town, method: str) -> None:
    walker = persona(town, "ms_masked_code")

    there = await walker.walk(await walker.started(method))

    assert ["FIRST_PASSWORD_MASKED"] == reasons(there)
    (error,) = there["errors"]
    assert "*" in error["message"]
    advice = await walker.frontend.do(
        "Advice", code=walker.insurer, holding=["POLICY_NUMBER"], purpose="FIRST_TIME", locale="ja"
    )
    other = advice["registrationAdvice"]["method"]["key"]
    assert method != other
    await walker.arrive(other)
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


async def test_ms_no_card_changes_the_temporary_password_at_the_first_login(town: Town) -> None:
    walker = persona(town, "ms_no_card")
    waiting = await walker.walk(await walker.started(), until="WAITING_FOR_PASSWORD")
    temporary = walker.frontend.temporary_password()
    asked = await walker.take(waiting["nextActions"][0], waiting, None)

    done = await walker.walk(asked)

    assert ("EMAIL", "NEW_PASSWORD") == (waiting["challenge"]["channel"], asked["challenge"]["kind"])
    assert "COMPLETED" == done["status"]
    account = {"userId": walker.person["mail"]}
    walker.becomes(account=account | {"password": walker.person["password"]})
    await walker.signed_in()
    again = await walker.frontend.mutate(
        "InsurerLinkCreate", insurer={"code": walker.insurer}, **account, password=temporary
    )
    assert ["CREDENTIALS_REJECTED"] == codes(again)


async def test_ms_no_card_is_not_let_in_by_a_wrong_temporary_password(town: Town) -> None:
    walker = persona(town, "ms_no_card")
    waiting = await walker.walk(await walker.started(), until="WAITING_FOR_PASSWORD")

    wrong = await walker.walk(waiting, saying(temporary_password={"secret": "Chigau2026"}))

    assert ["CREDENTIALS_REJECTED"] == reasons(wrong)
    assert "WAITING_FOR_PASSWORD" == wrong["status"]
    assert "COMPLETED" == (await walker.walk(wrong | {"errors": []}))["status"]


# ---- link and keyword


@pytest.mark.parametrize("origin", ["INSURER", "CUSTOMER"])
async def test_ms_url_keyword_gets_in_with_a_keyword_of_either_origin(town: Town, origin: str) -> None:
    walker = persona(town, "ms_url_keyword")
    own = saying(chosen_keyword={"secret": "sumire7"}) if origin == "CUSTOMER" else None
    waiting = await walker.walk(await walker.started(), own, until="WAITING_FOR_LINK")
    if origin == "CUSTOMER":
        assert waiting["challenge"]["displayOnce"] is None
        walker.frontend.noted = "sumire7"

    asked = await walker.walk(waiting, until="WAITING_FOR_KEYWORD")
    done = await walker.walk(asked)

    assert origin == asked["challenge"]["secretOrigin"]
    assert "COMPLETED" == done["status"]


@pytest.mark.parametrize(("late", "status"), [(-SECOND, "WAITING_FOR_KEYWORD"), (SECOND, "EXPIRED")])
async def test_ms_url_expired_is_alive_a_second_before_48_hours_and_dead_a_second_after(
    town: Town, late: timedelta, status: str
) -> None:
    walker, sent = persona(town, "ms_url_expired"), town.clock()
    waiting = await mailed(walker)
    town.clock.set(sent + timedelta(hours=48) + late)

    there = await walker.walk(waiting, until="WAITING_FOR_KEYWORD")

    assert sent + timedelta(hours=48) == deadline(waiting)
    assert status == there["status"]
    if status == "EXPIRED":
        assert ["EXPIRED"] == codes(there)
        # It starts again from the draft.
        assert "RESEND_MESSAGE" == next(action["kind"] for action in there["nextActions"] if action["primary"])
    assert "COMPLETED" == (await walker.walk(there | {"errors": []}))["status"]


async def test_ms_url_used_twice_is_refused_the_second_time(town: Town) -> None:
    walker = persona(town, "ms_url_used_twice")
    opened = await at_the_keyword(walker)
    link = walker.frontend.link()
    again = await walker.frontend.mutate("RegistrationMessageResend", registrationId=opened["id"])

    twice = await walker.walk(again["registration"], bringing(link))

    assert ["EXPIRED"] == codes(twice)
    assert "EXPIRED" == twice["status"]
    assert "COMPLETED" == (await walker.walk(twice | {"errors": []}))["status"]


# ---- forgotten


async def test_ms_reset_chooses_credentials_anew_with_a_keyword_that_is_on_the_screen_only(town: Town) -> None:
    walker = persona(town, "ms_reset")
    waiting = await mailed(walker)
    keyword = waiting["challenge"]["displayOnce"]

    done = await walker.walk(waiting)

    assert keyword not in walker.frontend.mail().text
    assert "COMPLETED" == done["status"]
    old = walker.person["account"]
    assert ["CREDENTIALS_REJECTED"] == codes(
        await walker.frontend.mutate("InsurerLinkCreate", insurer={"code": walker.insurer}, **old)
    )
    await walker.signed_in(password=walker.person["password"])


@pytest.mark.parametrize(("late", "alive"), [(-SECOND, True), (SECOND, False)])
async def test_ms_reset_keyword_expired_is_alive_a_second_before_24_hours_and_dead_a_second_after(
    town: Town, late: timedelta, alive: bool
) -> None:
    walker, sent = persona(town, "ms_reset_keyword_expired"), town.clock()
    waiting = await mailed(walker)
    town.clock.set(sent + timedelta(hours=24) + late)

    there = await walker.walk(waiting)

    assert ("COMPLETED" if alive else "EXPIRED") == there["status"]
    assert alive == (there["errors"] == [])
    assert "COMPLETED" == (await walker.walk(there | {"errors": []}))["status"]


async def test_ms_email_dead_is_led_to_a_new_registration(town: Town) -> None:
    walker = persona(town, "ms_email_dead")
    waiting = await mailed(walker)

    (anew,) = [action for action in waiting["nextActions"] if action["kind"] == "REGISTER_ANEW"]
    done = await walker.walk(waiting)

    assert ("FIRST_TIME", "Mutation.registrationStart") == (anew["method"]["purpose"], anew["mutation"])
    assert ("COMPLETED", True) == (done["status"], done["id"] != waiting["id"])
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


# ---- sign-in, sessions, locks


@pytest.mark.parametrize("user_id", ["sumiko@example.jp", "080-0000-0001", "08000000001"])
async def test_ms_registered_signs_in_by_mail_address_or_mobile_number(town: Town, user_id: str) -> None:
    walker = persona(town, "ms_registered")
    await walker.signed_in(userId=user_id)
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


async def test_ms_session_60min_is_in_again_without_a_password(town: Town) -> None:
    walker = persona(town, "ms_session_60min")
    await walker.signed_in()
    town.clock.advance(timedelta(minutes=60) + SECOND)

    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


async def test_ms_locked_waits_until_the_insurer_opens(town: Town) -> None:
    walker, before = persona(town, "ms_locked"), town.clock()
    said = {"insurer": {"code": walker.insurer}} | walker.person["account"]

    (error,) = (await walker.frontend.mutate("InsurerLinkCreate", **said))["errors"]
    opens = datetime.fromisoformat(error["retryAt"])
    town.clock.set(opens)
    await walker.signed_in()

    assert ("TOO_MANY_ATTEMPTS", "ACCOUNT_LOCKED") == (error["code"], error["reason"] or "ACCOUNT_LOCKED")
    assert before < opens <= before + timedelta(minutes=30)


async def test_ms_line_registers_in_line_and_ms_line_registered_adds_it(town: Town) -> None:
    for name in ("ms_line", "ms_line_registered"):
        walker = persona(town, name)
        if "account" in walker.person:
            await walker.signed_in()
        waiting = await walker.walk(await walker.started(), until="WAITING_FOR_MESSAGE")
        assert ("LINKING_CODE", "LINE") == (waiting["challenge"]["kind"], waiting["challenge"]["channel"])
        assert waiting["challenge"]["displayOnce"]
        assert "COMPLETED" == (await walker.walk(waiting))["status"]


async def test_ms_line_who_has_not_sent_it_yet_is_asked_again(town: Town) -> None:
    walker = persona(town, "ms_line")
    waiting = await walker.walk(await walker.started(), until="WAITING_FOR_MESSAGE")
    phone, walker.frontend.messenger = walker.frontend.messenger, sends_nothing

    early = await walker.walk(waiting)
    walker.frontend.messenger = phone

    assert ["INVALID"] == codes(early)
    assert "WAITING_FOR_MESSAGE" == early["status"]
    assert "COMPLETED" == (await walker.walk(early | {"errors": []}))["status"]


async def test_sj_otp_is_asked_for_a_passcode_at_every_sign_in(town: Town) -> None:
    walker = persona(town, "sj_otp")
    said = {"insurer": {"code": walker.insurer}} | walker.person["account"]

    kinds = []
    for _ in range(2):
        asked = await walker.frontend.mutate("InsurerLinkCreate", **said)
        kinds.append(asked["link"]["challenge"]["kind"])
        await walker.answered(asked["link"])

    assert ["ONE_TIME_PASSWORD"] * 2 == kinds


async def test_sj_trusted_device_is_asked_the_first_time_only(town: Town) -> None:
    walker = persona(town, "sj_trusted_device")
    said = {"insurer": {"code": walker.insurer}} | walker.person["account"]
    first = await walker.frontend.mutate("InsurerLinkCreate", **said)
    await walker.answered(first["link"], trustDevice=True)
    mails = len(town.letterbox.letters)

    second = await walker.frontend.mutate("InsurerLinkCreate", **said)
    town.clock.advance(timedelta(hours=12))

    assert ("CHALLENGE_PENDING", "LINKED") == (first["link"]["state"], second["link"]["state"])
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()
    assert mails == len(town.letterbox.letters)


async def test_sj_otp_in_the_middle_is_asked_at_the_next_read_that_opens_a_session(town: Town) -> None:
    walker = persona(town, "sj_otp_in_the_middle")
    said = {"insurer": {"code": walker.insurer}} | walker.person["account"]
    asked = await walker.frontend.mutate("InsurerLinkCreate", **said)
    await walker.answered(asked["link"], trustDevice=True)
    before = await state(walker)
    town.clock.advance(timedelta(hours=1))

    found = await walker.frontend.do("Providers")

    told = next(each for each in found["providers"] if each["insurer"]["code"] == walker.insurer)
    assert ("OK", None) == before
    assert ("AUTH_REQUIRED", "OTP_REQUIRED") == (told["state"], told["code"])
    link = {"nextActions": told["nextActions"]}
    await walker.answered(link, trustDevice=True)
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


# ---- provisional and full registration


@pytest.mark.parametrize("name", MISMATCHES)
async def test_four_fields_mismatch_never_says_in_what(town: Town, name: str) -> None:
    first, other = persona(town, MISMATCHES[0]), persona(town, name)

    there = await refused(other)

    assert (["IDENTITY_MISMATCH"], "MISMATCH") == (codes(there), there["status"])
    alike = [
        (one["errors"], one["status"], one["statusLabel"], one["trouble"]) for one in (await refused(first), there)
    ]
    assert alike[0] == alike[1]


async def test_sj_six_policies_registers_five_and_adds_the_sixth(town: Town) -> None:
    walker = persona(town, "sj_six_policies")
    numbers = walker.person["policies"][walker.insurer]
    adding = next(method["key"] for method in await walker.methods() if method["purpose"] == "ADD_POLICIES")

    too_many = await refused(walker)
    walker.becomes(policies={walker.insurer: numbers[:5]})
    await walker.arrive()
    five = await walker.numbers()
    walker.becomes(policies={walker.insurer: numbers[5:]})
    await walker.arrive(adding)

    assert [("INVALID", "answers")] == [(error["code"], error["field"][0]) for error in too_many["errors"]]
    assert set(numbers[:5]) == five
    assert set(numbers) == await walker.numbers()


async def test_sj_successor_number_entered_is_told_to_enter_the_current_one(town: Town) -> None:
    walker = persona(town, "sj_successor_number_entered")

    there = await refused(walker)
    walker.becomes(policies={walker.insurer: walker.person["current"]})
    await walker.arrive()

    assert ["NUMBER_IS_SUCCESSOR"] == reasons(there)
    assert set(walker.person["current"]) <= await walker.numbers()


@pytest.mark.parametrize(("late", "alive"), [(-SECOND, True), (SECOND, False)])
async def test_sj_provisional_expired_is_alive_a_second_before_24_hours_and_dead_a_second_after(
    town: Town, late: timedelta, alive: bool
) -> None:
    walker, sent = persona(town, "sj_provisional_expired"), town.clock()
    waiting = await mailed(walker)
    town.clock.set(sent + timedelta(hours=24) + late)

    there = await walker.walk(waiting)

    assert sent + timedelta(hours=24) == deadline(waiting)
    assert ("COMPLETED" if alive else "EXPIRED") == there["status"]
    assert alive == (there["errors"] == [])
    assert "COMPLETED" == (await walker.walk(there | {"errors": []}))["status"]


async def test_sj_wrong_password_at_full_registration_is_counted_and_the_right_one_completes(town: Town) -> None:
    walker = persona(town, "sj_wrong_password_at_full_registration")
    ((again, wrong),) = walker.person["types again"].items()

    there = await refused(walker, saying(**{again: {"secret": wrong}}))

    assert there["challenge"]["attemptsLeft"]
    assert "COMPLETED" == (await walker.walk(there | {"errors": []}))["status"]


async def test_sj_wrong_password_at_full_registration_too_often_begins_again(town: Town) -> None:
    walker = persona(town, "sj_wrong_password_at_full_registration")
    ((again, wrong),) = walker.person["types again"].items()
    there = await refused(walker, saying(**{again: {"secret": wrong}}))
    while there["challenge"]:
        there = await walker.walk(there | {"errors": []}, saying(**{again: {"secret": wrong}}))

    assert "EXPIRED" == there["status"]
    assert "COMPLETED" == (await walker.walk(there | {"errors": []}))["status"]


async def test_sj_password_forgotten_sets_another_and_no_device_is_trusted_any_more(town: Town) -> None:
    walker = persona(town, "sj_password_forgotten")
    await walker.arrive()

    old = await walker.frontend.mutate(
        "InsurerLinkCreate", insurer={"code": walker.insurer}, **walker.person["account"]
    )

    assert ["CREDENTIALS_REJECTED"] == codes(old)
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()


async def test_sj_group_accident_cannot_be_registered_and_is_told_whom_to_ask(town: Town) -> None:
    there = await refused(persona(town, "sj_group_accident"))

    assert ["NOT_ELIGIBLE"] == codes(there)
    (error,) = there["errors"]
    assert error["reasons"]


async def test_sj_no_number_is_a_member_without_policies_and_adds_one_later(town: Town) -> None:
    walker = persona(town, "sj_no_number")
    adding = next(method["key"] for method in await walker.methods() if method["purpose"] == "ADD_POLICIES")
    await walker.arrive()
    none = await walker.numbers()
    walker.becomes(policies={walker.insurer: walker.person["adds"]})
    await walker.arrive(adding)

    assert set() == none
    assert set(walker.person["adds"]) == await walker.numbers()


@pytest.mark.parametrize("name", ["sj_old_letters", "sj_watanabe"])
async def test_variants_of_a_name_and_an_address_are_the_same_person(town: Town, name: str) -> None:
    walker = persona(town, name)
    await walker.arrive()
    assert set(walker.person["policies"][walker.insurer]) == await walker.numbers()
