"""What every road shares: the wire, the sessions it opens, and the clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from insurers.account import Active, masked
from insurers.answers import Value
from insurers.errors import ErrorCode, Rejected
from insurers.mitsui_sumitomo import account, entries
from insurers.mitsui_sumitomo.account import Sessions
from insurers.mitsui_sumitomo.line import Heard, Line
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.times import moment
from insurers.mitsui_sumitomo.wire import portal
from insurers.panel import Clock

# So long does the portal wait for the next screen (MS-SES-02).
SESSION_LIFE = timedelta(minutes=60)


class Entrance:
    """The portal's door, as a road needs it."""

    def __init__(self, line: Line, sessions: Sessions, clock: Clock) -> None:
        self.line = line
        self.sessions = sessions
        self._clock = clock

    def screen_closes_at(self, until: datetime | None = None) -> datetime:
        """When the portal stops waiting for the next screen, or what was sent dies, if that is earlier."""
        closes = self._clock() + SESSION_LIFE
        return min(closes, until) if until else closes

    def moment(self, text: str) -> datetime:
        """
        Raises:
            Unconfirmed: the insurer has sent something, and when it dies cannot be read.
        """
        try:
            return moment(text)
        except ValueError:
            raise self.line.unreadable(writes=True) from None

    def opened(self, token: str | None, heard: Heard, user_id: str | None) -> Active:
        """Keep the key and the session of an account that is open now."""
        if token is None:
            raise self.line.unreadable(writes=True)
        access = account.access(token)
        self.sessions.keep(access, heard.cookie(portal.COOKIE))
        return Active(access=access, user_hint=masked(user_id) if user_id else None)


def require(values: Mapping[str, Value], *boxes: str) -> None:
    """
    Raises:
        Rejected: a box is not ticked; nothing was sent.
    """
    if not entries.confirmed(values, *boxes):
        raise Rejected(CODE, code=ErrorCode.CONFIRMATION_REQUIRED)
