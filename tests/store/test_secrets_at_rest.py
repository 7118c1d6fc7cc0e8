"""Who gets hold of the database learns ids, states and times, and can put nothing in another's place."""

import base64
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway import store as stores
from gateway.post import Mail
from gateway.store import Store, Work, tables
from gateway.store.book_rows import Changed
from gateway.store.links import Links
from gateway.store.transaction import about
from gateway.vault import Keyring, Unsealable
from insurers.agency import Agency, Agent, AgentRole, Appointment, ConsentScope, Mandate
from insurers.agency_request import AgencyRequest, RequestKind
from insurers.book import ChangeKind, FieldChange, Note
from insurers.feed import FeedAccess, Flaw, FlawKind
from insurers.identity import AgencyCode, PolicyRef, SuccessorNumber
from insurers.reminder import ReminderSchedule
from insurers.renewal import RenewalState
from insurers.telling import Calendar, CalendarScope, EventKind, Webhook, WebhookState
from insurers.text import Text
from tests.store import booked
from tests.store.invented import ACME, CONTACT, NOW, SECRETS, comparison, consent, inquiry, link, registration, renewal

# The book is ordered and searched by names and readings, so these stand in the clear there, and of others than ours.
BOOKED = replace(
    booked.record(SECRETS["number"]),
    birth_date=date.fromisoformat(SECRETS["birth"]),
    email=SECRETS["mail"],
    vehicle=SECRETS["car"],
    plate=SECRETS["plate"],
    successor=SuccessorNumber(SECRETS["successor"]),
)

# What else an agency has that is nobody's to know.
ALL_SECRETS = SECRETS | {
    "agency": "架空乗合代理店",
    "agent": "募集代次郎",
    "solicitor": "solicitor-code-of-jiro",
    "feed": "secret-of-the-feed",
    "webhook": "https://systems.agency.example/told-here",
    "signing": "whsec-that-signs-messages",
    "previous": "whsec-that-signed-before",
    "calendar": "secret-of-the-calendar",
}


async def fill_agency(work: Work) -> None:
    """Put away an agency, who works there and what a customer lets it do, and how its own systems are told of that."""
    access = FeedAccess(insurer=ACME, agency=AgencyCode("S1001"), secret=ALL_SECRETS["feed"])
    agency = Agency(
        id=booked.AGENCY,
        name=ALL_SECRETS["agency"],
        contact=CONTACT,
        appointments=(Appointment(insurer=ACME, access=access),),
    )
    agent = Agent(
        id="a1",
        agency=agency.id,
        name=ALL_SECRETS["agent"],
        role=AgentRole.AGENT,
        email=SECRETS["mail"],
        solicitors=(ALL_SECRETS["solicitor"],),
    )
    await work.agencies.replace([agency], [agent])
    webhook = Webhook(
        id="w1",
        agency=agency.id,
        url=ALL_SECRETS["webhook"],
        kinds=tuple(EventKind),
        state=WebhookState.ACTIVE,
        created_at=NOW,
        secret=ALL_SECRETS["signing"],
        previous_secret=ALL_SECRETS["previous"],
        previous_until=NOW,
    )
    await work.webhooks.add(webhook)
    # This is told to it, so an event and what is owed for it are written, too.
    scopes = frozenset(ConsentScope)
    await work.mandates.add(Mandate(id="m1", agency=agency.id, customer="c1", scopes=scopes, granted_at=NOW))
    await work.known.note("c1", ACME, [BOOKED.number], at=NOW)
    await work.known.to_be_read("c1", ACME, at=NOW)
    calendar = Calendar(
        id="k1",
        agent=agent.id,
        agency=agency.id,
        scope=CalendarScope.VISIBLE,
        names=True,
        secret=ALL_SECRETS["calendar"],
        created_at=NOW,
    )
    await work.calendars.put(calendar)


async def fill_book(work: Work, keyring: Keyring) -> None:
    """Put away what a feed tells of a policy, and what became of it."""
    running = await booked.begin(work)
    await booked.tell(work, keyring, [BOOKED], running)
    [known] = (await work.book.known(booked.AGENCY, ACME, [booked.row(keyring, BOOKED).policy])).values()
    fields = (FieldChange(field="vehicle", before=SECRETS["car"], after=None),)
    changed = Changed(entry=known.id, kind=ChangeKind.CHANGED, fields=fields)
    await work.book.changed(booked.AGENCY, [changed], run=running.run.id, at=NOW)
    await work.book.assign(booked.AGENCY, [booked.row(keyring, BOOKED).person], "a1")
    note = Note(id="", entry=str(known.id), author="a1", author_name="x", at=NOW, text=SECRETS["summary"])
    await work.book.note(booked.AGENCY, note)
    flaw = Flaw(line=3, kind=FlawKind.TRUNCATED, reason=Text("短い", "Short"))
    await work.feeds.flaw(running.run.id, [flaw])


async def fill_post(work: Work) -> None:
    """Put away a mail, and what it may be about: a reminder, and what an agency wants of a customer."""
    mail = Mail(to=SECRETS["mail"], subject="x", text=SECRETS["summary"])
    await work.outbox.add("reminder:r1", mail, at=NOW, by_day=True)
    schedule = ReminderSchedule(
        agency=booked.AGENCY,
        days_before=(30,),
        at_hour=9,
        enabled=True,
        words=SECRETS["summary"],
        set_by="a1",
        set_at=NOW,
    )
    await work.reminders.set(schedule, due_at=NOW)
    ref = PolicyRef(ACME, BOOKED.number)
    await work.reminders.take(agency=booked.AGENCY, entry="1", ref=ref, maturity=BOOKED.ends_at, at=NOW, step=30)
    wanted = AgencyRequest(
        id="q1",
        agency=booked.AGENCY,
        agent="a1",
        agent_name=SECRETS["summary"],
        kind=RequestKind.CONSENT,
        insurer=ACME,
        number=BOOKED.number,
        opened_at=NOW,
    )
    await work.requests.add(wanted)


async def fill(store: Store, keyring: Keyring) -> None:
    """Put away something of everything, and every secret somewhere in it."""
    async with store.work() as work:
        await work.links.put(link())
        await work.registrations.add(registration(), due_at=NOW)
        # Only what is about to be sent has its car.
        await work.renewals.add(renewal(plate=SECRETS["plate"], state=RenewalState.QUEUED), due_at=NOW)
        await work.comparisons.add(comparison())
        await work.inquiries.add(inquiry(), due_at=NOW)
        await work.consents.append(consent())
        await work.events.append("r1", at=NOW, actor="c1", summary=Text(SECRETS["summary"], "x"), topic="renewal:r1")
        await work.openings.note("r1", "aa", at=NOW, topic="renewal:r1")
        await work.keys.begin("c1", SECRETS["idempotency"], "input", NOW)
        await work.attempts.take("c1", ACME, NOW)
        await work.keys.finish("c1", SECRETS["idempotency"], SECRETS["replayed"].encode())
        await fill_agency(work)
        await fill_book(work, keyring)
        await fill_post(work)


def files(url: str) -> bytes:
    """All that lies in the database's file and in those beside it."""
    database = Path(url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))


def spellings(secret: str) -> Iterable[bytes]:
    """How a secret might stand somewhere: as it is, escaped, or in base64 with whatever comes before it."""
    plain = secret.encode()
    yield plain
    yield secret.encode("unicode_escape")
    yield from (base64.b64encode(bytes(before) + plain)[4:-4] for before in range(3))


def seen(secret: str, text: bytes) -> bool:
    return any(spelling in text for spelling in spellings(secret))


async def everything(database: AsyncEngine, keyring: Keyring | None = None) -> bytes:
    """All that lies in all tables; with the keys, also what is in the bodies."""
    found: list[bytes] = []
    async with database.connect() as connection:
        for table in tables.metadata.sorted_tables:
            rows = (await connection.execute(select(table))).mappings().all()
            assert rows, f"{table.name} is empty"
            for row in rows:
                found += [value if isinstance(value, bytes) else str(value).encode() for value in row.values()]
                if keyring and "body" in row:
                    found.append(keyring.open(row["body"], about(table, row)))
    return b"\n".join(found)


async def test_no_secret_lies_in_a_table(store: Store, database: AsyncEngine, keyring: Keyring) -> None:
    await fill(store, keyring)
    text = await everything(database)

    assert [] == [name for name, secret in ALL_SECRETS.items() if seen(secret, text)]


async def test_the_secrets_would_be_seen_if_they_lay_open(
    store: Store, database: AsyncEngine, keyring: Keyring
) -> None:
    await fill(store, keyring)
    text = await everything(database, keyring)

    # An idempotency key is kept as a fingerprint and nowhere else.
    assert ["idempotency"] == [name for name, secret in ALL_SECRETS.items() if not seen(secret, text)]


async def test_no_secret_lies_in_a_file_of_sqlite(sqlite_url: str, keyring: Keyring) -> None:
    async with stores.opened(sqlite_url, keyring=keyring) as store:
        await fill(store, keyring)
        text = files(sqlite_url)

    assert b"acme" in text
    assert [] == [name for name, secret in ALL_SECRETS.items() if seen(secret, text)]


async def copy_body(database: AsyncEngine, table: Table, source: str, target: str) -> None:
    async with database.begin() as connection:
        found = (await connection.execute(select(table.c.body).where(table.c.id == source))).scalar_one()
        await connection.execute(update(table).where(table.c.id == target).values(body=found))


async def test_a_body_copied_to_another_customers_row_does_not_open(store: Store, database: AsyncEngine) -> None:
    async with store.work() as work:
        await work.links.put(link("l1"))
        await work.links.put(link("l2", customer="c2"))

    await copy_body(database, tables.links, "l1", "l2")

    async with store.reading() as work:
        assert link("l1") == await work.links.get("l1")
        with pytest.raises(Unsealable) as unsealable:
            await work.links.get("l2")
    assert ["in links:l2:c2:acme"] == unsealable.value.__notes__


@pytest.mark.parametrize(
    ("column", "look"),
    [
        ("id", lambda links: links.get("stolen")),
        ("customer", lambda links: links.of("stolen")),
        ("insurer", lambda links: links.get("l1")),
    ],
)
async def test_a_row_given_to_somebody_else_does_not_open(
    store: Store, database: AsyncEngine, column: str, look: Callable[[Links], Awaitable[object]]
) -> None:
    async with store.work() as work:
        await work.links.put(link())

    async with database.begin() as connection:
        await connection.execute(update(tables.links).values({column: "stolen"}))

    async with store.reading() as work:
        with pytest.raises(Unsealable):
            await look(work.links)


async def test_an_error_repeats_no_value(store: Store) -> None:
    async with store.work() as work:
        await work.registrations.add(registration(), due_at=None)

    with pytest.raises(Exception, match=r"UNIQUE|unique") as error:
        async with store.work() as work:
            await work.registrations.add(registration(), due_at=None)

    assert not [name for name, secret in ALL_SECRETS.items() if secret in f"{error.value!r} {error.value}"]
    assert "hide_parameters" in str(error.value)
