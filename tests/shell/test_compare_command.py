"""`tabane compare`: what a customer reads of every insurer's plans, and before anything is told to one of them."""

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console

from gateway import demo, settings
from gateway.commands.compare import NotCompared, Wish, compared
from gateway.demo import customer
from gateway.demo.client import connected
from gateway.demo.forms import Forms
from gateway.demo.inbox import Inbox
from gateway.demo.story import Story
from gateway.demo.teller import Teller
from gateway.development import Town, development
from gateway.settings import Given
from insurers.sandbox import TestClock
from insurers.text import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDTH, NARROW = 120, 80


class Place(Struct, frozen=True):
    """A town in which the customer is known everywhere, and a way to compare there."""

    town: Town
    token: str
    data_folder: str

    async def compare(
        self, number: str | None = None, *, share: bool | None, width: int = WIDTH, **words: object
    ) -> str:
        paper = Console(file=io.StringIO(), width=width)
        await compared(
            Wish(number=number, share=share, url=self.town.gateway_url, token=self.token, **words),  # type: ignore[arg-type]
            paper,
        )
        assert isinstance(paper.file, io.StringIO)
        return paper.file.getvalue()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    read = settings.read(Given, data_folder=tmp_path_factory.mktemp("data"))
    async with development(read, fresh=True, clock=TestClock(demo.MORNING)) as town:
        token = town.issuer.mint(customer.NAME)
        async with connected(town.gateway_url, token) as desk, aiohttp.ClientSession() as browser:
            inbox = Inbox(browser, town.mailbox_url, customer.EMAIL)
            await Story(desk, Forms(browser, inbox), inbox, Teller(Console(quiet=True))).enrol()
        yield Place(town, token, str(read.data_folder))


async def test_a_policy_is_compared_only_after_what_is_told_was_read_and_agreed_to(place: Place) -> None:
    number, *_ = customer.POLICY_NUMBERS

    before = await place.compare(number, share=None)

    assert "what it would be told, for a quote" in before
    assert "waits for your consent; it was told nothing" in before
    assert "→ Nothing is told." in before

    after = await place.compare(number, share=True, why=True)

    assert 2 == after.count("answered (3 plans)")
    assert "quote number" in after
    assert "binding" in after
    assert 6 <= after.count("indication")
    assert ("class 15" in after, "15等級" in after) == (True, False)
    assert all(mark in after for mark in ("≠", "▲", "▼", "－", "＋", "？", "○", "×"))
    assert "人身傷害保険" in after
    assert "日常生活賠償" in after
    assert "not as asked for:" in after
    assert "the price rests on:" in after
    assert "Raises the deductible at the first accident from ¥50,000 to ¥100,000." in " ".join(after.split())
    assert all(cell_len(line) <= WIDTH for line in after.splitlines())


async def test_it_is_told_in_japanese_too_and_what_is_not_offered_says_why(place: Place) -> None:
    _, not_yet, *_ = customer.POLICY_NUMBERS

    said = await place.compare(not_yet, share=False, language=Language.JA)

    assert "現在のご契約" in said
    assert "見積もりのために伝える内容" in said
    assert "依頼しない" in said
    assert "回答なし" in said
    assert "受付開始前" in said
    assert "以降: " in said


async def test_without_a_number_everything_that_can_be_renewed_is_compared_on_paper_of_any_width(place: Place) -> None:
    said = await place.compare(share=True, width=NARROW)

    assert 4 == said.count("answered (3 plans)")
    assert 4 == said.count("Premium for the term")  # A table for each car and insurer, with the present cover in each.
    assert all(cell_len(line) <= NARROW for line in said.splitlines())


async def test_a_number_that_nobody_has_is_answered_with_those_that_there_are(place: Place) -> None:
    for number in ("999", "！"):
        with pytest.raises(NotCompared, match=customer.POLICY_NUMBERS[0]):
            await place.compare(number, share=True)


async def test_where_nobody_listens_it_is_said_what_to_look_at() -> None:
    with pytest.raises(NotCompared, match="--url"):
        await compared(Wish(url="http://127.0.0.1:9", token="none"), Console(quiet=True))


async def test_an_address_that_is_none_is_told_by_the_name_that_was_given() -> None:
    with pytest.raises(NotCompared, match="--url must be a URL"):
        await compared(Wish(url="somewhere"), Console(quiet=True))


async def test_a_token_that_is_not_believed_is_told(place: Place) -> None:
    with pytest.raises(NotCompared, match="get a new one"):
        await compared(Wish(url=place.town.gateway_url, token="none"), Console(quiet=True))


async def test_at_a_development_gateway_no_token_is_needed_and_who_has_no_policy_is_told_what_to_do(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command signs with the key in the data folder, as `tabane token` does."""
    monkeypatch.setenv("TABANE_DATA_FOLDER", place.data_folder)

    with pytest.raises(NotCompared, match="Register with an insurer"):
        await compared(Wish(url=place.town.gateway_url, name="向日葵 さゆり"), Console(quiet=True))
