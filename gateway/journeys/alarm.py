"""What has waited too long for an insurer is called to people's attention; it never fails and is never sent again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from insurers.renewal import Renewal, RenewalState
from insurers.text import Text

Alarm = Callable[[Renewal], None]

# An application that nobody has confirmed, or that could not be sent, after this long wants a person (P-3).
ALARM_AFTER = timedelta(hours=1)

# What still waits this shortly before the insurer's last moment wants a person, however young it is.
ALARM_BEFORE_CUT_OFF = timedelta(hours=3)

RAISED = Text(
    "保険会社に申込みの結果を確認できない状態、または申込みを送信できない状態が続いています。取扱代理店へもご確認ください。"
    "確認は自動で続けます。二重に申し込むことはありません。",
    "The insurer has not confirmed the application, or could not be sent it, for too long. Ask your agency, too. "
    "We go on asking by ourselves, and never apply twice.",
)

log = structlog.stdlib.get_logger("tabane.alarm")


def logged(renewal: Renewal) -> None:
    """Tell the operator, in ids only."""
    log.error(
        "an application waits too long",
        renewal=renewal.id,
        insurer=renewal.ref.insurer,
        state=renewal.state.value,
    )


def due_at(renewal: Renewal) -> datetime | None:
    """When people should be told, if nothing happens before; they are told once."""
    if renewal.alarmed_at is not None:
        return None
    match renewal.state:
        case RenewalState.UNCONFIRMED:
            return (renewal.silent_since or renewal.updated_at) + ALARM_AFTER
        case RenewalState.QUEUED:
            promised = renewal.receipt.promised_for if renewal.receipt else renewal.submitted_at
            last = renewal.cut_off - ALARM_BEFORE_CUT_OFF
            return min(promised + ALARM_AFTER, last) if promised else last
    return None


def is_due(before: Renewal, after: Renewal, now: datetime) -> bool:
    """Whether people should be told now: it takes too long, or what was promised cannot be kept."""
    at = due_at(after)
    return _is_broken(before, after) or (at is not None and at <= now)


def _is_broken(before: Renewal, after: Renewal) -> bool:
    return before.state is RenewalState.QUEUED and after.state in (RenewalState.REFERRED, RenewalState.LAPSED)
