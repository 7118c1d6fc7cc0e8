"""`tabane sandbox`"""

import asyncio

from aiohttp import web
from rich.console import Console

from gateway import serving
from gateway.development import builder
from insurers import panel, sandbox
from insurers.identity import InsurerCode
from insurers.sandbox import AGENCY_POLICIES, SMTPPostman, TestClock, World
from insurers.text import Language


class NoAgencies(LookupError):
    """A sandbox that tells agencies nothing cannot be filled for them."""


def run(
    code: str, *, host: str, port: int, control_port: int, smtp: tuple[str, int], policies: int | None = None
) -> None:
    insurer = InsurerCode(code)
    build = builder(insurer)
    name = panel.find(insurer).MANIFEST.name.to(Language.EN)

    async def keep() -> None:
        world = World(clock=TestClock(), postman=SMTPPostman(*smtp))
        imitation = build(world)
        if policies is not None:
            fill_agencies(imitation, policies)
        doors = sandbox.serve(imitation, host=host, port=port, control_port=control_port)
        with serving.hearing() as word:
            async with doors as address:
                console = Console(highlight=False)
                console.print(f"{name}, imitated: {address.url}", soft_wrap=True)
                console.print(f"clock and faults: {address.control_url}/_control/clock", soft_wrap=True)
                await word.stop.wait()

    asyncio.run(keep())


def fill_agencies(imitation: web.Application, policies: int) -> None:
    """
    Raises:
        NoAgencies: this sandbox has none.
    """
    if AGENCY_POLICIES not in imitation:
        raise NoAgencies
    imitation[AGENCY_POLICIES](policies)
