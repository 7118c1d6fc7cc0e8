"""What happened in a registration or a renewal."""

from datetime import datetime

from msgspec import Struct

from insurers.text import Text


class FlowEvent(Struct, frozen=True, kw_only=True):
    """
    One line of a flow's history, written once.

    `id` grows within a flow and serves as its cursor; `actor` is the id of who did it.
    """

    id: str
    flow: str
    at: datetime
    actor: str
    summary: Text
    step: str | None = None
