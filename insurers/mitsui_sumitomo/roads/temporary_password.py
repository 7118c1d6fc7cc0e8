"""Registering without a card: a policy number, and a temporary password by mail (WIRE.md §3.10, §3.11, MS-REG-23)."""

from urllib.parse import quote

from insurers.account import Active, Answer, Asks, Challenge, ChallengeKind, Channel, Credentials
from insurers.adapter import Applicant
from insurers.errors import ErrorCode, Expired, Unavailable
from insurers.mitsui_sumitomo import entries, forms
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.roads.entrance import Entrance, require
from insurers.mitsui_sumitomo.roads.login import Login
from insurers.mitsui_sumitomo.roads.memory import Memory
from insurers.mitsui_sumitomo.wire import entrance as wire
from insurers.text import Text

PROMPT = Text(
    "三井住友海上から届いたメールの仮パスワードをご入力ください。",
    "Please enter the temporary password from Mitsui Sumitomo's mail.",
)


class TemporaryPassword:
    """The road that the leaflets call 新規登録."""

    def __init__(self, entrance: Entrance, login: Login) -> None:
        self._entrance = entrance
        self._line = entrance.line
        self._login = login

    async def register(self, applicant: Applicant) -> Asks:
        values = applicant.values
        require(values, forms.TERMS, forms.ENTRIES)
        # Nothing comes of what was entered before it is sent, so entering it twice does no harm.
        heard = await self._line.ask("POST", "/portal/toroku/shinki", body=entries.shinki(values))
        entered = heard.read(wire.Shinki)
        if not entries.policy_read_as_entered(entered.kakunin, values):
            raise self._line.unreadable()
        path = f"/portal/toroku/shinki/{quote(entered.toroku_no, safe='')}/soshin"
        try:
            sent = await self._line.ask("POST", path, operation="/portal/toroku/shinki/{torokuNo}/soshin", writes=True)
        except Expired as refusal:
            # What was entered a moment ago is gone, and no mail went out.
            raise Unavailable(CODE, refusal.words, code=ErrorCode.UPSTREAM_UNAVAILABLE) from None
        sending = sent.read(wire.ShinkiSoshin)
        return Asks(
            Challenge(
                kind=ChallengeKind.TEMPORARY_PASSWORD,
                prompt=PROMPT,
                step=forms.TEMPORARY_STEP,
                channel=Channel.EMAIL,
                sent_to=sending.soshinsaki,
                expires_at=self._entrance.moment(sending.yuko_kigen),
                state=Memory(user_id=entered.kakunin.mail_address).kept(),
            )
        )

    async def log_in(self, memory: Memory, answer: Answer) -> Asks | Active:
        password = answer.values.get(forms.TEMPORARY_PASSWORD, "").strip()
        credentials = Credentials(user_id=memory.user_id, password=password)
        return await self._login.sign_in(credentials, step=forms.NEW_PASSWORD_STEP)
