"""What is kept of an account: the key of a trusted device, or a session for as long as it lives."""

import msgspec

from insurers.account import Access
from insurers.errors import AccessDenied
from insurers.person import Private
from insurers.sompo.code import CODE


class Keys(Private, frozen=True, kw_only=True, omit_defaults=True):
    """
    The durable device key (WIRE.md §4.4), the token of one session (§4.3), or both.

    A person who does not trust the device leaves us with the token, which dies unused after
    30 minutes; both stand where a device is going to be asked for a passcode again. `replaced` is
    the key that `device` was given for, which lives until `device` is first used (§4.2). `hint` is
    the masked address, for the person to recognise where a passcode went.
    """

    device: str = ""
    token: str = ""
    hint: str = ""
    replaced: str = ""


def sealed(keys: Keys) -> Access:
    return Access(insurer=CODE, secret=msgspec.json.encode(keys))


def opened(access: Access) -> Keys:
    """
    Raises:
        AccessDenied: we never made this access.
    """
    try:
        keys = msgspec.json.decode(access.secret, type=Keys)
    except msgspec.DecodeError:
        raise AccessDenied(CODE) from None
    if not (keys.device or keys.token):
        raise AccessDenied(CODE)
    return keys
