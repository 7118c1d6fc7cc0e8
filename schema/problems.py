"""Expected failures of a write, in code and in words, and the one table that makes them of an insurer's errors."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, structs

from insurers.agency import ConsentScope
from insurers.capability import Capability, NumberShape
from insurers.contact import Contact
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
    NeedsCustomer,
    NotOffered,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.identity import InsurerCode
from insurers.losses import Loss
from insurers.policy import RenewabilityReason
from insurers.registration import Trouble
from insurers.text import Text


class ProblemCode(StrEnum):
    """Stable codes; new ones may appear."""

    NOT_FOUND = "not_found"
    INVALID = "invalid"
    VERSION_CONFLICT = "version_conflict"
    NOT_ELIGIBLE = "not_eligible"
    CHALLENGE_REQUIRED = "challenge_required"
    CREDENTIALS_REJECTED = "credentials_rejected"
    IDENTITY_MISMATCH = "identity_mismatch"
    EXPIRED = "expired"
    STEP_LOCKED = "step_locked"
    QUOTE_EXPIRED = "quote_expired"
    REVIEW_CHANGED = "review_changed"
    PROVIDER_CLOSED = "provider_closed"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    OUTCOME_UNKNOWN = "outcome_unknown"
    ALREADY_DONE = "already_done"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    CUSTOMER_ONLY = "customer_only"
    CONSENT_REQUIRED = "consent_required"
    DISCLOSURE_CHANGED = "disclosure_changed"
    LOSSES_NOT_ACKNOWLEDGED = "losses_not_acknowledged"
    RATE_LIMITED = "rate_limited"


class Problem(Struct, frozen=True, kw_only=True):
    """
    One reason why a write was not done.

    `field` is a path into `input`. The other fields stand where their kind of problem has them:
    `current_version` with a conflict, `link` with a challenge, `reasons` with what only the
    agency can do, `insurer` with an insurer that did not answer as hoped. `capability` is what was
    wanted of it, whose hours a client may want to know. `losses` are what a plan loses or narrows, and `scopes`
    what a customer has not let an agency do.
    """

    code: ProblemCode
    message: Text
    field: tuple[str, ...] = ()
    current_version: int | None = None
    link: str | None = None
    reasons: tuple[RenewabilityReason, ...] = ()
    contacts: tuple[Contact, ...] = ()
    insurer: InsurerCode | None = None
    capability: Capability = Capability.RENEWAL
    insurer_words: str | None = None
    retry_at: datetime | None = None
    reason: ErrorCode | None = None
    losses: tuple[Loss, ...] = ()
    scopes: tuple[ConsentScope, ...] = ()


_P = ProblemCode

# The first class that an error is an instance of decides, so narrower ones stand first.
_TOLD: Mapping[type[InsurerError], tuple[ProblemCode, Text]] = {
    Closed: (
        _P.PROVIDER_CLOSED,
        Text(
            "保険会社の受付時間外です。受付開始後にもう一度お試しください。",
            "The insurer is closed. Try again when it opens.",
        ),
    ),
    Locked: (
        _P.TOO_MANY_ATTEMPTS,
        Text(
            "誤った入力が続いたため、保険会社がお手続きを一時停止しています。しばらくしてからお試しください。",
            "Too many wrong entries: the insurer has locked this for a while. Try again after that.",
        ),
    ),
    Unconfirmed: (
        _P.OUTCOME_UNKNOWN,
        Text(
            "保険会社から応答がなく、結果を確認しています。もう一度お申し込みにならないでください。",
            "The insurer did not answer; we are finding out what became of it. Please do not apply again.",
        ),
    ),
    NeedsCustomer: (
        _P.CHALLENGE_REQUIRED,
        Text(
            "保険会社がご本人の確認を求めています。届いたワンタイムパスワードを入力するか、確認を済ませてからお進みください。",
            "The insurer asks for a one-time password or a confirmation first. Enter it, and go on.",
        ),
    ),
    Expired: (
        _P.EXPIRED,
        Text(
            "有効期限が切れています。入力済みの内容から、もう一度お手続きください。",
            "It has expired. Begin again from what you have entered.",
        ),
    ),
    Mismatch: (
        _P.IDENTITY_MISMATCH,
        Text(
            "ご入力の内容がご契約の内容と一致しません。証券などでご確認のうえ、もう一度ご入力ください。",
            "What was entered does not match the contract. Check it against your certificate and enter it again.",
        ),
    ),
    Changed: (
        _P.REVIEW_CHANGED,
        Text(
            "ご確認いただいた後に、保険料または書面が変わりました。もう一度ご確認ください。",
            "The premium or a document has changed since you confirmed it. Please confirm again.",
        ),
    ),
    NotOnline: (
        _P.NOT_ELIGIBLE,
        Text(
            "インターネットではお手続きいただけません。取扱代理店へお問い合わせください。",
            "This cannot be done online. Please ask your agency.",
        ),
    ),
    Duplicate: (
        _P.ALREADY_DONE,
        Text(
            "更新のお手続きはすでにお済みです。あらためてのお申込みは不要です。",
            "This policy has been renewed already. There is nothing more to apply for.",
        ),
    ),
    Rejected: (
        _P.INVALID,
        Text(
            "保険会社が内容を受け付けませんでした。内容をご確認ください。",
            "The insurer did not accept this. Check what was entered.",
        ),
    ),
    NotOffered: (
        _P.NOT_ELIGIBLE,
        Text(
            "この保険会社では、この手続きを取り扱っていません。保険会社または取扱代理店へお問い合わせください。",
            "This insurer does not offer this. Ask the insurer or your agency.",
        ),
    ),
    AccessDenied: (
        _P.CREDENTIALS_REJECTED,
        Text(
            "保険会社へのログインが必要です。保険会社のアカウントをもう一度連携してください。",
            "The insurer wants a sign-in. Link the account there again.",
        ),
    ),
    Drifted: (
        _P.PROVIDER_UNAVAILABLE,
        Text(
            "保険会社からの応答を読み取れませんでした。時間をおいてお試しください。",
            "The insurer's answer could not be read. Try again later.",
        ),
    ),
    Unavailable: (
        _P.PROVIDER_UNAVAILABLE,
        Text(
            "保険会社に接続できませんでした。何も送信されていません。もう一度お試しください。",
            "The insurer could not be reached and nothing was done. Try again.",
        ),
    ),
}


_E = ErrorCode

# Where an insurer told more than the kind of its refusal, and the customer can do something about just that.
_LEAVE = Text(
    "この保険会社にご契約の内容を伝えることへの同意が必要です。伝える内容をご確認のうえ、同意するかどうかをお選びください。",
    "This insurer may be told of the contract only if you agree. Read what it would be told, and say yes or no.",
)
_REASONS: Mapping[ErrorCode, Text] = {
    _E.AUTO_RENEWAL_ACTIVE: Text(
        "自動更新の特約により更新されるご契約です。あらためてのお申込みは不要です。更新を希望されない場合は、取扱代理店へお申し出ください。",
        "A rider renews this policy by itself, so there is nothing to apply for. If you do not want that, tell your "
        "agency.",
    ),
    _E.NEEDS_NOT_TOLD: _LEAVE,
    _E.CONFIRMATION_REQUIRED: Text("確認事項にチェックしてください。", "Read what is to be confirmed, and confirm it."),
    _E.EMAIL_ALREADY_REGISTERED: Text(
        "このメールアドレスは別の方が登録済みです。別のメールアドレスをご入力ください。",
        "Somebody else uses this mail address. Enter another.",
    ),
    _E.EMAIL_INVALID: Text(
        "メールアドレスは半角で、空白を入れずにご入力ください。",
        "Enter the mail address in half-width letters, without spaces.",
    ),
    _E.FIRST_PASSWORD_MASKED: Text(
        "初回パスワード／手続コードが「*****」と表示されている場合はご利用できません。"
        "証券番号による新規登録など、別の方法でご登録ください。",
        "A code that is printed as ***** cannot be used. Register in another way, for example by the policy number.",
    ),
    _E.KEYWORD_EXPIRED: Text(
        "キーワードの有効期限が切れています。はじめからお手続きください。",
        "The keyword has expired. Begin again from what you have entered.",
    ),
    _E.KEYWORD_REJECTED: Text(
        "キーワードが正しくありません。大文字と小文字も区別されます。",
        "This is not the keyword. Capitals matter.",
    ),
    _E.LINK_ALREADY_USED: Text(
        "このリンクは使用済みです。はじめからお手続きいただくと、新しいメールが届きます。",
        "This link was used already; it works once. Begin again, and a new mail comes.",
    ),
    _E.LINK_EXPIRED: Text(
        "リンクの有効期限が切れています。はじめからお手続きいただくと、新しいメールが届きます。",
        "This link has expired. Begin again, and a new mail comes.",
    ),
    _E.NUMBER_IS_SUCCESSOR: Text(
        "これは『更新後』のご契約の証券番号です。現在のご契約の証券番号をご指定ください。",
        "This is the number of the next term. Give the number of the policy that is in force now.",
    ),
    _E.ONE_TIME_PASSWORD_REJECTED: Text(
        "ワンタイムパスワードが正しくありません。メールに記載の最新のものをご入力ください。",
        "This is not the passcode. Enter the one from the latest mail.",
    ),
    _E.PASSWORD_NOT_ACCEPTED: Text(
        "保険会社がこのパスワードを受け付けませんでした。別のパスワードをご指定ください。",
        "The insurer did not accept this password. Choose another.",
    ),
    _E.POLICY_ALREADY_REGISTERED: Text("この証券番号はすでに登録済みです。", "This policy is in the account already."),
    _E.TEMPORARY_PASSWORD_EXPIRED: Text(
        "仮パスワードの有効期限が切れています。はじめからお手続きいただくと、新しいメールが届きます。",
        "The temporary password has expired. Begin again, and a new mail comes.",
    ),
    _E.TOO_MANY_POLICIES: Text(
        "一度に登録できる契約の数を超えています。残りは登録後に追加できます。",
        "Too many policies at once. Register some now, and add the others afterwards.",
    ),
}

# What another input might change. Whoever is told of all else beside a field would correct it in vain.
_OF_INPUT = (Rejected, NotOffered)

# An error whose code says no more than its class needs no reason.
_PLAIN = frozenset({ErrorCode.INPUT_REFUSED, ErrorCode.IDENTITY_MISMATCH})


def told(error: InsurerError) -> tuple[ProblemCode, Text]:
    """Answer the code and the words in which *error* is told to a client."""
    code, words = next(said for kind, said in _TOLD.items() if isinstance(error, kind))
    return code, _REASONS.get(error.code, words)


def again_at(error: InsurerError) -> datetime | None:
    """Answer when trying again makes sense, where the insurer tells."""
    match error:
        case Closed(opens_at=at) | Locked(until=at) | NotOnline(opens_at=at):
            return at
    return None


def problem(
    error: InsurerError, *, field: tuple[str, ...] = (), capability: Capability = Capability.RENEWAL
) -> Problem:
    """
    Make of an insurer's *error* what a client can act on.

    *field* is what was put in, and told where another might do; *capability* is what was wanted.
    """
    code, message = told(error)
    reasons = (error.reason,) if isinstance(error, NotOnline) else ()
    return Problem(
        code=code,
        message=message,
        field=field if isinstance(error, _OF_INPUT) else (),
        reasons=reasons,
        contacts=tuple(reason.contact for reason in reasons if reason.contact),
        insurer=error.insurer,
        capability=capability,
        insurer_words=error.words,
        retry_at=again_at(error),
        reason=None if error.code in _PLAIN else error.code,
    )


def referred(insurer: InsurerCode, reasons: tuple[RenewabilityReason, ...]) -> Problem:
    """Tell that only the agency can go on, and why."""
    return Problem(
        code=ProblemCode.NOT_ELIGIBLE,
        message=_TOLD[NotOnline][1],
        reasons=reasons,
        contacts=tuple(reason.contact for reason in reasons if reason.contact),
        insurer=insurer,
    )


def trouble(error: InsurerError) -> Trouble:
    """Keep of an insurer's *error* what a flow shows until it goes on."""
    return Trouble(code=error.code, message=told(error)[1], insurer_words=error.words)


NOT_FOUND = Problem(
    code=_P.NOT_FOUND, message=Text("見つかりません。", "There is no such thing, or it is not yours to see.")
)
NOT_LINKED = Problem(
    code=_P.CREDENTIALS_REJECTED,
    message=Text(
        "先にこの保険会社のアカウントを連携してください。",
        "This is for an account that is linked: link one at this insurer first.",
    ),
    field=("insurer",),
)
STEP_LOCKED = Problem(
    code=_P.STEP_LOCKED,
    message=Text(
        "この操作は今はできません。表示されている手順からお進みください。",
        "This cannot be done as things stand. Go on with the step that is open, or with what is offered.",
    ),
)
KEY_REUSED = Problem(
    code=_P.IDEMPOTENCY_KEY_REUSED,
    message=Text(
        "この idempotencyKey は別の内容で使われています。新しいキーを使ってください。",
        "This idempotencyKey was used with another input. Use a new key.",
    ),
)
REVIEW_CHANGED = Problem(
    code=_P.REVIEW_CHANGED,
    message=Text(
        "お申込み内容の確認画面が最新のものではありません。最新の内容をもう一度ご確認のうえ、お申し込みください。",
        "This is not the review that stands now. Look at the present one again, and apply for that.",
    ),
    field=("reviewHash",),
)
CONSENT_REQUIRED = Problem(
    code=_P.CONSENT_REQUIRED,
    message=_LEAVE,
    field=("insurer",),
)
DISCLOSURE_CHANGED = Problem(
    code=_P.DISCLOSURE_CHANGED,
    message=Text(
        "保険会社に伝える内容が、ご確認いただいたものから変わっています。最新の内容をもう一度ご確認ください。",
        "What this insurer would be told is not what you were shown. Read what it would be told now, and answer that.",
    ),
    field=("disclosureHash",),
)


def unacknowledged(losses: tuple[Loss, ...]) -> Problem:
    """Tell what a plan loses or narrows, which is to be acknowledged before the plan is chosen."""
    return Problem(
        code=_P.LOSSES_NOT_ACKNOWLEDGED,
        message=Text(
            "現在のご契約より補償がなくなる、または狭くなる可能性のある項目があります。"
            "内容をご確認のうえ、確認した項目の lossesHash を指定してください。",
            "This plan loses or narrows covers of the present contract, or may. Read which, and name them by their "
            "lossesHash.",
        ),
        field=("acknowledgedLosses",),
        losses=losses,
    )


def conflict(version: int) -> Problem:
    return Problem(
        code=_P.VERSION_CONFLICT,
        message=Text(
            "別の操作で内容が変わりました。最新の内容をご確認ください。",
            "The flow has moved on. Look at its present state, and answer that.",
        ),
        field=("expectedVersion",),
        current_version=version,
    )


def unknown(*field: str) -> Problem:
    """Tell that nobody knows what is named there, or that it is not the asker's."""
    return structs.replace(NOT_FOUND, field=field)


def invalid(message: Text, *field: str) -> Problem:
    return Problem(code=_P.INVALID, message=message, field=field)


def misshapen(shape: NumberShape, *field: str) -> Problem:
    """Tell that a number is none of its insurer's, and what one looks like."""
    return invalid(
        Text(
            f"証券番号の形式が違います。{shape.words.ja}例: {shape.example}",
            f"Not a policy number of this insurer. {shape.words.en} Example: {shape.example}",
        ),
        *field,
    )
