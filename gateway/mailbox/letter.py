"""A letter as a person reads it."""

import email
import email.policy
import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import cast

from msgspec import Struct

# An address ends where Japanese text goes on without a space, and its full stop is not part of it.
_LINK = re.compile(r"https?://[\w.~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
_NOT_AT_THE_END = ".,;:!?)]'"

# What a person would have to type over: a token with a digit in it that ends its line, after a
# label ("パスコード：123456") or alone, bare or in brackets (【123456】).
_CODE = re.compile(r"(?:^|[:：])[\s【「\[]*(?=[A-Za-z]*\d)([A-Za-z0-9]{4,16})[\s】」\]]*$", re.MULTILINE)


class Letter(Struct, frozen=True, kw_only=True, rename="camel"):
    """
    One mail.

    Attributes:
        id: Counts up from 1 in the order of arrival, as long as the mailbox runs.
        to: Those it was delivered to, whatever its headers say.
        links: The addresses in its text, each once, in the order of the text.
        codes: Passcodes, numbers and the like that a person would otherwise type over.
    """

    id: int
    received_at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    links: tuple[str, ...]
    codes: tuple[str, ...]

    def __repr__(self) -> str:
        """Letters hold personal data and passcodes, which are nothing for a log."""
        return f"Letter(id={self.id})"


def read(source: bytes, *, number: int, received_at: datetime, sender: str, to: Sequence[str]) -> Letter:
    """Decode a mail as it came; what cannot be decoded is marked with U+FFFD, and nothing is refused."""
    message = email.message_from_bytes(source, policy=email.policy.default)
    text = _clean(_text(message).replace("\r\n", "\n"))
    return Letter(
        id=number,
        received_at=received_at,
        sender=_clean(sender),
        to=tuple(_clean(recipient) for recipient in to),
        subject=_clean(str(message["Subject"] or "")),
        text=text,
        links=tuple(dict.fromkeys(link.rstrip(_NOT_AT_THE_END) for link in _LINK.findall(text))),
        codes=tuple(dict.fromkeys(_CODE.findall(text))),
    )


def _text(message: EmailMessage) -> str:
    """Answer the words of the letter. A letter that has only HTML is read as its source."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except LookupError:  # a charset that Python does not know
        return cast(bytes, body.get_payload(decode=True)).decode("utf-8", "replace")


def _clean(text: str) -> str:
    """Bytes that no charset explains arrive as lone surrogates, which JSON cannot carry."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
