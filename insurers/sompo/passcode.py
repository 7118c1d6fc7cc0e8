"""The passcode by mail: asked at the door, and now and then of a trusted device (WIRE.md §4.1, §4.5)."""

import re
import unicodedata

import msgspec

from insurers.account import ANSWER, Answer, Challenge, ChallengeKind, Channel
from insurers.errors import ErrorCode, Rejected
from insurers.sompo.code import CODE
from insurers.sompo.waiting import Coded
from insurers.sompo.wire.members import Otp
from insurers.sompo.wire.notation import read_number, read_ts
from insurers.text import Text

# Not signed in yet: a passcode went out.
SENT = "41"


def passcode_sent(sent: Otp, *, hint: str, device: str = "") -> Challenge:
    return Challenge(
        kind=ChallengeKind.ONE_TIME_PASSWORD,
        prompt=Text(
            "メールアドレスに届くワンタイムパスワードを入力してください。",
            "Enter the passcode that was sent to you by mail.",
        ),
        channel=Channel.EMAIL,
        sent_to=hint or None,
        expires_at=read_ts(sent.kigen),
        single_use=True,
        attempts_left=read_number(sent.nokori),
        trust_device_offered=True,
        state=msgspec.json.encode(Coded(hint, sent.otp_no, device)),
    )


def typed_passcode(answer: Answer) -> str:
    """
    Raises:
        Rejected: it is no passcode, and costs no attempt.
    """
    code = unicodedata.normalize("NFKC", answer.values.get(ANSWER, "")).strip()
    if not re.fullmatch(r"[0-9]{1,6}", code):
        raise Rejected(CODE, code=ErrorCode.ONE_TIME_PASSWORD_REJECTED)
    return code
