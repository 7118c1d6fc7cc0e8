"""Every deed about what a customer lets an agency do."""

import datetime
from typing import Self

import strawberry

from insurers.agency import ConsentScope, Mandate
from schema.access import flow_id, principal
from schema.consent import Consent
from schema.context import Info
from schema.directives import CUSTOMERS
from schema.inputs import key_field
from schema.payloads import Payload
from schema.ports import Done


@strawberry.input(description="Let an agency act.")
class ConsentGrantInput:
    agency_id: strawberry.ID = strawberry.field(description="One of `agencies`.")
    scopes: list[ConsentScope] = strawberry.field(description="How far; READ_POLICIES is among them.")
    statement_hash: str = strawberry.field(
        description="`hash` of the `MultiAgency.consentStatement` that the customer has read: of this agency, these"
        " `scopes` and this `expiresAt`. Another is refused with REVIEW_CHANGED."
    )
    idempotency_key: strawberry.ID = key_field()
    expires_at: datetime.datetime | None = strawberry.field(
        default=None, description="When it ends by itself; without one it lasts until it is taken back."
    )


@strawberry.input(description="Take a consent back.")
class ConsentRevokeInput:
    consent_id: strawberry.ID = strawberry.field(description="The consent to take back (`Consent.id`).")
    idempotency_key: strawberry.ID = key_field()


@strawberry.interface(description="Answer of every mutation of a consent.")
class ConsentPayload(Payload):
    consent: Consent | None = strawberry.field(description="The consent as it stands now; null where there is none.")

    @classmethod
    def of(cls, done: Done[Mandate]) -> Self:
        consent = Consent(word=done.thing) if done.thing else None
        return cls(consent=consent, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="An agency may act from now on.")
class ConsentGrantPayload(ConsentPayload): ...


@strawberry.type(description="An agency may act no more.")
class ConsentRevokePayload(ConsentPayload): ...


@strawberry.type(description="Writes about consents.")
class ConsentMutation:
    @strawberry.mutation(
        description="Let an agency act. The customer's alone to say, and kept as evidence with"
        " `MultiAgency.consentStatement`. It takes the place of whatever this agency was let do before.",
        directives=[CUSTOMERS],
    )
    async def consent_grant(self, info: Info, input: ConsentGrantInput) -> ConsentGrantPayload:
        done = await info.context.host.mandates.grant(
            principal(info),
            flow_id(info, input.agency_id, "MultiAgency"),
            frozenset(input.scopes),
            input.expires_at,
            statement=input.statement_hash,
            key=input.idempotency_key,
        )
        return ConsentGrantPayload.of(done)

    @strawberry.mutation(
        description="Take a consent back, at once: whatever the agency is watching ends.", directives=[CUSTOMERS]
    )
    async def consent_revoke(self, info: Info, input: ConsentRevokeInput) -> ConsentRevokePayload:
        consent = flow_id(info, input.consent_id, "Consent")
        done = await info.context.host.mandates.revoke(principal(info), consent, key=input.idempotency_key)
        return ConsentRevokePayload.of(done)
