"""What Mitsui Sumitomo's refusals mean (WIRE.md §9), sorted by what the caller may do next."""

from collections.abc import Mapping

from insurers.errors import (
    AccessDenied,
    Changed,
    Closed,
    Drifted,
    Duplicate,
    ErrorCode,
    Expired,
    InsurerError,
    Locked,
    Mismatch,
    NotOnline,
    Rejected,
)
from insurers.mitsui_sumitomo import mapping, renewability
from insurers.mitsui_sumitomo.times import moment
from insurers.mitsui_sumitomo.wire.values import Problem

CLOSED = "closed"
LOCKED = frozenset({"account-locked", "code-locked"})

MEANING: Mapping[str, tuple[type[InsurerError], ErrorCode]] = {
    # Sessions, and what stands for one.
    "not-logged-in": (Expired, ErrorCode.SESSION_TIMEOUT),
    "session-expired": (Expired, ErrorCode.SESSION_TIMEOUT),
    "ticket-invalid": (Expired, ErrorCode.SESSION_TIMEOUT),
    "out-of-order": (Expired, ErrorCode.SESSION_TIMEOUT),
    "login-failed": (Rejected, ErrorCode.CREDENTIALS_REJECTED),
    "temporary-password-expired": (Expired, ErrorCode.TEMPORARY_PASSWORD_EXPIRED),
    "easy-login-revoked": (AccessDenied, ErrorCode.CREDENTIALS_REJECTED),
    # Registration.
    "terms-not-accepted": (Rejected, ErrorCode.CONFIRMATION_REQUIRED),
    # The terms that we show are no longer those in force; ours have to be rewritten.
    "terms-changed": (Drifted, ErrorCode.UPSTREAM_CHANGED),
    "mail-address-malformed": (Rejected, ErrorCode.EMAIL_INVALID),
    # The customer's own choice, which nobody has tried yet.
    "keyword-malformed": (Rejected, ErrorCode.INPUT_REFUSED),
    "identity-mismatch": (Mismatch, ErrorCode.IDENTITY_MISMATCH),
    "registration-unknown": (Expired, ErrorCode.SESSION_TIMEOUT),
    "already-sent": (Expired, ErrorCode.SESSION_TIMEOUT),
    "link-unknown": (Rejected, ErrorCode.INPUT_REFUSED),
    "link-used": (Expired, ErrorCode.LINK_ALREADY_USED),
    "link-expired": (Expired, ErrorCode.LINK_EXPIRED),
    "keyword-screen-open": (Expired, ErrorCode.LINK_EXPIRED),
    "keyword-mismatch": (Rejected, ErrorCode.KEYWORD_REJECTED),
    "keyword-locked": (Expired, ErrorCode.TOO_MANY_ATTEMPTS),
    "keyword-expired": (Expired, ErrorCode.KEYWORD_EXPIRED),
    "code-masked": (Rejected, ErrorCode.FIRST_PASSWORD_MASKED),
    "code-mismatch": (Mismatch, ErrorCode.IDENTITY_MISMATCH),
    "line-not-linked": (Rejected, ErrorCode.INPUT_REFUSED),
    "line-code-expired": (Expired, ErrorCode.SESSION_TIMEOUT),
    "password-refused": (Rejected, ErrorCode.PASSWORD_NOT_ACCEPTED),
    "password-differs": (Rejected, ErrorCode.PASSWORD_NOT_ACCEPTED),
    "user-id-taken": (Rejected, ErrorCode.EMAIL_ALREADY_REGISTERED),
    # Contracts and their renewal.
    "contract-not-found": (Rejected, ErrorCode.CONTRACT_NOT_ELIGIBLE),
    "document-unknown": (Rejected, ErrorCode.INPUT_REFUSED),
    "not-eligible": (NotOnline, ErrorCode.CONTRACT_NOT_ELIGIBLE),
    "agency-only": (NotOnline, ErrorCode.REFERRED_TO_AGENCY),
    "referred-to-agency": (NotOnline, ErrorCode.REFERRED_TO_AGENCY),
    "renewal-not-open": (NotOnline, ErrorCode.CONTRACT_NOT_ELIGIBLE),
    "renewal-closed": (NotOnline, ErrorCode.CONTRACT_NOT_ELIGIBLE),
    "already-renewed": (Duplicate, ErrorCode.RENEWAL_ALREADY_SUBMITTED),
    "plan-unknown": (Rejected, ErrorCode.PLAN_NOT_OFFERED),
    "term-not-quotable": (Rejected, ErrorCode.INPUT_REFUSED),
    "model-unknown": (NotOnline, ErrorCode.MODEL_UNKNOWN),
    "risk-refused": (Rejected, ErrorCode.RISK_NOT_ACCEPTED),
    "choice-unknown": (Rejected, ErrorCode.INPUT_REFUSED),
    "choice-not-applicable": (Rejected, ErrorCode.PLAN_NOT_OFFERED),
    "conditions-contradict": (Rejected, ErrorCode.INPUT_REFUSED),
    "confirmation-missing": (Rejected, ErrorCode.CONFIRMATION_REQUIRED),
    "unanswered": (Rejected, ErrorCode.CONFIRMATION_REQUIRED),
    "consent-missing": (Rejected, ErrorCode.CONFIRMATION_REQUIRED),
    "consent-changed": (Changed, ErrorCode.DOCUMENT_CHANGED),
    "document-changed": (Changed, ErrorCode.DOCUMENT_CHANGED),
    "document-not-opened": (Changed, ErrorCode.DOCUMENT_CHANGED),
    "plan-not-requoted": (Changed, ErrorCode.PREMIUM_CHANGED),
    "premium-changed": (Changed, ErrorCode.PREMIUM_CHANGED),
    "key-reused": (Rejected, ErrorCode.INPUT_REFUSED),
}

# These say why in their code, and carry no `riyu`.
REASON = {
    "renewal-not-open": renewability.TOO_EARLY,
    "renewal-closed": renewability.TOO_LATE,
    "agency-only": renewability.NOT_CHANGEABLE,
    "model-unknown": renewability.MODEL_UNKNOWN,
}


def error(problem: Problem) -> InsurerError | None:
    """
    Answer the error that a refusal stands for, or None where WIRE.md does not list it.

    Raises:
        ValueError: a member of the refusal cannot be read.
    """
    if problem.code == CLOSED:
        reopens = problem.saikai_nichiji
        return Closed(mapping.CODE, problem.title, opens_at=moment(reopens) if reopens else None)
    if problem.code in LOCKED:
        opens = problem.kaijo_nichiji
        return Locked(mapping.CODE, problem.title, until=moment(opens) if opens else None)
    if problem.code not in MEANING:
        return None
    kind, code = MEANING[problem.code]
    if issubclass(kind, NotOnline):
        why = renewability.reason(REASON.get(problem.code, problem.riyu), problem.toriatsukai_dairiten)
        opens = problem.uketsuke_kaishi
        return kind(mapping.CODE, words(problem), code=code, reason=why, opens_at=moment(opens) if opens else None)
    if kind is Duplicate and problem.riyu == renewability.BY_RIDER:
        code = ErrorCode.AUTO_RENEWAL_ACTIVE
    if issubclass(kind, Rejected):
        return kind(mapping.CODE, words(problem), code=code, attempts_left=problem.nokori_kaisu)
    return kind(mapping.CODE, words(problem), code=code)


def words(problem: Problem) -> str:
    """A title is the same for one code. On a password the insurer's verdict counts (D8), and it quotes nobody (§9)."""
    return problem.detail if problem.code == "password-refused" else problem.title
