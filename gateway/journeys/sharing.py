"""What another insurer may be told of a contract: the customer says so, line by line, before anything is sent."""

from collections.abc import Collection

import msgspec

from gateway.journeys import acting, comparing_evidence
from gateway.journeys.asking import Asking, Errand
from gateway.journeys.compared import quote_terms
from gateway.journeys.kept_comparisons import mine, written
from gateway.journeys.onward import Onward
from gateway.journeys.refusal import Refusal
from gateway.store import Store, Work
from insurers.capability import Capability
from insurers.comparison import Comparison, Inquiry, InquiryState
from insurers.consent import ConsentKind
from insurers.disclosure import Disclosure, disclosure
from insurers.errors import NotOffered
from insurers.identity import InsurerCode
from insurers.labels import label
from insurers.panel import Clock, Panel
from insurers.risk import DataCategory
from insurers.text import Text
from schema.problems import DISCLOSURE_CHANGED, NOT_FOUND, Problem, invalid, problem


class Sharing:
    def __init__(self, store: Store, panel: Panel, clock: Clock, asking: Asking, onward: Onward) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._asking = asking
        self._onward = onward

    async def granted(
        self, customer: str, comparison: str, insurer: InsurerCode, categories: Collection[DataCategory], shown: str
    ) -> None:
        """
        Write down that the insurer may be told these *categories* of what was *shown*, and ask it.

        Raises:
            Refusal: this is not what would be told, it is not enough to quote, or not the customer says it.
        """

        async def agree(work: Work) -> list[Errand]:
            found, parts, told = await self._disclosed(work, customer, comparison, insurer)
            if told.fingerprint != shown:
                raise Refusal(DISCLOSURE_CHANGED, found)
            agreed = frozenset(categories)
            if not told.needed <= agreed <= told.categories:
                raise Refusal(_not_enough(told), found)
            now = self._clock()
            await comparing_evidence.sharing_consent(work, found, told, granted=True, categories=agreed, at=now)
            agreeing = [msgspec.structs.replace(_unrefused(part), categories=agreed, agreed_at=now) for part in parts]
            return await self._onward.moved(work, found, agreeing)

        self._asking.begin(await written(self._store, agree))

    async def declined(self, customer: str, comparison: str, insurer: InsurerCode) -> None:
        """
        Write down that the insurer may be told nothing, or nothing more; whatever it is asked just now is left.

        Raises:
            Refusal: there is nothing to decline, or not the customer says it.
        """

        async def decline(work: Work) -> list[Inquiry]:
            found, parts, told = await self._disclosed(work, customer, comparison, insurer)
            now = self._clock()
            await comparing_evidence.sharing_consent(work, found, told, granted=False, categories=(), at=now)
            for part in parts:
                after = msgspec.structs.replace(
                    part,
                    state=InquiryState.DECLINED,
                    version=part.version + 1,
                    updated_at=now,
                    categories=frozenset(),
                    agreed_at=None,
                    setback=None,
                )
                await work.inquiries.save(after, was=part.version, due_at=None)
            return parts

        self._asking.leave(part.id for part in await written(self._store, decline))

    async def _disclosed(
        self, work: Work, customer: str, comparison: str, insurer: InsurerCode
    ) -> tuple[Comparison, list[Inquiry], Disclosure]:
        """Answer the comparison, its parts that this insurer has no contract of, and what it would be told."""
        found = await mine(work, customer, comparison)
        parts = [part for part in found.inquiries if part.insurer == insurer and not part.is_own]
        if not parts or insurer not in self._panel:
            raise Refusal(msgspec.structs.replace(NOT_FOUND, field=("insurer",)), found)
        if not acting.may_confirm(ConsentKind.CROSS_INSURER_DATA_SHARING):
            raise Refusal(acting.customer_only(_SHARING, "insurer"), found)
        manifest = self._panel[insurer].manifest
        if (terms := quote_terms(manifest)) is None:
            raise Refusal(problem(NotOffered(insurer), field=("insurer",), capability=Capability.QUOTE), found)
        return found, parts, disclosure(insurer, manifest.name, terms, found.policies)


def _unrefused(part: Inquiry) -> Inquiry:
    """The part as if nobody had ever said no."""
    refused = part.state is InquiryState.DECLINED
    return msgspec.structs.replace(part, state=InquiryState.CONSENT_NEEDED) if refused else part


def _not_enough(told: Disclosure) -> Problem:
    needed, offered = _named(told.needed), _named(told.categories)
    return invalid(
        Text(
            f"見積もりには少なくとも次の項目が必要です：{needed.ja}。お選びいただけるのは次の項目です：{offered.ja}。",
            f"To quote, at least these are needed: {needed.en}. These can be told: {offered.en}.",
        ),
        "categories",
    )


def _named(categories: Collection[DataCategory]) -> Text:
    names = [label(category) for category in DataCategory if category in categories]
    return Text("、".join(name.ja for name in names), "; ".join(name.en for name in names))


_SHARING = Text("ほかの保険会社への情報提供の同意", "Leave to tell another insurer of the contract")
