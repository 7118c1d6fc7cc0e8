"""The gateway's own mails, handed to one mail server by SMTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException
from msgspec import Struct
from pydantic import SecretStr

from insurers.person import Private

# A mail server that has not answered for so long will not; less than any lease under which a mail is sent.
PATIENCE_SECONDS = 20.0

# From here on an answer of the server is its last word.
PERMANENT = 500


class Security(StrEnum):
    """How the way to the mail server is sealed. AUTO asks for STARTTLS, and does without where it is not offered."""

    AUTO = "auto"
    STARTTLS = "starttls"
    TLS = "tls"


class Mail(Private, frozen=True, kw_only=True):
    """One mail to one person. `to` is an address in ASCII (`insurers.mail.read_mail`)."""

    to: str
    subject: str
    text: str


class NotSent(Exception):
    """Nothing was handed over; the same mail may be sent again later."""


class Refused(Exception):
    """The mail server will never take this one."""


class Doubtful(Exception):
    """It was handed over, and no answer came: it may have been sent."""


class Server(Struct, frozen=True, kw_only=True):
    """The mail server, and as whom it is spoken to."""

    host: str
    port: int
    sender: str
    security: Security = Security.AUTO
    username: str | None = None
    password: SecretStr | None = None


class Counter:
    """An open conversation with the mail server, at which one mail after the other is handed in."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str) -> None:
        self._client = client
        self._sender = sender

    async def hand_in(self, mail: Mail, *, number: str, at: datetime) -> None:
        """
        Send one mail. *number* is its own for ever, so that a server which gets it twice can see that.

        Raises:
            NotSent, Refused, Doubtful: it was not, or nobody knows.
        """
        content = _written(mail, self._sender, number=number, at=at).as_bytes()
        try:
            await self._client.mail(self._sender)
            await self._client.rcpt(mail.to)
        except SMTPException as error:
            await self._begin_anew()
            raise _unsent(error) from None
        try:
            await self._client.data(content)
        except SMTPResponseException as error:
            await self._begin_anew()
            raise _unsent(error) from None
        except (SMTPException, OSError):
            raise Doubtful from None

    async def _begin_anew(self) -> None:
        try:
            await self._client.rset()
        except SMTPException:
            # The next mail finds the conversation closed, and is not sent.
            self._client.close()


class Post:
    """Where mails are handed in. Without a server there is none, and nobody is to be promised a mail."""

    def __init__(self, server: Server | None) -> None:
        self._server = server

    @property
    def is_there(self) -> bool:
        return self._server is not None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Counter]:
        """
        Keep a conversation open while the block runs.

        Raises:
            NotSent: the mail server cannot be reached, or does not let us in.
        """
        if (server := self._server) is None:
            raise NotSent
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password.get_secret_value() if server.password else None,
            use_tls=server.security is Security.TLS,
            start_tls={Security.AUTO: None, Security.STARTTLS: True, Security.TLS: False}[server.security],
            timeout=PATIENCE_SECONDS,
        )
        try:
            await client.connect()
        except (SMTPException, OSError):
            # What a server says may name the mailbox; neither that nor a password belongs in a log.
            raise NotSent from None
        try:
            yield Counter(client, server.sender)
        finally:
            await _farewell(client)


def _unsent(error: SMTPException) -> NotSent | Refused:
    """The server's own refusal is told by its code alone: its words repeat the address."""
    permanent = isinstance(error, SMTPResponseException) and error.code >= PERMANENT
    return Refused() if permanent else NotSent()


async def _farewell(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit()
    except (SMTPException, OSError):
        # Everything that counts was answered before.
        client.close()


def _written(mail: Mail, sender: str, *, number: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    message["Content-Language"] = "ja, en"
    # Nobody's answering machine answers a machine (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
