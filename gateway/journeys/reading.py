"""Reading: straight through the panel, with the asker's own key, each insurer within its own time."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Protocol, TypeVar

from gateway.documents import Tickets
from gateway.journeys.accounts import Key
from gateway.store.known_policies import Proved
from insurers.account import Access, Link
from insurers.adapter import File, Insurer
from insurers.errors import AccessDenied, ErrorCode, InsurerError, Unavailable
from insurers.http import within
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.panel import Panel
from insurers.policy import Policy, RenewalOffer
from schema.ports import Asker, Role

T = TypeVar("T")


class Keys(Protocol):
    """Whose account is opened with what, and what an insurer said of it (`Accounts`)."""

    async def of(self, asker: Asker) -> Sequence[Link]: ...

    async def for_reading(self, customer: str, insurer: InsurerCode) -> Key | None: ...

    async def noted(self, customer: str, error: InsurerError, *, refused: Access | None) -> None: ...


class Proofs(Protocol):
    """Where it is noted what an account proved, and what its insurer said (`Known`)."""

    async def note(self, key: Key, numbers: Collection[PolicyNumber], *, whole: bool) -> None: ...

    async def hear(self, insurer: InsurerCode, proved: Proved, offers: Collection[RenewalOffer]) -> None: ...


class PanelReading:
    def __init__(self, panel: Panel, accounts: Keys, tickets: Tickets, known: Proofs, *, deadline: timedelta) -> None:
        self._panel = panel
        self._accounts = accounts
        self._tickets = tickets
        self._known = known
        self._deadline = deadline

    async def links(self, asker: Asker) -> Sequence[Link]:
        return await self._accounts.of(asker)

    async def policies(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber] | None
    ) -> Mapping[PolicyNumber, Policy]:
        return await self.policies_of(asker.customer, insurer, numbers) or {}

    async def policies_of(
        self, customer: str, insurer: InsurerCode, numbers: Sequence[PolicyNumber] | None
    ) -> Mapping[PolicyNumber, Policy] | None:
        """Answer None where the customer has no account that is open."""
        key = await self._key(customer, insurer)
        if key is None:
            return None
        found = await self._in_time(key, lambda there: there.policies(key.access, numbers))
        await self._known.note(key, found.keys(), whole=numbers is None)
        return found

    async def renewal_offers(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        return await self.renewal_offers_of(asker.customer, insurer, numbers) or {}

    async def renewal_offers_of(
        self, customer: str, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer] | None:
        """Answer None where the customer has no account that is open."""
        key = await self._key(customer, insurer)
        if key is None:
            return None
        found = await self._in_time(key, lambda there: there.renewal_offers(key.access, numbers))
        await self._known.hear(insurer, key.proved, found.values())
        return found

    def document_url(self, asker: Asker, ref: PolicyRef, document: str, *, renewal: str | None = None) -> str:
        if asker.role is Role.CUSTOMER:
            return self._tickets.url(asker.customer, ref, document, renewal=renewal)
        # What an agent opens, the customer has not. Whose it is, and whether they may, is found when it is opened.
        customer = None if asker.is_alone else asker.customer
        return self._tickets.url(customer, ref, document, renewal=None, agent=asker.actor)

    async def document(self, customer: str, ref: PolicyRef, document: str) -> File:
        """
        Bring a document's bytes.

        Raises:
            AccessDenied: the customer has no account there that is open.
        """
        key = await self._key(customer, ref.insurer)
        if key is None:
            raise AccessDenied(ref.insurer)
        return await self._in_time(key, lambda there: there.document(key.access, ref.number, document))

    async def _key(self, customer: str, insurer: InsurerCode) -> Key | None:
        return await self._accounts.for_reading(customer, insurer) if insurer in self._panel else None

    async def _in_time(self, key: Key, ask: Callable[[Insurer], Awaitable[T]]) -> T:
        """Ask with the customer's own key, and wait no longer than a reader does."""
        customer, insurer = key.link.customer, key.link.insurer
        try:
            async with within(self._deadline.total_seconds()):
                return await ask(self._panel[insurer])
        except TimeoutError:
            raise Unavailable(insurer, code=ErrorCode.TIMEOUT) from None
        except InsurerError as error:
            await self._accounts.noted(customer, error, refused=key.access)
            raise
