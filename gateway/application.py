"""The gateway put together: insurers, store, journeys, schema and worker."""

import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

import schema
from gateway import documents, events, rates, store, trusted_documents, viewer
from gateway.chores import Chore
from gateway.correspondence import Correspondence
from gateway.doors import ELSEWHERE
from gateway.driver import Driver
from gateway.events import Bus
from gateway.evidence.notary import Notary
from gateway.front import GRAPHQL, Shortcut
from gateway.health import Check
from gateway.journeys.accounts import Accounts
from gateway.journeys.again import Again
from gateway.journeys.agencies import Agencies
from gateway.journeys.asking import Asking
from gateway.journeys.authority import Authority
from gateway.journeys.backoff import Chance
from gateway.journeys.beginning import Beginning
from gateway.journeys.book import Books
from gateway.journeys.choosing import Choosing
from gateway.journeys.coming_open import ComingOpen
from gateway.journeys.comparisons import Comparisons
from gateway.journeys.drafting import Drafting
from gateway.journeys.editing import Editing
from gateway.journeys.elsewhere import Elsewhere
from gateway.journeys.evidence import EvidenceRoom
from gateway.journeys.expiring import Expiring
from gateway.journeys.feeds import Feeds
from gateway.journeys.guarding import Guard
from gateway.journeys.inquiring import Inquiring
from gateway.journeys.knowing import Knowing, Known
from gateway.journeys.leave import Leave
from gateway.journeys.mandated import MandatedComparisons, MandatedReading, MandatedRenewals
from gateway.journeys.mandates import Mandates
from gateway.journeys.onward import Onward
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.journeys.present_cover import PresentCover
from gateway.journeys.queueing import Queue
from gateway.journeys.quoting import Quoting
from gateway.journeys.reading import PanelReading
from gateway.journeys.recent_reading import RecentReading
from gateway.journeys.registrations import Registrations
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewals import Renewals
from gateway.journeys.resuming import Resuming
from gateway.journeys.sharing import Sharing
from gateway.journeys.sheets import Sheets
from gateway.journeys.submission import Submission
from gateway.journeys.switching import Switching
from gateway.journeys.turns import Turns
from gateway.journeys.undisturbed import Undisturbed
from gateway.recent import Recent
from gateway.settings import Settings
from gateway.store import Store
from gateway.telling import courier
from gateway.telling.courier import Courier
from gateway.telling.deliveries import Deliveries
from gateway.telling.desk import Telling
from gateway.tokens import DevelopmentIssuer, InvalidToken, Reason, Verifier
from gateway.vault import Keyring
from gateway.watch import Watch
from gateway.worker import Worker
from insurers.adapter import File
from insurers.capability import Manifest
from insurers.exchange import Listener, unheard
from insurers.flow_event import FlowEvent
from insurers.identity import InsurerCode
from insurers.panel import Clock, Panel, connected
from schema.examples import operations
from schema.execution.documents import Documents
from schema.execution.running import Bounds
from schema.execution.view import Authenticate, GraphQLView, Refused, Unsure
from schema.node import NodeIds
from schema.ports import Asker
from schema.spending import Rates

NODE_ID_KEY_BYTES = 64
LOCAL_ASSETS = "/graphiql"

# Whom GraphiQL asks as in development: the person whom every sandbox insures.
DEMONSTRATION_CUSTOMER = "三住 太郎"
# And who asks there for the book: the manager of a development agency.
DEMONSTRATION_AGENT = "店長 一郎"


class StoredHistory:
    """The lines of a flow's history."""

    def __init__(self, kept: Store) -> None:
        self._kept = kept

    async def page(self, flow: str, *, first: int, before: str | None) -> tuple[Sequence[FlowEvent], bool]:
        async with self._kept.reading() as work:
            found = await work.events.page(flow, first=first + 1, before=before)
        return found[:first], len(found) > first


class Desks:
    """What the schema asks of this gateway; see `schema.ports.Host`."""

    def __init__(
        self,
        panel: Panel,
        kept: Store,
        updates: Bus,
        clock: Clock,
        settings: Settings,
        keyring: Keyring,
        watch: Watch,
        chance: Chance,
        carrier: Courier,
        spending: Rates | None = None,
    ) -> None:
        lease = timedelta(seconds=settings.worker_lease_seconds)
        self.manifests: Mapping[InsurerCode, Manifest] = {code: insurer.manifest for code, insurer in panel.items()}
        self.orders = Orders(kept, clock)
        self.tickets = documents.Tickets(keyring, settings.public_url, clock)
        patience = Patience(lease, chance=chance)
        guard = Guard(clock)
        self.links = Accounts(kept, panel, clock, self.orders, guard, patience)
        deadline = timedelta(seconds=settings.provider_deadline_seconds)
        known = Known(kept, clock)
        reading = PanelReading(panel, self.links, self.tickets, known, deadline=deadline)
        self._authority = authority = Authority(kept, clock)
        accounts = Recent(clock, keeps=timedelta(seconds=settings.account_cache_seconds))
        answers = Recent(clock, keeps=timedelta(seconds=settings.read_cache_seconds))
        sheets = Sheets(kept, self.links, accounts)
        for recent in (sheets, answers):
            updates.overhear(recent.heard)
        looking = RecentReading(
            PanelReading(panel, sheets, self.tickets, known, deadline=deadline), answers, deadline=deadline
        )
        self._reading, self.reading = reading, MandatedReading(looking, authority, clock)
        self.submission = Submission(kept, panel, clock, self.links, patience, lease=lease, alarm=watch.alarmed)
        self.registrations = Registrations(kept, panel, clock, self.orders, self.links, guard, patience, lease=lease)
        elsewhere = Elsewhere(kept, panel, clock, reading)
        quoting = Quoting(panel, self.links, patience)
        rehearsal = Rehearsal(
            kept, panel, clock, self.links, patience, quoting=quoting, elsewhere=elsewhere, alarm=watch.alarmed
        )
        queue = Queue(kept, panel, clock, rehearsal, self.submission)
        present = PresentCover(kept, clock, self.links, patience, rehearsal)
        drafting = Drafting(kept, panel, clock, self.links, rehearsal, quoting, patience, present, known)
        resuming = Resuming(kept, clock, rehearsal, elsewhere, patience)
        self._renewals = Renewals(
            kept, clock, self.orders, drafting, rehearsal, self.submission, queue, elsewhere, resuming, present
        )
        ids = node_ids(keyring)
        writing = Correspondence(kept, clock, self.orders, settings, keyring, ids, self.manifests, chance)
        self.reminders, self.requests = writing.reminders, writing.requests
        self.renewals = writing.drafts(MandatedRenewals(self._renewals, authority))
        undisturbed = Undisturbed()
        inquiring = Inquiring(panel, self.links, patience, undisturbed)
        places = {code: manifest.journeys_at_once for code, manifest in self.manifests.items()}
        turns = Turns(places, patience)
        within = settings.comparison_deadline_seconds
        self.asking = Asking(
            kept,
            panel,
            clock,
            updates,
            inquiring,
            turns,
            patience,
            undisturbed,
            lease=lease,
            within=timedelta(seconds=within) if within is not None else None,
        )
        onward = Onward(panel, clock, self.asking)
        beginning = Beginning(kept, panel, clock, reading, self.asking, onward)
        comparisons = Comparisons(
            kept,
            clock,
            updates,
            self.orders,
            self.asking,
            Again(kept, clock, self.asking, onward, beginning),
            beginning,
            Sharing(kept, panel, clock, self.asking, onward),
            Editing(kept, clock, inquiring, quoting, Leave(kept, clock, updates, undisturbed), turns),
            Choosing(kept, clock, drafting, Switching(kept, panel, clock, reading)),
        )
        self.comparisons = MandatedComparisons(comparisons, authority)
        self.evidence = EvidenceRoom(kept, clock, Notary(keyring))
        self.history = StoredHistory(kept)
        self.agencies = Agencies(kept)
        self.book = Books(kept, clock)
        self.deeds = writing.deeds(self.book, self.renewals)
        knowing = Knowing(kept, clock, reading.policies_of, reading.renewal_offers_of)
        self.mandates = Mandates(kept, clock, self.orders, knowing)
        self.telling = Telling(kept, clock, self.orders, keyring, settings)
        self.updates = updates
        self.rates = spending or rates.without_limits()
        self.feeds = Feeds(kept, panel, clock, keyring, patience, lease=lease)
        # What else the worker does when it is due, each chore in a task of its own.
        self.chores: Sequence[Chore] = (
            *self.feeds.chores(),
            Expiring(kept, clock),
            ComingOpen(kept, clock),
            knowing,
            Deliveries(kept, clock, ids, carrier, chance),
            *writing.chores,
        )
        self.worker = Worker(
            kept,
            updates,
            clock,
            self.registrations,
            Driver(clock, self.registrations, rehearsal, self.submission, queue, self.asking, patience, watch),
            watch,
            places=places,
            lease=lease,
            rest=timedelta(seconds=settings.worker_rest_seconds),
            grace=timedelta(seconds=settings.worker_grace_seconds),
            chores=self.chores,
        )
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()

    async def document(self, ticket: documents.Ticket) -> File | None:
        """Bring a document to whoever holds a ticket for it and still may, and note that it was opened."""
        whose = ticket.customer, ticket.agent, ticket.ref
        customer = await self._authority.opener(*whose)
        if customer is None:
            return None
        file = await self._reading.document(customer, ticket.ref, ticket.document)
        # The insurer may have taken its time, and the customer may have taken back the leave meanwhile.
        if await self._authority.opener(*whose) != customer:
            return None
        if ticket.renewal is not None:
            await self._renewals.opened(customer, ticket.renewal, file.document.sha256)
        return file


class Gateway(Struct, frozen=True):
    """
    A gateway that is open: an app to serve, and a worker to run beside it or elsewhere.

    `checks` say whether it may be sent customers. `counted` brings what `/metrics` tells of the
    database up to date. `agencies` takes over who works for whom.
    """

    app: ASGIApp
    worker: Worker
    checks: Mapping[str, Check]
    counted: Check
    agencies: Agencies


def node_ids(keyring: Keyring) -> NodeIds:
    return NodeIds(keyring.derived("tabane node ids", NODE_ID_KEY_BYTES))


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    clock: Clock,
    addresses: Mapping[InsurerCode, str | None],
    verifier: Verifier,
    issuer: DevelopmentIssuer | None,
    listener: Listener = unheard,
    watch: Watch | None = None,
    chance: Chance = random.random,
) -> AsyncIterator[Gateway]:
    """
    Open a gateway until the block ends; then every order that was begun is written down first.

    *addresses* are the insurers to connect, each with where it is or None for its own settings.
    *chance* keeps those apart who try again.

    Raises:
        OutOfDate: the database is of another version, and this is production.
        WrongManifest: the trusted documents cannot be read.
    """
    keyring = Keyring.parse(settings.vault_keys.get_secret_value() if settings.vault_keys else "")
    trusted = trusted_documents.read(settings.trusted_documents)
    trusted_documents.warn(trusted, schema.build())
    named = Documents(trusted, only=settings.only_trusted_documents)
    url = settings.database_url.get_secret_value()
    async with (
        events.opened(url) as bus,
        store.opened(
            url,
            keyring=keyring,
            bus=bus,
            migrate=not settings.production,
            remembered_bytes=settings.remembered_mebibytes << 20,
        ) as kept,
        connected(addresses, clock=clock, listener=listener) as panel,
        courier.opened(private=settings.webhooks_to_private_addresses) as carrier,
    ):
        watch = watch or Watch(CollectorRegistry())
        desks = Desks(panel, kept, bus, clock, settings, keyring, watch, chance, carrier, rates.of(settings))
        view = _view(settings, desks, keyring, verifier, issuer, named)
        others = Starlette(routes=_routes(settings, desks, view, issuer), exception_handlers=ELSEWHERE)
        app = _for_pages(settings.allowed_origins, Shortcut(GRAPHQL, view, otherwise=others))
        try:
            yield Gateway(app, desks.worker, {"database": kept.ping}, partial(watch.count, kept, clock), desks.agencies)
        finally:
            await desks.deeds.drain()
            await desks.orders.drain()
            await desks.asking.drain()
            await desks.feeds.drain()


def _view(
    settings: Settings,
    desks: Desks,
    keyring: Keyring,
    verifier: Verifier,
    issuer: DevelopmentIssuer | None,
    named: Documents,
) -> GraphQLView:
    return GraphQLView(
        schema.build(),
        host=desks,
        ids=node_ids(keyring),
        authenticate=_authenticate(verifier),
        explorer=_explorer(desks, issuer) if settings.graphiql else None,
        assets=LOCAL_ASSETS if settings.graphiql_assets is not None else None,
        allowed_origins=settings.allowed_origins,
        documents=named,
        introspection=settings.introspection,
        compiled=settings.compiled,
        remembered_bytes=(settings.remembered_mebibytes << 20) // 2,
        bounds=Bounds(
            seconds=settings.request_deadline_seconds,
            answer_bytes=settings.largest_answer_bytes,
            partial_status=settings.partial_status,
        ),
    )


def _routes(settings: Settings, desks: Desks, view: GraphQLView, issuer: DevelopmentIssuer | None) -> list[BaseRoute]:
    async def home(request: Request) -> RedirectResponse:
        return RedirectResponse(GRAPHQL)

    return [
        Route("/", home),
        Route(GRAPHQL, view),
        WebSocketRoute(GRAPHQL, view),
        documents.route(desks.tickets, desks.document),
        *desks.telling.doors(desks.book, desks.agencies, desks.manifests),
        *(issuer.routes() if issuer else ()),
        *([_assets(settings.graphiql_assets)] if settings.graphiql_assets else ()),
    ]


def _for_pages(origins: Sequence[str], app: ASGIApp) -> ASGIApp:
    """Let pages of these origins ask, with a token and without cookies."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "accept-language", "x-request-id"],
        expose_headers=["x-request-id", "retry-after", "ratelimit", "ratelimit-policy"],
    )


def _authenticate(verifier: Verifier) -> Authenticate:
    async def authenticate(token: str) -> Asker:
        try:
            return viewer.asker(await verifier.verify(token))
        except InvalidToken as error:
            raise (Unsure if error.reason is Reason.KEYS_UNREACHABLE else Refused) from None

    return authenticate


def _explorer(desks: Desks, issuer: DevelopmentIssuer | None) -> Callable[[], Mapping[str, object]]:
    def offered() -> Mapping[str, object]:
        first = next(iter(desks.manifests.values()), None)
        methods = first.registration_methods if first else ()
        agent = issuer.mint(agent=DEMONSTRATION_AGENT) if issuer else ""
        examples = operations(first.code if first else "", methods[0].key if methods else "", agent)
        if issuer is None:
            return {"operations": examples}
        token = issuer.mint(DEMONSTRATION_CUSTOMER)
        return {"operations": examples, "token": token, "customer": DEMONSTRATION_CUSTOMER}

    return offered


def _assets(folder: Path) -> Mount:
    return Mount(LOCAL_ASSETS, StaticFiles(directory=folder))
