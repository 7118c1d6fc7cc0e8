"""Registering at the portal by link and keyword (WIRE.md §3), one of the insurer's screens after the other."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import msgspec

from insurers.account import Active, Answer, Asks, Challenge, ChallengeKind, Channel, masked
from insurers.adapter import Applicant
from insurers.answers import Value
from insurers.errors import ErrorCode, Expired, InsurerError, Rejected, Unavailable
from insurers.mitsui_sumitomo import account, entries, forms
from insurers.mitsui_sumitomo.line import Line
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.times import moment
from insurers.mitsui_sumitomo.wire import portal
from insurers.panel import Clock
from insurers.person import Private
from insurers.text import Text

# So long does the portal wait for the next screen (MS-SES-02).
SESSION_LIFE = timedelta(minutes=60)

LINK_PATH = "/portal/SI"

# WIRE.md §3.1, keywordShutten: the insurer issued it, and shows it this once.
ISSUED = "TOSHA"


class Memory(Private, frozen=True, kw_only=True):
    """What has to be remembered until the person answers."""

    toroku_no: str = ""
    cookie: str = ""


class Registrations:
    """The road from a name and a birth date to an account."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._answers: Mapping[str, Callable[[Memory, Answer], Awaitable[Asks | tuple[Active, str]]]] = {
            forms.LINK_STEP: self._open_link,
            forms.KEYWORD_STEP: self._tell_keyword,
            forms.CREDENTIALS_STEP: self._choose_credentials,
        }

    async def begin(self, applicant: Applicant) -> Asks:
        toroku_no = await self._enter(applicant.values)
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
        try:
            expires_at = moment(sending.yuko_kigen)
        except ValueError:
            raise self._line.unreadable(writes=True) from None
        return Asks(
            Challenge(
                kind=ChallengeKind.MAIL_LINK,
                prompt=Text(
                    "三井住友海上から届いたメールのURLをご入力ください。",
                    "Please enter the link from Mitsui Sumitomo's mail.",
                ),
                step=forms.LINK_STEP,
                channel=Channel.EMAIL,
                sent_to=sending.soshinsaki,
                expires_at=expires_at,
                single_use=True,
                display_once=sending.keyword if sending.keyword_shutten == ISSUED else None,
                state=msgspec.json.encode(Memory(toroku_no=toroku_no)),
            )
        )

    async def _enter(self, values: Mapping[str, Value]) -> str:
        """Fill in the form, and see that it was read as the customer confirmed it (MS-REG-01, 02)."""
        if not entries.confirmed(values, forms.TERMS, forms.ENTRIES):
            raise Rejected(CODE, code=ErrorCode.CONFIRMATION_REQUIRED)
        # Nothing comes of what was entered before it is sent, so entering it twice does no harm.
        heard = await self._line.ask("POST", "/portal/toroku", body=entries.toroku(values))
        entered = heard.read(portal.Toroku)
        if not entries.read_as_entered(entered.kakunin, values):
            raise self._line.unreadable()
        return entered.toroku_no

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | tuple[Active, str]:
        """Answer the next question, or the account and the cookie of its first session."""
        try:
            memory = msgspec.json.decode(challenge.state, type=Memory)
            step = self._answers[challenge.step or ""]
        except (ValueError, KeyError):
            raise Expired(CODE) from None
        return await step(memory, answer)

    async def _open_link(self, memory: Memory, answer: Answer) -> Asks:
        body = portal.link(_code(answer.values.get(forms.LINK, "")))
        heard = await self._line.ask("POST", LINK_PATH, body=body, writes=True, allows="keyword-screen-open")
        if heard.refused:
            await self._close_screen(memory.toroku_no)
            heard = await self._line.ask("POST", LINK_PATH, body=body, writes=True)
        opened = heard.read(portal.LinkKaifu)
        return Asks(
            Challenge(
                kind=ChallengeKind.KEYWORD,
                prompt=Text("お控えのキーワードをご入力ください。", "Please enter the keyword that you noted down."),
                step=forms.KEYWORD_STEP,
                expires_at=self._clock() + SESSION_LIFE,
                attempts_left=opened.nokori_kaisu,
                state=msgspec.json.encode(Memory(cookie=heard.cookie(portal.COOKIE))),
            )
        )

    async def _tell_keyword(self, memory: Memory, answer: Answer) -> Asks:
        keyword = answer.values.get(forms.KEYWORD, "")
        heard = await self._line.ask(
            "POST", "/portal/toroku/keyword", cookie=memory.cookie, body=portal.keyword(keyword), writes=True
        )
        heard.read(portal.Tejun)
        return Asks(
            Challenge(
                kind=ChallengeKind.NEW_CREDENTIALS,
                prompt=Text(
                    "ご希望のユーザーID（メールアドレス）とパスワードをご指定ください。",
                    "Please choose a user ID (a mail address) and a password.",
                ),
                step=forms.CREDENTIALS_STEP,
                expires_at=self._clock() + SESSION_LIFE,
                state=msgspec.json.encode(memory),
            )
        )

    async def _choose_credentials(self, memory: Memory, answer: Answer) -> tuple[Active, str]:
        values = answer.values
        if not entries.confirmed(values, forms.CHOICES):
            raise Rejected(CODE, code=ErrorCode.CONFIRMATION_REQUIRED)
        # This screen may be sent again until the next one is (WIRE.md §3.6), so it is no write.
        chosen = await self._line.ask(
            "POST",
            "/portal/toroku/id-password",
            cookie=memory.cookie,
            body=portal.id_password(
                user_id=values.get(forms.USER_ID, ""),
                password=values.get(forms.PASSWORD, ""),
                mail_kibo=entries.confirmed(values, forms.MAIL_WANTED),
            ),
        )
        if not entries.chosen_as_entered(chosen.read(portal.IdPassword), values):
            raise self._line.unreadable()
        heard = await self._line.ask(
            "POST", "/portal/toroku/kanryo", cookie=memory.cookie, body=portal.kanryo(kantan_login=True), writes=True
        )
        done = heard.read(portal.Kanryo)
        if done.kantan_login_token is None:
            raise self._line.unreadable(writes=True)
        active = Active(access=account.access(done.kantan_login_token), user_hint=masked(done.user_id))
        return active, heard.cookie(portal.COOKIE)

    async def _close_screen(self, toroku_no: str) -> None:
        """Close the screen that shows the keyword; until then the link does not open (MS-REG-15)."""
        await self._line.ask("POST", f"{_of(toroku_no)}/tojiru", operation="/portal/toroku/{torokuNo}/tojiru")


def _of(toroku_no: str) -> str:
    return f"/portal/toroku/{quote(toroku_no, safe='')}"


def _code(link: str) -> str:
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
        codes = codes if url.scheme in ("http", "https") and url.path == LINK_PATH else []
    if len(codes) != 1:
        raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED)
    return codes[0]
