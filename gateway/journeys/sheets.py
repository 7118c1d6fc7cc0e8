"""What we ourselves keep of a customer's accounts, read at once and remembered for a moment."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from gateway.events import of_customer, whose_proofs
from gateway.journeys.accounts import Accounts, Key
from gateway.recent import Question, Recent
from gateway.store import Store
from gateway.store.known_policies import Proved
from insurers.account import Access, Link
from insurers.errors import InsurerError
from insurers.identity import InsurerCode
from schema.ports import Asker

_NONE: Proved = {}


class Sheet(Struct, frozen=True):
    """A customer's accounts, and what these proved."""

    links: Sequence[Link]
    known: Mapping[InsurerCode, Proved]

    def __repr__(self) -> str:
        return "Sheet(…)"


class Sheets:
    """
    Keys for reading, as `Accounts` has them, and what was proved with them, by one look into the database for all.

    Whatever is written of the customer has it looked up again.
    """

    def __init__(self, store: Store, accounts: Accounts, recent: Recent) -> None:
        self._store = store
        self._accounts = accounts
        self._recent = recent

    def heard(self, topic: str | None) -> None:
        """Drop what news make doubtful, as `Recent` does; and what was proved, which is no doubt for others."""
        customer = whose_proofs(topic) if topic is not None else None
        self._recent.heard(topic if customer is None else of_customer(customer))

    async def of(self, asker: Asker) -> Sequence[Link]:
        return (await self._sheet(asker.customer)).links

    async def for_reading(self, customer: str, insurer: InsurerCode) -> Key | None:
        sheet = await self._sheet(customer)
        link = next((link for link in sheet.links if link.insurer == insurer), None)
        return self._accounts.opens(link, sheet.known.get(insurer, _NONE))

    async def noted(self, customer: str, error: InsurerError, *, refused: Access | None) -> None:
        await self._accounts.noted(customer, error, refused=refused)

    async def _sheet(self, customer: str) -> Sheet:
        async def read() -> Sheet:
            async with self._store.reading() as work:
                return Sheet(links=await work.links.of(customer), known=await work.known.everywhere(customer))

        # It goes to nobody as it is: a desk shows of it what an asker may see.
        asked = Question(customer, customer, None, "sheet")
        return (await self._recent.ask(asked, read)).value
