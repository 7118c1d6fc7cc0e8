"""Becoming a member, and signing in, end to end over a real socket."""

import dataclasses
from collections import Counter
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from insurers.account import (
    ANSWER,
    Active,
    Answer,
    Asks,
    Challenge,
    ChallengeKind,
    Channel,
    Credentials,
)
from insurers.adapter import Insurer
from insurers.answers import Value
from insurers.errors import (
    AccessDenied,
    Changed,
    Drifted,
    ErrorCode,
    Expired,
    InsurerError,
    Locked,
    Mismatch,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.policy import RenewabilityCode
from insurers.sandbox import TOKYO, Fault, TestClock
from insurers.sompo.sandbox import papers
from tests.adapters.sompo.conftest import MEMBERS_PASSWORD, PASSWORD, FillIn, Letterbox, Order, SignIn


def asked(answer: Asks | Active) -> Challenge:
    assert isinstance(answer, Asks)
    return answer.challenge


async def test_a_registration_asks_for_the_link_and_then_for_the_password(
    insurer: Insurer, letterbox: Letterbox, applicant: FillIn
) -> None:
    mailed = asked(await insurer.begin_registration("provisional", applicant("taro")))

    assert (ChallengeKind.MAIL_LINK, "mail_link", Channel.EMAIL) == (mailed.kind, mailed.step, mailed.channel)
    # Twenty-four hours from sending (SJ-REG-15, D6).
    assert datetime(2026, 11, 21, 10, 0, tzinfo=TOKYO) == mailed.expires_at
    assert "ta***@example.jp" == mailed.sent_to

    brought = asked(await insurer.answer(mailed, Answer(values={"link": f" {letterbox.link()}\n"})))

    assert (ChallengeKind.PASSWORD, "full_registration") == (brought.kind, brought.step)
    assert mailed.expires_at == brought.expires_at

    active = await insurer.answer(brought, Answer(values={"password_again": PASSWORD, "trusted_device": "true"}))

    assert isinstance(active, Active)
    assert "ta***@example.jp" == active.user_hint
    assert PASSWORD.encode() not in active.access.secret
    assert ["A123456789", "A123456790"] == sorted(map(str, await insurer.policies(active.access)))


@pytest.mark.parametrize(
    ("name", "changes", "kind", "code"),
    [
        ("taro", {"family_name": "三隅"}, Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ("taro", {"birth_date": "1975-01-02"}, Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ("taro", {"phone": "09012345679"}, Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ("taro", {"address": "東京都千代田区神田見本町3-8"}, Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ("taro", {"policy_numbers": ("A999999999",)}, Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ("sj_four_fields_mismatch", {}, Mismatch, ErrorCode.IDENTITY_MISMATCH),
        (
            "sj_successor_number_entered",
            {"policy_numbers": ("S600000007",)},
            Rejected,
            ErrorCode.NUMBER_IS_SUCCESSOR,
        ),
        ("taro", {"email": "otp@example.jp"}, Rejected, ErrorCode.EMAIL_ALREADY_REGISTERED),
        ("taro", {"email": "ｔａｒｏ@example.jp"}, Rejected, ErrorCode.EMAIL_INVALID),
        ("taro", {"email": "taro example.jp"}, Rejected, ErrorCode.EMAIL_INVALID),
        ("taro", {"password": "himawari"}, Rejected, ErrorCode.PASSWORD_NOT_ACCEPTED),
        ("taro", {"birth_date": "1867-12-31"}, Rejected, ErrorCode.INPUT_REFUSED),
        ("taro", {"family_name": "鮏川"}, Rejected, ErrorCode.INPUT_REFUSED),
        ("taro", {"address": "東京都①丁目"}, Rejected, ErrorCode.INPUT_REFUSED),
        (
            "sj_six_policies",
            {"policy_numbers": tuple(f"C60000000{n}" for n in range(1, 7))},
            Rejected,
            ErrorCode.TOO_MANY_POLICIES,
        ),
        ("sj_group_product", {}, NotOnline, ErrorCode.CONTRACT_NOT_ELIGIBLE),
    ],
)
async def test_a_registration_that_cannot_stand_is_refused_before_any_mail(
    insurer: Insurer,
    letterbox: Letterbox,
    applicant: FillIn,
    name: str,
    changes: dict[str, Value],
    kind: type[InsurerError],
    code: ErrorCode,
) -> None:
    with pytest.raises(kind) as refused:
        await insurer.begin_registration("provisional", applicant(name, **changes))

    assert (kind, code) == (type(refused.value), refused.value.code)
    assert refused.value.words
    assert [] == letterbox.letters


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"family_name": "鮏川"}, "漢字の異体字・外字"),
        ({"address": "東京都①丁目"}, "丸付き数字"),
        ({"given_name": "José"}, "外国語"),
    ],
)
async def test_what_cannot_be_written_never_leaves_us_and_is_told_by_its_sort(
    insurer: Insurer, applicant: FillIn, requests: Counter[str], changes: dict[str, Value], advice: str
) -> None:
    with pytest.raises(Rejected) as refused:
        await insurer.begin_registration("provisional", applicant("taro", **changes))

    assert refused.value.words
    assert refused.value.words.startswith("使用できない文字が含まれています（")
    assert advice in refused.value.words
    assert [] == [text for text in changes.values() if str(text) in f"{refused.value!r} {refused.value.words}"]
    assert 0 == requests["POST /touroku/nyuryoku"]


@pytest.mark.parametrize("tick", ["terms_confirmed", "entries_confirmed"])
@pytest.mark.parametrize("said", ["false", ""])
async def test_nothing_is_said_for_a_customer_who_has_not_confirmed_it(
    insurer: Insurer, applicant: FillIn, requests: Counter[str], tick: str, said: str
) -> None:
    with pytest.raises(Rejected) as refused:
        await insurer.begin_registration("provisional", applicant("taro", **{tick: said}))

    assert ErrorCode.CONFIRMATION_REQUIRED is refused.value.code
    assert {} == dict(requests)


async def test_another_edition_of_the_rules_is_not_agreed_to(
    insurer: Insurer, applicant: FillIn, requests: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = papers.BY_KIND[papers.TERMS]
    monkeypatch.setitem(papers.BY_KIND, papers.TERMS, dataclasses.replace(rules, edition="2027-04"))

    with pytest.raises(Changed) as refused:
        await insurer.begin_registration("provisional", applicant("taro"))

    assert ErrorCode.DOCUMENT_CHANGED is refused.value.code
    assert 0 == requests["POST /touroku/doui"]


def test_the_customer_is_told_which_edition_of_the_rules_is_agreed_to(insurer: Insurer) -> None:
    method = insurer.manifest.method("provisional")
    assert method
    step = method.script.step("terms")

    assert step.help
    assert "2026-04" in step.help.ja
    assert "2026-04" in step.requirements[0].label.ja


async def test_another_glyph_of_a_name_is_the_name_on_file(insurer: Insurer, applicant: FillIn) -> None:
    form = applicant("sayuri", family_name="向日葵\N{VARIATION SELECTOR-17}")

    assert "mail_link" == asked(await insurer.begin_registration("provisional", form)).step


async def test_an_address_may_be_typed_as_keyboards_write_it(insurer: Insurer, applicant: FillIn) -> None:
    form = applicant("taro", address="東京都千代田区神田見本町３－９ 見本ビル１０１")

    assert "mail_link" == asked(await insurer.begin_registration("provisional", form)).step


@pytest.mark.parametrize(
    ("path", "fault", "kind"),
    [
        ("/touroku/kakutei", Fault.SILENCE, Unconfirmed),
        ("/touroku/kakutei", Fault.GIBBERISH, Unconfirmed),
        ("/touroku/nyuryoku", Fault.GIBBERISH, Drifted),
    ],
)
async def test_only_the_call_that_sends_the_mail_can_be_unconfirmed(
    insurer: Insurer, applicant: FillIn, plan_fault: Order, path: str, fault: Fault, kind: type[InsurerError]
) -> None:
    plan_fault(path, fault)

    with pytest.raises(kind):
        await insurer.begin_registration("provisional", applicant("taro"))


async def test_a_registration_of_which_nobody_heard_may_begin_again(
    insurer: Insurer, letterbox: Letterbox, applicant: FillIn, plan_fault: Order
) -> None:
    plan_fault("/touroku/kakutei", Fault.SILENCE)
    with pytest.raises(Unconfirmed):
        await insurer.begin_registration("provisional", applicant("taro"))
    older = letterbox.link()

    mailed = asked(await insurer.begin_registration("provisional", applicant("taro")))

    # The newer mail killed the older one's link.
    brought = asked(await insurer.answer(mailed, Answer(values={"link": older})))
    with pytest.raises(Expired) as refused:
        await insurer.answer(brought, Answer(values={"password_again": PASSWORD}))
    assert ErrorCode.LINK_EXPIRED is refused.value.code


@pytest.mark.parametrize("link", ["", "0a1b", "http://127.0.0.1/login", "{link}&KAGI=2"])
async def test_another_link_is_refused_and_nothing_is_asked(
    insurer: Insurer, letterbox: Letterbox, applicant: FillIn, requests: Counter[str], link: str
) -> None:
    mailed = asked(await insurer.begin_registration("provisional", applicant("taro")))
    requests.clear()

    with pytest.raises(Rejected) as refused:
        await insurer.answer(mailed, Answer(values={"link": link.format(link=letterbox.link())}))

    assert ErrorCode.INPUT_REFUSED is refused.value.code
    assert {} == dict(requests)


async def test_a_link_is_dead_a_day_after_it_was_sent(
    insurer: Insurer, asked_again: Challenge, clock: TestClock
) -> None:
    clock.advance(timedelta(hours=24))

    with pytest.raises(Expired) as refused:
        await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD}))

    assert ErrorCode.LINK_EXPIRED is refused.value.code


async def test_a_link_that_nobody_sent_is_dead(insurer: Insurer, applicant: FillIn) -> None:
    mailed = asked(await insurer.begin_registration("provisional", applicant("taro")))
    link = "http://127.0.0.1/touroku/honnin?KAGI=0123456789abcdef0123456789abcdef"
    brought = asked(await insurer.answer(mailed, Answer(values={"link": link})))

    with pytest.raises(Expired):
        await insurer.answer(brought, Answer(values={"password_again": PASSWORD}))


async def test_a_wrong_password_may_be_tried_until_the_link_is_dead(insurer: Insurer, asked_again: Challenge) -> None:
    left = []
    for _ in range(4):
        # Capitals matter (SJ-REG-16).
        with pytest.raises(Rejected) as refused:
            await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD.lower()}))
        assert ErrorCode.CREDENTIALS_REJECTED is refused.value.code
        left.append(refused.value.attempts_left)

    assert [4, 3, 2, 1] == left
    with pytest.raises(Expired) as dead:
        await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD.lower()}))
    assert ErrorCode.TOO_MANY_ATTEMPTS is dead.value.code
    with pytest.raises(Expired):
        await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD}))


async def test_a_full_registration_of_which_nobody_heard_is_unconfirmed_and_was_done(
    insurer: Insurer, asked_again: Challenge, plan_fault: Order
) -> None:
    plan_fault("/touroku/hontouroku", Fault.SILENCE)

    with pytest.raises(Unconfirmed):
        await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD}))

    with pytest.raises(Expired) as used:
        await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD}))
    assert ErrorCode.LINK_ALREADY_USED is used.value.code
    # Signing in is the way on: the passcode says that there is a member (WIRE.md §3.7).
    again = Credentials(user_id="taro@example.jp", password=PASSWORD)
    assert ChallengeKind.ONE_TIME_PASSWORD is asked(await insurer.sign_in(again)).kind


async def test_without_a_trusted_device_the_account_is_open_for_half_an_hour(
    insurer: Insurer, asked_again: Challenge, clock: TestClock
) -> None:
    active = await insurer.answer(asked_again, Answer(values={"password_again": PASSWORD, "trusted_device": "false"}))
    assert isinstance(active, Active)
    assert 2 == len(await insurer.policies(active.access))

    clock.advance(timedelta(minutes=31))

    with pytest.raises(AccessDenied):
        await insurer.policies(active.access)


async def test_a_sign_in_asks_for_the_mailed_passcode(insurer: Insurer, letterbox: Letterbox) -> None:
    credentials = Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD)

    sent = asked(await insurer.sign_in(credentials))

    assert (ChallengeKind.ONE_TIME_PASSWORD, None) == (sent.kind, sent.step)
    assert (3, True, "ot***@example.jp") == (sent.attempts_left, sent.trust_device_offered, sent.sent_to)
    assert datetime(2026, 11, 20, 10, 10, tzinfo=TOKYO) == sent.expires_at

    # Keyboards of phones write wide digits.
    wide = letterbox.passcode().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    active = await insurer.answer(sent, Answer(values={ANSWER: f" {wide} "}, trust_device=True))

    assert isinstance(active, Active)
    assert ["C100000001"] == [str(number) for number in await insurer.policies(active.access)]


async def test_a_trusted_device_spares_the_passcode(insurer: Insurer, sign_in: SignIn) -> None:
    device = await sign_in("sj_otp")

    active = await insurer.sign_in(Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD), device)

    assert isinstance(active, Active)
    assert device == active.access


async def test_a_wrong_password_never_says_which_part_was_wrong(insurer: Insurer) -> None:
    refusals = []
    for user_id in ("otp@example.jp", "nobody@example.jp"):
        with pytest.raises(Rejected) as refused:
            await insurer.sign_in(Credentials(user_id=user_id, password="Mihon2027"))
        refusals.append((refused.value.code, refused.value.words))

    assert [(ErrorCode.CREDENTIALS_REJECTED, "IDまたはパスワードが正しくありません")] * 2 == refusals


async def test_five_wrong_passwords_lock_the_account_for_half_an_hour(
    insurer: Insurer, letterbox: Letterbox, clock: TestClock
) -> None:
    refused: list[InsurerError] = []
    for _ in range(6):
        with pytest.raises(InsurerError) as error:
            await insurer.sign_in(Credentials(user_id="otp@example.jp", password="Mihon2027"))
        refused.append(error.value)

    assert ErrorCode.CREDENTIALS_REJECTED is refused[0].code
    locked = refused[-1]
    assert isinstance(locked, Locked)
    assert datetime(2026, 11, 20, 10, 30, tzinfo=TOKYO) == locked.until

    clock.advance(timedelta(minutes=30))
    right = Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD)
    assert ChallengeKind.ONE_TIME_PASSWORD is asked(await insurer.sign_in(right)).kind


async def test_a_wrong_passcode_may_be_tried_three_times(insurer: Insurer, letterbox: Letterbox) -> None:
    sent = asked(await insurer.sign_in(Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD)))
    wrong = Answer(values={ANSWER: f"{(int(letterbox.passcode()) + 1) % 1_000_000:06}"})

    for left in (2, 1):
        with pytest.raises(Rejected) as refused:
            await insurer.answer(sent, wrong)
        assert (ErrorCode.ONE_TIME_PASSWORD_REJECTED, left) == (refused.value.code, refused.value.attempts_left)
    with pytest.raises(Expired):
        await insurer.answer(sent, wrong)
    with pytest.raises(Expired):
        await insurer.answer(sent, Answer(values={ANSWER: letterbox.passcode()}))


async def test_what_is_no_passcode_costs_no_attempt(
    insurer: Insurer, letterbox: Letterbox, requests: Counter[str]
) -> None:
    sent = asked(await insurer.sign_in(Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD)))

    for answer in ("", "abcdef", "1234567"):
        with pytest.raises(Rejected):
            await insurer.answer(sent, Answer(values={ANSWER: answer}))

    assert 0 == requests["POST /login/otp"]
    assert isinstance(await insurer.answer(sent, Answer(values={ANSWER: letterbox.passcode()})), Active)


async def test_a_passcode_is_dead_after_ten_minutes(insurer: Insurer, letterbox: Letterbox, clock: TestClock) -> None:
    sent = asked(await insurer.sign_in(Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD)))
    clock.advance(timedelta(minutes=10))

    with pytest.raises(Expired):
        await insurer.answer(sent, Answer(values={ANSWER: letterbox.passcode()}))


async def test_a_busy_insurer_at_the_door_is_unavailable(insurer: Insurer, plan_fault: Order) -> None:
    plan_fault("/login/ninsyo", Fault.BUSY, times=2)

    with pytest.raises(Unavailable):
        await insurer.sign_in(Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD))


async def test_a_sign_in_of_which_nobody_heard_is_not_said_again(
    insurer: Insurer, letterbox: Letterbox, plan_fault: Order, requests: Counter[str]
) -> None:
    plan_fault("/login/ninsyo", Fault.SILENCE)

    with pytest.raises(Unavailable):
        await insurer.sign_in(Credentials(user_id="otp@example.jp", password=MEMBERS_PASSWORD))

    assert 1 == requests["POST /login/ninsyo"]
    assert 1 == len(letterbox.letters)


async def test_a_group_contract_is_sent_to_the_agency(insurer: Insurer, applicant: FillIn) -> None:
    with pytest.raises(NotOnline) as refused:
        await insurer.begin_registration("provisional", applicant("sj_group_product"))

    assert RenewabilityCode.GROUP_CONTRACT is refused.value.reason.code


async def test_a_question_that_was_never_ours_is_dead(insurer: Insurer, asked_again: Challenge) -> None:
    for state in (b"", b"{}", b'{"type": "Linked"}'):
        with pytest.raises(Expired):
            await insurer.answer(replace(asked_again, state=state), Answer(values={}))
