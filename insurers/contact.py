"""Whom to ask."""

from msgspec import Struct

from insurers.text import Text


class Contact(Struct, frozen=True, kw_only=True):
    """A desk with its phone, page and hours, as far as a source tells them."""

    label: Text
    phone: str | None = None
    url: str | None = None
    hours: str | None = None
