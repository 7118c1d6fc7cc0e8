"""How a person of the sandbox walks a way in: what is asked, answered, printed, mailed and typed."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from insurers.account import (
    Access,
    Active,
    Answer,
    Asks,
    Challenge,
    Credentials,
)
from insurers.adapter import Applicant, Insurer
from insurers.errors import (
    InsurerError,
)
from insurers.sandbox import Address
from tests.adapters.mitsui_sumitomo.conftest import Letterbox, persona

FillIn = Callable[..., Applicant]

CREDENTIALS = {"password": "Tabane-2026", "mail_wanted": "true", "credentials_confirmed": "true"}
NEW_PASSWORD = {"password": "Tabane-2026", "mail_wanted": "true"}
SECOND = timedelta(seconds=1)


def asked(answered: Asks | Active) -> Challenge:
    assert isinstance(answered, Asks)
    return answered.challenge


def active(answered: Asks | Active) -> Active:
    assert isinstance(answered, Active)
    return answered


async def begun(insurer: Insurer, method: str, applicant: Applicant, access: Access | None = None) -> Challenge:
    return asked(await insurer.begin_registration(method, applicant, access))


async def answer(insurer: Insurer, challenge: Challenge, **values: str) -> Asks | Active:
    return await insurer.answer(challenge, Answer(values=values))


async def refused(insurer: Insurer, challenge: Challenge, **values: str) -> InsurerError:
    with pytest.raises(InsurerError) as raised:
        await answer(insurer, challenge, **values)
    return raised.value


async def refused_at_once(insurer: Insurer, method: str, applicant: Applicant) -> InsurerError:
    with pytest.raises(InsurerError) as raised:
        await insurer.begin_registration(method, applicant)
    return raised.value


async def owns(insurer: Insurer, access: Access, code: str) -> bool:
    numbers = [str(number) for number in await insurer.policies(access)]
    return numbers == [contract["shokenNo"] for contract in persona(code)["keiyaku"]]


def number(code: str) -> str:
    shoken: str = persona(code)["keiyaku"][0]["shokenNo"]
    return shoken


def card(code: str, **changes: str) -> Applicant:
    """What the card or the postcard says."""
    printed: dict[str, Any] = persona(code)["tetsuzuki"]
    values = {
        "first_user_id": printed["shokaiUserId"],
        "procedure_code": printed["tetsuzukiCode"],
        "policy_number": number(code),
        "birth_date": persona(code)["keiyakusha"]["seinengappi"],
        "terms": "true",
    }
    return Applicant(values=values | changes)


def temporary_password(letterbox: Letterbox) -> str:
    found = re.search(r"仮パスワード[::]\s*([A-Za-z0-9]{10})\s", letterbox.letters[-1].text)
    assert found
    return found[1]


def reset_link(letterbox: Letterbox) -> str:
    found = re.search(r"https?://\S+/portal/SS\?cd=\S+", letterbox.letters[-1].text)
    assert found
    return found[0]


def forgot(code: str) -> Applicant:
    one = persona(code)
    return Applicant(values={"email": one["torokuZumi"]["userId"], "birth_date": one["keiyakusha"]["seinengappi"]})


async def signed_in(insurer: Insurer, user_id: str, password: str = "Sandbox-1") -> Active:
    return active(await insurer.sign_in(Credentials(user_id=user_id, password=password)))


async def writes_in_line(address: Address, user: str, text: str) -> None:
    async with aiohttp.ClientSession() as session:
        body = {"lineUserId": user, "text": text}
        async with session.post(f"{address.control_url}/_control/line", json=body) as answered:
            assert 200 == answered.status, await answered.text()
