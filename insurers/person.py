"""A person as insurers know one. Nothing here shows itself in a log."""

from datetime import date

from msgspec import Struct


class Private(Struct, frozen=True):
    """A value whose contents never reach a repr, and so neither logs nor tracebacks."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    # Pretty tracebacks of local variables ask for this one first.
    def __rich_repr__(self) -> list[tuple[str, object]]:
        return []


class PersonName(Private, frozen=True, kw_only=True, gc=False):
    """A Japanese name as written, with its reading in full-width katakana where known."""

    family: str
    given: str
    family_kana: str | None = None
    given_kana: str | None = None


class Address(Private, frozen=True, kw_only=True):
    """A postal code of seven digits without a hyphen, and the rest as the person writes it."""

    postal_code: str
    text: str


class Person(Private, frozen=True, kw_only=True):
    """
    Who somebody says to be.

    An insurer asks for some of it, never for all (domain 2.6); what was not asked is None.
    """

    name: PersonName
    birth_date: date | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    employee_number: str | None = None
