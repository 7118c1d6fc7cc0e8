"""The policies of a viewer over all insurers, a page at a time."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum

import strawberry

from insurers.account import Link
from insurers.errors import InsurerError, NeedsCustomer
from insurers.identity import InsurerCode
from insurers.policy import Policy as PolicyWord
from insurers.policy import PolicyStatus
from schema.connection import Cursors, page
from schema.context import Info
from schema.freshness import Freshness
from schema.policy import Policy, PolicyConnection, PolicyEdge
from schema.provider import ProviderStatus
from schema.readings import Book


@strawberry.input(description="Which policies. Absent means no filter; all given fields must hold.")
class PolicyFilter:
    insurer_codes: list[str] | None = strawberry.field(default=None, description="Only at these insurers.")
    statuses: list[PolicyStatus] | None = strawberry.field(default=None, description="Only in one of these states.")
    ends_before: datetime | None = strawberry.field(default=None, description="Only those that end before this.")
    ends_after: datetime | None = strawberry.field(default=None, description="Only those that end after this.")

    def admits(self, policy: PolicyWord) -> bool:
        return (
            (self.statuses is None or policy.status in self.statuses)
            and (self.ends_before is None or policy.ends_at < self.ends_before)
            and (self.ends_after is None or policy.ends_at > self.ends_after)
        )


@strawberry.enum(description="In which direction a list is ordered.")
class OrderDirection(Enum):
    ASC = "asc"
    DESC = "desc"


async def policies(
    info: Info,
    *,
    first: int,
    after: str | None,
    only: PolicyFilter | None = None,
    direction: OrderDirection = OrderDirection.ASC,
) -> PolicyConnection:
    """Ask every insurer at once; one that does not answer is told in `providers` and holds up nobody."""
    everything, providers = await household(info, only)
    found = [policy for policy in everything if only is None or only.admits(policy)]
    descending = direction is OrderDirection.DESC
    ordered = sorted(found, key=_place, reverse=descending)
    own = Cursors(info.context.ids, "policies", direction.value)
    cut, cursors, facts = page(ordered, _place, cursors=own, first=first, after=after, descending=descending)
    readings = info.context.loaders.readings
    return PolicyConnection(
        edges=[
            PolicyEdge(node=Policy(word=word, readings=readings), cursors=cursors, at=at) for at, word in enumerate(cut)
        ],
        page_info=facts,
        total_count=len(ordered),
        providers=providers,
    )


async def household(info: Info, only: PolicyFilter | None = None) -> tuple[list[PolicyWord], list[ProviderStatus]]:
    """Answer all policies at the insurers that are wanted, and how each of these did."""
    wanted = _wanted(info, only)
    info.context.loaders.readings.wants(wanted)
    links = {link.insurer: link for link in await info.context.loaders.links.load(None)} if wanted else {}
    asked = [code for code in wanted if _is_open(links.get(code))]
    books = await asyncio.gather(*map(info.context.loaders.readings.book, asked))
    told = dict(zip(asked, books, strict=True))
    if any(isinstance(book, NeedsCustomer) for book in books):
        # An insurer has put a question in the middle of the read.
        links |= {code: link for code, link in (await _links_now(info)).items() if code in told}
    answers = [_answer(info, code, links.get(code), told.get(code)) for code in wanted]
    return [policy for there, _ in answers for policy in there], [status for _, status in answers]


def _wanted(info: Info, only: PolicyFilter | None) -> list[InsurerCode]:
    named = None if only is None or only.insurer_codes is None else set(only.insurer_codes)
    return [code for code in info.context.host.manifests if named is None or code in named]


def _is_open(link: Link | None) -> bool:
    return link is not None and link.access is not None


def _answer(
    info: Info, code: InsurerCode, link: Link | None, book: Book | InsurerError | None
) -> tuple[Iterable[PolicyWord], ProviderStatus]:
    manifest = info.context.host.manifests[code]
    if link is None:
        return (), ProviderStatus.not_linked(manifest)
    if book is None:
        return (), ProviderStatus.missing(manifest, NeedsCustomer(code), link)
    if isinstance(book, InsurerError):
        return (), ProviderStatus.missing(manifest, book, link if isinstance(book, NeedsCustomer) else None)
    return book.value.values(), ProviderStatus.ok(manifest, book.at, Freshness.of(book))


async def _links_now(info: Info) -> dict[InsurerCode, Link]:
    asker = info.context.asker
    return {} if asker is None else {link.insurer: link for link in await info.context.host.reading.links(asker)}


def _place(policy: PolicyWord) -> str:
    """Sorts by the end of cover; one zone and one width make texts sort as moments do."""
    return f"{policy.ends_at.astimezone(UTC).isoformat()} {policy.ref.insurer} {policy.ref.number}"
