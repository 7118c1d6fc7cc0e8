"""What the words of an agency's book and of what it tells are called."""

from insurers.agency import AgentRole
from insurers.agency_request import RequestKind
from insurers.book import ChangeKind, EntryOrder, Mark, RunState
from insurers.feed import FeedKind, FeedSource, FlawKind
from insurers.reminder import ReminderState, Unsent
from insurers.telling import CalendarScope, DeliveryState, Encoding, EventKind, WebhookState
from insurers.text import Text
from schema.book_provider import BookFeedState
from schema.problems import ProblemCode
from schema.words import Words

BOOK: Words = {
    AgentRole: {
        AgentRole.AGENT: Text("募集人", "Agent"),
        AgentRole.MANAGER: Text("店長・管理者", "Manager"),
    },
    RequestKind: {
        RequestKind.CONSENT: Text("同意の依頼", "Consent to act"),
        RequestKind.LINK: Text("アカウント連携の依頼", "An account to be linked"),
        RequestKind.CONFIRM: Text("確認の依頼", "Something to confirm"),
    },
    ChangeKind: {
        ChangeKind.CHANGED: Text("変更", "Changed"),
        ChangeKind.VANISHED: Text("データから消えた", "Vanished from the feed"),
        ChangeKind.RETURNED: Text("データに戻った", "Returned to the feed"),
    },
    EntryOrder: {
        EntryOrder.DUE: Text("満期日順", "By the end of the term"),
        EntryOrder.KANA: Text("五十音順", "By the holder's reading"),
        EntryOrder.PREMIUM_CHANGE: Text("保険料の増減順", "By how much the premium changes"),
    },
    Mark: {
        Mark.DONE_ELSEWHERE: Text("ほかで手続き済み", "Renewed elsewhere"),
        Mark.REFERRED: Text("代理店で対応", "For the agency to settle"),
    },
    RunState: {
        RunState.RUNNING: Text("取込み中", "Being read"),
        RunState.DONE: Text("取込み完了", "Read"),
        RunState.FAILED: Text("取込み失敗", "Came to nothing"),
    },
    FeedSource: {
        FeedSource.AGENCY_FILE: Text("代理店向けファイル", "A file for agencies"),
        FeedSource.AGENCY_SYSTEM: Text("代理店システム", "A system for agencies"),
    },
    FeedKind: {
        FeedKind.FULL: Text("全件", "Everything"),
        FeedKind.CHANGES: Text("差分", "What changed"),
    },
    FlawKind: {
        FlawKind.TRUNCATED: Text("途中で切れている", "Cut short"),
        FlawKind.WRONG_COLUMN: Text("項目の誤り", "A column that is wrong"),
        FlawKind.UNKNOWN_CODE: Text("未知のコード", "A code that nobody knows"),
        FlawKind.UNDECODABLE: Text("読めない文字", "Characters outside the encoding"),
        FlawKind.IMPOSSIBLE_DATE: Text("ありえない日付", "A date that does not exist"),
        FlawKind.DUPLICATE_NUMBER: Text("証券番号の重複", "The number stood there before"),
        FlawKind.WRONG_AGENCY: Text("別の代理店の契約", "Another agency's"),
        FlawKind.WRONG_COUNT: Text("件数の不一致", "Not as many as it says"),
    },
    BookFeedState: {
        BookFeedState.FRESH: Text("最新", "Current"),
        BookFeedState.STALE: Text("古い", "A newer one is overdue"),
        BookFeedState.READING: Text("取込み中", "Being read"),
        BookFeedState.WAITING: Text("再開待ち", "Goes on in a while"),
        BookFeedState.FAILED: Text("取込み失敗", "Could not be read"),
        BookFeedState.NEVER_READ: Text("未取込み", "Never read"),
    },
    ReminderState: {
        ReminderState.WAITING: Text("送信待ち", "Waiting to be sent"),
        ReminderState.SENT: Text("送信済み", "Sent"),
        ReminderState.UNCONFIRMED: Text("結果不明", "Sent, perhaps"),
        ReminderState.FAILED: Text("送信失敗", "Could not be sent"),
        ReminderState.WITHDRAWN: Text("取りやめ", "Not needed any more"),
        ReminderState.UNSENT: Text("送信対象外", "Could not be written"),
    },
    Unsent: {
        Unsent.NO_ADDRESS: Text("メールアドレスなし", "No mail address"),
        Unsent.BAD_ADDRESS: Text("無効なメールアドレス", "The mail address is not valid"),
        Unsent.NOT_CONNECTED: Text("代理店に接続がない保険会社", "The insurer is not connected"),
    },
    CalendarScope: {
        CalendarScope.ASSIGNED: Text("担当分", "What is given to its agent"),
        CalendarScope.VISIBLE: Text("見られるものすべて", "Everything its agent sees"),
    },
    Encoding: {
        Encoding.UTF_8: Text("UTF-8（BOM付き）", "UTF-8 with a byte order mark"),
        Encoding.CP932: Text("Shift_JIS（CP932）", "Shift_JIS as Windows has it"),
    },
    EventKind: {
        EventKind.RENEWAL_CHANGED: Text("更新の状況の変化", "A renewal changed"),
        EventKind.FEED_READ: Text("契約データの取込み", "A feed was read"),
        EventKind.CONSENT_GRANTED: Text("同意の付与", "A consent was given"),
        EventKind.CONSENT_REVOKED: Text("同意の取消し", "A consent was taken back"),
    },
    WebhookState: {
        WebhookState.ACTIVE: Text("有効", "Told of events"),
        WebhookState.OFF: Text("停止中", "Switched off by the agency"),
        WebhookState.DEAD: Text("応答なしのため停止", "Switched off: it took nothing"),
    },
    DeliveryState: {
        DeliveryState.DUE: Text("送信予定", "To be sent"),
        DeliveryState.DELIVERED: Text("送信済み", "Taken"),
        DeliveryState.FAILED: Text("送信失敗", "Given up"),
    },
    ProblemCode: {
        ProblemCode.NOT_FOUND: Text("見つかりません", "Not there, or not yours"),
        ProblemCode.INVALID: Text("入力の誤り", "Something in the input is wrong"),
        ProblemCode.VERSION_CONFLICT: Text("ほかで更新されています", "It moved on meanwhile"),
        ProblemCode.NOT_ELIGIBLE: Text("オンラインではできません", "It cannot be done online"),
        ProblemCode.CHALLENGE_REQUIRED: Text("確認コードが必要", "The insurer wants a secret first"),
        ProblemCode.CREDENTIALS_REJECTED: Text("ログイン情報が無効", "User id, password or passcode refused"),
        ProblemCode.IDENTITY_MISMATCH: Text("契約内容と不一致", "Not the person on the contract"),
        ProblemCode.EXPIRED: Text("有効期限切れ", "A link or a session has expired"),
        ProblemCode.STEP_LOCKED: Text("まだ進めません", "Not the open step"),
        ProblemCode.QUOTE_EXPIRED: Text("見積りの期限切れ", "The quote has expired"),
        ProblemCode.REVIEW_CHANGED: Text("確認した内容からの変更", "It is not what was reviewed"),
        ProblemCode.PROVIDER_CLOSED: Text("保険会社の受付時間外", "The insurer is closed"),
        ProblemCode.PROVIDER_UNAVAILABLE: Text("保険会社に接続できません", "The insurer cannot be asked now"),
        ProblemCode.OUTCOME_UNKNOWN: Text("結果を確認できません", "It may have been done"),
        ProblemCode.ALREADY_DONE: Text("手続き済み", "Done already"),
        ProblemCode.IDEMPOTENCY_KEY_REUSED: Text("キーの再利用", "The key was used for something else"),
        ProblemCode.TOO_MANY_ATTEMPTS: Text("試行回数の超過", "Wrong too often"),
        ProblemCode.CUSTOMER_ONLY: Text("ご本人のみ", "Only the customer may do it"),
        ProblemCode.CONSENT_REQUIRED: Text("お客さまの同意が必要", "The customer has not allowed it"),
        ProblemCode.DISCLOSURE_CHANGED: Text("提供する情報の変更", "What would be told has changed"),
        ProblemCode.LOSSES_NOT_ACKNOWLEDGED: Text("失われる補償の確認が必要", "Losses of cover were not read"),
        ProblemCode.RATE_LIMITED: Text("操作の回数が上限に到達", "Tried too often"),
    },
}
