"""Choosing user ID and password, the end of most roads (WIRE.md §3.6, §3.7)."""

from insurers.account import Active, Answer, Asks, Challenge, ChallengeKind
from insurers.mitsui_sumitomo import entries, forms
from insurers.mitsui_sumitomo.roads.entrance import Entrance, require
from insurers.mitsui_sumitomo.roads.memory import Memory
from insurers.mitsui_sumitomo.wire import portal
from insurers.text import Text

PROMPT = Text(
    "ご希望のユーザーID（メールアドレス）とパスワードをご指定ください。",
    "Please choose a user ID (a mail address) and a password.",
)


class Credentials:
    """The screens for user ID, password and mail preference."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def asked(self, cookie: str) -> Asks:
        return Asks(
            Challenge(
                kind=ChallengeKind.NEW_CREDENTIALS,
                prompt=PROMPT,
                step=forms.CREDENTIALS_STEP,
                expires_at=self._entrance.screen_closes_at(),
                state=Memory(cookie=cookie).kept(),
            )
        )

    async def choose(self, memory: Memory, answer: Answer) -> Active:
        values, line = answer.values, self._entrance.line
        require(values, forms.CHOICES)
        # This screen may be sent again until the next one is (WIRE.md §3.6), so it is no write.
        chosen = await line.ask(
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
            raise line.unreadable()
        heard = await line.ask(
            "POST", "/portal/toroku/kanryo", cookie=memory.cookie, body=portal.kanryo(kantan_login=True), writes=True
        )
        done = heard.read(portal.Kanryo)
        return self._entrance.opened(done.kantan_login_token, heard, done.user_id)
