"""Who is measured, and with which settings of its own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from gateway.settings import Settings

# The same few viewers ask all the time and would be told what an insurer said before; so, as a rule, nobody is. What is
# the same to the byte in our own tables is remembered as in production: by the floor, too, whose host is the same.
NO_CACHES = {"read_cache_seconds": 0.0, "account_cache_seconds": 0.0}
NO_MEMORY = {"remembered_mebibytes": 0}
CACHES = {name: Settings.model_fields[name].default for name in NO_CACHES}


class Kind(StrEnum):
    """As what a server is run (`serving`)."""

    GATEWAY = "gateway"
    BY_HAND = "by hand"
    # With the log lines and counters that a gateway has of every request and every call.
    BY_HAND_AND_TOLD = "by hand, and told"
    PLAIN = "plain Strawberry"

    @property
    def is_by_hand(self) -> bool:
        return self in (Kind.BY_HAND, Kind.BY_HAND_AND_TOLD)


class Contender(Struct, frozen=True, kw_only=True):
    """
    `beside` is true for who is measured over the usual number of connections alone, and `asks_insurers` for who is
    only where insurers are asked.
    """

    name: str
    kind: Kind
    settings: Mapping[str, object] = {}
    beside: bool = False
    asks_insurers: bool = False


GATEWAY = Contender(name="gateway", kind=Kind.GATEWAY)
FLOOR = Contender(name="floor", kind=Kind.BY_HAND)
PLAIN = Contender(name="plain", kind=Kind.PLAIN)

FORGETFUL_GATEWAY = Contender(name="gateway, nothing remembered", kind=Kind.GATEWAY, settings=NO_MEMORY, beside=True)
FORGETFUL_FLOOR = Contender(name="floor, nothing remembered", kind=Kind.BY_HAND, settings=NO_MEMORY, beside=True)

# As they are shipped: whoever asks again within five seconds is told what an insurer said before.
CACHING_GATEWAY, CACHING_FLOOR, CACHING_PLAIN = (
    Contender(name=f"{one.name}, caches on", kind=one.kind, settings=CACHES, beside=True, asks_insurers=True)
    for one in (GATEWAY, FLOOR, PLAIN)
)

# What this gateway has of its own, switched off or on.
BESIDE = (
    Contender(name="gateway, not compiled", kind=Kind.GATEWAY, settings={"compiled": False}, beside=True),
    Contender(name="floor that is told", kind=Kind.BY_HAND_AND_TOLD, beside=True),
    FORGETFUL_GATEWAY,
    FORGETFUL_FLOOR,
    CACHING_GATEWAY,
    CACHING_FLOOR,
    CACHING_PLAIN,
)


def contenders(*, quick: bool) -> Sequence[Contender]:
    return [GATEWAY, FLOOR, PLAIN, *(() if quick else BESIDE)]
