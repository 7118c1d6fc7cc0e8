"""Reading: straight through the panel, with the asker's own key, each insurer within its own time."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from gateway.documents import Tickets
from gateway.journeys.accounts import Accounts
from insurers.account import Access, Link
from insurers.adapter import Insurer
from insurers.errors import AccessDenied, ErrorCode, Unavailable
from insurers.http import within
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.panel import Panel
from insurers.policy import Policy, RenewalOffer
from schema.ports import Asker

T = TypeVar("T")


class PanelReading:
    def __init__(self, panel: Panel, accounts: Accounts, tickets: Tickets, *, deadline: timedelta) -> None:
        self._panel = panel
        self._accounts = accounts
        self._tickets = tickets
        self._deadline = deadline

    async def links(self, asker: Asker) -> Sequence[Link]:
        return await self._accounts.of(asker)

    async def policies(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber] | None
    ) -> Mapping[PolicyNumber, Policy]:
        found = await self._opened(asker, insurer)
        return {} if found is None else await self._in_time(asker, insurer, found[0].policies(found[1], numbers))

    async def renewal_offers(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        found = await self._opened(asker, insurer)
        return {} if found is None else await self._in_time(asker, insurer, found[0].renewal_offers(found[1], numbers))

    def document_url(self, asker: Asker, ref: PolicyRef, document: str, *, renewal: str | None = None) -> str:
        return self._tickets.url(asker.customer, ref, document, renewal=renewal)

    async def _opened(self, asker: Asker, insurer: InsurerCode) -> tuple[Insurer, Access] | None:
        if insurer not in self._panel:
            return None
        access = await self._accounts.access(asker.customer, insurer)
        return (self._panel[insurer], access) if access is not None else None

    async def _in_time(self, asker: Asker, insurer: InsurerCode, asked: Awaitable[T]) -> T:
        try:
            async with within(self._deadline.total_seconds()):
                return await asked
        except TimeoutError:
            raise Unavailable(insurer, code=ErrorCode.TIMEOUT) from None
        except AccessDenied as error:
            await self._accounts.noted(asker.customer, error)
            raise
