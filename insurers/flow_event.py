"""One line in the history of a registration or a renewal."""

from datetime import datetime

from insurers.person import Private
from insurers.text import Text

SERVICE = "tabane"
"""Who acts when nobody does: the gateway, because the time came or an insurer answered."""


class FlowEvent(Private, frozen=True, kw_only=True):
    """
    Something that happened in a flow, in words for people.

    `actor` is the id of who did it, and `actor_name` what to call an agent. `step` is the key of the
    step it happened at, where it happened at one. The id tells nothing of the order: a history is
    read newest first.
    """

    id: str
    flow: str
    at: datetime
    actor: str
    summary: Text
    step: str | None = None
    actor_name: str | None = None
