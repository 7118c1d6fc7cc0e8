"""One look-up for each insurer in an operation, however many fields ask."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from strawberry.dataloader import DataLoader

from insurers.account import Link
from insurers.errors import InsurerError
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Renewal
from schema.ports import Asker, Host

Book: TypeAlias = Mapping[PolicyNumber, Policy]


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
        self.policy: DataLoader[PolicyRef, Policy | InsurerError | None] = DataLoader(self._policies)
        self.offer: DataLoader[PolicyRef, RenewalOffer | InsurerError | None] = DataLoader(self._offers)
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
        answers: dict[PolicyRef, Policy | InsurerError] = {}
        for part in await asyncio.gather(*(self._some(code, numbers) for code, numbers in _by_insurer(refs).items())):
            answers |= part
        return [answers.get(ref) for ref in refs]

    async def _some(self, code: InsurerCode, numbers: list[PolicyNumber]) -> dict[PolicyRef, Policy | InsurerError]:
        found: Book | InsurerError
        if code in self._books:
            found = await self._books[code]
        elif self._asker is None:
            found = {}
        else:
            try:
                found = await self._host.reading.policies(self._asker, code, numbers)
            except InsurerError as error:  # This insurer's policies fail; the others' do not.
                found = error
        if isinstance(found, InsurerError):
            return {PolicyRef(code, number): found for number in numbers}
        return {policy.ref: policy for policy in found.values()}

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
        links = [] if self._asker is None else list(await self._host.reading.links(self._asker))
        return [links for _ in keys]


def _by_insurer(refs: Sequence[PolicyRef]) -> Mapping[InsurerCode, list[PolicyNumber]]:
    numbers: defaultdict[InsurerCode, list[PolicyNumber]] = defaultdict(list)
    for ref in refs:
        numbers[ref.insurer].append(ref.number)
    return numbers
