"""One policy in an agency's book, whose next term is to be renewed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import strawberry

from insurers.agency import ConsentScope, Mandate
from insurers.book import GRADE_WINDOW, Blocker, BookList, Entry, EntryStatus, Mark
from insurers.deadlines import FEED, GENERAL_CONDITIONS, RENEWAL_LIST
from insurers.errors import InsurerError
from insurers.feed import FeedSource
from insurers.hours import TOKYO
from insurers.identity import PolicyNumber, PolicyRef
from insurers.money import Yen
from insurers.policy import Confidence, DeadlineKind
from insurers.policy import Deadline as DeadlineWord
from insurers.text import Text
from schema import book_enums as book_enums
from schema import book_history
from schema.action import NextAction
from schema.agency import Agent
from schema.arguments import After, InLanguage, PageSize
from schema.batched import for_one, of_many
from schema.book_action import Scene, next_actions
from schema.book_history import BookChangeConnection, BookNoteConnection
from schema.book_matching import days_left, lists_of
from schema.book_provider import fresh_until
from schema.book_summary import BLOCKER_LABELS, STATUS_LABELS
from schema.consent import Consent
from schema.context import Info
from schema.directives import ENTITY, PERSONAL, READS
from schema.freshness import Freshness, FreshnessState
from schema.insurer import Insurer
from schema.lasting import lasting
from schema.node import Node
from schema.policy import Deadline, Policy
from schema.ports import Asker
from schema.renewal import Renewal

if TYPE_CHECKING:
    from schema.book_customer import BookCustomer


@lasting()
@strawberry.type(description="Where an entry of the book comes from, and how old it is.")
class BookProvenance:
    source: FeedSource = strawberry.field(description="How the insurer told it.")
    as_of: datetime = strawberry.field(description="When the insurer made the feed that last told of it.")
    read_at: datetime = strawberry.field(description="When we read that.")
    first_read_at: datetime = strawberry.field(description="When we first read of it.")
    gone_at: datetime | None = strawberry.field(
        description="When a full feed first came without it; null while it is in its feed."
    )


async def _assignees(entries: Sequence["BookEntry"], info: Info) -> Sequence[Agent | None]:
    wanted = [entry.word.assignee for entry in entries if entry.word.assignee]
    found = dict(zip(wanted, await info.context.book.colleague.load_many(wanted), strict=True))
    agents = (found.get(entry.word.assignee) if entry.word.assignee else None for entry in entries)
    return [Agent(word=one) if one else None for one in agents]


async def _consents(entries: Sequence["BookEntry"], info: Info) -> Sequence[Consent | None]:
    wanted = [entry.word.customer for entry in entries if entry.word.customer]
    found = dict(zip(wanted, await info.context.book.mandate.load_many(wanted), strict=True))
    mandates = (found.get(entry.word.customer) if entry.word.customer else None for entry in entries)
    now = info.context.host.now()
    return [Consent(word=one) if one and _allows_anything(one, now) else None for one in mandates]


@lasting(shows="word")
@strawberry.type(
    description="One policy of the agency's book and the coming renewal of it, as the insurer's feed tells; it is here"
    " whether or not a renewal was started. What goes beyond the feed (`policy`, `renewal`, `consent`) is there only"
    " while the customer's consent holds.",
    directives=[ENTITY],
)
class BookEntry(Node):
    node_type = "BookEntry"
    word: strawberry.Private[Entry]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="Who insures it.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.insurer])

    @strawberry.field(description="The number as its insurer prints it; unique only inside the insurer.")
    def policy_number(self) -> PolicyNumber:
        return self.word.record.number

    @strawberry.field(description="Whose policy it is.")
    def customer(self) -> Annotated["BookCustomer", strawberry.lazy("schema.book_customer")]:
        from schema.book_customer import BookCustomer

        return BookCustomer(entry=self.word)

    @strawberry.field(description="Name of the insured car, as the feed tells it; null where it does not.")
    def vehicle(self) -> str | None:
        return self.word.record.vehicle

    @strawberry.field(description="Its registration plate; null where not told.", directives=[PERSONAL])
    def plate(self) -> str | None:
        return self.word.record.plate

    @strawberry.field(description="When the present term begins.")
    def starts_at(self) -> datetime:
        return self.word.record.starts_at

    @strawberry.field(description="When the present term ends, and with it the time to renew (16:00 in Tokyo).")
    def due_at(self) -> datetime:
        return self.word.record.ends_at

    @strawberry.field(description="How many days that is from today in Tokyo; negative afterwards.")
    def days_left(self, info: Info) -> int:
        return days_left(self.word, info.context.now)

    @strawberry.field(description="Where its renewal stands.")
    def status(self) -> EntryStatus:
        return self.word.status

    @strawberry.field(description="`status` in words.")
    def status_label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(STATUS_LABELS[self.word.status], locale)

    @strawberry.field(description="What its renewal waits for.")
    def blocker(self) -> Blocker:
        return self.word.blocker

    @strawberry.field(description="`blocker` in words.")
    def blocker_label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(BLOCKER_LABELS[self.word.blocker], locale)

    @strawberry.field(name="list", description="The most urgent list of work that it is in; null where it is in none.")
    def in_list(self, info: Info) -> BookList | None:
        return next(iter(lists_of(self.word, info.context.now)), None)

    @strawberry.field(description="The state of the policy in the insurer's own word; null where it has none.")
    def insurer_status(self) -> str | None:
        return self.word.record.insurer_status

    @strawberry.field(description="The mark that an agent put on it; null for none.")
    def mark(self) -> Mark | None:
        return self.word.mark

    @strawberry.field(description="What the present term costs in a year; null where not told.")
    def premium(self) -> Yen | None:
        return self.word.record.premium

    @strawberry.field(description="What the insurer reckons for the next term: an indication, and no offer.")
    def next_premium(self) -> Yen | None:
        return self.word.record.next_premium

    @strawberry.field(description="`nextPremium` less `premium`; null where one of them is not told.")
    def premium_change(self) -> Yen | None:
        return self.word.premium_change

    @strawberry.field(description="Non-fleet grade (1-20) of the present term; null where not told.")
    def grade(self) -> int | None:
        return self.word.record.grade

    @strawberry.field(description="Whether a rider renews it by itself; null where not stated.")
    def auto_renewal(self) -> bool | None:
        return self.word.record.auto_renewal

    @strawberry.field(description="Code of the agency's branch that handles it; `Book.agency.branches` has its name.")
    def branch(self) -> str | None:
        return self.word.branch

    @strawberry.field(description="Who works on it; null for nobody.", metadata=of_many(_assignees))
    async def assignee(self, info: Info) -> Agent | None:
        return await for_one(_assignees, self, info)

    @strawberry.field(description="Every date that matters, soonest first.")
    def deadlines(self) -> list[Deadline]:
        ends_at = self.word.record.ends_at
        return [
            *_opening(self.word),
            _deadline(DeadlineKind.MATURITY, ends_at, FEED, Confidence.INSURER_SAID),
            _deadline(
                DeadlineKind.GRADE_CARRY_OVER_ENDS,
                ends_at + GRADE_WINDOW,
                GENERAL_CONDITIONS,
                Confidence.CONFIGURED,
            ),
        ]

    @strawberry.field(description="How old it is. STALE: a newer feed is overdue, or the last one came without it.")
    def freshness(self, info: Info) -> Freshness:
        until = fresh_until(info.context.host.manifests[self.word.insurer], self.word.as_of)
        fresh = self.word.gone_at is None and info.context.now < until
        state = FreshnessState.CACHED if fresh else FreshnessState.STALE
        return Freshness(state=state, fetched_at=self.word.as_of, fresh_until=until)

    @strawberry.field(description="Where it comes from.")
    def provenance(self) -> BookProvenance:
        word = self.word
        return BookProvenance(
            source=word.source,
            as_of=word.as_of,
            read_at=word.read_at,
            first_read_at=word.first_read_at,
            gone_at=word.gone_at,
        )

    @strawberry.field(description="What feeds changed of it, newest first.")
    async def changes(self, info: Info, first: PageSize = 20, after: After = None) -> BookChangeConnection:
        return await book_history.changes(info, self.word.id, first=first, after=after)

    @strawberry.field(description="What agents wrote down about it or did about it, newest first.")
    async def notes(self, info: Info, first: PageSize = 20, after: After = None) -> BookNoteConnection:
        return await book_history.notes(info, self.word.id, first=first, after=after)

    @strawberry.field(
        description="What the customer lets the agency do now; null where nothing, or no longer.",
        metadata=of_many(_consents),
    )
    async def consent(self, info: Info) -> Consent | None:
        return await for_one(_consents, self, info)

    @strawberry.field(
        description="The renewal of this term through this gateway. Null where there is none, and without the"
        " customer's consent to read.",
        directives=[READS],
    )
    async def renewal(self, info: Info) -> Renewal | None:
        acting = await _acting(info, self.word)
        found = await info.context.book.renewal.load(self.word.renewal) if acting and self.word.renewal else None
        if found is None or acting is None:
            return None
        info.context.loaders.readings.read_for(found.ref, acting)
        return Renewal(word=found)

    @strawberry.field(
        description="The policy in full, asked of its insurer now through the customer's account. Null without the"
        " customer's consent to read, and where the insurer cannot be asked.",
        directives=[READS],
    )
    async def policy(self, info: Info) -> Policy | None:
        acting = await _acting(info, self.word)
        if acting is None:
            return None
        ref = PolicyRef(self.word.insurer, self.word.record.number)
        info.context.loaders.readings.read_for(ref, acting)
        found = await info.context.loaders.policy.load(ref)
        if found is None or isinstance(found, InsurerError):
            return None
        return Policy(word=found, readings=info.context.loaders.readings)

    @strawberry.field(description="What to do about it now, the first thing first.")
    async def next_actions(self, info: Info) -> list[NextAction]:
        return next_actions(Scene(entry=self.word, mandate=await mandate(info, self.word), now=info.context.host.now()))


async def assignee(info: Info, entry: Entry) -> Agent | None:
    found = await info.context.book.colleague.load(entry.assignee) if entry.assignee else None
    return Agent(word=found) if found else None


async def mandate(info: Info, entry: Entry) -> Mandate | None:
    """Answer what the customer of *entry* lets the agency do at this moment."""
    found = await info.context.book.mandate.load(entry.customer) if entry.customer else None
    return found if found is not None and _allows_anything(found, info.context.host.now()) else None


def _allows_anything(mandate: Mandate, now: datetime) -> bool:
    return any(mandate.allows(scope, now) for scope in ConsentScope)


async def _acting(info: Info, entry: Entry) -> Asker | None:
    """Answer whoever asks as acting for the customer of *entry*, where the customer lets the agency read."""
    asker, held = info.context.asker, await mandate(info, entry)
    if asker is None or held is None or not held.allows(ConsentScope.READ_POLICIES, info.context.host.now()):
        return None
    holder = entry.record.holder
    return msgspec.structs.replace(
        asker, customer=held.customer, display_name=f"{holder.family} {holder.given}", name=holder
    )


def _opening(entry: Entry) -> Iterator[Deadline]:
    opens_at = entry.opens_at
    # Until its term begins a renewal waits for that, and nobody has said more.
    if opens_at is not None and entry.record.starts_at < opens_at < entry.record.ends_at:
        at = opens_at.astimezone(TOKYO)
        yield _deadline(DeadlineKind.RENEWAL_OPENS, at, RENEWAL_LIST, Confidence.INSURER_SAID)


def _deadline(kind: DeadlineKind, at: datetime, source: Text, confidence: Confidence) -> Deadline:
    return Deadline(word=DeadlineWord(kind=kind, at=at, source=source, confidence=confidence))
