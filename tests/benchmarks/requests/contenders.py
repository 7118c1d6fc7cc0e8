"""Who is measured, and with which settings of its own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from gateway.settings import Settings


class Kind(StrEnum):
    """As what a server is run (`serving`)."""

    GATEWAY = "gateway"
    BY_HAND = "by hand"
    PLAIN = "plain Strawberry"


class Contender(Struct, frozen=True, kw_only=True):
    name: str
    kind: Kind
    settings: Mapping[str, object] = {}


GATEWAY = Contender(name="gateway", kind=Kind.GATEWAY)
FLOOR = Contender(name="floor", kind=Kind.BY_HAND)
PLAIN = Contender(name="plain", kind=Kind.PLAIN)
WITHOUT = (Contender(name="uncompiled", kind=Kind.GATEWAY, settings={"compiled": False}),)


def contenders() -> Sequence[Contender]:
    """Answer all, those that switch off what this gateway has among them."""
    return [GATEWAY, FLOOR, PLAIN, *(one for one in WITHOUT if one.settings.keys() <= Settings.model_fields.keys())]
