"""Reading for whoever looks: what was told a moment ago is told again, with its time, to the same asker."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

import msgspec

from gateway.journeys.reading import PanelReading
from gateway.recent import Question, Recent
from insurers.account import Link
from insurers.errors import ErrorCode, Unavailable
from insurers.identity import InsurerCode, PolicyNumber
from insurers.policy import Policy, RenewalOffer
from schema.ports import Asker, Told

Word = TypeVar("Word", Policy, RenewalOffer)
Book = Mapping[PolicyNumber, Word]

_ALL = "policies"

# As much as it takes to tell it is a fair measure of what it takes to keep it.
_ENCODER = msgspec.json.Encoder()


class RecentReading:
    """
    Orders never read here: what binds somebody is asked of the insurer then and there (`PanelReading`).

    What an insurer could not answer is asked again by the next who wants it.
    """

    def __init__(self, straight: PanelReading, recent: Recent, *, deadline: timedelta) -> None:
        self._straight = straight
        self._recent = recent
        self._seconds = deadline.total_seconds()
        self.document_url = straight.document_url

    async def links(self, asker: Asker) -> Sequence[Link]:
        return await self._straight.links(asker)

    async def policies(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber] | None
    ) -> Told[Book[Policy]]:
        # Whoever has seen them all need not ask for one of them.
        if numbers is None or self._recent.has(Question(asker.actor, asker.customer, insurer, _ALL)):
            told = await self._asked(asker, insurer, _ALL, lambda: self._straight.policies(asker, insurer, None))
            return told if numbers is None else _only(told, numbers)
        what = "policies", frozenset(numbers)
        return await self._asked(asker, insurer, what, lambda: self._straight.policies(asker, insurer, numbers))

    async def renewal_offers(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Told[Book[RenewalOffer]]:
        what = "offers", frozenset(numbers)
        return await self._asked(asker, insurer, what, lambda: self._straight.renewal_offers(asker, insurer, numbers))

    async def _asked(
        self, asker: Asker, insurer: InsurerCode, what: Hashable, read: Callable[[], Awaitable[Book[Word]]]
    ) -> Told[Book[Word]]:
        question = Question(asker.actor, asker.customer, insurer, what)
        try:
            return await self._recent.ask(question, read, within_seconds=self._seconds, weigh=_weight)
        except TimeoutError:
            raise Unavailable(insurer, code=ErrorCode.TIMEOUT) from None


def _only(told: Told[Book[Word]], numbers: Sequence[PolicyNumber]) -> Told[Book[Word]]:
    some = {number: told.value[number] for number in numbers if number in told.value}
    return msgspec.structs.replace(told, value=some)


def _weight(book: Book[Word]) -> int:
    return len(_ENCODER.encode(list(book.values())))
