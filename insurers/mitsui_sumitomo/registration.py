"""Every way in, by the key of its method, and every answer, by the step that was asked for it."""

from collections.abc import Awaitable, Callable, Mapping

from insurers.account import Access, Active, Answer, Asks, Challenge, ChallengeKind, Credentials
from insurers.adapter import Applicant
from insurers.errors import Expired, NotOffered
from insurers.mitsui_sumitomo import forms, ways
from insurers.mitsui_sumitomo.account import Sessions
from insurers.mitsui_sumitomo.line import Line
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.roads.credentials import Credentials as ChoosingCredentials
from insurers.mitsui_sumitomo.roads.entrance import Entrance
from insurers.mitsui_sumitomo.roads.first_code import FirstCode
from insurers.mitsui_sumitomo.roads.login import Login
from insurers.mitsui_sumitomo.roads.mailed_link import MailedLink
from insurers.mitsui_sumitomo.roads.memory import Memory, recall
from insurers.mitsui_sumitomo.roads.messenger import Messenger
from insurers.mitsui_sumitomo.roads.temporary_password import TemporaryPassword
from insurers.panel import Clock

Begin = Callable[[Applicant], Awaitable[Asks | Active]]
Go = Callable[[Memory, Answer], Awaitable[Asks | Active]]


class Registrations:
    """The door, with a road behind each method."""

    def __init__(self, line: Line, sessions: Sessions, clock: Clock) -> None:
        entrance = Entrance(line, sessions, clock)
        credentials = ChoosingCredentials(entrance)
        mail, code = MailedLink(entrance, credentials), FirstCode(entrance, credentials)
        self._login = Login(entrance)
        card = TemporaryPassword(entrance, self._login)
        self._messenger = Messenger(entrance)
        self._begins: Mapping[str, Begin] = {
            ways.LINK_AND_KEYWORD.key: mail.register,
            ways.FIRST_ID.key: code.by_first_id,
            ways.PROCEDURE_CODE.key: code.by_app,
            ways.TEMPORARY_PASSWORD.key: card.register,
            ways.LINE_FIRST.key: self._messenger.register,
            ways.CREDENTIAL_RESET.key: mail.reset,
        }
        self._goes: Mapping[str, Go] = {
            forms.LINK_STEP: mail.open,
            forms.KEYWORD_STEP: mail.tell_keyword,
            forms.CREDENTIALS_STEP: credentials.choose,
            forms.TEMPORARY_STEP: card.log_in,
            forms.NEW_PASSWORD_STEP: self._login.change_password,
            forms.LINE_STEP: self._messenger.complete,
            forms.LINE_ADDED_STEP: self._messenger.linked,
        }
        # Asked at a sign-in, outside any registration.
        self._aside: Mapping[ChallengeKind, Go] = {ChallengeKind.NEW_PASSWORD: self._login.change_password}

    async def begin(self, method: str, applicant: Applicant, access: Access | None) -> Asks | Active:
        if method == ways.LINE_LINK.key:
            return await self._messenger.link(applicant, access)
        if method not in self._begins:
            raise NotOffered(CODE)
        return await self._begins[method](applicant)

    async def sign_in(self, credentials: Credentials) -> Asks | Active:
        return await self._login.sign_in(credentials)

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        go = self._goes.get(challenge.step) if challenge.step else self._aside.get(challenge.kind)
        if go is None:
            raise Expired(CODE)
        return await go(recall(challenge), answer)
