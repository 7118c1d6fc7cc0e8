"""`tabane mailbox`"""

import asyncio

from rich.console import Console

from gateway import mailbox, serving


def run(host: str, *, smtp_port: int, web_port: int) -> None:
    async def keep() -> None:
        async with mailbox.serve(host, smtp_port, web_port) as address:
            Console(highlight=False).print(
                f"letters in: smtp://{address.smtp.host}:{address.smtp.port}  shown: {address.url}", soft_wrap=True
            )
            await serving.told_to_stop()

    asyncio.run(keep())
