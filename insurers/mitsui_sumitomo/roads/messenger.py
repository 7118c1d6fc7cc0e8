"""LINE: registering by it (WIRE.md §3.12 to §3.14), and linking it to an account that is open (§4.10)."""

from urllib.parse import quote

from insurers.account import Access, Active, Answer, Asks, Challenge, ChallengeKind, Channel
from insurers.adapter import Applicant
from insurers.errors import AccessDenied, ErrorCode, Expired, Rejected, Unavailable
from insurers.mitsui_sumitomo import entries, forms
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.roads.entrance import Entrance, require
from insurers.mitsui_sumitomo.roads.memory import Memory
from insurers.mitsui_sumitomo.wire import entrance as wire
from insurers.text import Text

PROMPT = Text(
    "表示された文字列を、LINEのトーク画面でそのまま送信してください。",
    "Please send the string that is shown, as it is, in the LINE chat.",
)

# WIRE.md §4.10, renkei.
LINKED, AWAITED = "ZUMI", "MACHI"


class Messenger:
    """The roads on which a one-time string goes through LINE (MS-LIN-02, 03)."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._line = entrance.line
        self._sessions = entrance.sessions

    async def register(self, applicant: Applicant) -> Asks:
        values = applicant.values
        require(values, forms.TERMS, forms.ENTRIES)
        # Nothing comes of what was entered before it is confirmed, so entering it twice does no harm.
        heard = await self._line.ask("POST", "/portal/line/toroku", body=entries.line_toroku(values))
        entered = heard.read(wire.LineToroku)
        if not entries.policy_read_as_entered(entered.kakunin, values):
            raise self._line.unreadable()
        try:
            confirmed = await self._line.ask(
                "POST",
                f"{_of(entered.renkei_no)}/kakutei",
                operation="/portal/line/toroku/{renkeiNo}/kakutei",
                writes=True,
            )
        except Expired as refusal:
            # What was entered a moment ago is gone, and nothing was told.
            raise Unavailable(CODE, refusal.words, code=ErrorCode.UPSTREAM_UNAVAILABLE) from None
        return self._told(confirmed.read(wire.RenkeiMojiretsu), forms.LINE_STEP, Memory(renkei_no=entered.renkei_no))

    async def complete(self, memory: Memory, answer: Answer) -> Active:
        """Ask whether the string came; then the account is open, without user ID or password (MS-LIN-04)."""
        require(answer.values, forms.LINE_SENT)
        heard = await self._line.ask(
            "POST",
            f"{_of(memory.renkei_no)}/kanryo",
            operation="/portal/line/toroku/{renkeiNo}/kanryo",
            writes=True,
        )
        return self._entrance.opened(heard.read(wire.LineKanryo).kantan_login_token, heard, None)

    async def link(self, applicant: Applicant, access: Access | None) -> Asks:
        require(applicant.values, forms.ADD_FRIEND)
        if access is None:
            raise AccessDenied(CODE)
        # A new string voids the one before, so asking for one twice does no harm.
        heard = await self._sessions.ask(access, "POST", "/portal/line/tomodachi-tsuika")
        return self._told(heard.read(wire.RenkeiMojiretsu), forms.LINE_ADDED_STEP, Memory(access=access))

    async def linked(self, memory: Memory, answer: Answer) -> Active:
        """Ask whether LINE is linked; the access stays what it was."""
        require(answer.values, forms.LINE_SENT)
        if memory.access is None:
            raise Expired(CODE)
        heard = await self._sessions.ask(memory.access, "GET", "/portal/line")
        state = heard.read(wire.LineRenkei).renkei
        if state == AWAITED:
            raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED)
        if state != LINKED:
            raise Expired(CODE)
        return Active(access=memory.access)

    def _told(self, told: wire.RenkeiMojiretsu, step: str, memory: Memory) -> Asks:
        return Asks(
            Challenge(
                kind=ChallengeKind.LINKING_CODE,
                prompt=PROMPT,
                step=step,
                channel=Channel.LINE,
                expires_at=self._entrance.moment(told.yuko_kigen),
                single_use=True,
                display_once=told.renkei_mojiretsu,
                state=memory.kept(),
            )
        )


def _of(renkei_no: str) -> str:
    return f"/portal/line/toroku/{quote(renkei_no, safe='')}"
