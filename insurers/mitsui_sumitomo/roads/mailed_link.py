"""A link by mail and a keyword beside it: to register (WIRE.md §3.1 to §3.5), and to reset (§4.8)."""

from contextlib import suppress
from urllib.parse import parse_qs, quote, urlsplit

from insurers.account import Answer, Asks, Challenge, ChallengeKind, Channel, SecretOrigin
from insurers.adapter import Applicant
from insurers.errors import ErrorCode, Expired, InsurerError, Rejected, Unavailable
from insurers.mitsui_sumitomo import entries, forms
from insurers.mitsui_sumitomo.line import Heard
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.roads.credentials import Credentials
from insurers.mitsui_sumitomo.roads.entrance import Entrance, require
from insurers.mitsui_sumitomo.roads.memory import Memory
from insurers.mitsui_sumitomo.wire import entrance as wire
from insurers.mitsui_sumitomo.wire import portal
from insurers.text import Text

REGISTRATION, RESET = "/portal/SI", "/portal/SS"

# WIRE.md §3.1, keywordShutten: the insurer issued it, and shows it this once.
ISSUED = "TOSHA"

LINK_PROMPT = Text(
    "三井住友海上から届いたメールのURLをご入力ください。",
    "Please enter the link from Mitsui Sumitomo's mail.",
)
KEYWORD_PROMPT = Text("お控えのキーワードをご入力ください。", "Please enter the keyword that you noted down.")


class MailedLink:
    """The roads by link and keyword."""

    def __init__(self, entrance: Entrance, credentials: Credentials) -> None:
        self._entrance = entrance
        self._line = entrance.line
        self._credentials = credentials

    async def register(self, applicant: Applicant) -> Asks:
        toroku_no = await self._enter(applicant)
        try:
            sent = await self._line.ask(
                "POST", f"{_of(toroku_no)}/soshin", operation="/portal/toroku/{torokuNo}/soshin", writes=True
            )
        except Expired as refusal:
            # What was entered a moment ago is gone, and no mail went out.
            raise Unavailable(CODE, refusal.words, code=ErrorCode.UPSTREAM_UNAVAILABLE) from None
        sending = sent.read(portal.Soshin)
        # The mail is out. A screen that stays open now is closed when the link is opened.
        with suppress(InsurerError):
            await self._close_screen(toroku_no)
        return self._mailed(sending, Memory(toroku_no=toroku_no))

    async def reset(self, applicant: Applicant) -> Asks:
        """Ask for a link to the registered mailbox. The insurer never says whether it knows it (WIRE.md §4.8)."""
        sent = await self._line.ask("POST", "/portal/saitoroku", body=entries.saitoroku(applicant.values), writes=True)
        sending = sent.read(wire.Saitoroku)
        return self._mailed(sending, Memory(reset=True, until=self._entrance.moment(sending.yuko_kigen)))

    async def open(self, memory: Memory, answer: Answer) -> Asks:
        path = RESET if memory.reset else REGISTRATION
        code = _code(answer.values.get(forms.LINK, ""), path)
        heard = await self._opened(path, code, memory)
        opened = heard.read(portal.LinkKaifu)
        return Asks(
            Challenge(
                kind=ChallengeKind.KEYWORD,
                prompt=KEYWORD_PROMPT,
                step=forms.KEYWORD_STEP,
                expires_at=self._entrance.screen_closes_at(memory.until),
                attempts_left=opened.nokori_kaisu,
                origin=SecretOrigin.INSURER if memory.issued else SecretOrigin.CUSTOMER,
                state=Memory(cookie=heard.cookie(portal.COOKIE)).kept(),
            )
        )

    async def tell_keyword(self, memory: Memory, answer: Answer) -> Asks:
        keyword = answer.values.get(forms.KEYWORD, "")
        heard = await self._line.ask(
            "POST", "/portal/toroku/keyword", cookie=memory.cookie, body=portal.keyword(keyword), writes=True
        )
        heard.read(portal.Tejun)
        return self._credentials.asked(memory.cookie)

    async def _enter(self, applicant: Applicant) -> str:
        """Fill in the form, and see that it was read as the customer confirmed it (MS-REG-01, 02)."""
        require(applicant.values, forms.TERMS, forms.ENTRIES)
        # Nothing comes of what was entered before it is sent, so entering it twice does no harm.
        heard = await self._line.ask("POST", "/portal/toroku", body=entries.toroku(applicant.values))
        entered = heard.read(portal.Toroku)
        if not entries.read_as_entered(entered.kakunin, applicant.values):
            raise self._line.unreadable()
        return entered.toroku_no

    def _mailed(self, sending: portal.Soshin | wire.Saitoroku, memory: Memory) -> Asks:
        issued = sending.keyword_shutten == ISSUED
        state = Memory(toroku_no=memory.toroku_no, reset=memory.reset, until=memory.until, issued=issued)
        return Asks(
            Challenge(
                kind=ChallengeKind.MAIL_LINK,
                prompt=LINK_PROMPT,
                step=forms.LINK_STEP,
                channel=Channel.EMAIL,
                sent_to=sending.soshinsaki,
                expires_at=self._entrance.moment(sending.yuko_kigen),
                single_use=True,
                display_once=sending.keyword if issued else None,
                state=state.kept(),
            )
        )

    async def _opened(self, path: str, code: str, memory: Memory) -> Heard:
        body = portal.link(code)
        heard = await self._line.ask("POST", path, body=body, writes=True, allows="keyword-screen-open")
        if heard.refused:
            await self._close_screen(memory.toroku_no)
            heard = await self._line.ask("POST", path, body=body, writes=True)
        return heard

    async def _close_screen(self, toroku_no: str) -> None:
        """Close the screen that shows the keyword; until then the link does not open (MS-REG-15)."""
        await self._line.ask("POST", f"{_of(toroku_no)}/tojiru", operation="/portal/toroku/{torokuNo}/tojiru")


def _of(toroku_no: str) -> str:
    return f"/portal/toroku/{quote(toroku_no, safe='')}"


def _code(link: str, path: str) -> str:
    """
    Take the code out of the mail's URL. The URL itself is never followed: it came from outside.

    Raises:
        Rejected: this is not a link of that mail.
    """
    try:
        url = urlsplit(link.strip())
        codes = parse_qs(url.query, strict_parsing=True).get("cd", [])
    except ValueError:
        codes = []
    else:
        codes = codes if url.scheme in ("http", "https") and url.path == path else []
    if len(codes) != 1:
        raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED)
    return codes[0]
