"""The people of Sompo's sandbox: each is there, and comes back after a reset."""

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from insurers.sompo.sandbox.covers import COVERS
from insurers.sompo.sandbox.personas import Persona, cast

if TYPE_CHECKING:
    from .conftest import Customer

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


def test_it_runs_by_itself() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "insurers.sompo.sandbox", "--help"], capture_output=True, text=True, check=True
    )

    assert "8103" in told.stdout
    assert "8104" in told.stdout or "control-port" in told.stdout
