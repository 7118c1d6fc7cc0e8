"""
What every insurer's adapter must keep, as tests to subclass.

A module of tests subclasses `Conformance`, under a name that begins with `Test`, and supplies as
fixtures what the methods take: see `insurers/README.md`. Nothing here imports pytest, so a gateway
can ship without it: methods are found by their names, parameters are fixtures, and pytest-asyncio
in auto mode awaits them. The promises stand by subject in the files `conformance_*.py`; an outermost
conftest.py that has pytest rewrite their asserts, before anything imports them, has failures told
in values.
"""

from insurers.conformance_account import Reading, Registering
from insurers.conformance_button import Applying
from insurers.conformance_card import Introducing
from insurers.conformance_draft import complete
from insurers.conformance_feed import Feeding, Order
from insurers.conformance_offers import Offering
from insurers.conformance_plans import Quoting
from insurers.conformance_proof import check_covers, moments, refusal, stored
from insurers.conformance_quote import QuotingElsewhere
from insurers.conformance_rehearsal import Rehearsing
from insurers.conformance_script import Asking
from insurers.conformance_world import Moment, Trouble, Wait

__all__ = [
    "Applying",
    "Asking",
    "Conformance",
    "Feeding",
    "Introducing",
    "Moment",
    "Offering",
    "Order",
    "Quoting",
    "QuotingElsewhere",
    "Reading",
    "Registering",
    "Rehearsing",
    "Trouble",
    "Wait",
    "check_covers",
    "complete",
    "moments",
    "refusal",
    "stored",
]


class Conformance(
    Introducing, Reading, Offering, Quoting, QuotingElsewhere, Asking, Rehearsing, Applying, Registering, Feeding
):
    """All that an adapter promises."""
