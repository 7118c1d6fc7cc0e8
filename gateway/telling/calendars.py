"""
Deadlines as a calendar (iCalendar, RFC 5545) that any calendar program subscribes to.

The address is the only key to it, so it is long, kept as a fingerprint, left out of logs, and revocable.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from icalendar import Calendar as Sheet
from icalendar import Event
from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors import PRIVATE, closed
from gateway.journeys.orders import Orders
from gateway.store import Store
from insurers.agency import Agent
from insurers.book import CLOSED_ENTRIES, GRADE_WINDOW, Entry, EntryFilter, EntryOrder, EntryStatus
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.panel import Clock
from insurers.telling import Calendar, CalendarScope
from insurers.text import Text
from schema.agency_ports import BookDesk
from schema.execution.refusals import Refusal
from schema.ports import Asker, Done
from schema.problems import NOT_FOUND, Problem, ProblemCode

PATH = "/calendars/{secret}.ics"
SECRET_BYTES = 32
MOST_CALENDARS = 10

# A calendar program asks every hour or so and takes everything each time, so it is given what is near.
DAYS_AHEAD = 90
PAGE = 100

# How many entries are shown at most of those whose terms end from now on, and of those that ended in the last days.
MOST_AHEAD = 800
MOST_ENDED = 200
REFRESH = timedelta(hours=1)
A_DAY = timedelta(days=1)

# The last digits tell an agent which policy it is, and whoever else reads the calendar nothing.
SHOWN_DIGITS = 4

_REVOKED = Refusal(
    "NOT_FOUND",
    404,
    Text(
        "このカレンダーは取り消されたか、存在しません。新しいアドレスを登録してください。",
        "This calendar was revoked, or there is none: subscribe to a new address.",
    ),
)

_TOO_MANY = Problem(
    code=ProblemCode.NOT_ELIGIBLE,
    message=Text(
        f"カレンダーは1人{MOST_CALENDARS}件までです。使っていないものを取り消してください。",
        f"An agent has at most {MOST_CALENDARS} calendars. Revoke one that is no longer used.",
    ),
)

_MORE = Text(
    "【注意】件数が多いため、このカレンダーには一部だけが載っています。担当分のカレンダーをご利用ください",
    "There is more than this calendar holds: use one of what is assigned to you",
)
_MATURITY, _GRADE = Text("満期", "Maturity"), Text("等級継承の期限", "Grade carry-over ends")

AgentOf = Callable[[str], Awaitable[Agent | None]]


class CalendarDesk:
    def __init__(self, store: Store, clock: Clock, orders: Orders, public_url: str) -> None:
        self._store = store
        self._clock = clock
        self._orders = orders
        self._public_url = public_url.rstrip("/")

    async def calendars(self, agent: Agent) -> Sequence[Calendar]:
        async with self._store.reading() as work:
            return await work.calendars.of(agent.id)

    async def create(
        self, agent: Agent, asker: Asker, scope: CalendarScope, *, names: bool, key: str
    ) -> Done[Calendar]:
        async def do() -> Done[Calendar]:
            made = Calendar(
                id=str(uuid4()),
                agent=agent.id,
                agency=agent.agency,
                scope=scope,
                names=names,
                secret=secrets.token_urlsafe(SECRET_BYTES),
                created_at=self._clock(),
            )
            async with self._store.work() as work:
                living = [one for one in await work.calendars.of(agent.id) if one.revoked_at is None]
                if len(living) >= MOST_CALENDARS:
                    return Done(problems=(_TOO_MANY,))
                await work.calendars.put(made)
            return Done(thing=made)

        return await self._once(agent, asker, key, ("calendar", scope, names), do)

    async def revoke(self, agent: Agent, asker: Asker, calendar: str, *, key: str) -> Done[Calendar]:
        async def do() -> Done[Calendar]:
            async with self._store.work() as work:
                own = await work.calendars.get(calendar)
                if own is None or own.agent != agent.id:
                    return Done(problems=(NOT_FOUND,))
                revoked = structs.replace(own, revoked_at=own.revoked_at or self._clock())
                await work.calendars.put(revoked)
            return Done(thing=revoked)

        return await self._once(agent, asker, key, ("revoke calendar", calendar), do)

    def url(self, calendar: Calendar) -> str | None:
        return None if calendar.revoked_at else self._public_url + PATH.format(secret=calendar.secret)

    async def _once(
        self, agent: Agent, asker: Asker, key: str, said: object, do: Callable[[], Awaitable[Done[Calendar]]]
    ) -> Done[Calendar]:
        async def again(known: str) -> Calendar | None:
            async with self._store.reading() as work:
                found = await work.calendars.get(known)
            return found if found is not None and found.agent == agent.id else None

        return await self._orders.once(asker, key, said, do=do, again=again, name=lambda made: made.id)


class CalendarRoom:
    """The door behind the addresses. It asks anew, each time, whether the agent still works there and what they see."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        book: BookDesk,
        agent_of: AgentOf,
        names: Callable[[InsurerCode], Text],
    ) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._agent_of = agent_of
        self._names = names

    def route(self) -> Route:
        return Route(PATH, self.opened, methods=["GET"])

    async def opened(self, request: Request) -> Response:
        async with self._store.reading() as work:
            calendar = await work.calendars.by_secret(request.path_params["secret"])
        agent = await self._agent_of(calendar.agent) if calendar is not None and not calendar.revoked_at else None
        if calendar is None or agent is None or agent.agency != calendar.agency:
            return closed(_REVOKED, request)
        sheet = self._sheet(calendar, *await self._near(calendar, agent))
        return Response(sheet, media_type="text/calendar; charset=utf-8", headers=PRIVATE)

    async def _near(self, calendar: Calendar, agent: Agent) -> tuple[Sequence[Entry], bool]:
        """Bring what is still to be done, soonest first, and say whether there is more of it than a calendar holds."""
        today = self._clock().astimezone(TOKYO).date()
        ended = await self._between(calendar, agent, today - GRADE_WINDOW, today - A_DAY, MOST_ENDED)
        ahead = await self._between(calendar, agent, today, today + timedelta(days=DAYS_AHEAD), MOST_AHEAD)
        cut = len(ended) > MOST_ENDED or len(ahead) > MOST_AHEAD
        return [*ended[:MOST_ENDED], *ahead[:MOST_AHEAD]], cut

    async def _between(self, calendar: Calendar, agent: Agent, first: date, last: date, most: int) -> Sequence[Entry]:
        """Bring what matures on these days, and no more than one over *most*."""
        wanted = EntryFilter(
            due_from=first,
            due_until=last,
            statuses=frozenset(EntryStatus) - CLOSED_ENTRIES,
            assignee=agent.id if calendar.scope is CalendarScope.ASSIGNED else None,
        )
        found: list[Entry] = []
        after: str | None = None
        while len(found) <= most:
            page = await self._book.page(
                agent, wanted, EntryOrder.DUE, descending=False, first=PAGE, after=after, count=False
            )
            found += page.entries
            if not page.more_after:
                break
            after = page.cursors[-1]
        return found

    def _sheet(self, calendar: Calendar, entries: Sequence[Entry], cut: bool) -> bytes:
        sheet = Sheet()
        sheet.add("prodid", "-//Tabane//Book//JA")
        sheet.add("version", "2.0")
        sheet.add("x-wr-calname", "満期・期限 / Deadlines")
        sheet.add("x-wr-timezone", "Asia/Tokyo")
        sheet.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        now = self._clock()
        for entry in entries:
            if entry.record.ends_at > now:
                sheet.add_component(self._event(calendar, entry, _MATURITY, entry.record.ends_at))
            sheet.add_component(self._event(calendar, entry, _GRADE, entry.record.ends_at + GRADE_WINDOW))
        if cut:
            sheet.add_component(self._said(calendar, now))
        return bytes(sheet.to_ical())

    def _said(self, calendar: Calendar, now: datetime) -> Event:
        """Say on the day itself that a calendar does not hold everything, before somebody relies on it."""
        event = Event()
        event.add("uid", f"more@{calendar.id}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", now.astimezone(TOKYO).date())
        event.add("summary", f"{_MORE.ja} / {_MORE.en}")
        event.add("transp", "TRANSPARENT")
        return event

    def _event(self, calendar: Calendar, entry: Entry, what: Text, at: datetime) -> Event:
        event = Event()
        event.add("uid", f"{what.en.partition(' ')[0].lower()}-{entry.id}@{calendar.id}")
        # When this was written down, by the clock of whoever wrote it.
        event.add("dtstamp", entry.read_at.astimezone(UTC))
        # A moment in UTC needs no definition of a zone beside it.
        event.add("dtstart", at.astimezone(UTC))
        event.add("sequence", entry.version)
        event.add("summary", " ".join(self._words(calendar, entry, what)))
        event.add("transp", "TRANSPARENT")
        return event

    def _words(self, calendar: Calendar, entry: Entry, what: Text) -> Sequence[str]:
        holder = entry.record.holder
        name = [f"{holder.family} {holder.given}".strip()] if calendar.names else []
        digits = f"…{str(entry.record.number)[-SHOWN_DIGITS:]}"
        return [f"【{what.ja}】", *name, self._names(entry.insurer).ja, digits]
