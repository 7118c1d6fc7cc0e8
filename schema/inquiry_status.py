"""How one insurer does inside a comparison, of what is written down about its part."""

from collections.abc import Mapping

from insurers.account import Link
from insurers.capability import Manifest
from insurers.comparison import Inquiry, InquiryState
from insurers.errors import ErrorCode
from insurers.setback import Setback, SetbackKind
from insurers.text import Text
from schema.freshness import Freshness
from schema.insurer import Insurer
from schema.provider import ProviderErrorCode, ProviderState, ProviderStatus

_S = ProviderState
_C = ProviderErrorCode
_K = SetbackKind

_NOT_READABLE = Text(
    "保険会社からの応答を読み取れませんでした。担当者が確認します。",
    "The insurer's answer could not be read. Our people have been called.",
)

_SETBACKS: Mapping[SetbackKind, tuple[ProviderState, ProviderErrorCode, Text]] = {
    _K.CLOSED: (
        _S.MAINTENANCE,
        _C.OUTSIDE_SERVICE_HOURS,
        Text(
            "保険会社の受付時間外です。受付開始後にもう一度お試しください。",
            "The insurer is closed. Ask it again when it opens.",
        ),
    ),
    _K.UNAVAILABLE: (
        _S.UNAVAILABLE,
        _C.CONNECTION_FAILED,
        Text(
            "保険会社に接続できませんでした。もう一度お試しください。",
            "The insurer could not be reached. Ask it again.",
        ),
    ),
    _K.LATE: (
        _S.PENDING,
        _C.TIMEOUT,
        Text(
            "時間内に回答がありませんでした。回答が届き次第、表示します。",
            "The insurer did not answer in time. What it answers is shown when it comes.",
        ),
    ),
    _K.NOT_LINKED: (
        _S.AUTH_REQUIRED,
        _C.NOT_LINKED,
        Text(
            "この保険会社とはまだ連携していません。連携すると見積もりを依頼できます。",
            "No account at this insurer is linked yet, and it quotes only with one: register or link one.",
        ),
    ),
    _K.ACCESS_DENIED: (
        _S.AUTH_REQUIRED,
        _C.CREDENTIALS_REJECTED,
        Text(
            "保険会社へのログインが必要です。保険会社のアカウントをもう一度連携してください。",
            "The insurer no longer accepts the linked sign-in. Link the account again.",
        ),
    ),
    _K.NEEDS_CUSTOMER: (
        _S.AUTH_REQUIRED,
        _C.OTP_REQUIRED,
        Text(
            "保険会社がご本人の確認を求めています。届いたワンタイムパスワードを入力してからお進みください。",
            "The insurer asks for a one-time password first. Enter it, and ask again.",
        ),
    ),
    _K.LOCKED: (
        _S.AUTH_REQUIRED,
        _C.LOCKED,
        Text(
            "誤った入力が続いたため、保険会社がお手続きを一時停止しています。しばらくしてからお試しください。",
            "Too many wrong entries: the insurer has locked this for a while. Ask again after that.",
        ),
    ),
    _K.NOT_OFFERED: (
        _S.UNSUPPORTED,
        _C.NOT_ELIGIBLE,
        Text(
            "この保険会社では、インターネットでの見積もりを取り扱っていません。",
            "This insurer does not quote for this online.",
        ),
    ),
    _K.REFUSED: (
        _S.REFUSED,
        _C.OTHER,
        Text(
            "保険会社がこの内容での見積もりを受け付けませんでした。",
            "The insurer does not quote for what it was told.",
        ),
    ),
    _K.AGENCY_ONLY: (
        _S.REFUSED,
        _C.AGENCY_ONLY,
        Text(
            "インターネットでは見積もれません。取扱代理店へお問い合わせください。",
            "This cannot be quoted online. Please ask an agency.",
        ),
    ),
    _K.ALREADY_RENEWED: (
        _S.REFUSED,
        _C.ALREADY_RENEWED,
        Text(
            "次の保険期間のご契約がすでにあるため、プランはありません。次の契約の変更は、取扱代理店へお問い合わせください。",
            "The next term exists already, so there is nothing to choose. To change it, ask the agency.",
        ),
    ),
    _K.TOO_EARLY: (
        _S.REFUSED,
        _C.TOO_EARLY,
        Text(
            "更新手続きの受付開始前です。受付開始後にもう一度お試しください。",
            "The renewal has not opened yet. Ask again when it has.",
        ),
    ),
    _K.DRIFTED: (_S.UNAVAILABLE, _C.PORTAL_CHANGED, _NOT_READABLE),
}

# Where the code says more than the kind of the setback.
_PARTICULAR: Mapping[tuple[SetbackKind, ErrorCode], tuple[ProviderErrorCode, Text | None]] = {
    (_K.UNAVAILABLE, ErrorCode.TIMEOUT): (_C.TIMEOUT, None),
    (_K.UNAVAILABLE, ErrorCode.RATE_LIMITED): (_C.RATE_LIMITED, None),
    (_K.REFUSED, ErrorCode.RISK_NOT_ACCEPTED): (
        _C.RISK_NOT_ACCEPTED,
        Text(
            "保険会社は、この条件ではお引き受けできないと回答しました。",
            "The insurer does not take this risk.",
        ),
    ),
    (_K.AGENCY_ONLY, ErrorCode.MODEL_UNKNOWN): (_C.MODEL_UNKNOWN, None),
    (_K.REFUSED, ErrorCode.INPUT_REFUSED): (
        _C.NOT_QUOTABLE,
        Text(
            "この保険期間または内容では見積もれません。満期日を過ぎた場合は比較をやり直し、"
            "それ以外の場合は保険会社または取扱代理店へお問い合わせください。",
            "It does not quote for this term or these details. Where the term has ended meanwhile, compare anew; "
            "otherwise ask the insurer or an agency.",
        ),
    ),
    (_K.REFUSED, ErrorCode.NEEDS_NOT_TOLD): (
        _C.CONSENT_REQUIRED,
        Text(
            "伝えることに同意された内容だけでは、保険会社は見積もれません。伝える内容を見直してください。",
            "The insurer does not quote with so little. Agree to its being told more, or leave it.",
        ),
    ),
}

_CONSENT_REQUIRED = Text(
    "まだ何も伝えていません。この保険会社に伝える内容をご確認のうえ、同意するかどうかをお選びください。",
    "It was told nothing yet. Read what it would be told, and say whether it may be.",
)
_DECLINED = Text(
    "ご契約の内容を伝えないことを選ばれたため、見積もりを依頼していません。",
    "You chose that it is told nothing, so it was not asked.",
)


def provider_status(
    manifest: Manifest, inquiry: Inquiry, link: Link | None, freshness: Freshness | None
) -> ProviderStatus:
    """Say how the insurer of *inquiry* does; *link* is the customer's account there, *freshness* that of its plans."""
    state, code, words = _said(inquiry)
    return ProviderStatus(
        insurer=Insurer(manifest=manifest),
        state=state,
        code=code,
        retry_after=inquiry.setback.again_at if inquiry.setback and code else None,
        freshness=freshness,
        words=words,
        link=link,
        inquiry=inquiry,
    )


def _said(inquiry: Inquiry) -> tuple[ProviderState, ProviderErrorCode | None, Text | None]:
    if inquiry.state in _STATES:
        return _STATES[inquiry.state]
    return _of_setback(inquiry.setback) if inquiry.setback else _FAILED


_STATES: Mapping[InquiryState, tuple[ProviderState, ProviderErrorCode | None, Text | None]] = {
    InquiryState.CONSENT_NEEDED: (_S.CONSENT_REQUIRED, _C.CONSENT_REQUIRED, _CONSENT_REQUIRED),
    InquiryState.DECLINED: (_S.DECLINED, _C.DECLINED, _DECLINED),
    InquiryState.ASKED: (_S.PENDING, None, None),
    InquiryState.LATE: _SETBACKS[_K.LATE],
    InquiryState.ANSWERED: (_S.OK, None, None),
}

_FAILED = _SETBACKS[_K.UNAVAILABLE]


def _of_setback(setback: Setback) -> tuple[ProviderState, ProviderErrorCode, Text]:
    state, code, words = _SETBACKS[setback.kind]
    code, particular = _PARTICULAR.get((setback.kind, setback.code), (code, None))
    return state, code, setback.reason or particular or words
