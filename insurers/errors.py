"""
What can go wrong between us and an insurer, sorted by what the caller may do next.

* InsurerError
  + Closed           outside its hours; come back at `opens_at`, or queue
  + Locked           too often wrong; nothing was done, come back at `until`
  + Unavailable      nothing was done; asking again is safe
  + Unconfirmed      it may have been done; ask what became of it, never ask again
  + NeedsCustomer    a passcode, a keyword, a confirmation; ask the person, then go on
  + Expired          a link, a keyword, a session; begin again from our draft
  + Rejected         the insurer heard us and said no; do not repeat unchanged
    - Mismatch         the person is not the one on the contract; never says which field
    - Changed          the premium or a document is not what was confirmed; confirm again
    - NotOnline        only the agency can do this; refer
    - Duplicate        already renewed, here, elsewhere or by a rider
  + NotOffered       this insurer does not do that at all
  + AccessDenied     our own credentials were refused; wake an operator
  + Drifted          the answer is not in the wire we know
"""

from datetime import datetime, timedelta
from enum import StrEnum

from insurers.account import Challenge
from insurers.identity import InsurerCode
from insurers.policy import RenewabilityReason


class ErrorCode(StrEnum):
    """The details of an error that every insurer's own codes are mapped to (domain 2.10)."""

    ACCOUNT_LOCKED = "account_locked"
    CONFIRMATION_REQUIRED = "confirmation_required"
    CONNECTION_FAILED = "connection_failed"
    CONTRACT_NOT_ELIGIBLE = "contract_not_eligible"
    CREDENTIALS_REJECTED = "credentials_rejected"
    DOCUMENT_CHANGED = "document_changed"
    EMAIL_ALREADY_REGISTERED = "email_already_registered"
    EMAIL_INVALID = "email_invalid"
    FIRST_PASSWORD_MASKED = "first_password_masked"
    IDENTITY_MISMATCH = "identity_mismatch"
    INPUT_REFUSED = "input_refused"
    KEYWORD_EXPIRED = "keyword_expired"
    KEYWORD_REJECTED = "keyword_rejected"
    LINK_ALREADY_USED = "link_already_used"
    LINK_EXPIRED = "link_expired"
    MODEL_UNKNOWN = "model_unknown"
    NEEDS_NOT_TOLD = "needs_not_told"
    NOT_OFFERED = "not_offered"
    NUMBER_IS_SUCCESSOR = "number_is_successor"
    ONE_TIME_PASSWORD_REQUIRED = "otp_required"
    ONE_TIME_PASSWORD_REJECTED = "otp_rejected"
    APPLICATION_NOT_RECEIVED = "application_not_received"
    OUTCOME_UNKNOWN = "outcome_unknown"
    PASSWORD_CHANGE_REQUIRED = "password_change_required"
    PASSWORD_NOT_ACCEPTED = "password_not_accepted"
    PLAN_NOT_OFFERED = "plan_not_offered"
    POLICY_ALREADY_REGISTERED = "policy_already_registered"
    PREMIUM_CHANGED = "premium_changed"
    RATE_LIMITED = "rate_limited"
    RISK_NOT_ACCEPTED = "risk_not_accepted"
    REFERRED_TO_AGENCY = "referred_to_agency"
    RENEWAL_ALREADY_SUBMITTED = "renewal_already_submitted"
    AUTO_RENEWAL_ACTIVE = "auto_renewal_active"
    SERVICE_CLOSED = "service_closed"
    SESSION_TIMEOUT = "session_timeout"
    TEMPORARY_PASSWORD_EXPIRED = "temporary_password_expired"
    TIMEOUT = "timeout"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    TOO_MANY_POLICIES = "too_many_policies"
    UPSTREAM_CHANGED = "upstream_changed"
    UPSTREAM_UNAVAILABLE = "upstream_unavailable"


class InsurerError(Exception):
    """
    Any trouble with one insurer.

    `words` are the insurer's own, kept for people to read; they never hold personal data,
    because adapters pass on only texts that their wire lists as fixed.
    """

    code: ErrorCode = ErrorCode.UPSTREAM_UNAVAILABLE

    def __init__(self, insurer: InsurerCode, words: str | None = None, *, code: ErrorCode | None = None) -> None:
        super().__init__(insurer, code or type(self).code)
        self.insurer = insurer
        self.words = words
        if code is not None:
            self.code = code


class Closed(InsurerError):
    """The insurer is outside its hours; nothing was done."""

    code = ErrorCode.SERVICE_CLOSED

    def __init__(self, insurer: InsurerCode, words: str | None = None, *, opens_at: datetime | None) -> None:
        super().__init__(insurer, words)
        self.opens_at = opens_at


class Locked(InsurerError):
    """Too often wrong: the insurer listens again at `until`, where it tells; nothing was done."""

    code = ErrorCode.ACCOUNT_LOCKED

    def __init__(self, insurer: InsurerCode, words: str | None = None, *, until: datetime | None) -> None:
        super().__init__(insurer, words)
        self.until = until


class Unavailable(InsurerError):
    """
    Nothing was done, or only something was read; asking again is safe.

    `retry_after` is how long the insurer wants to be left alone, where it says so.
    """

    def __init__(
        self,
        insurer: InsurerCode,
        words: str | None = None,
        *,
        code: ErrorCode | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(insurer, words, code=code)
        self.retry_after = retry_after


class Unconfirmed(InsurerError):
    """The request was sent and no readable answer came: it may have happened."""

    code = ErrorCode.OUTCOME_UNKNOWN


class NeedsCustomer(InsurerError):
    """The insurer asks the person something first; `challenge` is the question where it can be put."""

    code = ErrorCode.ONE_TIME_PASSWORD_REQUIRED

    def __init__(
        self,
        insurer: InsurerCode,
        words: str | None = None,
        *,
        challenge: Challenge | None = None,
        code: ErrorCode | None = None,
    ) -> None:
        super().__init__(insurer, words, code=code)
        self.challenge = challenge


class Expired(InsurerError):
    """A link, a keyword or a session ran out; begin again from our draft."""

    code = ErrorCode.SESSION_TIMEOUT


class Rejected(InsurerError):
    """
    The insurer heard us and said no; the same words will be refused again.

    `attempts_left` says how often a challenge may still be answered wrongly, where the insurer tells.
    """

    code = ErrorCode.INPUT_REFUSED

    def __init__(
        self,
        insurer: InsurerCode,
        words: str | None = None,
        *,
        code: ErrorCode | None = None,
        attempts_left: int | None = None,
    ) -> None:
        super().__init__(insurer, words, code=code)
        self.attempts_left = attempts_left


class Mismatch(Rejected):
    """The person is not the one on the contract. Nobody learns which field differs."""

    code = ErrorCode.IDENTITY_MISMATCH


class Changed(Rejected):
    """What was confirmed is no longer what would be signed; nothing was signed."""

    code = ErrorCode.PREMIUM_CHANGED


class NotOnline(Rejected):
    """Only the agency can do this; `reason` says why and whom to ask, and `opens_at` from when on it is otherwise."""

    code = ErrorCode.REFERRED_TO_AGENCY

    def __init__(
        self,
        insurer: InsurerCode,
        words: str | None = None,
        *,
        reason: RenewabilityReason,
        code: ErrorCode | None = None,
        opens_at: datetime | None = None,
    ) -> None:
        super().__init__(insurer, words, code=code)
        self.reason = reason
        self.opens_at = opens_at


class Duplicate(Rejected):
    """The next term exists already, by us, elsewhere or by a rider."""

    code = ErrorCode.RENEWAL_ALREADY_SUBMITTED


class NotOffered(InsurerError):
    """This insurer does not do that at all."""

    code = ErrorCode.NOT_OFFERED


class AccessDenied(InsurerError):
    """The insurer no longer takes the access we hold; the person must sign in again."""

    code = ErrorCode.CREDENTIALS_REJECTED


class Drifted(InsurerError):
    """The answer is not in the wire we know."""

    code = ErrorCode.UPSTREAM_CHANGED
