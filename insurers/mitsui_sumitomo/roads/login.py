"""Signing in on two screens (MS-LOG-02), and the temporary password that has to be changed there (WIRE.md §4)."""

import unicodedata

from insurers import account as accounts
from insurers.account import Active, Answer, Asks, Challenge, ChallengeKind
from insurers.errors import ErrorCode, Expired, Rejected, Unavailable
from insurers.mitsui_sumitomo import entries, forms
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.roads.entrance import Entrance
from insurers.mitsui_sumitomo.roads.memory import Memory
from insurers.mitsui_sumitomo.wire import entrance as wire
from insurers.mitsui_sumitomo.wire import portal
from insurers.phone import hyphenated, read_phone
from insurers.text import Text

NEW_PASSWORD_PROMPT = Text(
    "仮パスワードでログインしました。新しいパスワードをご指定ください。",
    "You are in with a temporary password. Please choose a password of your own.",
)


class Login:
    """The login screens."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._line = entrance.line

    async def sign_in(self, credentials: accounts.Credentials, *, step: str | None = None) -> Asks | Active:
        """Open the account. *step* is of the registration in which a temporary password is brought."""
        for _ in range(2):
            try:
                return await self._two_screens(_user_id(credentials.user_id), credentials.password, step)
            except Expired as expired:
                if expired.code is not ErrorCode.SESSION_TIMEOUT:
                    raise
                # The portal forgot the first screen, so it has not looked at the password. There is another.
        raise Unavailable(CODE, code=ErrorCode.SESSION_TIMEOUT)

    async def change_password(self, memory: Memory, answer: Answer) -> Active:
        """Put a password of one's own in the place of the temporary one (MS-REG-23)."""
        # At an ordinary sign-in nobody was asked about mails, so nobody has wished for any.
        password = answer.values.get(forms.PASSWORD) or answer.values.get(accounts.ANSWER, "")
        body = wire.password_henko(
            password=password,
            mail_kibo=entries.confirmed(answer.values, forms.MAIL_WANTED),
            kantan_login=True,
        )
        try:
            heard = await self._line.ask(
                "POST", "/portal/login/password-henko", cookie=memory.cookie, body=body, writes=True
            )
        except Rejected as refusal:
            if refusal.code is not ErrorCode.EMAIL_ALREADY_REGISTERED:
                raise
            # No password mends that: it begins again, with another mail address (WIRE.md §4.7).
            raise Expired(CODE, refusal.words, code=refusal.code) from None
        done = heard.read(portal.Kanryo)
        return self._entrance.opened(done.kantan_login_token, heard, done.user_id)

    async def _two_screens(self, user_id: str, password: str, step: str | None) -> Asks | Active:
        first = await self._line.ask("POST", "/portal/login/user-id", body=portal.login_user_id(user_id))
        first.read(portal.Tejun)
        # A wrong password costs one of five attempts, so nobody but the customer repeats it.
        second = await self._line.ask(
            "POST",
            "/portal/login/password",
            cookie=first.cookie(portal.COOKIE),
            body=portal.login_password(password, kantan_login=True),
            writes=True,
        )
        said = second.read_either(portal.Login, wire.PasswordHenko)
        if isinstance(said, portal.Login):
            return self._entrance.opened(said.kantan_login_token, second, user_id)
        return Asks(
            Challenge(
                kind=ChallengeKind.NEW_PASSWORD,
                prompt=NEW_PASSWORD_PROMPT,
                step=step,
                expires_at=self._entrance.screen_closes_at(self._entrance.moment(said.yuko_kigen)),
                state=Memory(cookie=second.cookie(portal.COOKIE)).kept(),
            )
        )


def _user_id(typed: str) -> str:
    """A mobile number or a mail address, half-width (D4)."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    try:
        return hyphenated(read_phone(plain))
    except ValueError:
        return plain
