"""A document that an insurer hands out."""

from msgspec import Struct


class Document(Struct, frozen=True, kw_only=True, gc=False):
    """`id` is the insurer's; `sha256` of the bytes, in hex, is the version that a consent is bound to."""

    id: str
    title: str
    sha256: str
    media_type: str = "application/pdf"
    pages: int | None = None
    version: str | None = None
