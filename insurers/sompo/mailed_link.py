"""The link in a mail, and what is asked of who brings it (WIRE.md §3.5, §4.9)."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from insurers.account import Answer, Asks, Challenge, ChallengeKind, Channel, masked
from insurers.errors import ErrorCode, Rejected
from insurers.sompo.code import CODE
from insurers.sompo.fields import Key, StepKey
from insurers.sompo.waiting import Errand, Linked, Mailed
from insurers.sompo.wire.members import link_key
from insurers.text import Text


class Trip(Struct, frozen=True):
    """What differs between the mails: the page behind the link, and what is asked with and after it."""

    page: str
    link: Text
    link_step: StepKey
    kind: ChallengeKind
    password: Text
    password_step: StepKey


TRIPS: Mapping[Errand, Trip] = {
    Errand.REGISTRATION: Trip(
        page="/touroku/honnin",
        link=Text(
            "登録確認メールに記載されているURLを貼り付けてください。",
            "Paste the link from the mail that was sent to you.",
        ),
        link_step=StepKey.MAIL_LINK,
        kind=ChallengeKind.PASSWORD,
        password=Text(
            "「お客さま情報の入力」画面で設定したパスワードを入力してください。",
            "Enter the password that you chose for this registration.",
        ),
        password_step=StepKey.FULL_REGISTRATION,
    ),
    Errand.RESET: Trip(
        page="/login/saisettei_url",
        link=Text(
            "パスワード再設定のご案内メールに記載されているURLを貼り付けてください。",
            "Paste the link from the mail about your password.",
        ),
        link_step=StepKey.RESET_LINK,
        kind=ChallengeKind.NEW_PASSWORD,
        password=Text("新しいパスワードを入力してください。", "Choose a new password."),
        password_step=StepKey.NEW_PASSWORD,
    ),
}


def link_sent(errand: Errand, mail: str, dies_at: datetime) -> Asks:
    trip = TRIPS[errand]
    return Asks(
        Challenge(
            kind=ChallengeKind.MAIL_LINK,
            prompt=trip.link,
            step=trip.link_step,
            channel=Channel.EMAIL,
            sent_to=masked(mail),
            expires_at=dies_at,
            single_use=True,
            state=msgspec.json.encode(Mailed(mail, dies_at, errand)),
        )
    )


def link_brought(mailed: Mailed, answer: Answer) -> Asks:
    """
    Nothing is asked here: the insurer looks at the link and the password together (§3.7).

    Raises:
        Rejected: it is another link, or none.
    """
    trip = TRIPS[mailed.errand]
    try:
        key = link_key(answer.values.get(Key.LINK, ""), trip.page)
    except ValueError:
        raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED) from None
    return Asks(
        Challenge(
            kind=trip.kind,
            prompt=trip.password,
            step=trip.password_step,
            expires_at=mailed.dies_at,
            single_use=True,
            state=msgspec.json.encode(Linked(mailed.mail, key, mailed.errand)),
        )
    )
