"""Reminding customers of a maturity: by hand, or because a step of the agency's schedule has come."""

from collections.abc import Mapping
from datetime import timedelta

from gateway.journeys import customer_mails
from gateway.journeys.customer_links import CustomerLinks
from gateway.post import Post
from gateway.store import Work
from gateway.store.outbox import MailState
from insurers.agency import Agency
from insurers.book import CLOSED_ENTRIES, GRADE_WINDOW, SENT_ENTRIES, Entry, Note
from insurers.capability import Manifest
from insurers.flow_event import SERVICE
from insurers.identity import InsurerCode, PolicyRef
from insurers.panel import Clock
from insurers.reminder import Reminder, Unsent
from insurers.renewal import RenewalState
from insurers.text import Text
from schema.problems import Problem, ProblemCode, invalid

SERVICE_NAME = "Tabane"

_ENDED: Mapping[MailState, Text] = {
    MailState.FAILED: Text(
        "満期のご案内メールを届けられませんでした。電話などでご連絡ください。",
        "The reminder could not be delivered. Please call the customer.",
    ),
    MailState.DOUBTFUL: Text(
        "満期のご案内メールが届いたかどうか確認できません。二重に送らないため再送はしていません。電話などでご確認ください。",
        "Nobody knows whether the reminder was delivered. It is not sent twice; please call the customer.",
    ),
}


class Reminding:
    """The one place that writes reminders. A row of their table decides, and the mail lies in the same transaction."""

    kind = "reminder"

    def __init__(
        self, post: Post, clock: Clock, links: CustomerLinks, manifests: Mapping[InsurerCode, Manifest]
    ) -> None:
        self._post = post
        self._clock = clock
        self._links = links
        self._manifests = manifests

    @property
    def can_send(self) -> bool:
        return self._post.is_there

    def refusal(self, entry: Entry) -> Problem | None:
        """Why this customer is not to be reminded of this entry now, by anybody."""
        if not self._post.is_there:
            return NO_POST
        if entry.gone_at is not None:
            return _GONE
        if entry.status in CLOSED_ENTRIES:
            return _SETTLED
        if entry.status in SENT_ENTRIES:
            return _APPLIED
        late = self._clock() - entry.record.ends_at
        if late < timedelta():
            return None
        return _MATURED if late < GRADE_WINDOW else _LONG_OVER

    async def remind(
        self, work: Work, entry: Entry, agency: Agency, *, words: str | None, step: int | None
    ) -> Reminder | None:
        """
        Write a reminder down and have its mail sent by day; one without a mail says why in `unsent`.

        None where this step was taken for this policy and term before.
        """
        now = self._clock()
        insurer = self._manifests.get(entry.insurer)
        to, unsent = customer_mails.whereto(entry) if insurer else (None, Unsent.NOT_CONNECTED)
        reminder = await work.reminders.take(
            agency=agency.id,
            entry=entry.id,
            ref=PolicyRef(entry.insurer, entry.record.number),
            maturity=entry.record.ends_at,
            at=now,
            step=step,
            unsent=unsent,
        )
        if reminder is None or insurer is None or to is None:
            return reminder
        mail = customer_mails.reminder(
            entry,
            agency,
            insurer.name,
            to=to,
            link=self._links.about(entry),
            words=words,
            now=now,
        )
        await work.outbox.add(f"{self.kind}:{reminder.id}", mail, at=now, by_day=True)
        return reminder

    async def stands(self, work: Work, thing: str) -> bool:
        """Whether the customer is still to be reminded: since it was written, the renewal may have been settled."""
        reminder = await work.reminders.get(thing)
        found = await work.book.entries([reminder.entry]) if reminder else {}
        entry = found.get(reminder.entry) if reminder else None
        if reminder is None or entry is None or entry.record.ends_at != reminder.maturity:
            return False
        return self.refusal(entry) is None and not await _has_applied(work, entry)

    async def ended(self, work: Work, thing: str, state: MailState) -> None:
        reminder, words = await work.reminders.get(thing), _ENDED.get(state)
        if reminder is not None and words is not None:
            note = Note(
                id="",
                entry=reminder.entry,
                author=SERVICE,
                author_name=SERVICE_NAME,
                at=self._clock(),
                text=f"{words.ja} / {words.en}",
            )
            await work.book.note(reminder.agency, note)


async def _has_applied(work: Work, entry: Entry) -> bool:
    """
    Whether the customer applied here for the next term, with or without this agency.

    Where the agency may not know, it is not told, and the customer gets no mail that asks to renew again (P-1).
    """
    ref = PolicyRef(entry.insurer, entry.record.number)
    living = await work.renewals.living(ref, entry.record.ends_at)
    return living is not None and living.state in _WENT_OUT


def unsent(why: Unsent) -> Problem:
    """Tell an agent why no mail was written."""
    return NOT_CONNECTED if why is Unsent.NOT_CONNECTED else invalid(_UNSENT[why], "entryIds")


# What a customer has done in these, a reminder must not have them do again.
_WENT_OUT = frozenset({RenewalState.QUEUED, RenewalState.SUBMITTING, RenewalState.UNCONFIRMED, RenewalState.ACCEPTED})

_UNSENT: Mapping[Unsent, Text] = {
    Unsent.NO_ADDRESS: Text(
        "保険会社のデータにメールアドレスがありません。電話などでご連絡ください。",
        "The insurer's data has no mail address of this customer. Please call.",
    ),
    Unsent.BAD_ADDRESS: Text(
        "保険会社のデータのメールアドレスが正しくありません。電話などでご連絡のうえ、アドレスの訂正を保険会社へお届けください。",
        "The mail address in the insurer's data is none. Please call, and have the insurer correct it.",
    ),
}

NOT_CONNECTED = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "この保険会社には、現在このサービスから接続していません。電話などでご連絡のうえ、保険会社の代理店システムでお手続きください。"
        "接続については運用担当者にお問い合わせください。",
        "This service is not connected to the insurer now. Call the customer, and settle it in the insurer's own agency"
        " system; ask whoever runs this service about the connection.",
    ),
)
NO_POST = invalid(
    Text(
        "このゲートウェイにはメールサーバーが設定されていません。運用担当者に設定（TABANE_SMTP_HOST）を依頼してください。",
        "This gateway has no mail server. Ask whoever runs it to set one (TABANE_SMTP_HOST).",
    ),
)
_GONE = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "この契約は保険会社のデータからなくなっています。保険会社に確認してからご連絡ください。",
        "This policy is no longer in the insurer's data. Ask the insurer before you write to the customer.",
    ),
)
_MATURED = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "満期を過ぎています。至急、電話でご連絡ください（等級の継承は満期から7日以内です）。",
        "The term has ended. Call the customer at once: the grade carries over for seven days.",
    ),
)
_LONG_OVER = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "満期から7日（等級の継承期限）を過ぎています。電話でご連絡ください。",
        "The term has ended, and so have the seven days in which the grade carries over. Call the customer.",
    ),
)
_SETTLED = Problem(
    code=ProblemCode.ALREADY_DONE,
    message=Text(
        "更新のお手続きは済んでいます。ご案内は不要です。", "This renewal is settled; there is nothing to remind of."
    ),
)
_APPLIED = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "申込みの手続き中です。二重の申込みを避けるため、結果が出るまでご案内できません。",
        "An application is on its way. A reminder now might have the customer apply twice; wait for the result.",
    ),
)
