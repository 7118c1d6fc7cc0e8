"""A desk for consents (委任) to an agency, with an account that tells whose policies are in it, and a clock to move."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from gateway import agency_file
from gateway import store as stores
from gateway.development import AGENCIES
from gateway.events import LocalBus
from gateway.journeys.agencies import Agencies
from gateway.journeys.authority import Authority
from gateway.journeys.expiring import Expiring
from gateway.journeys.knowing import Knowing, Known
from gateway.journeys.mandates import Mandates
from gateway.journeys.orders import Orders
from gateway.store import Store
from gateway.tokens.issuer import subject
from gateway.vault import Keyring
from gateway.viewer import party
from insurers.agency import ConsentScope, Mandate
from insurers.canonical import sha256
from insurers.consent import Consent
from insurers.errors import Unavailable
from insurers.identity import InsurerCode, PolicyNumber
from insurers.mandate import statement
from insurers.policy import Policy
from insurers.sandbox import TestClock
from insurers.text import Language
from schema.ports import Asker, Done, Role
from tests.api.agencies import HANAKO
from tests.journeys.keys import key
from tests.store.invented import ACME, NOW, REF, link

ISSUER = "https://issuer.example"
READ, PREPARE, SUBMIT = ConsentScope
A_DAY = timedelta(days=1)


def asker(id_: str, role: Role) -> Asker:
    return Asker(
        customer=id_,
        actor=id_,
        display_name="",
        actor_name="",
        name=None,
        roles=frozenset({role}),
        expires_at=NOW + A_DAY,
        language=Language.EN,
    )


CUSTOMER = asker(link().customer, Role.CUSTOMER)
AGENT = asker(party(ISSUER, subject(HANAKO)), Role.AGENT)


class AnAccount:
    """An insurer that answers with one policy, unless it cannot be asked."""

    def __init__(self, store: Store, clock: TestClock) -> None:
        self.store = store
        self.known = Known(store, clock)
        self.is_down = False
        self.asked = 0
        self.numbers = [REF.number]

    async def read(self, customer: str, insurer: InsurerCode, numbers: None) -> Mapping[PolicyNumber, Policy]:
        self.asked += 1
        if self.is_down:
            raise Unavailable(insurer)
        await self.known.note(await key(self.store), self.numbers, whole=True)
        return {}

    async def offers(self, customer: str, insurer: InsurerCode, numbers: Sequence[PolicyNumber]) -> None:
        """Nothing that anybody waits for."""


class Desk:
    """Everything about consents on one store, with a clock to move."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self.store = store
        self.keyring = keyring
        self.clock = TestClock(NOW, frozen=True)
        self.account = AnAccount(store, self.clock)
        self.knowing = Knowing(store, self.clock, self.account.read, self.account.offers)
        self.expiring = Expiring(store, self.clock)
        self.agencies = Agencies(store)
        self.authority = Authority(store, self.clock)
        self.mandates = Mandates(store, self.clock, Orders(store, self.clock), self.knowing)

    async def grant(self, *scopes: ConsentScope, until: datetime | None = None, key: str = "g") -> Mandate:
        given = frozenset(scopes)
        done: Done[Mandate] = await self.mandates.grant(
            CUSTOMER, "sakura", given, until, statement=read(given, until), key=key
        )
        assert done.thing is not None, done.problems
        return done.thing

    async def evidence(self, mandate: Mandate) -> list[Consent]:
        async with self.store.reading() as work:
            return [entry for entry in await work.consents.of(mandate.id) if isinstance(entry, Consent)]

    async def scopes(self, agent: str = AGENT.actor) -> frozenset[ConsentScope]:
        return await self.authority.scopes(agent, CUSTOMER.customer)


def read(scopes: frozenset[ConsentScope], until: datetime | None = None) -> str:
    """Answer the hash of what a customer has read who agrees to this."""
    return sha256(statement("さくら保険サービス", scopes, until).en)


def roll(text: str | None = None) -> agency_file.Roll:
    """Read an agencies' file, or the one of development."""
    around = agency_file.Surroundings(issuer=ISSUER, insurers=[ACME], variables={}, subject=subject)
    return agency_file.read(text or AGENCIES.read_text(encoding="utf-8"), around)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """The desk of a customer with one account, and of the agencies of development."""
    keyring = Keyring.fresh()
    async with stores.opened(database_url, keyring=keyring, bus=LocalBus()) as store:
        desk = Desk(store, keyring)
        await desk.agencies.take_over(roll())
        async with store.work() as work:
            await work.links.put(link())
        yield desk
