"""Registering: what is refused and how it is told, what is shown once, and the ways out."""

from datetime import timedelta

import pytest

from tests.api.comparing import deed
from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import PEOPLE, Frontend, Json, Override, key

WRONG_IDENTITIES = [(code, field) for code in CODES for field in INSURERS[code]["identity"]]

BY_NUMBER = [code for code in CODES if INSURERS[code]["registers by number"]]

LONGER_THAN_ANY_LINK_LIVES = timedelta(days=3)


def saying(field: str, value: Json) -> Override:
    return lambda need: value if need["key"] == field else None


def step_of(flow: Json, requirement: str) -> str:
    """Answer the id of the step that asks for it."""
    return next(  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.
        step["id"] for step in flow["steps"] if requirement in {need["key"] for need in step["requirements"]}
    )


@pytest.mark.parametrize(("code", "field"), WRONG_IDENTITIES)
async def test_a_wrong_identity_is_refused_without_a_word_on_which_field(taro: Frontend, code: str, field: str) -> None:
    wrong = INSURERS[code]["identity"][field]

    refused = await taro.register(code, saying(field, {"text": wrong}))

    (error,) = refused["errors"]
    assert ("InputError", "IDENTITY_MISMATCH", None) == (error["__typename"], error["code"], error["field"])
    assert MISMATCH_WORDS == error["message"]
    assert wrong not in str(error)
    assert "MISMATCH" == refused["status"]
    assert refused["link"] is None
    assert "IDENTITY_MISMATCH" == refused["trouble"]["code"]


MISMATCH_WORDS = "ご入力の内容がご契約の内容と一致しません。証券などでご確認のうえ、もう一度ご入力ください。"


@each_insurer
async def test_every_wrong_field_is_told_in_the_very_same_words(town: Town, code: str) -> None:
    told = []
    for field, wrong in INSURERS[code]["identity"].items():
        refused = await town.customer("taro").register(code, saying(field, {"text": wrong}))
        told.append((refused["errors"], refused["status"], refused["statusLabel"], refused["trouble"]))

    assert [told[0]] * len(told) == told


@each_insurer
async def test_a_wrong_birth_date_is_corrected_and_the_registration_completed(taro: Frontend, code: str) -> None:
    refused = await taro.register(code, saying("birth_date", {"date": INSURERS[code]["identity"]["birth_date"]}))

    corrected = await taro.mutate(
        "RegistrationStepAnswer",
        flowId=refused["id"],
        stepId=step_of(refused, "birth_date"),
        expectedVersion=refused["version"],
        answers=[{"requirementKey": "birth_date", "value": {"date": taro.person["fields"]["birth_date"]}}],
    )
    done = await taro.follow_registration(corrected["registration"])

    assert [] == corrected["errors"]
    assert "COLLECTING" == corrected["registration"]["status"]
    assert "COMPLETED" == done["status"]
    assert "LINKED" == done["link"]["state"]


@each_insurer
async def test_a_birth_date_that_is_none_is_refused_at_its_field(taro: Frontend, code: str) -> None:
    refused = await taro.register(code, saying("birth_date", {"text": "1975-13-45"}))

    (error,) = refused["errors"]
    assert "INVALID" == error["code"]
    assert ["answers", "value"] == [part for part in error["field"] if not part.isdecimal()]
    assert "COLLECTING" == refused["status"]


@pytest.mark.parametrize("code", BY_NUMBER)
async def test_a_malformed_policy_number_is_refused_at_its_field_before_anything_is_sent(
    town: Town, taro: Frontend, code: str
) -> None:
    number = INSURERS[code]["malformed number"]
    town.forget_requests()

    refused = await taro.register(
        code, lambda need: {"choices": [number]} if need.get("inputKind") == "POLICY_NUMBERS" else None
    )

    (error,) = refused["errors"]
    assert "INVALID" == error["code"]
    assert error["field"][0] == "answers"
    assert {} == town.requests(code)


@each_insurer
@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_malformed_policy_number_is_told_as_data_in_the_insurers_words_and_sent_nowhere(
    town: Town, member: Frontend, code: str, language: str
) -> None:
    town.forget_requests()
    member.headers["Accept-Language"] = language
    right, wrong = (
        {"number": {"insurer": {"code": code}, "number": number}}
        for number in (PEOPLE["taro"]["policies"][code][0], INSURERS[code]["malformed number"])
    )

    read = await member.raw("query ($by: PolicyRef!) { policy(by: $by) { id } }", {"by": wrong})
    renewed = await member.mutate("RenewalStart", policy=wrong)
    compared = await deed(member, "ComparisonStart", policies=[right, wrong])

    assert {"data": {"policy": None}} == {name: said for name, said in read.items() if name != "extensions"}
    for done, thing, place in ((renewed, "renewal", ["policy"]), (compared, "comparison", ["policies", "1"])):
        (error,) = done["errors"]
        assert (None, False) == (done[thing], done["replayed"])
        assert ("INVALID", [*place, "number", "number"]) == (error["code"], error["field"])
        assert INSURERS[code]["shape in words"][language] in error["message"]
    assert {} == town.requests(code)


@each_insurer
async def test_steps_are_locked_until_those_before_them_are_done(taro: Frontend, code: str) -> None:
    registration = await taro.begin(code)
    for step in registration["steps"][1:]:
        assert "LOCKED" == step["state"]
        done = await taro.mutate(
            "RegistrationStepAnswer",
            flowId=registration["id"],
            stepId=step["id"],
            expectedVersion=registration["version"],
            answers=[],
        )
        assert ["STEP_LOCKED"] == [error["code"] for error in done["errors"]]

    while (step := registration["currentStep"]) is not None:
        states = [standing["state"] for standing in registration["steps"]]
        place = [standing["id"] for standing in registration["steps"]].index(step["id"])
        assert ["DONE"] * place == states[:place]
        assert {"LOCKED"} >= set(states[place + 1 :])
        registration = await taro.advance(registration)

    assert {"DONE"} == {step["state"] for step in registration["steps"]}
    assert [] == registration["nextActions"]


@each_insurer
async def test_what_is_shown_once_is_shown_once(taro: Frontend, code: str) -> None:
    registration, shown = await taro.begin(code), []
    while (step := registration["currentStep"]) is not None:
        order = key()
        said: Json = {"idempotencyKey": order, "answers": await taro.answers(registration, step)}
        first = await taro.answer("RegistrationStepAnswer", registration, step, **said)
        again = await taro.answer("RegistrationStepAnswer", registration, step, **said)
        read = await taro.do("RegistrationRead", id=registration["id"])
        registration = first["registration"]
        shown.append((registration["challenge"] or {}).get("displayOnce"))

        assert [] == first["errors"] == again["errors"]
        assert again["replayed"]
        assert (again["registration"]["challenge"] or {}).get("displayOnce") is None
        assert (read["challenge"] or {}).get("displayOnce") is None

    assert INSURERS[code]["shows once"] == any(shown)


@each_insurer
async def test_a_link_that_died_is_told_and_another_is_sent_from_what_was_entered(
    town: Town, taro: Frontend, code: str
) -> None:
    waiting = await _waiting_for_mail(taro, code)
    mails = len(town.letterbox.letters)
    town.clock.advance(LONGER_THAN_ANY_LINK_LIVES)
    await town.gateway.worker.turn()
    expired = await taro.do("RegistrationRead", id=waiting["id"])
    again = await taro.mutate("RegistrationMessageResend", registrationId=waiting["id"])
    done = await taro.follow_registration(again["registration"])

    assert "EXPIRED" == expired["status"]
    assert "RESEND_MESSAGE" in {action["kind"] for action in expired["nextActions"]}
    assert [] == again["errors"]
    assert "COMPLETED" == done["status"]
    assert mails < len(town.letterbox.letters)


@each_insurer
async def test_a_link_that_is_not_the_insurers_is_refused(taro: Frontend, code: str) -> None:
    waiting = await _waiting_for_mail(taro, code)
    step = waiting["currentStep"]
    for link in ("https://evil.example/portal/SI?cd=abc", "x", ""):
        answers = [{"requirementKey": step["requirements"][0]["key"], "value": {"link": link}}]

        refused = await taro.answer("RegistrationStepAnswer", waiting, step, answers=answers)

        assert refused["errors"], link
        waiting = refused["registration"]
        assert "WAITING_FOR_LINK" == waiting["status"], link

    assert "COMPLETED" == (await taro.follow_registration(waiting))["status"]


@each_insurer
async def test_a_registration_that_was_given_up_takes_no_answer(taro: Frontend, code: str) -> None:
    begun = await taro.begin(code)

    given_up = await taro.mutate("RegistrationCancel", registrationId=begun["id"])
    again = await taro.mutate("RegistrationCancel", registrationId=begun["id"])
    refused = await taro.answer("RegistrationStepAnswer", given_up["registration"], begun["currentStep"])

    assert ("CANCELLED", []) == (given_up["registration"]["status"], given_up["registration"]["nextActions"])
    assert ([], "CANCELLED") == (again["errors"], again["registration"]["status"])
    assert ["STEP_LOCKED"] == [error["code"] for error in refused["errors"]]


@each_insurer
async def test_what_no_step_asks_for_is_refused_and_nothing_of_that_answer_is_taken(taro: Frontend, code: str) -> None:
    begun = await taro.begin(code)
    step = begun["currentStep"]
    answers = await taro.answers(begun, step)

    refused = await taro.answer(
        "RegistrationStepAnswer",
        begun,
        step,
        answers=[*answers, {"requirementKey": "no_such_thing", "value": {"text": "x"}}],
    )

    (error,) = refused["errors"]
    assert ("INVALID", ["answers", str(len(answers)), "requirementKey"]) == (error["code"], error["field"])
    assert begun["version"] == refused["registration"]["version"]


async def test_an_insurer_or_a_way_that_does_not_exist_is_not_found(taro: Frontend) -> None:
    for insurer, method, field in (
        ({"code": "nobody"}, "x", "insurer"),
        ({"id": "x"}, "x", "insurer"),
        ({"code": CODES[0]}, "no such way", "methodKey"),
    ):
        done = await taro.mutate("RegistrationStart", insurer=insurer, methodKey=method)

        assert [("NOT_FOUND", [field])] == [(error["code"], error["field"]) for error in done["errors"]]
        assert done["registration"] is None


async def _waiting_for_mail(taro: Frontend, code: str) -> Json:
    registration = await taro.begin(code)
    while registration["status"] != "WAITING_FOR_LINK":
        registration = await taro.advance(registration)
    return registration
