"""What another insurer may be told of a contract: the customer says so, line by line, before anything is sent."""

from collections.abc import Collection
from uuid import NAMESPACE_URL, uuid5

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
from insurers.consent import Consent, ConsentKind
from insurers.disclosure import Disclosure, disclosure
from insurers.errors import NotOffered
from insurers.identity import InsurerCode
from insurers.labels import label
from insurers.panel import Clock, Panel
from insurers.risk import DataCategory
from insurers.text import Text
from schema.problems import DISCLOSURE_CHANGED, Problem, invalid, problem, unknown


class CarriedOut(Exception):
    """The order was carried out before; `comparison` tells as what stands now."""

    def __init__(self, comparison: str) -> None:
        super().__init__(comparison)
        self.comparison = comparison


class Sharing:
    def __init__(self, store: Store, panel: Panel, clock: Clock, asking: Asking, onward: Onward) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._asking = asking
        self._onward = onward

    async def granted(
        self,
        customer: str,
        comparison: str,
        insurer: InsurerCode,
        categories: Collection[DataCategory],
        shown: str,
        *,
        order: str,
    ) -> None:
        """
        Write down that the insurer may be told these *categories* of what was *shown*, and ask it.

        Raises:
            Refusal: this is not what would be told, it is not enough to quote, or not the customer says it.
            CarriedOut: it was written down before, whatever was said since.
        """
        said = _name(order)

        async def agree(work: Work) -> list[Errand]:
            found, parts = await _theirs(work, customer, comparison, insurer)
            await self._never(work, found, said)
            told = self._disclosed(found, insurer)
            if told.fingerprint != shown:
                raise Refusal(DISCLOSURE_CHANGED, found)
            agreed = frozenset(categories)
            if not told.needed <= agreed <= told.categories:
                raise Refusal(_not_enough(told), found)
            now = self._clock()
            await comparing_evidence.sharing_consent(work, found, told, agreed, order=said, at=now)
            agreeing = [msgspec.structs.replace(_unrefused(part), categories=agreed, agreed_at=now) for part in parts]
            return await self._onward.moved(work, found, agreeing)

        self._asking.begin(await written(self._store, customer, self._clock(), agree))

    async def declined(self, customer: str, comparison: str, insurer: InsurerCode, *, order: str) -> None:
        """
        Write down that the insurer may be told nothing, or nothing more; whatever it is asked just now is left.

        A no is taken also of an insurer that quotes no more, or that the operator connects no more.

        Raises:
            Refusal: the comparison has no part of this insurer that it must be told of, or not the customer says it.
            CarriedOut: it was written down before.
        """
        said = _name(order)

        async def decline(work: Work) -> list[Inquiry]:
            found, parts = await _theirs(work, customer, comparison, insurer)
            await self._never(work, found, said)
            now = self._clock()
            of = await _agreed(work, found, insurer) or self._refusable(found, insurer)
            await comparing_evidence.sharing_refusal(work, found, insurer, of, order=said, at=now)
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

        self._asking.leave(part.id for part in await written(self._store, customer, self._clock(), decline))

    async def _never(self, work: Work, comparison: Comparison, order: str) -> None:
        """Pass if the order is new. One whose process died before it could answer is in the evidence."""
        if any(consent.order == order for consent in await _consents(work, comparison)):
            raise CarriedOut(comparison.id)

    def _disclosed(self, comparison: Comparison, insurer: InsurerCode) -> Disclosure:
        if insurer not in self._panel:
            raise Refusal(unknown("insurer"), comparison)
        manifest = self._panel[insurer].manifest
        if (terms := quote_terms(manifest)) is None:
            raise Refusal(problem(NotOffered(insurer), field=("insurer",), capability=Capability.QUOTE), comparison)
        return disclosure(insurer, manifest.name, terms, comparison.policies)

    def _refusable(self, comparison: Comparison, insurer: InsurerCode) -> Disclosure | Text:
        """What is refused where nothing was agreed to: what was shown, or else anything."""
        try:
            return self._disclosed(comparison, insurer)
        except Refusal:
            return _ANYTHING


async def _theirs(work: Work, customer: str, comparison: str, insurer: InsurerCode) -> tuple[Comparison, list[Inquiry]]:
    """Answer the comparison, and its parts that this insurer has no contract of."""
    found = await mine(work, customer, comparison)
    parts = [part for part in found.inquiries if part.insurer == insurer and not part.is_own]
    if not parts:
        raise Refusal(unknown("insurer"), found)
    if not acting.may_confirm(ConsentKind.CROSS_INSURER_DATA_SHARING):
        raise Refusal(acting.customer_only(_SHARING, "insurer"), found)
    return found, parts


async def _consents(work: Work, comparison: Comparison) -> list[Consent]:
    entries = await work.consents.of(comparison.id)
    return [entry for entry in entries if isinstance(entry, Consent)]


async def _agreed(work: Work, comparison: Comparison, insurer: InsurerCode) -> Consent | None:
    """Answer what the customer last agreed that this insurer be told."""
    given = [one for one in await _consents(work, comparison) if one.insurer == insurer and one.categories]
    return given[-1] if given else None


def _name(order: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"sharing:{order}"))


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
_ANYTHING = Text(
    "この保険会社に契約内容を伝えることに同意します。", "I agree that this insurer is told of the contract."
)
