"""
The demonstration: the main job from end to end, over the real endpoint by HTTP, in a town of its own.

It knows no insurer. What each one asks, it reads in the answers.
"""

import time
from datetime import datetime

import aiohttp
from rich.console import Console
from rich.panel import Panel

from gateway.demo import customer
from gateway.demo.client import connected
from gateway.demo.forms import Forms
from gateway.demo.inbox import Inbox
from gateway.demo.story import Story
from gateway.demo.teller import Failed, Teller
from gateway.development import Town, development
from gateway.settings import Settings
from insurers.sandbox import TOKYO, TestClock

__all__ = ["MORNING", "Failed", "run", "tell"]

# A Friday morning when every insurer is open, so that the story is the same at any hour of any day.
MORNING = datetime(2026, 11, 20, 10, tzinfo=TOKYO)


async def run(console: Console, settings: Settings) -> None:
    """
    Tell the whole story, in a fresh town.

    Raises:
        Failed: something was refused, or could not be read back as it was said to be done.
    """
    began = time.perf_counter()
    teller = Teller(console)
    async with development(settings, fresh=True, clock=TestClock(MORNING)) as town:
        _introduce(town, console)
        successors = await tell(town, teller)
    console.print()
    console.print(
        Panel(
            f"[bold green]Renewed at every insurer: {', '.join(successors)}[/]\n"
            f"{teller.verified} facts verified by reading them back, in {time.perf_counter() - began:.1f} seconds.\n"
            "[dim]To do it yourself in a browser: tabane dev[/]",
            title="束ね Tabane",
            title_align="left",
            border_style="green",
        )
    )


async def tell(town: Town, teller: Teller) -> list[str]:
    """
    Answer the numbers of the next terms.

    Raises:
        Failed: something was refused, or could not be read back as it was said to be done.
    """
    token = town.issuer.mint(customer.NAME)
    async with connected(town.gateway_url, token) as desk, aiohttp.ClientSession() as browser:
        inbox = Inbox(browser, town.mailbox_url, customer.EMAIL)
        outcomes = await Story(desk, Forms(browser, inbox), inbox, teller).tell()
    return [outcome["result"]["newPolicyNumber"] for outcome in outcomes]


def _introduce(town: Town, console: Console) -> None:
    console.print(
        Panel(
            f"One GraphQL schema, {len(town.sandboxes)} insurers who disagree about everything.\n"
            f"{customer.NAME} registers, reads, compares and renews, as any frontend would have him do it.\n"
            f"[dim]gateway {town.gateway_url}/graphql · mailbox {town.mailbox_url} · "
            f"here it is {MORNING:%A, %d %B %Y, %H:%M} in Tokyo[/]",
            title="束ね Tabane",
            title_align="left",
        )
    )
