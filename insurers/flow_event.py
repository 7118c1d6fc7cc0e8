"""One line in the history of a registration or a renewal."""

from datetime import datetime

from insurers.person import Private
from insurers.text import Text


class FlowEvent(Private, frozen=True, kw_only=True):
    """
    Something that happened in a flow, in words for people.

    `actor` is the id of who did it. `step` is the key of the step it happened at, where it
    happened at one. The id tells nothing of the order: a history is read newest first.
    """

    id: str
    flow: str
    at: datetime
    actor: str
    summary: Text
    step: str | None = None
