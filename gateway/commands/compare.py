"""`tabane compare`"""

import asyncio
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError, TransportServerError
from msgspec import Struct
from rich.console import Console
from rich.prompt import Confirm
from rich.text import Text as Line

from gateway import demo, settings, telemetry, tokens
from gateway.commands.demonstration import PAPER_WIDTH
from gateway.demo import comparing, customer
from gateway.demo.client import Answer, Desk, connected
from gateway.demo.forms import Forms
from gateway.demo.inbox import Inbox
from gateway.demo.story import Story
from gateway.demo.teller import Teller
from gateway.development import development, now
from gateway.settings import LogFormat
from insurers.base_url import read_base_url
from insurers.identity import PolicyNumber
from insurers.sandbox import TestClock
from insurers.text import Language, Text


class NotCompared(Exception):
    """There is nothing to compare; says why, and what to do."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


class Wish(Struct, frozen=True, kw_only=True):
    """
    What is to be compared, and how.

    Without `url` it happens in a town of its own. `share` is None where the customer is asked.
    """

    number: str | None = None
    share: bool | None = None
    why: bool = False
    url: str | None = None
    token: str | None = None
    name: str | None = None
    language: Language = Language.EN


def run(wish: Wish) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PAPER_WIDTH
    telemetry.set_up(LogFormat.CONSOLE, level=logging.WARNING)
    asyncio.run(compared(wish, console))


async def compared(wish: Wish, console: Console) -> None:
    """
    Raises:
        NotCompared: there is nothing to compare, or nobody there.
    """
    async with _desk(wish, console) as desk:
        policies = await _chosen(desk, wish)
        await _compare(desk, policies, wish, console)


@asynccontextmanager
async def _desk(wish: Wish, console: Console) -> AsyncIterator[Desk]:
    """Answer a desk at the gateway that was named, or at one that is opened for this and closed again."""
    if wish.url is None:
        async with _town(wish, console) as desk:
            yield desk
        return
    try:
        url = read_base_url(wish.url).removesuffix("/graphql")
    except ValueError:
        raise NotCompared(_NO_URL) from None
    token = wish.token or _minted(url, wish.name or customer.NAME)
    try:
        async with connected(url, token, wish.language) as desk:
            yield desk
    except (TransportConnectionFailed, TransportServerError) as error:
        raise NotCompared(_UNREACHABLE) from error
    except TransportQueryError as error:
        raise NotCompared(_refused(error)) from error


def _minted(url: str, name: str) -> str:
    """A development gateway believes what is signed with the key of its data folder, in its own name."""
    return tokens.embedded(settings.read(public_url=url), now)[1].mint(name)


def _refused(error: TransportQueryError) -> Text:
    said = " / ".join(str(each["message"]) for each in error.errors or ())
    return Text(f"ゲートウェイが受け付けませんでした：{said}", f"The gateway did not take it: {said}")


_NO_URL = Text(
    "--url には http:// または https:// で始まるURLを指定してください。",
    "--url must be a URL that begins with http:// or https://.",
)
_UNREACHABLE = Text(
    "ゲートウェイに接続できないか、トークンが正しくありません。--url と --token をご確認ください。",
    "The gateway cannot be reached, or does not know the token. Look at --url and --token.",
)


@asynccontextmanager
async def _town(wish: Wish, console: Console) -> AsyncIterator[Desk]:
    """Have every insurer's sandbox and a gateway to ourselves, and the demonstration's customer registered there."""
    with tempfile.TemporaryDirectory(prefix="tabane-compare-") as folder:
        read = settings.read(settings.Given, data_folder=Path(folder))
        async with development(read, fresh=True, clock=TestClock(demo.MORNING)) as town:
            _say(console, _OWN_TOWN, wish.language)
            token = town.issuer.mint(customer.NAME)
            async with connected(town.gateway_url, token, wish.language) as desk, aiohttp.ClientSession() as browser:
                inbox = Inbox(browser, town.mailbox_url, customer.EMAIL)
                await Story(desk, Forms(browser, inbox), inbox, Teller(Console(quiet=True))).enrol()
                yield desk


_OWN_TOWN = Text(
    f"サンドボックスの町で、{customer.NAME}さんを各社に登録して比較します。--url で動作中のゲートウェイを使えます。",
    f"In a town of sandboxes, with {customer.NAME} registered at every insurer; --url names a running gateway instead.",
)


async def _chosen(desk: Desk, wish: Wish) -> list[Answer]:
    """
    Answer the policy with the number, or without one those that can be renewed now.

    Raises:
        NotCompared: there is none.
    """
    policies = [edge["node"] for edge in (await desk.ask("Policies"))["policies"]["edges"]]
    if wish.number is None:
        chosen = [each for each in policies if each["renewability"] and each["renewability"]["online"]]
    else:
        chosen = [each for each in policies if each["number"] == _parsed(wish.number)]
    if not chosen:
        raise NotCompared(_none(policies))
    return chosen


def _parsed(number: str) -> str | None:
    try:
        return str(PolicyNumber.parse(number))
    except ValueError:
        return None


def _none(policies: Sequence[Answer]) -> Text:
    if not policies:
        return Text(
            "契約がありません。先に保険会社のアカウントを登録または連携してください。",
            "There is no policy. Register with an insurer, or link an account there, first.",
        )
    numbers = ", ".join(policy["number"] for policy in policies)
    return Text(
        f"比較する契約が見つかりません。証券番号を指定してください: {numbers}",
        f"There is no such policy to compare. Give one of these numbers: {numbers}",
    )


async def _compare(desk: Desk, policies: Sequence[Answer], wish: Wish, console: Console) -> None:
    with console.status(_ASKING.to(wish.language)):
        comparison = await comparing.begin(desk, [policy["id"] for policy in policies])
        # Whoever reads takes time, in which nobody shall be called late.
        comparison = await comparing.settled(desk, comparison)
    for disclosure in comparing.unanswered(comparison):
        console.print(comparing.told(disclosure, wish.language))
        console.print(Line(disclosure["statement"]))
        granted = _agreed(wish, console)
        if granted is not None:
            await comparing.agree(desk, comparison, disclosure, granted=granted)
        console.print()
    with console.status(_ASKING.to(wish.language)):
        comparison = await comparing.settled(desk, comparison)
    comparing.show(comparison, console, wish.language, why=wish.why)


def _agreed(wish: Wish, console: Console) -> bool | None:
    """Ask the customer, where one sits there; None where nobody said anything, so that nothing is told."""
    if wish.share is not None or not (sys.stdin.isatty() and console.is_terminal):
        _say(console, _WORDS[wish.share], wish.language)
        return wish.share
    return Confirm.ask(_AGREE.to(wish.language), console=console, default=False)


_ASKING = Text("保険会社に問い合わせています…", "Asking the insurers…")
_AGREE = Text("同意しますか？", "Do you agree?")
_WORDS = {
    True: Text("→ 同意しました（--share）。", "→ Agreed (--share)."),
    False: Text("→ 同意しません（--no-share）。何も伝えません。", "→ Not agreed (--no-share). Nothing is told."),
    None: Text(
        "→ 何も伝えていません。同意して見積もりを依頼するには --share を付けてください。",
        "→ Nothing is told. To agree to this, and have quotes, add --share.",
    ),
}


def _say(console: Console, words: Text, language: Language) -> None:
    console.print(Line(words.to(language), style="dim"))
