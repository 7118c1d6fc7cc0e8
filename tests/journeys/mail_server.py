"""A mail server on a real socket, which takes mails, refuses them, or dies over them, as it is told."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum

from aiosmtpd.smtp import SMTP, Envelope, Session

from gateway.mailbox import letter
from gateway.mailbox.letter import Letter
from insurers.panel import Clock


class Fate(Enum):
    """What becomes of the next mail."""

    TAKEN = "taken"
    BUSY = "busy"  # not now
    REFUSED = "refused"  # never
    SILENT = "silent"  # taken, and the connection is cut without an answer


class MailServer:
    """`letters` are those it took. `fates` are for the next mails; without one each is taken."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.letters: list[Letter] = []
        self.fates: deque[Fate] = deque()
        self.taken: Callable[[], None] = lambda: None
        self.port = 0
        self.is_down = False

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.is_down:
            return "421 Nobody is here"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (as above)
        fate = self.fates.popleft() if self.fates else Fate.TAKEN
        if fate is Fate.BUSY:
            return "451 Not now"
        if fate is Fate.REFUSED:
            return "550 Never"
        content = envelope.content or b""
        source = content.encode() if isinstance(content, str) else content
        sender, number = envelope.mail_from or "", len(self.letters) + 1
        self.letters.append(
            letter.read(source, number=number, received_at=self._clock(), sender=sender, to=envelope.rcpt_tos)
        )
        self.taken()
        if fate is Fate.SILENT and server.transport is not None:
            server.transport.close()
        return "250 OK"

    def to(self, address: str) -> list[Letter]:
        return [one for one in self.letters if address in one.to]


@asynccontextmanager
async def serve(clock: Clock) -> AsyncIterator[MailServer]:
    loop = asyncio.get_running_loop()
    mails = MailServer(clock)
    open_ones: set[SMTP] = set()

    def converse() -> SMTP:
        conversation = SMTP(mails, hostname="mail", loop=loop)
        open_ones.add(conversation)
        return conversation

    server = await loop.create_server(converse, "127.0.0.1", 0)
    mails.port = server.sockets[0].getsockname()[1]
    try:
        yield mails
    finally:
        server.close()
        for conversation in open_ones:
            if conversation.transport is not None:
                conversation.transport.close()
        await server.wait_closed()
