"""What was confirmed in a flow and what came of it, as evidence that can be taken away and checked."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from insurers.consent import ActorRole, Consent, ConsentKind, Entry
from insurers.evidence import Compared, Outcome, Quoted
from insurers.evidence import Evidence as EntryWord
from insurers.identity import PolicyNumber
from insurers.money import Yen
from insurers.plan import PremiumNature
from insurers.risk import DataCategory
from schema.access import asker
from schema.arguments import InLanguage
from schema.context import Info
from schema.directives import PERSONAL


@strawberry.interface(
    description="One entry of the evidence: written once, never changed, and holding the hash of the one before it."
    " New kinds may appear."
)
class EvidenceEntry:
    word: strawberry.Private[Entry]

    @strawberry.field(description="Its place; the first is 1.")
    def sequence(self) -> int:
        return self.word.sequence

    @strawberry.field(description="When it happened, by the gateway's clock.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(
        description="Id of who did it: a customer, an agent, or the gateway itself.", directives=[PERSONAL]
    )
    def actor(self) -> str:
        return self.word.actor

    @strawberry.field(description="As what they did it.")
    def role(self) -> ActorRole:
        return self.word.role

    @strawberry.field(
        description="Id of the customer for whom it was done; null where they did it themselves.", directives=[PERSONAL]
    )
    def on_behalf_of(self) -> str | None:
        return self.word.on_behalf_of

    @strawberry.field(description="SHA-256 of the entry, in hex: of its canonical JSON as it stands in the bundle.")
    def hash(self) -> str:
        return self.word.hash

    @strawberry.field(description="`hash` of the entry before it; empty for the first.")
    def previous_hash(self) -> str:
        return self.word.previous


@strawberry.type(description="A line that the insurer showed above the box that was ticked.")
class ShownFact:
    label: str = strawberry.field(description="What it is called.")
    value: str = strawberry.field(description="What it said, in the insurer's words.", directives=[PERSONAL])


@strawberry.type(description="A confirmation or a declaration that somebody gave.")
class ConsentEntry(EvidenceEntry):
    word: strawberry.Private[Consent]

    @strawberry.field(description="What was confirmed, and so what the confirmation is bound to.")
    def kind(self) -> ConsentKind:
        return self.word.kind

    @strawberry.field(description="`key` of the requirement that was answered.")
    def requirement_key(self) -> str:
        return self.word.requirement

    @strawberry.field(description="The exact words that stood there.", directives=[PERSONAL])
    def statement(self) -> str:
        return self.word.statement

    @strawberry.field(description="SHA-256 of `statement` in UTF-8, in hex.")
    def statement_hash(self) -> str:
        return self.word.statement_sha256

    @strawberry.field(description="Language of `statement`; an insurer's own words are never translated.")
    def locale(self) -> str:
        return self.word.locale

    @strawberry.field(
        description="Language in which it was asked for (`Accept-Language` of the request that gave it): of `answer`"
        " and of the labels in `shown`."
    )
    def language(self) -> str:
        return self.word.language or self.word.locale

    @strawberry.field(
        description="What a declaration said to `statement`; null for a confirmation.", directives=[PERSONAL]
    )
    def answer(self) -> str | None:
        return self.word.answer

    @strawberry.field(description="What the insurer showed above it.")
    def shown(self) -> list[ShownFact]:
        return [ShownFact(label=line.label, value=line.value) for line in self.word.shown]

    @strawberry.field(description="Title of the document that it is about.")
    def document_title(self) -> str | None:
        return self.word.document_title

    @strawberry.field(description="SHA-256 of that document's bytes, in hex.")
    def document_hash(self) -> str | None:
        return self.word.document_sha256

    @strawberry.field(description="Premium of the plan that was chosen then.")
    def premium(self) -> Yen | None:
        return self.word.premium

    @strawberry.field(description="Fingerprint of the plan that was chosen then.")
    def plan_fingerprint(self) -> str | None:
        return self.word.plan_fingerprint

    @strawberry.field(description="`review.hash` of the application that it is about.")
    def review_hash(self) -> str | None:
        return self.word.review_fingerprint


@strawberry.type(description="What became of the application.")
class OutcomeEntry(EvidenceEntry):
    word: strawberry.Private[Outcome]

    @strawberry.field(description="What happened, in code; new ones may appear.")
    def event(self) -> str:
        return self.word.event.name

    @strawberry.field(description="What happened, in words.")
    def summary(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.summary, locale)

    @strawberry.field(description="Premium that was applied for.")
    def premium(self) -> Yen | None:
        return self.word.premium

    @strawberry.field(description="Fingerprint of the plan that was applied for.")
    def plan_fingerprint(self) -> str | None:
        return self.word.plan_fingerprint

    @strawberry.field(description="`review.hash` of the application.")
    def review_hash(self) -> str | None:
        return self.word.review_fingerprint

    @strawberry.field(
        description="Number of the gateway's receipt for an application that waited.", directives=[PERSONAL]
    )
    def receipt_number(self) -> str | None:
        return self.word.receipt

    @strawberry.field(description="Number of the next term, as the insurer answered it.", directives=[PERSONAL])
    def new_policy_number(self) -> str | None:
        return self.word.successor


@strawberry.type(description="A plan as it was quoted then.")
class QuotedPlan:
    word: strawberry.Private[Quoted]

    @strawberry.field(description="The insurer's name for it.")
    def name(self) -> str:
        return self.word.name

    @strawberry.field(description="What one term costs.")
    def premium(self) -> Yen:
        return self.word.premium

    @strawberry.field(description="Whether that premium could still change.")
    def nature(self) -> PremiumNature:
        return self.word.nature

    @strawberry.field(description="Until when; null where the insurer does not tell.")
    def valid_until(self) -> datetime | None:
        return self.word.valid_until

    @strawberry.field(description="Fingerprint of what would be bought, and of its price.")
    def plan_fingerprint(self) -> str:
        return self.word.fingerprint


@strawberry.type(description="What became of a comparison.")
class ComparisonEntry(EvidenceEntry):
    word: strawberry.Private[Compared]

    @strawberry.field(description="What happened, in code; new ones may appear.")
    def event(self) -> str:
        return self.word.event.name

    @strawberry.field(description="What happened, in words.")
    def summary(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.summary, locale)

    @strawberry.field(description="Code of the insurer that was asked, answered, or whose plan was chosen.")
    def insurer_code(self) -> str | None:
        return self.word.insurer

    @strawberry.field(description="Number of the policy that it is about.")
    def policy_number(self) -> PolicyNumber | None:
        return self.word.policy.number if self.word.policy else None

    @strawberry.field(
        description="What of the contract was told to an insurer that does not have it; null where nothing was."
    )
    def categories(self) -> list[DataCategory] | None:
        return list(self.word.categories) if self.word.categories is not None else None

    @strawberry.field(
        description="What of the policy was not what it had been; null unless it was read anew. Leave to tell"
        " another insurer of that is asked for again."
    )
    def changed(self) -> list[DataCategory] | None:
        return list(self.word.changed) if self.word.changed is not None else None

    @strawberry.field(description="The plans that came; null where none could.")
    def plans(self) -> list[QuotedPlan] | None:
        return [QuotedPlan(word=plan) for plan in self.word.plans] if self.word.plans is not None else None

    @strawberry.field(description="Why none came, in code; new ones may appear.")
    def setback(self) -> str | None:
        return self.word.setback.name if self.word.setback else None

    @strawberry.field(description="The plan that was chosen.")
    def choice(self) -> QuotedPlan | None:
        return QuotedPlan(word=self.word.choice) if self.word.choice else None

    @strawberry.field(description="`lossesHash` of the plan that was chosen, which had to be acknowledged.")
    def losses_hash(self) -> str | None:
        return self.word.losses


@strawberry.type(description="Everything that was confirmed in a flow and what came of it, in a chain of hashes.")
class Evidence:
    flow: strawberry.Private[str]
    words: strawberry.Private[Sequence[EntryWord]]

    @strawberry.field(description="`hash` of the last entry; it stands for all of them. Null before the first.")
    def head(self) -> str | None:
        return self.words[-1].hash if self.words else None

    @strawberry.field(description="The entries, the first one first.")
    def entries(self) -> list[EvidenceEntry]:
        return [_shown(word) for word in self.words]

    @strawberry.field(description="Fingerprint of the key that seals `bundle`: SHA-256 of the Ed25519 public key.")
    def key_fingerprint(self, info: Info) -> str:
        return info.context.host.evidence.key

    @strawberry.field(
        description="The whole evidence as one sealed JSON file, to keep: `tabane evidence --verify FILE` checks it"
        " without the gateway. It holds what the customer answered.",
        directives=[PERSONAL],
    )
    async def bundle(self, info: Info) -> str | None:
        return await info.context.host.evidence.bundle(asker(info), self.flow)


def _shown(word: EntryWord) -> EvidenceEntry:
    match word:
        case Consent():
            return ConsentEntry(word=word)
        case Outcome():
            return OutcomeEntry(word=word)
        case Compared():
            return ComparisonEntry(word=word)


async def evidence(info: Info, flow: str) -> Evidence | None:
    """Answer the evidence of a renewal or of a comparison; None for whoever is not its customer."""
    words = await info.context.host.evidence.of(asker(info), flow)
    return Evidence(flow=flow, words=words) if words is not None else None
