"""What we ourselves keep of a customer's accounts, read at once and remembered for a moment."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from gateway.events import of_customer, whose_proofs
from gateway.journeys.accounts import Accounts
from gateway.journeys.knowing import Known
from gateway.recent import Question, Recent
from gateway.store import Store
from gateway.store.known_policies import fingerprint
from gateway.vault import Keyring
from insurers.account import Access, Link
from insurers.errors import InsurerError
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from schema.ports import Asker

_NONE: frozenset[str] = frozenset()


class Sheet(Struct, frozen=True):
    """A customer's accounts, and the fingerprints of the policies that these proved to be theirs."""

    links: Sequence[Link]
    known: Mapping[InsurerCode, frozenset[str]]

    def __repr__(self) -> str:
        return "Sheet(…)"


class Sheets:
    """
    Keys and proofs for reading, as `Accounts` and `Known` have them, with one look into the database for all.

    Whatever is written of the customer has it looked up again.
    """

    def __init__(self, store: Store, keyring: Keyring, accounts: Accounts, known: Known, recent: Recent) -> None:
        self._store = store
        self._keyring = keyring
        self._accounts = accounts
        self._known = known
        self._recent = recent

    def heard(self, topic: str | None) -> None:
        """Drop what news make doubtful, as `Recent` does; and what was proved, which is no doubt for others."""
        customer = whose_proofs(topic) if topic is not None else None
        self._recent.heard(topic if customer is None else of_customer(customer))

    async def of(self, asker: Asker) -> Sequence[Link]:
        return (await self._sheet(asker.customer)).links

    async def reading_key(self, customer: str, insurer: InsurerCode) -> Access | None:
        links = (await self._sheet(customer)).links
        return self._accounts.key(next((link for link in links if link.insurer == insurer), None))

    async def noted(self, customer: str, error: InsurerError, *, refused: Access | None) -> None:
        await self._accounts.noted(customer, error, refused=refused)

    async def note(
        self, customer: str, insurer: InsurerCode, numbers: Collection[PolicyNumber], *, whole: bool
    ) -> None:
        known = (await self._sheet(customer)).known.get(insurer, _NONE)
        told = {fingerprint(self._keyring, PolicyRef(insurer, number)) for number in numbers}
        if not (told == known if whole else told <= known):
            await self._known.note(customer, insurer, numbers, whole=whole)

    async def _sheet(self, customer: str) -> Sheet:
        async def read() -> Sheet:
            async with self._store.reading() as work:
                return Sheet(links=await work.links.of(customer), known=await work.known.everywhere(customer))

        # It goes to nobody as it is: a desk shows of it what an asker may see.
        asked = Question(customer, customer, None, "sheet")
        return (await self._recent.ask(asked, read)).value
