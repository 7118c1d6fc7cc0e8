"""What an operator is told of the reading of a feed, and what to do about it."""

from collections.abc import Mapping

from insurers.book import FeedRun, RunState
from insurers.errors import ErrorCode
from insurers.text import Text

_ACCEPT = Text(
    "この内容で正しければ `tabane book sync --agency {agency} --insurer {insurer} --accept` を実行してください。",
    "If that is right, run `tabane book sync --agency {agency} --insurer {insurer} --accept`.",
)

# By `FeedRun.words`. What an insurer's error is called in general stands below.
_WORDS: Mapping[str, Text] = {
    "wrong_count": Text(
        "データの件数が、データ自身に書かれた件数と違います。読めた行は取り込み、消えた契約の確認はしていません。"
        + _ACCEPT.ja,
        "The feed's own count is not what was read. The lines that could be read are in; nobody was marked as gone. "
        + _ACCEPT.en,
    ),
    "too_small": Text(
        "これまでの半分を超える契約がデータにありません。誤りの可能性があるため、消えた契約の印は付けていません。"
        + _ACCEPT.ja,
        "The feed lacks more than half of the policies that it had before. Nobody was marked as gone. " + _ACCEPT.en,
    ),
    "unread_lines": Text(
        "読めない行があるため、データにない契約に消えた印は付けていません。"
        "`tabane book status --flaws` で確認してください。",
        "As some lines could not be read, nobody was marked as gone. See `tabane book status --flaws`.",
    ),
    "older": Text(
        "このデータは、取り込み済みのものより古い日付です。何も取り込んでいません。" + _ACCEPT.ja,
        "This feed is older than the one that was read last. Nothing of it was entered. " + _ACCEPT.en,
    ),
    "anothers": Text(
        "このデータは別の代理店のものです。何も取り込んでいません。"
        "ファイルと --agency、または `tabane agency list` の代理店コードを確認してください。",
        "This feed is another agency's. Nothing of it was entered. See that the file and --agency belong together, "
        "and the agency's code in `tabane agency list`.",
    ),
    "no_base": Text(
        "この異動データの基準となる全件データが取り込まれていません。異動の行は取り込みましたが、台帳は最新とは言えません。"
        "全件のファイルを `tabane book import` で取り込むか、次の全件データを待ってください。",
        "The full file from which these changes count is not in the book. The changes are in, and yet the book may "
        "lack others. Import the full file with `tabane book import`, or wait for the next one.",
    ),
    "no_file": Text(
        "ファイルを読めません。場所と読み取り権限を確認して、もう一度実行してください。",
        "The file cannot be read. See that it is there and may be read, and run it again.",
    ),
    "unforeseen": Text(
        "予期しないエラーでページを取り込めません。間隔をあけて再試行します。続く場合はログを添えて開発元へ連絡してください。",
        "A page could not be entered, for an unforeseen error. It is tried again, ever later. "
        "If that goes on, report it with the log.",
    ),
    "replaced": Text(
        "読み取りの途中で新しいデータに替わりました。始めから読み直します。",
        "The feed was replaced while it was read. It is begun anew.",
    ),
    "interrupted": Text(
        "ファイルの取り込みが途中で止まりました。もう一度実行してください。",
        "The import of a file was broken off. Run it again.",
    ),
    "no_appointment": Text(
        "この代理店は、この保険会社を取り扱っていません。`tabane agency list` で確認してください。",
        "This agency does not sell for this insurer. See `tabane agency list`.",
    ),
    ErrorCode.RATE_LIMITED: Text(
        "保険会社の求めに応じて待っています。自動で続けます。",
        "Waiting as the insurer asks. It goes on by itself.",
    ),
    ErrorCode.SERVICE_CLOSED: Text(
        "保険会社の受付時間外です。再開後に自動で続けます。",
        "The insurer is closed. It goes on by itself when it opens.",
    ),
    ErrorCode.CREDENTIALS_REJECTED: Text(
        "代理店コードか接続用の秘密が正しくありません。"
        "代理店のファイルを直して `tabane agency import` を実行してください。",
        "The agency's code and secret are not right together. Correct the file and run `tabane agency import`.",
    ),
    ErrorCode.UPSTREAM_CHANGED: Text(
        "データの形式が想定と違います。ファイルや保険会社の指定が正しいか確認してください。",
        "This is not the feed that we know. See that the file, or the insurer, is the right one.",
    ),
    ErrorCode.NOT_OFFERED: Text(
        "この保険会社は、この方法では契約データを提供していません。",
        "This insurer gives no policy data in this way.",
    ),
}

_WAITING = Text(
    "保険会社に接続できません。自動で再試行します。",
    "The insurer cannot be reached. It is tried again by itself.",
)
_FAILED = Text(
    "読み取りに失敗しました。自動で再試行します。`tabane book sync` で今すぐ試すこともできます。",
    "It could not be read. It is tried again by itself, or at once by `tabane book sync`.",
)


def told(run: FeedRun) -> Text | None:
    """Answer what there is to say of a reading, if anything."""
    if run.words is None:
        return None
    general = _WAITING if run.state is RunState.RUNNING else _FAILED
    found = _WORDS.get(run.words, general)
    names = {"agency": run.agency, "insurer": run.insurer}
    return Text(found.ja.format(**names), found.en.format(**names))
