"""What agents do out of their books, and everything that customers are told and asked for it, put together."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from gateway.chores import Chore
from gateway.journeys.agents_drafts import AgentsDrafts
from gateway.journeys.asking_customers import AskingCustomers
from gateway.journeys.backoff import Chance
from gateway.journeys.customer_links import CustomerLinks
from gateway.journeys.daytime import Daytime
from gateway.journeys.deeds import Deeds
from gateway.journeys.orders import Orders
from gateway.journeys.posting import Posting
from gateway.journeys.reminder_desk import ReminderDesk
from gateway.journeys.reminder_sweep import ReminderSweep
from gateway.journeys.reminding import Reminding
from gateway.journeys.row_deeds import RowDeeds
from gateway.journeys.starting import Starting
from gateway.post import Post
from gateway.settings import Settings
from gateway.store import Store
from gateway.vault import Keyring
from insurers.capability import Manifest
from insurers.identity import InsurerCode
from insurers.panel import Clock
from schema.agency_ports import BookDesk
from schema.node import NodeIds
from schema.ports import RenewalDesk


class Correspondence:
    """`requests` and `reminders` are desks, and `chores` send what they promise."""

    def __init__(
        self,
        kept: Store,
        clock: Clock,
        orders: Orders,
        settings: Settings,
        keyring: Keyring,
        ids: NodeIds,
        manifests: Mapping[InsurerCode, Manifest],
        chance: Chance,
    ) -> None:
        self._kept = kept
        self._clock = clock
        self._manifests = manifests
        post = Post(settings.mail_server)
        daytime = Daytime(opens=settings.mail_from_hour, closes=settings.mail_until_hour)
        links = CustomerLinks(settings.customer_url, ids, keyring)
        self.reminding = Reminding(post, clock, links, manifests)
        self.requests = AskingCustomers(kept, post, clock, links, manifests)
        self.reminders = ReminderDesk(kept, clock, orders, daytime, self.reminding)
        lease = timedelta(seconds=settings.worker_lease_seconds)
        occasions = (self.reminding, self.requests)
        self.chores: Sequence[Chore] = (
            ReminderSweep(kept, clock, daytime, self.reminding),
            Posting(kept, post, clock, daytime, occasions, lease=lease, chance=chance),
        )

    def drafts(self, renewals: RenewalDesk) -> RenewalDesk:
        """Answer this desk, and the customer is asked where an agent can go no further."""
        return AgentsDrafts(renewals, self._kept, self.requests)

    def deeds(self, book: BookDesk, renewals: RenewalDesk) -> Deeds:
        rows = RowDeeds(self._clock, self.reminding, self.requests)
        starting = Starting(self._kept, self._clock, renewals, rows, self._manifests)
        return Deeds(self._kept, self._clock, book, rows, starting)
