"""What an operation reads of insurers and of renewals: each thing once, and for all who ask."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from insurers.account import Link
from insurers.errors import InsurerError
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Renewal
from schema.freshness import Freshness
from schema.ports import Asker, Host, Told
from schema.shared import Once

Book: TypeAlias = Told[Mapping[PolicyNumber, Policy]]

T = TypeVar("T")


class Readings:
    """
    Everything that one operation has read, and how it reads.

    What an insurer could not answer is an answer too: an `InsurerError` in place of the value, so that one insurer's
    trouble stays its own.
    """

    def __init__(self, host: Host, asker: Asker | None) -> None:
        self._host = host
        self._asker = asker
        # An agent who asks for nobody in particular reads each policy for the customer whose it is.
        self._agent = asker if asker is not None and asker.is_alone else None
        self._books: defaultdict[tuple[str, InsurerCode], Once[Book | InsurerError]] = defaultdict(Once)
        self._wholly: set[InsurerCode] = set()
        self._single: dict[PolicyRef, Book] = {}
        self._readers: dict[PolicyRef, Asker] = {}

    def read_for(self, ref: PolicyRef, acting: Asker) -> None:
        """Read this policy in the account of another person, for whom the asker acts."""
        self._readers[ref] = acting

    def reader(self, ref: PolicyRef) -> Asker | None:
        """Answer as whom this policy is read."""
        return self._readers.get(ref, self._asker)

    def wants(self, insurers: Iterable[InsurerCode]) -> None:
        """Note that all policies at these insurers will be asked for, so that none is asked for by itself before."""
        self._wholly.update(insurers)

    async def book(self, insurer: InsurerCode) -> Book | InsurerError:
        """Answer all policies of the asker's account at *insurer*."""
        return await self._book(self._asker, insurer)

    def freshness(self, ref: PolicyRef) -> Freshness:
        """Answer when a policy was read that this operation has loaded."""
        if ref in self._single:
            return Freshness.of(self._single[ref])
        reader = self.reader(ref)
        reading = self._books.get((reader.customer, ref.insurer)) if reader else None
        book = reading.result if reading is not None else None
        return Freshness.of(book) if isinstance(book, Told) else Freshness.live(self._host.now())

    async def _book(self, asker: Asker | None, insurer: InsurerCode) -> Book | InsurerError:
        if asker is None:
            now = self._host.now()
            return Told(value={}, at=now, until=now)
        return await self._books[asker.customer, insurer].found(lambda: self._told(asker, insurer, None))

    async def _told(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber] | None
    ) -> Book | InsurerError:
        try:
            return await self._host.reading.policies(asker, insurer, numbers)
        except InsurerError as error:
            return error

    async def policies(self, refs: list[PolicyRef]) -> Sequence[Policy | InsurerError | None]:
        """Look into the books that are wanted anyway, and ask for the others by their numbers, an insurer once."""
        if self._agent:
            await self._find_readers(self._agent, refs)
        asked = await _together([self._some(*group) for group in self._by_reader(refs)])
        found = {ref: answer for answers in asked for ref, answer in answers.items()}
        return [found.get(ref) for ref in refs]

    async def _some(
        self, asker: Asker, insurer: InsurerCode, refs: Sequence[PolicyRef]
    ) -> Mapping[PolicyRef, Policy | InsurerError | None]:
        if insurer in self._wholly or (asker.customer, insurer) in self._books:
            book = await self._book(asker, insurer)
        else:
            book = await self._told(asker, insurer, [ref.number for ref in refs])
            if isinstance(book, Told):
                self._single.update(dict.fromkeys(refs, book))
        return {ref: _in_book(book, ref.number) for ref in refs}

    async def offers(self, refs: list[PolicyRef]) -> Sequence[RenewalOffer | InsurerError | None]:
        answers: dict[PolicyRef, RenewalOffer | InsurerError] = {}

        async def ask(asker: Asker, code: InsurerCode, asked: list[PolicyRef]) -> None:
            try:
                told = await self._host.reading.renewal_offers(asker, code, [ref.number for ref in asked])
            except InsurerError as error:
                answers.update(dict.fromkeys(asked, error))
            else:
                answers.update({offer.ref: offer for offer in told.value.values()})

        if self._agent:
            await self._find_readers(self._agent, refs)
        await _together([ask(*group) for group in self._by_reader(refs)])
        return [answers.get(ref) for ref in refs]

    async def renewals(self, refs: list[PolicyRef]) -> Sequence[Renewal | None]:
        if self._agent:
            await self._find_readers(self._agent, refs)
        asked: defaultdict[str, list[PolicyRef]] = defaultdict(list)
        askers = {asker.customer: asker for ref in refs if (asker := self.reader(ref)) is not None}
        for ref in refs:
            if (asker := self.reader(ref)) is not None:
                asked[asker.customer].append(ref)
        found: dict[PolicyRef, Renewal] = {}
        for customer, theirs in asked.items():
            found.update(await self._host.renewals.latest(askers[customer], theirs))
        return [found.get(ref) for ref in refs]

    async def _find_readers(self, agent: Asker, refs: Sequence[PolicyRef]) -> None:
        if unknown := [ref for ref in refs if ref not in self._readers]:
            self._readers.update(await self._host.reading.readers(agent, unknown))

    def _by_reader(self, refs: Sequence[PolicyRef]) -> list[tuple[Asker, InsurerCode, list[PolicyRef]]]:
        """Group what is asked of one insurer for one person; nobody asks for nothing."""
        asked: defaultdict[tuple[str, InsurerCode], list[PolicyRef]] = defaultdict(list)
        askers: dict[str, Asker] = {}
        for ref in refs:
            if (asker := self.reader(ref)) is not None:
                askers[asker.customer] = asker
                asked[asker.customer, ref.insurer].append(ref)
        return [(askers[customer], insurer, group) for (customer, insurer), group in asked.items()]

    async def links(self, keys: list[None]) -> Sequence[list[Link]]:
        found = [] if self._asker is None else await self._host.reading.links(self._asker)
        # An insurer that the operator took away takes its accounts out of sight until it comes back.
        links = [link for link in found if link.insurer in self._host.manifests]
        return [links for _ in keys]


async def _together(coming: Sequence[Coroutine[Any, Any, T]]) -> Sequence[T]:
    """Await all of these at once; what stands alone needs no task of its own."""
    return [await coming[0]] if len(coming) == 1 else await asyncio.gather(*coming)


def _in_book(book: Book | InsurerError, number: PolicyNumber) -> Policy | InsurerError | None:
    return book if isinstance(book, InsurerError) else book.value.get(number)
