"""The people of Sompo's sandbox: each is there, and comes back after a reset."""

import re
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from insurers.sompo.sandbox.covers import COVERS
from insurers.sompo.sandbox.dates import era_day
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.personas import Persona, cast

if TYPE_CHECKING:
    from .conftest import Customer

PASSWORD = "Himawari2026"
SAYURI = {
    "MAIL": "himawari@example.jp",
    "SEI": "向日葵",
    "MEI": "さゆり",
    "SEINEN_YMD": "S55.07.07",
    "JYUSYO": "東京都新宿区見本町1-26-1",
    "TEL_NO": "080-2345-6789",
}
MEMBERS = [persona for persona in cast().personas if persona.member]


def test_names_and_numbers_are_given_once() -> None:
    names = [persona.name for persona in cast().personas]
    numbers = [policy.number for persona in cast().personas for policy in persona.contracts]

    assert len(names) == len(set(names))
    assert len(numbers) == len(set(numbers))
    assert all(persona.shows for persona in cast().personas)


@pytest.mark.parametrize("chosen", cast().covers.values(), ids=cast().covers)
def test_covers_on_file_are_covers_that_are_sold(chosen: dict[str, str]) -> None:
    assert list(COVERS) == list(chosen)
    assert all(option in COVERS[code].options for code, option in chosen.items())


@pytest.mark.parametrize("persona", MEMBERS, ids=lambda persona: persona.name)
async def test_members_sign_in_and_see_their_contracts(customer: "Customer", persona: Persona) -> None:
    assert persona.member
    await customer.sign_in(persona.mail, persona.member.password)

    seen = {policy["SYOKEN_NO"] for policy in (await customer.ask("/keiyaku/syokai")).of("KEIYAKU")}

    assert {policy.number for policy in persona.contracts} <= seen


async def test_a_reset_begins_the_world_anew(taro: "Customer") -> None:
    await taro.apply(await taro.walk("A123456789"))

    await taro.control("POST", "/_control/reset")

    assert "46" == (await taro.ask("/keiyaku/syokai")).code
    await taro.register("A123456789")
    assert "20" == (await taro.renewal("A123456789"))["KOUSIN_JYOTAI"]


async def test_a_key_from_before_a_reset_opens_nobodys_account_after_it(customer: "Customer") -> None:
    before = await _trusted_device(customer, "A123456789")

    await customer.control("POST", "/_control/reset")
    after = await _trusted_device(customer, "B987654321", **SAYURI)

    assert before != after
    assert "45" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=before)).code


async def _trusted_device(customer: "Customer", number: str, **fields: str) -> str:
    assert "00" == (await customer.provisional(number, **fields)).code
    done = await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, PASSWORD=PASSWORD, SINRAI_TANMATU="1")
    return done["TANMATU_KAGI"]


def test_keys_cannot_be_foreseen_and_policy_numbers_count_upwards() -> None:
    one, other = Draws(), Draws()

    assert 4 == len({one.key(), one.key(), other.key(), other.key()})
    assert (32, 64, 6) == (len(one.key()), len(one.key(64)), len(one.passcode()))
    assert "S700000001" == one.policy_number() == other.policy_number()
    assert "K200000001" == one.member_number() == other.member_number()


def test_nobodys_phone_can_ring() -> None:
    """No exchange begins with 0. Two persons are the same in every sandbox, and keep their phones."""
    shared = {"taro", "sayuri"}
    phones = [persona.person.phone for persona in cast().personas if persona.name not in shared]

    assert [] == [phone for phone in [*phones, cast().agency.phone] if not re.fullmatch(r"0\d{1,2}-0000-\d{4}", phone)]


def test_it_runs_by_itself() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "insurers.sompo.sandbox", "--help"], capture_output=True, text=True, check=True
    )

    assert "8103" in told.stdout
    assert "8104" in told.stdout or "control-port" in told.stdout


APPLICANTS = {
    **{f"sj_four_fields_mismatch_{field}": "22" for field in ("name", "address", "dob", "phone")},
    "sj_successor_number_entered": "23",
    "sj_provisional_expired": "00",
    "sj_wrong_password_at_full_registration": "00",
    "sj_group_accident": "24",
    "sj_no_number": "00",
    "sj_more_later": "00",
    "sj_old_letters": "00",
    "sj_watanabe": "00",
}
LETTERS_OF_THE_WIRE = str.maketrans("髙﨑", "高崎")


@pytest.mark.parametrize(("name", "code"), APPLICANTS.items())
async def test_a_persona_is_answered_to_what_it_types(customer: "Customer", name: str, code: str) -> None:
    async with customer.http.get(customer.doors.control_url + "/_control/personas") as answer:
        everyone = {one["name"]: one for one in await answer.json()}
    one = everyone[name]
    types = one["enters"]

    told = await customer.provisional(
        *types["numbers"],
        MAIL=one["mail"],
        PASSWORD=one["password"],
        SEI=types["family"].translate(LETTERS_OF_THE_WIRE),
        MEI=types["given"],
        SEINEN_YMD=era_day(date.fromisoformat(types["born"])),
        JYUSYO=types["address"],
        TEL_NO=types["phone"],
    )

    assert code == told.code


async def test_whoever_differs_in_one_field_differs_in_no_other() -> None:
    differing = {
        persona.name.rpartition("_")[2]: list(persona.enters)
        for persona in cast().personas
        if persona.name.startswith("sj_four_fields_mismatch_")
    }

    assert {"name": ["family"], "address": ["address"], "dob": ["born"], "phone": ["phone"]} == differing
