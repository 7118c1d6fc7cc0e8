"""Becoming a member of My Page, and signing in (SJ-REG-06 to SJ-REG-18, SJ-LOG-02)."""

import re
import unicodedata
from datetime import datetime

import msgspec

from insurers.account import (
    ANSWER,
    Access,
    Active,
    Answer,
    Asks,
    Challenge,
    ChallengeKind,
    Channel,
    Credentials,
    masked,
)
from insurers.adapter import Applicant
from insurers.answers import YES
from insurers.errors import Changed, ErrorCode, Expired, Rejected
from insurers.person import Private
from insurers.sompo.access import Keys, opened, sealed
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk, head
from insurers.sompo.enrolment import TERMS_EDITION, TERMS_STATEMENT, Key, StepKey
from insurers.sompo.mapping import applicant as entry
from insurers.sompo.mapping.refusals import unticked
from insurers.sompo.sessions import Sessions
from insurers.sompo.wire import lines, says
from insurers.sompo.wire.members import (
    Entered,
    Hontouroku,
    Kakutei,
    Kiyaku,
    Ninsyo,
    Otp,
    OtpNinsyo,
    Uketuke,
    entered,
    link_key,
)
from insurers.sompo.wire.notation import read_number, read_ts
from insurers.text import Text

# §4.1: not signed in yet, a passcode went out.
PASSCODE_SENT = "41"


class Mailed(Private, frozen=True, tag=True):
    """A link is on its way to *mail*."""

    mail: str
    dies_at: datetime


class Linked(Private, frozen=True, tag=True):
    """The link came back, and holds *key*."""

    mail: str
    key: str


class Coded(Private, frozen=True, tag=True):
    """A passcode is on its way to *mail*."""

    mail: str
    number: str


Waiting = Mailed | Linked | Coded


class Registrations:
    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self._desk = desk
        self._sessions = sessions

    async def begin(self, applicant: Applicant) -> Asks:
        """Only the last of the four calls sends a mail; the others leave nothing behind."""
        _require_confirmed(applicant)
        fields, numbers = entry.fields(applicant), entry.numbers(applicant)
        terms = await self._desk.ask(says.terms(), head(Kiyaku))
        if (terms.kiyaku_ban, terms.doui_bun) != (TERMS_EDITION, TERMS_STATEMENT):
            # Nobody has agreed to this edition, or to these words.
            raise Changed(CODE, code=ErrorCode.DOCUMENT_CHANGED)
        reception = await self._desk.ask(says.agreement(terms.kiyaku_ban), head(Uketuke))

        def reviewed(answer: lines.Answer) -> Entered:
            review = entered(answer)
            if not entry.understood(review, applicant):
                raise ValueError("the review shows something else than was entered")
            return review

        await self._desk.ask(says.entries(reception.uketuke_no, fields, numbers), reviewed)
        return await self._desk.ask(says.confirmation(reception.uketuke_no), _link_sent, writes=True)

    async def sign_in(self, credentials: Credentials, device: Access | None) -> Asks | Active:
        key = opened(device).device if device else ""
        mail = credentials.user_id

        def heard(answer: lines.Answer) -> Asks | Ninsyo:
            if answer.kekka_cd == PASSCODE_SENT:
                return _passcode_sent(answer.head(Otp), mail)
            return answer.head(Ninsyo)

        # Repeating it does no harm: a newer passcode takes the place of the older.
        signed_in = await self._desk.ask(
            says.login(mail, credentials.password, key), heard, also=frozenset({PASSCODE_SENT})
        )
        if isinstance(signed_in, Asks):
            return signed_in
        return self._active(mail, signed_in.kaiin_token, key)

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        match _waiting(challenge):
            case Mailed() as mailed:
                return _link_brought(mailed, answer)
            case Linked() as linked:
                return await self._password_again(linked, answer)
            case Coded() as coded:
                return await self._passcode(coded, answer)

    async def _password_again(self, waiting: Linked, answer: Answer) -> Active:
        trusted = answer.trust_device or answer.values.get(Key.TRUSTED_DEVICE) == YES
        password = answer.values.get(Key.PASSWORD_AGAIN, "")
        member = await self._desk.ask(
            says.full_registration(waiting.key, password, trusted=trusted), head(Hontouroku), writes=True
        )
        return self._active(waiting.mail, member.kaiin_token, member.tanmatu_kagi)

    async def _passcode(self, waiting: Coded, answer: Answer) -> Active:
        code = unicodedata.normalize("NFKC", answer.values.get(ANSWER, "")).strip()
        if not re.fullmatch(r"[0-9]{1,6}", code):
            # What is no passcode costs no attempt.
            raise Rejected(CODE, code=ErrorCode.ONE_TIME_PASSWORD_REJECTED)
        signed_in = await self._desk.ask(
            says.passcode(waiting.number, code, trusted=answer.trust_device), head(OtpNinsyo), writes=True
        )
        return self._active(waiting.mail, signed_in.kaiin_token, signed_in.tanmatu_kagi)

    def _active(self, mail: str, token: str, device: str) -> Active:
        access = sealed(Keys(device=device) if device else Keys(token=token))
        self._sessions.remember(access, token)
        return Active(access=access, user_hint=masked(mail))


def _require_confirmed(applicant: Applicant) -> None:
    """Sending the agreement and the entries says both for the customer, who must have said them first."""
    if any(applicant.values.get(key) != YES for key in (Key.TERMS_CONFIRMED, Key.ENTRIES_CONFIRMED)):
        raise unticked()


def _waiting(challenge: Challenge) -> Waiting:
    try:
        waiting: Waiting = msgspec.json.decode(challenge.state, type=Waiting)
    except msgspec.DecodeError:
        # Not a question of ours, or of another release: it can only be put again.
        raise Expired(CODE) from None
    return waiting


def _link_sent(answer: lines.Answer) -> Asks:
    sent = head(Kakutei)(answer)
    dies_at = read_ts(sent.kigen)
    return Asks(
        Challenge(
            kind=ChallengeKind.MAIL_LINK,
            prompt=Text(
                "登録確認メールに記載されているURLを貼り付けてください。",
                "Paste the link from the mail that was sent to you.",
            ),
            step=StepKey.MAIL_LINK,
            channel=Channel.EMAIL,
            sent_to=masked(sent.mail),
            expires_at=dies_at,
            single_use=True,
            state=msgspec.json.encode(Mailed(sent.mail, dies_at)),
        )
    )


def _link_brought(waiting: Mailed, answer: Answer) -> Asks:
    """Nothing is asked here: the insurer looks at the link and the password together (WIRE.md §3.7)."""
    try:
        key = link_key(answer.values.get(Key.LINK, ""))
    except ValueError:
        raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED) from None
    return Asks(
        Challenge(
            kind=ChallengeKind.PASSWORD,
            prompt=Text(
                "「お客さま情報の入力」画面で設定したパスワードを入力してください。",
                "Enter the password that you chose for this registration.",
            ),
            step=StepKey.FULL_REGISTRATION,
            expires_at=waiting.dies_at,
            single_use=True,
            state=msgspec.json.encode(Linked(waiting.mail, key)),
        )
    )


def _passcode_sent(sent: Otp, mail: str) -> Asks:
    return Asks(
        Challenge(
            kind=ChallengeKind.ONE_TIME_PASSWORD,
            prompt=Text(
                "メールアドレスに届くワンタイムパスワードを入力してください。",
                "Enter the passcode that was sent to you by mail.",
            ),
            channel=Channel.EMAIL,
            sent_to=masked(mail),
            expires_at=read_ts(sent.kigen),
            single_use=True,
            attempts_left=read_number(sent.nokori),
            trust_device_offered=True,
            state=msgspec.json.encode(Coded(mail, sent.otp_no)),
        )
    )
