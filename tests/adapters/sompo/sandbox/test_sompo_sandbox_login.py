"""Signing in at Sompo's sandbox: password, passcode, trusted device."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Customer

MAIL, PASSWORD = "otp@example.jp", "Mihon2026"
TRUSTED_MAIL, DEVICE = "device@example.jp", "5a" * 32
CAR_OF_OTP, CAR_OF_DEVICE = "C100000001", "C100000002"


async def ask_for_passcode(customer: "Customer") -> "Answer":
    return await customer.ask("/login/ninsyo", MAIL=MAIL, PASSWORD=PASSWORD)


async def numbers(customer: "Customer") -> list[str]:
    return [policy["SYOKEN_NO"] for policy in (await customer.ask("/keiyaku/syokai")).of("KEIYAKU")]


async def test_a_member_signs_in_with_a_mailed_passcode(customer: "Customer") -> None:
    asked = await ask_for_passcode(customer)
    answer = await customer.ask("/login/otp", OTP_NO=asked["OTP_NO"], OTP=customer.tray.passcode, SINRAI_TANMATU="0")

    assert ("41", "20261121101000", "6", "3") == (asked.code, asked["KIGEN"], asked["KETASUU"], asked["NOKORI"])
    assert "ワンタイムパスワードのお知らせ（損保ジャパン）" == customer.tray.letters[-1].subject
    assert ("00", "", "") == (answer.code, answer["TANMATU_KAGI"], answer["ZENKAI_LOGIN"])
    customer.token = answer["KAIIN_TOKEN"]
    assert [CAR_OF_OTP] == await numbers(customer)


async def test_the_login_before_is_told(customer: "Customer") -> None:
    await customer.sign_in(MAIL)
    customer.clock.advance(timedelta(hours=3))

    assert "20261121100000" == (await customer.sign_in(MAIL))["ZENKAI_LOGIN"]


@pytest.mark.parametrize(("mail", "password"), [(MAIL, "mihon2026"), ("nobody@example.jp", PASSWORD)])
async def test_a_refusal_says_neither_which(customer: "Customer", mail: str, password: str) -> None:
    answer = await customer.ask("/login/ninsyo", MAIL=mail, PASSWORD=password)

    assert ("40", "IDまたはパスワードが正しくありません") == (answer.code, answer["KEKKA_BUN"])


async def test_five_wrong_passwords_lock_for_half_an_hour(customer: "Customer") -> None:
    heard = [(await customer.ask("/login/ninsyo", MAIL=MAIL, PASSWORD="Wrong2026")).code for _ in range(5)]
    locked = await ask_for_passcode(customer)
    customer.clock.advance(timedelta(minutes=30))

    assert ["40", "40", "40", "40", "44"] == heard
    assert ("44", "20261121103000") == (locked.code, locked["KAIJYO_NITIJI"])
    assert "41" == (await ask_for_passcode(customer)).code


async def test_a_passcode_has_three_attempts(customer: "Customer") -> None:
    asked = await ask_for_passcode(customer)
    right = customer.tray.passcode
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    heard = [
        await customer.ask("/login/otp", OTP_NO=asked["OTP_NO"], OTP=digits, SINRAI_TANMATU="0")
        for digits in (wrong, wrong, wrong, right)
    ]

    assert ["42", "42", "43", "43"] == [answer.code for answer in heard]
    assert ["2", "1"] == [answer["NOKORI"] for answer in heard[:2]]


@pytest.mark.parametrize(("waited", "code"), [(timedelta(minutes=10, seconds=-1), "00"), (timedelta(minutes=10), "43")])
async def test_a_passcode_lives_ten_minutes(customer: "Customer", waited: timedelta, code: str) -> None:
    asked = await ask_for_passcode(customer)
    customer.clock.advance(waited)

    answer = await customer.ask("/login/otp", OTP_NO=asked["OTP_NO"], OTP=customer.tray.passcode, SINRAI_TANMATU="0")

    assert code == answer.code


async def test_a_newer_passcode_kills_the_older(customer: "Customer") -> None:
    older = await ask_for_passcode(customer)
    digits = customer.tray.passcode
    await ask_for_passcode(customer)

    assert "43" == (await customer.ask("/login/otp", OTP_NO=older["OTP_NO"], OTP=digits, SINRAI_TANMATU="0")).code


async def test_a_trusted_device_needs_no_passcode(customer: "Customer") -> None:
    answer = await customer.ask("/login/ninsyo", MAIL=TRUSTED_MAIL, PASSWORD=PASSWORD, TANMATU_KAGI=DEVICE)

    assert "00" == answer.code
    assert [] == customer.tray.letters


async def test_another_members_device_is_not_trusted(customer: "Customer") -> None:
    assert "41" == (await customer.ask("/login/ninsyo", MAIL=MAIL, PASSWORD=PASSWORD, TANMATU_KAGI=DEVICE)).code


async def test_a_device_alone_opens_fresh_sessions_until_it_is_revoked(customer: "Customer") -> None:
    asked = await ask_for_passcode(customer)
    first = await customer.ask("/login/otp", OTP_NO=asked["OTP_NO"], OTP=customer.tray.passcode, SINRAI_TANMATU="1")
    device = first["TANMATU_KAGI"]
    fresh = await customer.ask("/login/tanmatu", TANMATU_KAGI=device)
    customer.token = fresh["KAIIN_TOKEN"]

    assert first["KAIIN_TOKEN"] != fresh["KAIIN_TOKEN"]
    assert [CAR_OF_OTP] == await numbers(customer)
    assert ["00", "00"] == [(await customer.ask("/login/tanmatu_sakujyo", TANMATU_KAGI=device)).code for _ in range(2)]
    assert "45" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=device)).code


async def test_registration_can_make_the_device_trusted(customer: "Customer") -> None:
    await customer.provisional("A123456789")
    done = await customer.ask(
        "/touroku/hontouroku", KAGI=customer.tray.key, PASSWORD="Himawari2026", SINRAI_TANMATU="1"
    )

    assert 64 == len(done["TANMATU_KAGI"])
    assert "00" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=done["TANMATU_KAGI"])).code


async def test_nobody_revokes_another_members_device(customer: "Customer") -> None:
    await customer.sign_in(MAIL)
    await customer.ask("/login/tanmatu_sakujyo", TANMATU_KAGI=DEVICE)

    assert "00" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=DEVICE)).code


async def test_a_device_dies_of_a_year_without_use(customer: "Customer") -> None:
    customer.clock.advance(timedelta(days=364))
    asked = await customer.ask("/login/tanmatu", TANMATU_KAGI=DEVICE)
    customer.clock.advance(timedelta(days=1))

    assert "41" == asked.code
    assert "45" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=DEVICE)).code


async def test_a_session_dies_of_half_an_hour_without_a_request(customer: "Customer") -> None:
    await customer.sign_in(MAIL)

    for _ in range(3):
        customer.clock.advance(timedelta(minutes=29))
        assert "00" == (await customer.ask("/koukai/itiran")).code
    customer.clock.advance(timedelta(minutes=30))

    assert "46" == (await customer.ask("/koukai/itiran")).code


async def test_logging_out_closes_the_session(customer: "Customer") -> None:
    await customer.sign_in(MAIL)

    assert "00" == (await customer.ask("/login/logout")).code
    assert "46" == (await customer.ask("/keiyaku/syokai")).code


@pytest.mark.parametrize(
    "path",
    [
        "/kaiin/keiyaku_tuika",
        "/keiyaku/syokai",
        "/koukai/itiran",
        "/koukai/sisan",
        "/koukai/tejyun",
        "/koukai/kaisi",
        "/koukai/jizen",
        "/koukai/moshikomi",
        "/login/logout",
        "/syorui/syutoku",
    ],
)
async def test_nothing_opens_without_a_token(customer: "Customer", path: str) -> None:
    assert "46" == (await customer.ask(path)).code


@pytest.mark.parametrize("mail", [MAIL, "nobody@example.jp"])
async def test_an_address_that_nobody_has_is_locked_like_a_members(customer: "Customer", mail: str) -> None:
    heard = [await customer.ask("/login/ninsyo", MAIL=mail, PASSWORD="Wrong2026") for _ in range(6)]
    customer.clock.advance(timedelta(minutes=30))
    after = await customer.ask("/login/ninsyo", MAIL=mail.upper(), PASSWORD="Wrong2026")

    assert ["40", "40", "40", "40", "44", "44"] == [answer.code for answer in heard]
    assert {"20261121103000"} == {answer["KAIJYO_NITIJI"] for answer in heard[4:]}
    assert "40" == after.code


async def test_a_locked_password_leaves_the_devices_alone(customer: "Customer") -> None:
    for _ in range(5):
        await customer.ask("/login/ninsyo", MAIL=TRUSTED_MAIL, PASSWORD="Wrong2026")

    assert "44" == (await customer.ask("/login/ninsyo", MAIL=TRUSTED_MAIL, PASSWORD=PASSWORD)).code
    assert "00" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=DEVICE)).code


async def test_a_passcode_is_sent_again_three_times_with_the_same_attempts(customer: "Customer") -> None:
    asked = await ask_for_passcode(customer)
    number = asked["OTP_NO"]
    wrong = f"{(int(customer.tray.passcode) + 1) % 1_000_000:06d}"
    await customer.ask("/login/otp", OTP_NO=number, OTP=wrong, SINRAI_TANMATU="0")

    again = await customer.ask("/login/otp_saisou", OTP_NO=number)
    older = await customer.ask("/login/otp", OTP_NO=number, OTP=wrong, SINRAI_TANMATU="0")
    second = await customer.ask("/login/otp_saisou", OTP_NO=again["OTP_NO"])
    third = await customer.ask("/login/otp_saisou", OTP_NO=second["OTP_NO"])
    fourth = await customer.ask("/login/otp_saisou", OTP_NO=third["OTP_NO"])
    done = await customer.ask("/login/otp", OTP_NO=third["OTP_NO"], OTP=customer.tray.passcode, SINRAI_TANMATU="0")

    assert ("00", "2", "6") == (again.code, again["NOKORI"], again["KETASUU"])
    assert ["43", "43", "00"] == [older.code, fourth.code, done.code]
    assert 4 == len(customer.tray.letters)


IN_THE_MIDDLE = "28" * 32


async def test_a_device_is_asked_for_a_passcode_and_renewed(customer: "Customer") -> None:
    """The persona sj_otp_in_the_middle; a lost answer can be asked for again."""
    asked = await customer.ask("/login/tanmatu", TANMATU_KAGI=IN_THE_MIDDLE)
    done = await customer.ask("/login/otp", OTP_NO=asked["OTP_NO"], OTP=customer.tray.passcode, SINRAI_TANMATU="1")
    older = await customer.ask("/login/tanmatu", TANMATU_KAGI=IN_THE_MIDDLE)
    newer = await customer.ask("/login/tanmatu", TANMATU_KAGI=done["TANMATU_KAGI"])

    assert ("41", "6", "3") == (asked.code, asked["KETASUU"], asked["NOKORI"])
    assert ["00", "41", "00"] == [done.code, older.code, newer.code]
    assert "45" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=IN_THE_MIDDLE)).code


async def test_a_device_that_is_not_renewed_is_asked_again(customer: "Customer") -> None:
    asked = await customer.ask("/login/tanmatu", TANMATU_KAGI=IN_THE_MIDDLE)
    done = await customer.ask("/login/otp", OTP_NO=asked["OTP_NO"], OTP=customer.tray.passcode, SINRAI_TANMATU="0")

    assert ("00", "") == (done.code, done["TANMATU_KAGI"])
    assert "41" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=IN_THE_MIDDLE)).code


@pytest.mark.parametrize(("waited", "code"), [(timedelta(days=90, seconds=-1), "00"), (timedelta(days=90), "41")])
async def test_a_device_is_asked_after_ninety_days_without_use(
    customer: "Customer", waited: timedelta, code: str
) -> None:
    customer.clock.advance(waited)

    assert code == (await customer.ask("/login/tanmatu", TANMATU_KAGI=DEVICE)).code


async def test_the_service_may_want_a_passcode_of_any_device(customer: "Customer") -> None:
    await customer.control("POST", "/_control/ask-device", mail=TRUSTED_MAIL)

    assert "41" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=DEVICE)).code
    with_password = await customer.ask("/login/ninsyo", MAIL=TRUSTED_MAIL, PASSWORD=PASSWORD, TANMATU_KAGI=DEVICE)
    assert "41" == with_password.code


async def test_one_device_of_several_is_given_up_by_its_key_alone(customer: "Customer") -> None:
    heard = [(await customer.ask("/login/tanmatu_sakujyo", TANMATU_KAGI=DEVICE)).code for _ in range(2)]

    assert ["00", "00"] == heard
    assert "45" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=DEVICE)).code
    assert "00" == (await customer.ask("/login/tanmatu", TANMATU_KAGI="5b" * 32)).code
