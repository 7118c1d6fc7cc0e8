"""One look-up for each insurer in an operation, however many fields ask."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeAlias, TypeVar

from strawberry.dataloader import DataLoader

from insurers.account import Link
from insurers.errors import InsurerError
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Renewal
from schema.ports import Asker, Host

Book: TypeAlias = Mapping[PolicyNumber, Policy]

K = TypeVar("K")
V = TypeVar("V")


class Lookup(Generic[K, V]):
    """A loader that answers an insurer's trouble; Strawberry's own raises any exception found among the answers."""

    def __init__(self, load: Callable[[list[K]], Awaitable[Sequence[V | InsurerError]]]) -> None:
        self._loader: DataLoader[K, V | InsurerError] = DataLoader(load)

    async def load(self, key: K) -> V | InsurerError:
        try:
            return await self._loader.load(key)
        except InsurerError as error:
            return error


class Loaders:
    """
    Everything that this operation has read.

    What an insurer could not answer is an answer too: an `InsurerError` in place of the value,
    so that one insurer's trouble stays its own.
    """

    def __init__(self, host: Host, asker: Asker | None) -> None:
        self._host = host
        self._asker = asker
        self._books: dict[InsurerCode, asyncio.Task[Book | InsurerError]] = {}
        self.policy: Lookup[PolicyRef, Policy | None] = Lookup(self._policies)
        self.offer: Lookup[PolicyRef, RenewalOffer | None] = Lookup(self._offers)
        self.renewal: DataLoader[PolicyRef, Renewal | None] = DataLoader(self._renewals)
        self.links: DataLoader[None, list[Link]] = DataLoader(self._links)

    async def book(self, insurer: InsurerCode) -> Book | InsurerError:
        """Answer all policies of the asker's account at *insurer*."""
        if insurer not in self._books:
            self._books[insurer] = asyncio.create_task(self._whole_book(insurer))
        return await self._books[insurer]

    async def _whole_book(self, insurer: InsurerCode) -> Book | InsurerError:
        if self._asker is None:
            return {}
        try:
            return await self._host.reading.policies(self._asker, insurer, None)
        except InsurerError as error:
            return error

    async def _policies(self, refs: list[PolicyRef]) -> Sequence[Policy | InsurerError | None]:
        """Look into the books: whichever field asks first, an insurer is looked up once."""
        codes = list(dict.fromkeys(ref.insurer for ref in refs))
        books = dict(zip(codes, await asyncio.gather(*map(self.book, codes)), strict=True))
        return [_in_book(books[ref.insurer], ref.number) for ref in refs]

    async def _offers(self, refs: list[PolicyRef]) -> Sequence[RenewalOffer | InsurerError | None]:
        answers: dict[PolicyRef, RenewalOffer | InsurerError] = {}

        async def ask(code: InsurerCode, numbers: list[PolicyNumber]) -> None:
            if self._asker is None:
                return
            try:
                found = await self._host.reading.renewal_offers(self._asker, code, numbers)
            except InsurerError as error:
                answers.update({PolicyRef(code, number): error for number in numbers})
            else:
                answers.update({offer.ref: offer for offer in found.values()})

        await asyncio.gather(*(ask(code, numbers) for code, numbers in _by_insurer(refs).items()))
        return [answers.get(ref) for ref in refs]

    async def _renewals(self, refs: list[PolicyRef]) -> Sequence[Renewal | None]:
        if self._asker is None:
            return [None] * len(refs)
        found = await self._host.renewals.latest(self._asker, refs)
        return [found.get(ref) for ref in refs]

    async def _links(self, keys: list[None]) -> Sequence[list[Link]]:
        found = [] if self._asker is None else await self._host.reading.links(self._asker)
        # An insurer that the operator took away takes its accounts out of sight until it comes back.
        links = [link for link in found if link.insurer in self._host.manifests]
        return [links for _ in keys]


def _in_book(book: Book | InsurerError, number: PolicyNumber) -> Policy | InsurerError | None:
    return book if isinstance(book, InsurerError) else book.get(number)


def _by_insurer(refs: Sequence[PolicyRef]) -> Mapping[InsurerCode, list[PolicyNumber]]:
    numbers: defaultdict[InsurerCode, list[PolicyNumber]] = defaultdict(list)
    for ref in refs:
        numbers[ref.insurer].append(ref.number)
    return numbers
