"""The demonstration tells the truth, and stops where it cannot."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from rich.console import Console

from gateway import demo, mailbox, settings
from gateway.demo import client, customer
from gateway.demo.forms import Forms, Stuck
from gateway.demo.inbox import Inbox, NoMail
from gateway.demo.teller import Teller, Unverified
from gateway.development import development
from gateway.settings import Given
from insurers import panel
from insurers.sandbox import TestClock


@pytest.fixture
def paper() -> Console:
    return Console(file=io.StringIO(), width=120)


@pytest.fixture
async def forms() -> AsyncIterator[Forms]:
    async with mailbox.serve() as post, aiohttp.ClientSession() as browser:
        yield Forms(browser, Inbox(browser, post.url, customer.EMAIL, looks=2))


def told(paper: Console) -> str:
    assert isinstance(paper.file, io.StringIO)
    return paper.file.getvalue()


async def test_the_main_job_is_done_at_every_insurer(paper: Console) -> None:
    async with development(settings.read(Given), fresh=True, clock=TestClock(demo.MORNING)) as town:
        successors = await demo.tell(town, Teller(paper))

    assert len(panel.discover()) == len(set(successors))
    assert all(f"is renewed as {number}" in told(paper) for number in successors)
    assert len(panel.discover()) - 1 == told(paper).count("what it would be told, for a quote")
    assert len(panel.discover()) == told(paper).count("answered (3 plans)")


async def test_a_story_that_cannot_be_read_back_fails(paper: Console) -> None:
    clock = TestClock(demo.MORNING)
    async with development(settings.read(Given), fresh=True, clock=clock) as town:
        clock.advance(timedelta(days=70))  # The policies that could have been renewed have ended.

        with pytest.raises(Unverified, match="can be renewed now"):
            await demo.tell(town, Teller(paper))


def test_what_is_not_as_expected_is_not_verified(paper: Console) -> None:
    teller = Teller(paper)
    teller.check("one", expected=1, actual=1)

    with pytest.raises(Unverified, match="2 was read back, 1 was expected"):
        teller.check("two", expected=1, actual=2)

    assert 1 == teller.verified


def requirement(kind: str, **said: object) -> client.Answer:
    usual = {"key": "k", "label": "L", "required": True, "satisfied": False, "sensitive": False}
    usual |= {"options": [], "suggested": None, "pattern": None}
    return {**usual, "__typename": kind, **said}


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ({"inputKind": "TEXT", "key": "family_name"}, {"text": "三住"}),
        ({"inputKind": "EMAIL"}, {"text": customer.EMAIL}),
        ({"inputKind": "DATE", "key": "birth_date"}, {"date": "1975-01-01"}),
        ({"inputKind": "INTEGER", "key": "vehicle_count"}, {"number": 2}),
        ({"inputKind": "BOOLEAN", "key": "disclosure"}, {"choice": "false"}),
        ({"inputKind": "PASSWORD", "sensitive": True}, {"secret": customer.PASSWORD}),
        ({"inputKind": "POLICY_NUMBERS", "pattern": "[A-Z][0-9]{9}"}, {"choices": ["A123456789", "A123456790"]}),
        ({"inputKind": "POLICY_NUMBER", "pattern": "[0-9]{10}"}, {"text": "0123456789"}),
        (
            {
                "inputKind": "SELECT",
                "options": [
                    {"value": "1", "label": "one", "recommended": False},
                    {"value": "2", "label": "two", "recommended": True},
                ],
            },
            {"choice": "2"},
        ),
    ],
)
async def test_each_kind_of_field_travels_under_its_own_name(
    forms: Forms, asked: dict[str, object], value: dict[str, object]
) -> None:
    field = requirement("FieldRequirement", **asked)

    assert [{"requirementKey": field["key"], "value": value}] == await forms.fill({"requirements": [field]})


async def test_what_nobody_knows_is_not_guessed(forms: Forms) -> None:
    unknown = requirement("FieldRequirement", inputKind="BOOLEAN", key="anything_new")

    with pytest.raises(Stuck, match="anything_new"):
        await forms.fill({"requirements": [unknown]})


async def test_a_new_kind_of_requirement_is_left_out_where_it_may_be(forms: Forms) -> None:
    new = requirement("BloodTypeRequirement", required=False)

    assert [] == await forms.fill({"requirements": [new]})


async def test_what_is_satisfied_is_not_answered_again(forms: Forms) -> None:
    done = requirement("ConfirmationRequirement", satisfied=True)

    assert [] == await forms.fill({"requirements": [done]})


async def test_a_keyword_is_noted_when_it_is_shown(forms: Forms) -> None:
    asked = requirement("ChallengeRequirement", challengeKind="KEYWORD")
    forms.watch({"steps": [{"requirements": [{"challenge": {"displayOnce": "Abc123"}}, {}]}]})
    forms.watch({"steps": [{"requirements": [{"challenge": {"displayOnce": None}}]}]})

    assert [{"requirementKey": "k", "value": {"secret": "Abc123"}}] == await forms.fill({"requirements": [asked]})


async def test_a_mail_that_does_not_come_is_told(forms: Forms) -> None:
    link = requirement("OutOfBandRequirement", sentTo=None)

    with pytest.raises(NoMail, match="links"):
        await forms.fill({"requirements": [link]})
