"""The people of the sandboxes who renew, or cannot: who they are, and how they come to be signed in."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from insurers.identity import InsurerCode
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json
from tests.api.walking import Walker

RESIDENTS: Mapping[str, Mapping[str, Json]] = json.loads(
    (Path(__file__).parent / "renewal_personas.json").read_text(encoding="utf-8")
)


def everywhere(*names: str) -> pytest.MarkDecorator:
    """One test for each insurer that has such a person."""
    homes = [(code, name) for name in names for code in CODES if name in RESIDENTS[code]]
    return pytest.mark.parametrize(("code", "name"), homes)


def home(name: str) -> str:
    """Answer the one insurer that has such a person."""
    (code,) = (code for code in CODES if name in RESIDENTS[code])
    return code


async def order(town: Town, code: str, path: str, body: Json) -> None:
    """Order something at an insurer's control port."""
    _, address = town.houses[InsurerCode(code)]
    async with town.http.post(address.control_url + path, json=body) as response:
        assert response.status < 300, await response.text()


async def arrived(town: Town, code: str, name: str) -> Frontend:
    """Answer somebody who is signed in at this insurer."""
    person = RESIDENTS[code][name]
    frontend = Frontend(town.http, town.url, town.issuer.mint(person["name"]), "taro", town.letterbox.letters)
    frontend.person = person
    walker = Walker(town, frontend)
    if "account" not in person:
        await walker.inside()
        return frontend
    done = await frontend.mutate("InsurerLinkCreate", insurer={"code": code}, **person["account"])
    # Whoever trusts the device is not asked for a passcode when an hour has passed.
    await walker.answered(done["link"], trustDevice=True)
    return frontend
