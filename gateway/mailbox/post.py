"""The SMTP side: it takes every letter for everybody and sends nothing on."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from gateway.mailbox.mailbag import Mailbag

LARGEST_LETTER_BYTES = 1_048_576

# At INFO the library names everybody who writes and everybody who is written to.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Counter:
    """Where letters are handed in. The method's name is aiosmtpd's."""

    def __init__(self, mailbag: Mailbag) -> None:
        self._mailbag = mailbag

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (see above)
        content = envelope.content or b""
        source = content.encode() if isinstance(content, str) else content
        letter = self._mailbag.take(source, sender=envelope.mail_from or "", to=envelope.rcpt_tos)
        return f"250 Kept as {letter.id}"


@asynccontextmanager
async def serve(mailbag: Mailbag, *, host: str, port: int) -> AsyncIterator[int]:
    """Take letters while the block runs; answers the port, also where 0 asked for any that is free."""
    loop = asyncio.get_running_loop()
    counter = Counter(mailbag)
    conversations: WeakSet[SMTP] = WeakSet()

    def converse() -> SMTP:
        conversation = SMTP(
            counter,
            data_size_limit=LARGEST_LETTER_BYTES,
            enable_SMTPUTF8=True,
            hostname="mailbox",
            ident="Tabane development mailbox",
            loop=loop,
        )
        conversations.add(conversation)
        return conversation

    server = await loop.create_server(converse, host, port)
    try:
        yield _port(server)
    finally:
        server.close()
        # Since Python 3.12 the server waits for its clients, and a client may wait for ever.
        for conversation in list(conversations):
            if conversation.transport is not None:
                conversation.transport.close()
        await server.wait_closed()


def _port(server: asyncio.Server) -> int:
    name: tuple[Any, ...] = server.sockets[0].getsockname()  # host and port, and more under IPv6
    return int(name[1])
