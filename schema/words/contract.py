"""What the words of insurers, policies, plans and comparisons are called."""

from insurers.capability import Capability, Level
from insurers.comparison import InquiryState
from insurers.fit import Fit
from insurers.money import LimitBasis, LimitKind
from insurers.plan import PaymentMethod, PremiumNature
from insurers.policy import Confidence, ContractForm, RenewabilityCode
from insurers.text import Text
from insurers.verdict import Verdict
from schema.freshness import FreshnessState
from schema.insurer import Weekday
from schema.matrix import ConditionKey
from schema.policies import OrderDirection
from schema.provider import ProviderErrorCode, ProviderState
from schema.words import Words

CONTRACT: Words = {
    Capability: {
        Capability.REGISTRATION: Text("登録", "Registering"),
        Capability.CREDENTIAL_RESET: Text("ログイン情報の再設定", "Setting a forgotten password anew"),
        Capability.POLICY_READ: Text("契約内容の照会", "Reading policies"),
        Capability.RENEWAL: Text("更新", "Renewing"),
        Capability.REQUOTE: Text("条件を変えた再見積り", "Quoting again with other covers"),
        Capability.QUOTE: Text("他社契約からの見積り", "Quoting what another insurer covers today"),
        Capability.CLAIM_STATUS: Text("事故の対応状況", "Telling how a claim stands"),
        Capability.DOCUMENT_DOWNLOAD: Text("書類のダウンロード", "Handing out documents"),
        Capability.PLAN_VIDEO: Text("プランの動画", "Explaining plans by video"),
        Capability.AGENCY_FEED: Text("代理店向け契約データ", "Telling agencies of their policies"),
    },
    Level: {
        Level.NATIVE: Text("保険会社が対応", "By the insurer itself"),
        Level.EMULATED: Text("組み合わせて対応", "Put together by the gateway"),
        Level.ASSISTED: Text("代理店が対応", "By the agency"),
        Level.NONE: Text("対応なし", "Not at all"),
    },
    Weekday: {
        Weekday.MONDAY: Text("月曜日", "Monday"),
        Weekday.TUESDAY: Text("火曜日", "Tuesday"),
        Weekday.WEDNESDAY: Text("水曜日", "Wednesday"),
        Weekday.THURSDAY: Text("木曜日", "Thursday"),
        Weekday.FRIDAY: Text("金曜日", "Friday"),
        Weekday.SATURDAY: Text("土曜日", "Saturday"),
        Weekday.SUNDAY: Text("日曜日", "Sunday"),
    },
    ContractForm: {
        ContractForm.INDIVIDUAL: Text("個人契約", "Held by a person"),
        ContractForm.GROUP_HANDLED: Text("団体扱契約", "Collected through a payroll group"),
        ContractForm.ASSOCIATION_HANDLED: Text("集団扱契約", "Collected through an association"),
        ContractForm.GROUP_MASTER: Text("団体契約", "Held by a group"),
        ContractForm.CORPORATE: Text("法人契約", "Held by a company"),
        ContractForm.UNKNOWN: Text("不明", "Not known"),
    },
    Confidence: {
        Confidence.INSURER_SAID: Text("保険会社の情報", "Said by the insurer"),
        Confidence.CONFIGURED: Text("公開資料による", "Configured from a document"),
        Confidence.ASSUMED: Text("推定", "Assumed"),
    },
    RenewabilityCode: {
        RenewabilityCode.TOO_EARLY: Text("受付開始前", "Not open yet"),
        RenewabilityCode.TOO_LATE: Text("受付終了", "Not open any more"),
        RenewabilityCode.CORPORATE_POLICYHOLDER: Text("法人契約", "Held by a company"),
        RenewabilityCode.GROUP_CONTRACT: Text("団体契約", "Held by a group"),
        RenewabilityCode.GROUP_CONDITION_NOT_MET: Text(
            "団体扱の条件を満たしません", "Conditions of the group are not met"
        ),
        RenewabilityCode.CHANGE_NEEDS_AGENCY: Text("代理店での変更が必要", "A change that only the agency can make"),
        RenewabilityCode.DISCLOSURE_APPLIES: Text("告知事項に該当", "A declared fact that the agency must look at"),
        RenewabilityCode.RECENT_ACCIDENT: Text("最近の事故", "A recent accident"),
        RenewabilityCode.FLEET_SIZE: Text("所有台数が多い契約", "Too many cars for a non-fleet contract"),
        RenewabilityCode.AUTO_RENEWAL_ACTIVE: Text("自動更新の特約あり", "A rider renews it by itself"),
        RenewabilityCode.ALREADY_RENEWED: Text("更新済み", "Renewed already"),
        RenewabilityCode.CAR_ALREADY_COVERED: Text(
            "同じお車の契約が既にあります", "The car has another contract already"
        ),
        RenewabilityCode.OUTSIDE_SERVICE_HOURS: Text("受付時間外", "Outside the insurer's hours"),
        RenewabilityCode.UNKNOWN: Text("不明", "Not known"),
    },
    PremiumNature: {
        PremiumNature.INDICATION: Text("概算", "Indication: it may still change"),
        PremiumNature.BINDABLE: Text("確定", "Bindable: it is what will be charged"),
    },
    PaymentMethod: {
        PaymentMethod.PAYROLL_DEDUCTION: Text("給与天引き", "Deducted from wages"),
        PaymentMethod.ACCOUNT_TRANSFER: Text("口座振替", "Debited from a bank account"),
        PaymentMethod.CREDIT_CARD: Text("クレジットカード", "Credit card"),
        PaymentMethod.BANK_TRANSFER: Text("銀行振込", "Bank transfer"),
        PaymentMethod.UNKNOWN: Text("不明", "Not known"),
    },
    LimitKind: {
        LimitKind.AMOUNT: Text("金額", "An amount"),
        LimitKind.UNLIMITED: Text("無制限", "Unlimited"),
        LimitKind.NOT_COVERED: Text("補償されません", "Not covered"),
        LimitKind.ACTUAL_VALUE: Text("協定保険価額", "Agreed value of the car"),
        LimitKind.UNKNOWN: Text("示されていません", "Not stated"),
    },
    LimitBasis: {
        LimitBasis.PERSON: Text("1名につき", "For each person"),
        LimitBasis.ACCIDENT: Text("1事故につき", "For each accident"),
        LimitBasis.DAY: Text("1日につき", "For each day"),
    },
    InquiryState: {
        InquiryState.CONSENT_NEEDED: Text("情報提供の同意待ち", "Told nothing yet: the customer has to agree"),
        InquiryState.DECLINED: Text("情報提供なし", "May not be told anything"),
        InquiryState.ASKED: Text("問合せ中", "Asked"),
        InquiryState.LATE: Text("回答が遅れています", "Late; its answer still counts"),
        InquiryState.ANSWERED: Text("回答済み", "Answered"),
        InquiryState.FAILED: Text("回答を得られません", "No offer could be had"),
    },
    Verdict: {
        Verdict.REFERENCE: Text("比較の基準", "What the others are held against"),
        Verdict.EQUAL: Text("同じ", "The same"),
        Verdict.BETTER: Text("手厚い", "Further reaching"),
        Verdict.WORSE: Text("手薄", "Less far reaching"),
        Verdict.DIFFERENT: Text("異なる", "Different: neither more nor less"),
        Verdict.ONLY_HERE: Text("こちらだけにあり", "Only here"),
        Verdict.LOST: Text("なくなる", "Lost"),
        Verdict.UNKNOWN: Text("示されていません", "Not stated"),
    },
    Fit: {
        Fit.MEETS: Text("意向に合う", "What was asked for"),
        Fit.UNCERTAIN: Text("判断できない", "It cannot be told"),
        Fit.FAILS: Text("意向に合わない", "Not what was asked for"),
    },
    ConditionKey: {
        ConditionKey.DRIVERS: Text("運転者の範囲", "Who may drive"),
        ConditionKey.AGE: Text("年齢条件", "From which age"),
        ConditionKey.USE: Text("使用目的", "Use of the car"),
    },
    OrderDirection: {
        OrderDirection.ASC: Text("昇順", "Ascending"),
        OrderDirection.DESC: Text("降順", "Descending"),
    },
    FreshnessState: {
        FreshnessState.LIVE: Text("最新", "Just asked"),
        FreshnessState.CACHED: Text("保存された情報", "Asked before, and still good"),
        FreshnessState.STALE: Text("古い情報", "Old"),
    },
    ProviderState: {
        ProviderState.OK: Text("回答あり", "Answered"),
        ProviderState.PENDING: Text("回答待ち", "Awaited"),
        ProviderState.CONSENT_REQUIRED: Text("情報提供の同意待ち", "Told nothing yet: the customer has to agree"),
        ProviderState.DECLINED: Text("情報提供なし", "May not be told anything"),
        ProviderState.REFUSED: Text("引受け不可", "Said no"),
        ProviderState.AUTH_REQUIRED: Text("ログインが必要", "The customer has to sign in there"),
        ProviderState.MAINTENANCE: Text("受付時間外", "Closed"),
        ProviderState.UNAVAILABLE: Text("接続できません", "Cannot be asked now"),
        ProviderState.UNSUPPORTED: Text("対応なし", "Does not do that"),
    },
    ProviderErrorCode: {
        ProviderErrorCode.TIMEOUT: Text("時間内に回答なし", "No answer in time"),
        ProviderErrorCode.CONNECTION_FAILED: Text("接続できません", "Could not be reached"),
        ProviderErrorCode.OUTSIDE_SERVICE_HOURS: Text("受付時間外", "Outside its hours"),
        ProviderErrorCode.CREDENTIALS_REJECTED: Text("ログイン情報が無効", "User id or password refused"),
        ProviderErrorCode.OTP_REQUIRED: Text("ワンタイムパスワードが必要", "It wants a one-time password"),
        ProviderErrorCode.LOCKED: Text("アカウントの一時停止", "The account is locked for a while"),
        ProviderErrorCode.NOT_LINKED: Text("未連携", "No account is linked"),
        ProviderErrorCode.PORTAL_CHANGED: Text("回答を読み取れません", "Its answer is not understood"),
        ProviderErrorCode.RATE_LIMITED: Text("問合せが集中しています", "Asked too often"),
        ProviderErrorCode.NOT_ELIGIBLE: Text("対象外", "Not for this contract"),
        ProviderErrorCode.CONSENT_REQUIRED: Text("情報提供の同意待ち", "The customer has to agree first"),
        ProviderErrorCode.DECLINED: Text("情報提供なし", "The customer did not agree"),
        ProviderErrorCode.RISK_NOT_ACCEPTED: Text("引受け不可", "It does not take the risk"),
        ProviderErrorCode.MODEL_UNKNOWN: Text("型式を特定できません", "It does not know the car's type"),
        ProviderErrorCode.NOT_QUOTABLE: Text("見積り不可", "Not for this term or these details"),
        ProviderErrorCode.ALREADY_RENEWED: Text("更新済み", "Renewed already"),
        ProviderErrorCode.TOO_EARLY: Text("受付開始前", "Its renewal has not opened"),
        ProviderErrorCode.AGENCY_ONLY: Text("代理店のみ", "Only the agency can do it"),
        ProviderErrorCode.OTHER: Text("その他", "Something else"),
    },
}
