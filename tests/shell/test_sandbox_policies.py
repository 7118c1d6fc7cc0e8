"""`tabane sandbox CODE --policies N`."""

import pytest
from aiohttp import web

from gateway.commands import house, troubles
from insurers.sandbox import AGENCY_POLICIES


def test_the_agencies_of_a_sandbox_are_given_as_many_policies_as_are_wanted() -> None:
    given: list[int] = []
    imitation = web.Application()
    imitation[AGENCY_POLICIES] = given.append

    house.fill_agencies(imitation, 1_000)

    assert [1_000] == given


def test_a_sandbox_without_agencies_says_so_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(house.NoAgencies) as refused:
        house.fill_agencies(web.Application(), 1_000)

    assert 2 == troubles.told(refused.value)
    said = capsys.readouterr().err
    assert "--policies を付けずに" in said
    assert "Start it without --policies." in said
