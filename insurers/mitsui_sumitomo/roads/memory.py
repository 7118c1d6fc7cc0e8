"""What has to be remembered between a question to the person and the answer."""

from datetime import datetime

import msgspec

from insurers.account import Access, Challenge
from insurers.errors import Expired
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.person import Private


class Memory(Private, frozen=True, kw_only=True, omit_defaults=True):
    """
    It travels with the challenge, sealed, and is nobody's but ours.

    `cookie` is of a session that waits for its next screen; `until` is when what was sent dies;
    `issued` tells that the insurer made up the keyword.
    """

    toroku_no: str = ""
    cookie: str = ""
    reset: bool = False
    issued: bool = False
    until: datetime | None = None
    user_id: str = ""
    renkei_no: str = ""
    access: Access | None = None

    def kept(self) -> bytes:
        return msgspec.json.encode(self)


def recall(challenge: Challenge) -> Memory:
    """
    Raises:
        Expired: this challenge is not one of ours.
    """
    try:
        return msgspec.json.decode(challenge.state, type=Memory)
    except ValueError:
        raise Expired(CODE) from None
