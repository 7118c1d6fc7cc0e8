"""How each insurer's feed into the book stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

import strawberry

from insurers.book import RunState
from insurers.capability import Capability, Manifest
from insurers.errors import ErrorCode
from insurers.text import Text
from schema import book_enums as book_enums
from schema.agency_ports import FeedsOf
from schema.book_feed_run import BookFeedRun
from schema.context import Info
from schema.insurer import Insurer, InsurerAvailability

# A feed may be this much later than its terms say before what it told counts as old.
GRACE = timedelta(hours=12)


@strawberry.enum(
    description="How an insurer's feed stands. READING goes on now, WAITING until `retryAt`; STALE was read, and a"
    " newer one is overdue; FAILED: the last reading came to nothing, and another is tried later."
)
class BookFeedState(Enum):
    FRESH = "fresh"
    STALE = "stale"
    READING = "reading"
    WAITING = "waiting"
    FAILED = "failed"
    NEVER_READ = "never_read"


_S = BookFeedState

_WORDS: Mapping[BookFeedState, Text] = {
    _S.STALE: Text(
        "最新の契約データをまだ取り込んでいません。表示は前回の取込み時点のものです。",
        "A newer feed is overdue. What is shown is as of the last one; start a reading, or ask your operator.",
    ),
    _S.WAITING: Text(
        "保険会社に接続できなかったため、時間をおいて取込みを続けます。",
        "The insurer did not answer; the reading goes on by itself in a while.",
    ),
    _S.FAILED: Text(
        "契約データを取り込めませんでした。あとで自動的にやり直します。続く場合は管理者に連絡してください。",
        "The feed could not be read. Another reading is tried later; if this stays so, tell your operator.",
    ),
    _S.NEVER_READ: Text(
        "契約データはまだ取り込まれていません。取込みを待つか、管理者に連絡してください。",
        "Nothing was read yet. Wait for the first reading, or ask your operator.",
    ),
}

# Where the reason says more than the state: a setback's code, or why a feed is not believed.
_REASONS: Mapping[str, Text] = {
    ErrorCode.SERVICE_CLOSED: Text(
        "保険会社の受付時間外です。受付開始後に取込みを続けます。",
        "The insurer is closed; the reading goes on when it opens.",
    ),
    ErrorCode.RATE_LIMITED: Text(
        "保険会社の回数制限のため、時間をおいて取込みを続けます。",
        "The insurer asked us to be slower; the reading goes on by itself.",
    ),
    ErrorCode.CREDENTIALS_REJECTED: Text(
        "代理店コードまたは鍵を保険会社が受け付けませんでした。管理者に設定の確認を依頼してください。",
        "The insurer does not accept the agency's code or secret. Have your operator check them.",
    ),
    ErrorCode.UPSTREAM_CHANGED: Text(
        "保険会社の契約データの形式が変わったため、取り込めません。管理者に連絡してください。",
        "The insurer's feed is not of the form that we know. Tell your operator.",
    ),
    ErrorCode.NOT_OFFERED: Text(
        "この保険会社は契約データを提供していません。", "This insurer gives no such feed; import a file instead."
    ),
    "replaced": Text(
        "取込みの途中で新しい契約データに替わったため、はじめから取り込み直します。",
        "A newer feed took the place of this one while it was read; the reading begins anew.",
    ),
    "interrupted": Text(
        "ファイルの取込みが途中で止まりました。もう一度ファイルを取り込んでください。",
        "The import of a file was broken off. Import the file again.",
    ),
    "no_appointment": Text(
        "この保険会社との代理店契約が登録されていません。管理者に登録を依頼してください。",
        "The agency has no appointment with this insurer here. Have your operator enter it.",
    ),
    "older": Text(
        "取り込もうとしたデータは、今の台帳より古いものです。新しいデータを取り込んでください。",
        "The feed is older than what the book was read from. Import a newer one.",
    ),
    "wrong_count": Text(
        "データの件数が、データ自身の示す件数と合いません。途中で切れていないか確認し、取り込み直してください。",
        "The feed does not hold as many records as it says: it may be cut off. Fetch it again.",
    ),
    "too_small": Text(
        "多くの契約がデータから一度に無くなっています。保険会社に確認し、正しければ管理者が承認してください。",
        "Most of the book is missing from the feed. Ask the insurer; if it is right, have your operator accept it.",
    ),
    "unread_lines": Text(
        "読めない行があるため、データに無い契約を消えたものとして扱っていません。読めない行を確認してください。",
        "Lines could not be read, so policies that are not in the feed stay in the book. Look at `flaws`.",
    ),
    "anothers": Text(
        "別の代理店のデータのため、取り込んでいません。ファイルと代理店コードを確認してください。",
        "The feed is another agency's, and nothing of it was entered. Check the file and the agency's code.",
    ),
    "no_base": Text(
        "異動データの基準となる全件データが台帳にありません。全件データを取り込むか、次の全件データをお待ちください。",
        "The full feed from which these changes count is not in the book. Import it, or wait for the next full one.",
    ),
    "no_file": Text(
        "ファイルを読めませんでした。もう一度ファイルを取り込んでください。",
        "The file could not be read. Import it again.",
    ),
    "unforeseen": Text(
        "取込み中に予期しないエラーが起きました。自動で再試行します。続く場合は管理者に連絡してください。",
        "An unforeseen error befell the reading. It is tried again by itself; tell your operator if that goes on.",
    ),
}


@strawberry.type(description="One insurer beside the book: how its feed stands, and when it can be asked.")
class BookProvider:
    word: strawberry.Private[FeedsOf]
    manifest: strawberry.Private[Manifest]
    state: BookFeedState = strawberry.field(description="How current its feed is.")

    @strawberry.field(description="Which insurer.")
    def insurer(self) -> Insurer:
        return Insurer(manifest=self.manifest)

    @strawberry.field(description="What it is and what to do, in words; null while all is well.")
    def message(self, info: Info) -> str | None:
        words = self.words()
        return info.context.say(words) if words else None

    @strawberry.field(
        description="Why it waits or failed, or is not believed wholly: a code that gets new members; null otherwise."
    )
    def code(self) -> str | None:
        return self._reason.upper() if self._reason else None

    @strawberry.field(description="When the reading goes on; null unless it waits.")
    def retry_at(self) -> datetime | None:
        return self.word.latest.due_at if self.word.latest and self.state is _S.WAITING else None

    @strawberry.field(description="What the insurer calls its feed; null where it gives none.")
    def feed_name(self, info: Info) -> str | None:
        return info.context.say(self.manifest.feed.name) if self.manifest.feed else None

    @strawberry.field(description="When the insurer made the feed that was last read to its end; null before that.")
    def as_of(self) -> datetime | None:
        return self.word.done.as_of if self.word.done else None

    @strawberry.field(description="When we had read it; null before that.")
    def read_at(self) -> datetime | None:
        return self.word.done.ended_at if self.word.done else None

    @strawberry.field(description="After this a newer feed is overdue; null before the first one.")
    def fresh_until(self) -> datetime | None:
        return fresh_until(self.manifest, self.as_of()) if self.as_of() else None

    @strawberry.field(description="How many of its policies are in the book, as far as the viewer sees it.")
    def entries(self) -> int:
        return self.word.entries

    @strawberry.field(description="The reading under way, or the last one; null before the first.")
    def latest(self) -> BookFeedRun | None:
        return BookFeedRun(word=self.word.latest) if self.word.latest else None

    @strawberry.field(description="The last reading that came to its end; null before the first.")
    def done(self) -> BookFeedRun | None:
        return BookFeedRun(word=self.word.done) if self.word.done else None

    @strawberry.field(description="When its feed can be fetched; null where no source tells.")
    def feed_hours(self) -> InsurerAvailability | None:
        return self._hours(Capability.AGENCY_FEED)

    @strawberry.field(description="When renewals can be made there; null where no source tells.")
    def renewal_hours(self) -> InsurerAvailability | None:
        return self._hours(Capability.RENEWAL)

    @property
    def _reason(self) -> str | None:
        return self.word.latest.words if self.word.latest and self.state is not _S.READING else None

    def words(self) -> Text | None:
        return (_REASONS.get(self._reason) if self._reason else None) or _WORDS.get(self.state)

    def _hours(self, capability: Capability) -> InsurerAvailability | None:
        known = capability in self.manifest.hours
        return InsurerAvailability(manifest=self.manifest, capability=capability) if known else None

    @classmethod
    def of(cls, feeds: FeedsOf, manifest: Manifest, now: datetime) -> "BookProvider":
        return cls(word=feeds, manifest=manifest, state=_state(feeds, manifest, now))


def fresh_until(manifest: Manifest, as_of: datetime) -> datetime:
    """Answer until when what a feed of *as_of* told is fresh."""
    return as_of + (manifest.feed.every if manifest.feed else timedelta()) + GRACE


def _state(feeds: FeedsOf, manifest: Manifest, now: datetime) -> BookFeedState:
    latest, done = feeds.latest, feeds.done
    if latest is not None and latest.state is RunState.RUNNING:
        return _S.WAITING if latest.words and latest.due_at and latest.due_at > now else _S.READING
    if latest is not None and latest.state is RunState.FAILED:
        return _S.FAILED
    if done is None or done.as_of is None:
        return _S.NEVER_READ
    return _S.FRESH if now < fresh_until(manifest, done.as_of) else _S.STALE
