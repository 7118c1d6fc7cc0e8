"""A forgotten password (SJ-LOG-10; its course is invented, WIRE.md §4.9)."""

from insurers.account import Access, Active, Answer, Asks, masked
from insurers.adapter import Applicant
from insurers.registration import Possession, RegistrationMethod, RegistrationPurpose, Suit
from insurers.script import OutOfBand, Script, Step, StepKind
from insurers.sompo.desk import Desk, head
from insurers.sompo.door import Door, trusted
from insurers.sompo.enrolment import PROVISIONAL
from insurers.sompo.fields import BIRTH_DATE, EMAIL, PASSWORD, TRUSTED_DEVICE, Key, StepKey
from insurers.sompo.mailed_link import link_sent
from insurers.sompo.mapping.applicant import birth_date, one
from insurers.sompo.waiting import Errand, Linked
from insurers.sompo.wire import lines, says
from insurers.sompo.wire.members import OtpNinsyo, Saisettei
from insurers.sompo.wire.notation import read_ts
from insurers.text import Text

MEMBER = Step(
    key=StepKey.MEMBER,
    kind=StepKind.IDENTITY,
    title=Text("パスワードを忘れた方はこちら", "Forgotten password"),
    help=Text(
        "ご登録のメールアドレス（ID）と生年月日を入力してください。ご登録内容と一致する場合にのみ、メールが届きます。",
        "Enter the mail address (ID) and birth date of your registration. A mail comes only if they are right.",
    ),
    requirements=(EMAIL, BIRTH_DATE),
    sends=True,
)

RESET_LINK = Step(
    key=StepKey.RESET_LINK,
    kind=StepKind.OUT_OF_BAND,
    title=Text("パスワード再設定のご案内メール", "The mail about your password"),
    help=Text(
        "URLの有効期間はメールの送信から24時間で、一度だけご利用いただけます。",
        "The link dies 24 hours after it was sent, and works once.",
    ),
    requirements=(
        OutOfBand(
            key=Key.LINK,
            label=Text("パスワード再設定のご案内メールに記載されているURL", "The link in the mail"),
        ),
    ),
)

NEW_PASSWORD = Step(
    key=StepKey.NEW_PASSWORD,
    kind=StepKind.CREDENTIALS,
    title=Text("新しいパスワード", "New password"),
    help=Text(
        "再設定すると、これまでの信頼できる端末の登録はすべて解除されます。",
        "No device that you trusted before is trusted any longer.",
    ),
    requirements=(PASSWORD, TRUSTED_DEVICE),
)

PASSWORD_RESET = RegistrationMethod(
    key="password_reset",
    label=Text("パスワードの再設定", "Password reset"),
    needs=(
        Text("ご登録のメールアドレスで受信できること", "The mailbox of your registration"),
        Text("生年月日", "Your birth date"),
    ),
    script=Script(steps=(MEMBER, RESET_LINK, NEW_PASSWORD)),
    purpose=RegistrationPurpose.CREDENTIAL_RESET,
    suits=(
        Suit(
            holding=frozenset({Possession.REGISTERED_MAILBOX}),
            why=Text(
                "ご登録のメールアドレスに届くURLから、新しいパスワードを設定できます。",
                "A link sent to the mailbox of your registration lets you choose a new password.",
            ),
        ),
    ),
    instead=PROVISIONAL.key,
)


class Reset:
    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk = desk
        self._door = door

    async def begin(self, applicant: Applicant, access: Access | None) -> Asks:
        """Answers alike whether there is such a member or not."""
        mail = one(applicant.values, Key.EMAIL)

        def sent(answer: lines.Answer) -> Asks:
            return link_sent(Errand.RESET, mail, read_ts(head(Saisettei)(answer).kigen))

        return await self._desk.ask(says.reset(mail, birth_date(applicant.values)), sent, writes=True)

    async def finish(self, linked: Linked, answer: Answer) -> Active:
        password = answer.values.get(Key.PASSWORD, "")
        request = says.new_password(linked.key, password, trusted=trusted(answer))
        member = await self._desk.ask(request, head(OtpNinsyo), writes=True)
        return self._door.admitted(masked(linked.mail), member.kaiin_token, member.tanmatu_kagi)
