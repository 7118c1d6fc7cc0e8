"""One insurer's part of an answer: partial failure is data, not a top-level error."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from insurers.account import Link
from insurers.capability import Manifest
from insurers.comparison import Inquiry
from insurers.errors import (
    AccessDenied,
    Closed,
    Drifted,
    ErrorCode,
    InsurerError,
    Locked,
    NeedsCustomer,
    NotOffered,
    NotOnline,
    Rejected,
    Unavailable,
)
from insurers.setback import Setback, SetbackKind
from insurers.text import Text
from schema.context import Info
from schema.freshness import Freshness
from schema.insurer import Contact, Insurer
from schema.node import policy_id
from schema.problems import again_at, told

if TYPE_CHECKING:
    from schema.action import NextAction


@strawberry.enum(
    description="State of one insurer's part of an answer. PENDING is still awaited, also with a `code`: then it is"
    " late, and what it answers is taken none the less. CONSENT_REQUIRED was told nothing yet, DECLINED may not be told"
    " anything, both by the customer's word; REFUSED said no."
)
class ProviderState(Enum):
    OK = "ok"
    PENDING = "pending"
    CONSENT_REQUIRED = "consent_required"
    DECLINED = "declined"
    REFUSED = "refused"
    AUTH_REQUIRED = "auth_required"
    MAINTENANCE = "maintenance"
    UNAVAILABLE = "unavailable"
    UNSUPPORTED = "unsupported"


@strawberry.enum(
    description="Why an insurer's part is missing. RISK_NOT_ACCEPTED: it does not take the risk. MODEL_UNKNOWN: it does"
    " not know the car's type designation, and an agency may. NOT_QUOTABLE: not for this term or these details."
    " TOO_EARLY: its own renewal has not opened; `opensAt` says when it does."
)
class ProviderErrorCode(Enum):
    TIMEOUT = "timeout"
    CONNECTION_FAILED = "connection_failed"
    OUTSIDE_SERVICE_HOURS = "outside_service_hours"
    CREDENTIALS_REJECTED = "credentials_rejected"
    OTP_REQUIRED = "otp_required"
    LOCKED = "locked"
    NOT_LINKED = "not_linked"
    PORTAL_CHANGED = "portal_changed"
    RATE_LIMITED = "rate_limited"
    NOT_ELIGIBLE = "not_eligible"
    CONSENT_REQUIRED = "consent_required"
    DECLINED = "declined"
    RISK_NOT_ACCEPTED = "risk_not_accepted"
    MODEL_UNKNOWN = "model_unknown"
    NOT_QUOTABLE = "not_quotable"
    ALREADY_RENEWED = "already_renewed"
    TOO_EARLY = "too_early"
    AGENCY_ONLY = "agency_only"
    OTHER = "other"


_STATES: Mapping[type[InsurerError], tuple[ProviderState, ProviderErrorCode]] = {
    Closed: (ProviderState.MAINTENANCE, ProviderErrorCode.OUTSIDE_SERVICE_HOURS),
    NeedsCustomer: (ProviderState.AUTH_REQUIRED, ProviderErrorCode.OTP_REQUIRED),
    AccessDenied: (ProviderState.AUTH_REQUIRED, ProviderErrorCode.CREDENTIALS_REJECTED),
    Locked: (ProviderState.AUTH_REQUIRED, ProviderErrorCode.LOCKED),
    NotOffered: (ProviderState.UNSUPPORTED, ProviderErrorCode.NOT_ELIGIBLE),
    Drifted: (ProviderState.UNAVAILABLE, ProviderErrorCode.PORTAL_CHANGED),
    NotOnline: (ProviderState.REFUSED, ProviderErrorCode.AGENCY_ONLY),
    Rejected: (ProviderState.REFUSED, ProviderErrorCode.OTHER),
    Unavailable: (ProviderState.UNAVAILABLE, ProviderErrorCode.CONNECTION_FAILED),
    InsurerError: (ProviderState.UNAVAILABLE, ProviderErrorCode.OTHER),
}

_OPENS = frozenset({ProviderErrorCode.OUTSIDE_SERVICE_HOURS, ProviderErrorCode.TOO_EARLY})

# What a person can do something about where no program can.
TO_BE_ASKED_ABOUT = frozenset({SetbackKind.AGENCY_ONLY, SetbackKind.REFUSED, SetbackKind.ALREADY_RENEWED})

_UNAVAILABLE: Mapping[ErrorCode, ProviderErrorCode] = {
    ErrorCode.TIMEOUT: ProviderErrorCode.TIMEOUT,
    ErrorCode.RATE_LIMITED: ProviderErrorCode.RATE_LIMITED,
}

_NOT_LINKED = Text(
    "この保険会社とはまだ連携していません。", "No account at this insurer is linked yet: register or link one."
)


@strawberry.type(description="How one insurer did inside an aggregated answer.")
class ProviderStatus:
    insurer: Insurer = strawberry.field(description="Which insurer.")
    state: ProviderState = strawberry.field(description="How far it has answered.")
    code: ProviderErrorCode | None = strawberry.field(description="Why its part is missing; null when it is there.")
    retry_after: datetime | None = strawberry.field(description="When asking again makes sense, where that is known.")
    freshness: Freshness | None = strawberry.field(description="How old its part is; null when it is missing.")
    words: strawberry.Private[Text | None]
    link: strawberry.Private[Link | None] = None
    inquiry: strawberry.Private[Inquiry | None] = None

    @strawberry.field(description="Explanation for people; null when its part is there.")
    def message(self, info: Info) -> str | None:
        return info.context.say(self.words) if self.words else None

    @strawberry.field(description="The insurer's own words, where it said something.")
    def insurer_message(self) -> str | None:
        return self._setback.words if self._setback else None

    @strawberry.field(
        description="Whom to ask, where there is something to ask: whom the insurer named, or else its own desk."
    )
    def contact(self) -> Contact | None:
        if self._setback is None or self._setback.kind not in TO_BE_ASKED_ABOUT:
            return None
        desks = (self._setback.contact, *self.insurer.manifest.contacts)
        return next((Contact(word=desk) for desk in desks if desk is not None), None)

    @strawberry.field(
        description="When it opens next, or its renewal does; null where it is open, or where no source tells."
    )
    def opens_at(self) -> datetime | None:
        return self.retry_after if self.code in _OPENS else None

    @strawberry.field(description="The policy that it was asked about, in a comparison; null where it is about none.")
    def policy_id(self, info: Info) -> strawberry.ID | None:
        return policy_id(info, self.inquiry.policy) if self.inquiry else None

    @strawberry.field(description="What the viewer can do about it.")
    def next_actions(self, info: Info) -> list[Annotated["NextAction", strawberry.lazy("schema.action")]]:
        from schema.action import answer_challenge, link_account
        from schema.inquiry_action import inquiry_actions

        if self.inquiry is not None:
            return inquiry_actions(info, self.inquiry, self.link)
        if self.state is not ProviderState.AUTH_REQUIRED or self.code is ProviderErrorCode.LOCKED:
            return []
        asked = self.link is not None and self.link.challenge is not None
        return [answer_challenge(info, self.link)] if self.link and asked else [link_account(info)]

    @property
    def _setback(self) -> Setback | None:
        return self.inquiry.setback if self.inquiry else None

    @classmethod
    def ok(cls, manifest: Manifest, at: datetime, freshness: Freshness | None = None) -> "ProviderStatus":
        return cls(
            insurer=Insurer(manifest=manifest),
            state=ProviderState.OK,
            code=None,
            retry_after=None,
            freshness=freshness or Freshness.live(at),
            words=None,
        )

    @classmethod
    def missing(cls, manifest: Manifest, error: InsurerError, link: Link | None = None) -> "ProviderStatus":
        state, code = next(said for kind, said in _STATES.items() if isinstance(error, kind))
        if error.code is ErrorCode.NEEDS_NOT_TOLD:
            state, code = ProviderState.CONSENT_REQUIRED, ProviderErrorCode.CONSENT_REQUIRED
        return cls(
            insurer=Insurer(manifest=manifest),
            state=state,
            code=_UNAVAILABLE.get(error.code, code) if isinstance(error, Unavailable) else code,
            retry_after=again_at(error),
            freshness=None,
            words=told(error)[1],
            link=link,
        )

    @classmethod
    def not_linked(cls, manifest: Manifest) -> "ProviderStatus":
        return cls(
            insurer=Insurer(manifest=manifest),
            state=ProviderState.AUTH_REQUIRED,
            code=ProviderErrorCode.NOT_LINKED,
            retry_after=None,
            freshness=None,
            words=_NOT_LINKED,
        )
