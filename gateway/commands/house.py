"""`tabane sandbox`"""

import asyncio

from rich.console import Console

from gateway import serving
from gateway.development import builder
from insurers import panel, sandbox
from insurers.identity import InsurerCode
from insurers.sandbox import AGENCY_POLICIES, SMTPPostman, TestClock, World
from insurers.text import Language, Text

NO_AGENCIES = Text(
    "このサンドボックスには代理店データがありません。--policies を付けずに起動してください。",
    "This sandbox tells agencies nothing; start it without --policies.",
)


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
            if AGENCY_POLICIES not in imitation:
                raise SystemExit(f"{code}: {NO_AGENCIES.to(Language.EN)} ({NO_AGENCIES.to(Language.JA)})")
            imitation[AGENCY_POLICIES](policies)
        doors = sandbox.serve(imitation, host=host, port=port, control_port=control_port)
        with serving.hearing() as word:
            async with doors as address:
                console = Console(highlight=False)
                console.print(f"{name}, imitated: {address.url}", soft_wrap=True)
                console.print(f"clock and faults: {address.control_url}/_control/clock", soft_wrap=True)
                await word.stop.wait()

    asyncio.run(keep())
