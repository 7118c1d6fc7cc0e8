"""A machine of its own before the town's database: its desks, spoken to without GraphQL."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from prometheus_client import CollectorRegistry

from gateway import events, store, tokens, viewer
from gateway.agency_file import Roll
from gateway.application import Desks
from gateway.evidence.audit import audit
from gateway.settings import Settings
from gateway.store import Store
from gateway.telling import courier
from gateway.vault import Keyring
from gateway.watch import Watch
from insurers.agency import Agency, Agent, AgentRole, ConsentScope
from insurers.canonical import sha256
from insurers.comparison import Comparison, ComparisonEvent, Inquiry
from insurers.contact import Contact
from insurers.evidence import Compared, Evidence
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.mandate import statement
from insurers.panel import connected
from insurers.text import Text
from schema.ports import Asker, Done, Role
from tests.api.conftest import Town
from tests.api.frontend import Frontend

T = TypeVar("T")

AGENCY = Agency(id="sakura", name="さくら保険サービス", contact=Contact(label=Text("本店", "Head office")))
AGENT = Agent(id="agent", agency=AGENCY.id, name="募集 花子", role=AgentRole.AGENT)


class Machine(msgspec.Struct, frozen=True):
    """The desks of one process, and what it keeps."""

    desks: Desks
    store: Store

    async def inquiry(self, id_: str) -> Inquiry:
        async with self.store.reading() as work:
            return there(await work.inquiries.get(id_))

    async def evidence(self, comparison: str) -> Sequence[Evidence]:
        async with self.store.reading() as work:
            return await work.consents.of(comparison)

    async def audited(self, comparison: str) -> None:
        """Look at the evidence as a stranger would, who has nothing but the bundle."""
        audit(there(await self.desks.evidence.exported(comparison)).encode())

    async def told(self, comparison: str) -> list[tuple[ComparisonEvent, InsurerCode | None]]:
        """What became of it, in order."""
        return [
            (entry.event, entry.insurer) for entry in await self.evidence(comparison) if isinstance(entry, Compared)
        ]


@asynccontextmanager
async def machine(town: Town, settings: Settings) -> AsyncIterator[Machine]:
    """Open a process until the block ends; then it gives back whatever it asks."""
    url = settings.database_url.get_secret_value()
    assert settings.vault_keys is not None
    keyring = Keyring.parse(settings.vault_keys.get_secret_value())
    addresses = {code: address.url for code, (_, address) in town.houses.items()}
    async with (
        events.opened(url) as bus,
        store.opened(url, keyring=keyring, bus=bus) as kept,
        connected(addresses, clock=town.clock) as panel,
        courier.opened(private=True) as carrier,
    ):
        watch = Watch(CollectorRegistry())
        desks = Desks(panel, kept, bus, town.clock, settings, keyring, watch, lambda: 0.5, carrier)
        try:
            yield Machine(desks, kept)
        finally:
            await desks.orders.drain()
            await desks.asking.drain()


async def asker(town: Town, settings: Settings, frontend: Frontend) -> Asker:
    """The person of a frontend, as the desks know them."""
    verifier, _ = tokens.embedded(settings.model_copy(update={"public_url": town.url}), lambda: datetime.now(UTC))
    return viewer.asker(await verifier.verify(frontend.headers["Authorization"].removeprefix("Bearer ")))


def agent_for(customer: Asker) -> Asker:
    return msgspec.structs.replace(customer, actor=AGENT.id, actor_name=AGENT.name, roles=frozenset({Role.AGENT}))


async def let_act(office: Machine, customer: Asker) -> Asker:
    """An agent who acts for this customer, and may do whatever an agent may."""
    await office.desks.agencies.take_over(Roll((AGENCY,), (AGENT,)))
    everything = frozenset(ConsentScope)
    read = sha256(statement(AGENCY.name, everything, None).to(customer.language))
    done(await office.desks.mandates.grant(customer, AGENCY.id, everything, None, statement=read, key="let act"))
    return agent_for(customer)


def refs(frontend: Frontend, insurer: str) -> list[PolicyRef]:
    numbers: Sequence[str] = frontend.person["policies"][insurer]
    return [PolicyRef(InsurerCode(insurer), PolicyNumber.parse(number)) for number in numbers]


def there(thing: T | None) -> T:
    assert thing is not None
    return thing


def done(answer: Done[T]) -> T:
    assert () == answer.problems
    return there(answer.thing)


def part(comparison: Comparison, insurer: str, place: int = 0) -> Inquiry:
    return [inquiry for inquiry in comparison.inquiries if inquiry.insurer == insurer][place]


def fields(answer: Done[T]) -> Mapping[str, str]:
    """Why not, by what it is about."""
    return {".".join(problem.field): problem.code.value for problem in answer.problems}
