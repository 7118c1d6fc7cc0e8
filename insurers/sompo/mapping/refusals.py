"""What a refusal means for the caller, code by code (WIRE.md §2)."""

from collections.abc import Callable

from insurers.errors import (
    AccessDenied,
    Changed,
    Duplicate,
    ErrorCode,
    Expired,
    InsurerError,
    Locked,
    Mismatch,
    NotOnline,
    Rejected,
    Unavailable,
)
from insurers.policy import RenewabilityCode
from insurers.sompo.code import CODE
from insurers.sompo.mapping.agency import agency_only, model_unknown, reason
from insurers.sompo.wire.lines import Answer, Outside
from insurers.sompo.wire.notation import read_number, read_ts
from insurers.sompo.wire.refusals import (
    Agency,
    AgencyOnly,
    AttemptsLeft,
    DocumentInForce,
    Fields,
    LockedUntil,
    Nothing,
    OpensAt,
    RiskRefused,
    StepDue,
)

_C = ErrorCode
_R = RenewabilityCode

Meaning = Callable[[Answer, str], InsurerError]


class ProcedureLost(Expired):
    """A procedure is not where we left it. The session in which it was may be as good as ever."""


def _plain(kind: type[InsurerError], code: ErrorCode, beside: type[Nothing | StepDue | OpensAt] = Nothing) -> Meaning:
    """A refusal that means the same whatever stands beside it, which is read only to know that it is there."""

    def meaning(answer: Answer, words: str) -> InsurerError:
        answer.head(beside)
        return kind(CODE, words, code=code)

    return meaning


def _entry(answer: Answer, words: str) -> InsurerError:
    """Some fields are told apart, because a person corrects them elsewhere."""
    names = answer.head(Fields).names
    code = next((code for name, code in _FIELDS.items() if name in names), _C.INPUT_REFUSED)
    return Rejected(CODE, words, code=code)


# WIRE.md §3.3.
_FIELDS = {"MAIL": _C.EMAIL_INVALID, "PASSWORD": _C.PASSWORD_NOT_ACCEPTED}


def _fields(code: ErrorCode) -> Meaning:
    def meaning(answer: Answer, words: str) -> InsurerError:
        answer.head(Fields)
        return Rejected(CODE, words, code=code)

    return meaning


def _attempt(code: ErrorCode) -> Meaning:
    """A wrong answer; with no attempt left, what asked for it is dead."""

    def meaning(answer: Answer, words: str) -> InsurerError:
        left = read_number(answer.head(AttemptsLeft).nokori)
        if left == 0:
            return Expired(CODE, words, code=_C.TOO_MANY_ATTEMPTS)
        return Rejected(CODE, words, code=code, attempts_left=left)

    return meaning


def _locked(answer: Answer, words: str) -> InsurerError:
    return Locked(CODE, words, until=read_ts(answer.head(LockedUntil).kaijyo_nitiji))


def _revised(answer: Answer, words: str) -> InsurerError:
    answer.head(DocumentInForce)
    return Changed(CODE, words, code=_C.DOCUMENT_CHANGED)


def _ineligible(answer: Answer, words: str) -> InsurerError:
    whom = answer.head(Agency)
    return NotOnline(CODE, words, reason=reason(_R.GROUP_CONTRACT, whom), code=_C.CONTRACT_NOT_ELIGIBLE)


def _given_up(answer: Answer, words: str) -> InsurerError:
    answer.head(Nothing)
    return NotOnline(CODE, words, reason=reason(_R.UNKNOWN), code=_C.TOO_MANY_ATTEMPTS)


def _too_early(answer: Answer, words: str) -> InsurerError:
    opens_at = read_ts(answer.head(OpensAt).uketuke_kaisi)
    return NotOnline(CODE, words, reason=reason(_R.TOO_EARLY), code=_C.CONTRACT_NOT_ELIGIBLE, opens_at=opens_at)


def _agency(code: RenewabilityCode) -> Meaning:
    def meaning(answer: Answer, words: str) -> InsurerError:
        return NotOnline(CODE, words, reason=reason(code, answer.head(Agency)))

    return meaning


def _agency_only(answer: Answer, words: str) -> InsurerError:
    beside = answer.head(AgencyOnly)
    return NotOnline(CODE, words, reason=agency_only(beside.riyuu_cd, beside))


def _model(answer: Answer, words: str) -> InsurerError:
    return NotOnline(CODE, words, reason=model_unknown(answer.head(Agency)), code=_C.MODEL_UNKNOWN)


# RIYUU_CD of 67, WIRE.md §13.1.
RISKS = {
    "11": "6等級以下で事故有係数適用期間が4年以上のお車",
    "12": "初度登録から25年以上のお車",
}


def _risk(answer: Answer, words: str) -> InsurerError:
    why = RISKS.get(answer.head(RiskRefused).riyuu_cd)
    return Rejected(CODE, f"{words}（{why}）" if why else words, code=_C.RISK_NOT_ACCEPTED)


# The words are the wire's own fixed texts, not what travelled: that one may change (WIRE.md §2).
REFUSALS: dict[str, tuple[str, Meaning]] = {
    "10": ("入力内容をご確認ください", _entry),
    "11": ("件数の上限を超えています", _plain(Rejected, _C.INPUT_REFUSED)),
    "12": ("使用できない文字が含まれています", _plain(Rejected, _C.INPUT_REFUSED)),
    # A reception is made in the same call that uses it, so losing it is the insurer's trouble.
    "13": ("受付番号が無効です", _plain(Unavailable, _C.UPSTREAM_UNAVAILABLE)),
    "14": ("会員規定への同意が必要です", _plain(Changed, _C.DOCUMENT_CHANGED)),
    "20": ("登録済みのメールアドレスです", _plain(Rejected, _C.EMAIL_ALREADY_REGISTERED)),
    "22": ("ご入力内容とご契約情報が一致しません", _plain(Mismatch, _C.IDENTITY_MISMATCH)),
    "23": ("更新後の証券番号は登録できません", _plain(Rejected, _C.NUMBER_IS_SUCCESSOR)),
    "24": ("マイページに登録できない商品です", _ineligible),
    "25": ("登録できるご契約は5契約までです", _plain(Rejected, _C.TOO_MANY_POLICIES)),
    "26": ("取扱代理店へお問い合わせください", _given_up),
    "27": ("登録済みのご契約です", _plain(Rejected, _C.POLICY_ALREADY_REGISTERED)),
    "28": ("ご契約の追加を一時停止しています", _locked),
    "31": ("URLが無効です", _plain(Expired, _C.LINK_EXPIRED)),
    "32": ("URLの有効期限が切れています", _plain(Expired, _C.LINK_EXPIRED)),
    "33": ("パスワードが一致しません", _attempt(_C.CREDENTIALS_REJECTED)),
    "34": ("会員登録からやりなおしてください", _plain(Expired, _C.TOO_MANY_ATTEMPTS)),
    "35": ("登録済みのURLです", _plain(Expired, _C.LINK_ALREADY_USED)),
    "40": ("IDまたはパスワードが正しくありません", _plain(Rejected, _C.CREDENTIALS_REJECTED)),
    "42": ("ワンタイムパスワードが正しくありません", _attempt(_C.ONE_TIME_PASSWORD_REJECTED)),
    "43": ("ワンタイムパスワードが無効です", _plain(Expired, _C.ONE_TIME_PASSWORD_REJECTED)),
    "44": ("ログインを一時停止しています", _locked),
    "45": ("端末キーが無効です", _plain(AccessDenied, _C.CREDENTIALS_REJECTED)),
    "46": ("再度ログインしてください", _plain(Expired, _C.SESSION_TIMEOUT)),
    "51": ("保険料が変わりました", _plain(Changed, _C.PREMIUM_CHANGED)),
    "52": ("試算が無効です", _plain(Changed, _C.PREMIUM_CHANGED)),
    "53": ("重要事項等説明書が改定されました", _revised),
    "54": ("ご確認のチェックが必要です", _fields(_C.CONFIRMATION_REQUIRED)),
    "55": ("重要事項等説明書をお開きください", _plain(Rejected, _C.CONFIRMATION_REQUIRED)),
    "56": ("お選びいただけない内容です", _fields(_C.PLAN_NOT_OFFERED)),
    "57": ("運転者年齢条件に適合しません", _agency(_R.CHANGE_NEEDS_AGENCY)),
    "60": ("更新手続きの受付開始前です", _too_early),
    "61": ("更新手続きの受付は終了しました", _agency(_R.TOO_LATE)),
    "62": ("更新手続きはお済みです", _plain(Duplicate, _C.RENEWAL_ALREADY_SUBMITTED)),
    "63": ("取扱代理店へお問い合わせください", _agency_only),
    "64": ("安心更新サポート特約により更新済みです", _plain(Duplicate, _C.AUTO_RENEWAL_ACTIVE)),
    "65": ("該当するご契約がありません", _plain(Rejected, _C.CONTRACT_NOT_ELIGIBLE)),
    "66": ("型式を確認できません", _model),
    "67": ("お引受けできません", _risk),
    # A step that was repeated after silence is out of its order: it begins again from the draft.
    "71": ("手続番号が無効です", _plain(ProcedureLost, _C.SESSION_TIMEOUT)),
    "72": ("お手続きの順序が正しくありません", _plain(ProcedureLost, _C.SESSION_TIMEOUT, beside=StepDue)),
    "81": ("該当する書類がありません", _plain(Rejected, _C.INPUT_REFUSED)),
    "85": ("代理店コードまたは代理店キーが正しくありません", _plain(AccessDenied, _C.CREDENTIALS_REJECTED)),
    "86": ("一覧の続きが無効です", _plain(Expired, _C.SESSION_TIMEOUT)),
    "91": ("ただいま混み合っています", _plain(Unavailable, _C.RATE_LIMITED)),
}


def refusal(answer: Answer) -> InsurerError | None:
    """
    Answer what a code other than success means; None for one that is not listed.

    Raises:
        ValueError: what stands beside it is not in the wire.
    """
    if answer.kekka_cd not in REFUSALS:
        return None
    words, meaning = REFUSALS[answer.kekka_cd]
    return meaning(answer, words)


def already_renewed(*, by_rider: bool = False) -> Duplicate:
    """What the insurer would say to an application for a contract that has a successor."""
    words, _ = REFUSALS["64" if by_rider else "62"]
    return Duplicate(CODE, words, code=_C.AUTO_RENEWAL_ACTIVE if by_rider else _C.RENEWAL_ALREADY_SUBMITTED)


def malformed() -> Rejected:
    """The refusal of an entry that the wire has no notation for, given before sending."""
    words, _ = REFUSALS["10"]
    return Rejected(CODE, words, code=_C.INPUT_REFUSED)


# What Sompo would not say, and a person must know who looks for the character in a long form.
_INSTEAD = {
    Outside.KANJI: "漢字の異体字・外字は、一般的な字体の漢字に置き換えてください",
    Outside.SYMBOL: "絵文字や、丸付き数字・一文字の（株）などの記号は、普通の文字に置き換えてください",
    Outside.OTHER: "外国語などの特殊な文字は、かな・漢字・英数字に置き換えてください",
}


def unsayable(sort: Outside) -> Rejected:
    """The refusal of a text that could not be written in Sompo's characters, given before sending."""
    words, _ = REFUSALS["12"]
    return Rejected(CODE, f"{words}（{_INSTEAD[sort]}）", code=_C.INPUT_REFUSED)


def unticked() -> Rejected:
    """The refusal of what lacks a confirmation, given before sending."""
    words, _ = REFUSALS["54"]
    return Rejected(CODE, words, code=_C.CONFIRMATION_REQUIRED)
