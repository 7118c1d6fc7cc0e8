"""What may become of a renewal: pure steps from one state to the next, and what is said of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from gateway.journeys import alarm
from gateway.journeys.backoff import RETRY
from insurers.answers import StepState, Subject, bound, referral
from insurers.errors import (
    Changed,
    Closed,
    Drifted,
    Duplicate,
    ErrorCode,
    InsurerError,
    Locked,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.plan import Plan
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.registration import Trouble
from insurers.renewal import Draft, Proposal, Renewal, RenewalEvent, RenewalState
from insurers.script import Binds, Confirmation, Field, Script, Step, StepKind
from insurers.text import Text
from schema.problems import told, trouble

E = RenewalEvent
S = RenewalState

# What is heard when the button was meant to be pressed, and the event that it is; the first that fits decides.
HEARD: Mapping[type[InsurerError], RenewalEvent] = {
    Changed: E.CHANGE,
    Rejected: E.REFUSE,
    Unconfirmed: E.SILENCE,
    # Whatever else went wrong, the button was never reached.
    InsurerError: E.UNREACHABLE,
}

# A worker takes up a rehearsal that a request began no sooner than the request can have given up.
A_WALK = timedelta(minutes=2)

SUMMARIES: Mapping[RenewalEvent, Text] = {
    E.REVISE: Text("内容を変更しました", "Revised"),
    E.COMPLETE: Text("すべての確認が終わりました", "Every confirmation is given"),
    E.CHANGE: Text(
        "保険料または書面が変わったため、申し込んでいません。内容をもう一度ご確認ください",
        "The premium or a document has changed, and nothing was signed. Please look at it again",
    ),
    E.REFER: Text("取扱代理店でのお手続きになりました", "Only the agency can go on"),
    E.RETURN: Text("もう一度確認し、お手続きに戻りました", "Looked at again: nothing stands in the way any more"),
    E.SUBMIT: Text("申込みを送信します", "The application goes out"),
    E.QUEUE: Text("受付開始を待って申し込みます", "Queued until the insurer opens"),
    E.WITHDRAW: Text("申込みを取り下げました", "Taken back"),
    E.CANCEL: Text("手続きをやめました", "Abandoned"),
    E.UNREACHABLE: Text(
        "保険会社に接続できず、まだ送信していません。自動で送信し直します",
        "The insurer could not be reached, and nothing has been sent yet. We try again by ourselves",
    ),
    E.RELEASE: Text(
        "受付時間内に保険会社へ送信できませんでした。申し込まれていません。もう一度お申し込みください",
        "It could not be sent before the insurer closed, and nothing was. Please apply again",
    ),
    E.ACCEPT: Text("更新が完了しました", "The insurer issued the next policy"),
    E.REFUSE: Text("保険会社が申込みを受け付けませんでした", "The insurer refused it"),
    E.SILENCE: Text(
        "申込みを送信しましたが、保険会社から応答がありません。結果をこちらで確認します",
        "It was sent, and the insurer has not answered. We are finding out what became of it",
    ),
    E.ABSENT: Text(
        "申込みは保険会社に届いていませんでした。内容をご確認のうえ、もう一度お申し込みください",
        "The insurer never received the application. Please check it and apply again",
    ),
    E.RETRY: Text(
        "申込みは保険会社に届いていませんでした。お預かりした申込みを送信し直します",
        "The insurer never received the application. As was promised, it is sent again",
    ),
    E.MATURE: Text(
        "満期を過ぎました。至急、取扱代理店へご連絡ください（等級の継承は満期から7日以内です）",
        "The term has ended with nothing sent. Call the agency at once: the grade carries over for seven days",
    ),
}


# What a revision was, where more is known of it.
CHOSEN = Text("プランを選びました", "A plan was chosen")
REQUOTED = Text("補償を変えて再計算しました", "Quoted again, with other covers")
SHOWN = Text("保険会社の最終確認の内容を受け取りました", "The insurer showed what would be signed")


def answered(step: Step) -> Text:
    return Text(f"「{step.title.ja}」を入力しました", f"Answered: {step.title.en}")


# What is forgotten when a wish to apply no longer stands.
NOT_SENT: Mapping[str, None] = {
    "will_submit_at": None,
    "receipt": None,
    "submitted_at": None,
    "alarmed_at": None,
}


def due(renewal: Renewal, now: datetime) -> datetime | None:
    """When somebody should look at it although nobody asked."""
    match renewal.state:
        case S.QUEUED:
            later = min(renewal.will_submit_at or now + RETRY, renewal.cut_off)
            called = alarm.due_at(renewal)
            return min(later, called) if called else later
        case S.UNCONFIRMED:
            return now + RETRY
        case S.IN_PROGRESS if wants_rehearsal(renewal):
            return min(now + A_WALK, renewal.maturity)
        case S.REFERRED if renewal.next_term_exists:
            # So nothing can lapse.
            return None
        case S.IN_PROGRESS | S.READY | S.REFERRED:
            return renewal.maturity
        case S.SUBMITTING | S.ACCEPTED | S.WITHDRAWN | S.LAPSED:
            return None


def key(renewal: Renewal, proposal: Proposal) -> UUID:
    """The key under which this very application is sent, however often it must be tried."""
    return uuid5(UUID(renewal.id), proposal.fingerprint)


def heard(error: InsurerError) -> RenewalEvent:
    return next(event for kind, event in HEARD.items() if isinstance(error, kind))


def reasons(error: InsurerError) -> tuple[RenewabilityReason, ...]:
    """Why only the agency can go on, as an insurer said it."""
    if isinstance(error, NotOnline):
        return (error.reason,)
    code = _RENEWED.get(error.code, RenewabilityCode.ALREADY_RENEWED)
    code = code if isinstance(error, Duplicate) else RenewabilityCode.UNKNOWN
    return (RenewabilityReason(code=code, message=told(error)[1]),)


# A rider that did it is no application of anybody's.
_RENEWED: Mapping[ErrorCode, RenewabilityCode] = {
    ErrorCode.RENEWAL_ALREADY_SUBMITTED: RenewabilityCode.ALREADY_RENEWED,
    ErrorCode.AUTO_RENEWAL_ACTIVE: RenewabilityCode.AUTO_RENEWAL_ACTIVE,
}


def too_late(renewal: Renewal) -> RenewabilityReason:
    """Why an application can wait no longer: the insurer takes none any more before the term has ended."""
    return RenewabilityReason(
        code=RenewabilityCode.TOO_LATE,
        message=Text(
            "インターネットでの受付の締切までに保険会社へ申し込めません。至急、取扱代理店へお問い合わせください。",
            "It can no longer be sent before the insurer's last moment. Ask the agency at once.",
        ),
        contact=renewal.agency,
    )


def never_arrived() -> Trouble:
    """What is told while the customer has to apply once more."""
    return Trouble(code=ErrorCode.APPLICATION_NOT_RECEIVED, message=SUMMARIES[E.ABSENT])


def released() -> Trouble:
    """What is told where the insurer closed before anything could be sent, and nobody gave leave to wait."""
    return Trouble(code=ErrorCode.SERVICE_CLOSED, message=SUMMARIES[E.RELEASE])


def kept_trying(error: InsurerError) -> Trouble:
    """What is told of an *error* while we go on by ourselves: nobody is to repeat anything."""
    kept = trouble(error)
    if isinstance(error, Closed | Unavailable | Drifted):
        return msgspec.structs.replace(kept, message=_WE_GO_ON)
    return kept


_WE_GO_ON = Text(
    "保険会社から応答がありません。こちらで自動的に確認と送信を続けますので、お客さまの操作は不要です。",
    "The insurer does not answer. We go on by ourselves; there is nothing that you need to do.",
)


def reopens_at(error: InsurerError) -> datetime | None:
    """When the insurer says that it listens again."""
    match error:
        case Closed(opens_at=at) | Locked(until=at):
            return at
    return None


def draft(renewal: Renewal, plan: Plan) -> Draft:
    """Everything that the insurer is told, in the customer's present words."""
    return Draft(
        number=renewal.ref.number,
        plan=plan,
        values={name: answer.value for name, answer in renewal.answers.items() if not _is_last(renewal, name)},
        documents=renewal.script.documents(),
    )


def _is_last(renewal: Renewal, requirement: str) -> bool:
    """The consent above the button is about the rehearsal, so it is no part of what is rehearsed."""
    return any(need.key == requirement for step in renewal.script if _applies(step) for need in step.requirements)


def conditions(renewal: Renewal) -> dict[str, str]:
    """What the customer corrected of the conditions that every quote depends on, by requirement key."""
    corrected: dict[str, str] = {}
    for need in renewal.script.requirements():
        answer = renewal.answers.get(need.key)
        if not isinstance(need, Field) or not need.reprices or answer is None:
            continue
        # What stands there anyway is no condition of the customer's.
        if isinstance(answer.value, str) and answer.value != need.suggested:
            corrected[need.key] = answer.value
    return corrected


def wants_rehearsal(renewal: Renewal) -> bool:
    """Whether every step before the application is done, and nobody has yet seen what would be signed."""
    if renewal.state is not S.IN_PROGRESS or renewal.proposal is not None or renewal.plan is None:
        return False
    return all(standing.state is StepState.DONE for standing in renewal.standings if not _applies(standing.step))


def asks_the_same(renewal: Renewal, script: Script) -> bool:
    """
    Whether the insurer still asks and shows what the customer has answered.

    The last step is left out: its words become the insurer's own with the rehearsal, which is compared by itself.
    """
    ours, theirs = ([_question(step) for step in asked.steps[:-1]] for asked in (renewal.script, script))
    return ours == theirs


def _question(step: Step) -> tuple[str, list[tuple[str, bool, str]]]:
    """What of a step the customer's answers are about. Help, and what is suggested, may change as they like."""
    seen = Subject().on(step)
    return step.key, [(need.key, need.required, bound(need, seen)) for need in step.requirements]


def rehearsed(renewal: Renewal, proposal: Proposal, at: datetime) -> Renewal:
    """The renewal with what would be signed, and with the insurer's own words above its button."""
    steps = tuple(_restated(step, proposal) if _applies(step) else step for step in renewal.script)
    return renewal.on(E.REVISE, at=at, proposal=proposal, script=Script(steps), trouble=None)


def outcome(renewal: Renewal, step: Step) -> tuple[RenewalEvent, Mapping[str, tuple[RenewabilityReason, ...]]]:
    """What the answers just given to *step* lead to."""
    for need in step.requirements:
        rule = referral(need, renewal.answers.get(need.key))
        if rule is not None:
            reason = RenewabilityReason(code=rule.code, message=rule.message, contact=rule.contact or renewal.agency)
            return E.REFER, {"reasons": (reason,)}
    return (E.COMPLETE, {}) if is_complete(renewal) else (E.REVISE, {})


def is_outdated(renewal: Renewal, now: datetime) -> bool:
    """Whether the insurer no longer stands by the premium that was reviewed."""
    until = renewal.proposal.plan.valid_until if renewal.proposal else None
    return until is not None and until <= now


def is_complete(renewal: Renewal) -> bool:
    return renewal.proposal is not None and all(standing.state is StepState.DONE for standing in renewal.standings)


def revised(plans: Sequence[Plan], plan: Plan) -> tuple[Plan, ...]:
    """The plans with one of them as newly quoted."""
    return tuple(plan if known.code == plan.code else known for known in plans)


def _applies(step: Step) -> bool:
    return step.kind is StepKind.APPLICATION


def _restated(step: Step, proposal: Proposal) -> Step:
    needs = tuple(
        msgspec.structs.replace(need, statement=proposal.statement)
        if isinstance(need, Confirmation) and Binds.REVIEW in need.binds
        else need
        for need in step.requirements
    )
    return msgspec.structs.replace(step, requirements=needs)
