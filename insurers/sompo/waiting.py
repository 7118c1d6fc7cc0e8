"""What is remembered of a question while the customer looks for the answer."""

from datetime import datetime
from enum import StrEnum

import msgspec

from insurers.account import Challenge
from insurers.errors import Expired
from insurers.person import Private
from insurers.sompo.code import CODE


class Errand(StrEnum):
    """What a mailed link is for."""

    REGISTRATION = "registration"
    RESET = "reset"


class Mailed(Private, frozen=True, tag=True):
    """A link is on its way to *mail*."""

    mail: str
    dies_at: datetime
    errand: Errand = Errand.REGISTRATION


class Linked(Private, frozen=True, tag=True):
    """The link came back, and holds *key*."""

    mail: str
    key: str
    errand: Errand = Errand.REGISTRATION


class Coded(Private, frozen=True, tag=True):
    """A passcode is on its way. *device* is the key of the device that was itself asked for it (WIRE.md §4.5)."""

    hint: str
    number: str
    device: str = ""


Waiting = Mailed | Linked | Coded


def waiting(challenge: Challenge) -> Waiting:
    """
    Raises:
        Expired: not a question of ours, or of another release; it can only be put again.
    """
    try:
        found: Waiting = msgspec.json.decode(challenge.state, type=Waiting)
    except msgspec.DecodeError:
        raise Expired(CODE) from None
    return found
