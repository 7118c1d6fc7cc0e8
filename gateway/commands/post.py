"""`tabane mailbox`"""

import asyncio

from rich.console import Console

from gateway import mailbox, serving


def run(host: str, *, smtp_port: int, web_port: int) -> None:
    async def keep() -> None:
        with serving.hearing() as word:
            async with mailbox.serve(host, smtp_port, web_port) as address:
                letters = f"smtp://{address.smtp.host}:{address.smtp.port}"
                Console(highlight=False).print(f"letters in: {letters}  shown: {address.url}", soft_wrap=True)
                await word.stop.wait()

    asyncio.run(keep())
