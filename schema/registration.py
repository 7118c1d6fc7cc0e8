"""A registration as GraphQL shows it."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

import strawberry

from insurers.account import ChallengeKind
from insurers.answers import Standing
from insurers.registration import Registration as RegistrationWord
from insurers.registration import RegistrationPurpose, RegistrationState
from insurers.text import Text
from schema.action import ActionKind, Consequence, NextAction, action, link_account
from schema.arguments import InLanguage
from schema.challenge import Challenge
from schema.context import Info
from schema.directives import ENTITY
from schema.flow import Flow, Manifests
from schema.link import InsurerLink
from schema.node import Node
from schema.registration_method import RegistrationMethod
from schema.step import open_step


@strawberry.enum(
    description="Life of a registration. UNCONFIRMED was sent and not answered; a new mail may be asked for."
)
class RegistrationStatus(Enum):
    COLLECTING = "collecting"
    PROVISIONAL = "provisional"
    WAITING_FOR_LINK = "waiting_for_link"
    WAITING_FOR_KEYWORD = "waiting_for_keyword"
    WAITING_FOR_PASSWORD = "waiting_for_password"
    WAITING_FOR_MESSAGE = "waiting_for_message"
    MISMATCH = "mismatch"
    UNCONFIRMED = "unconfirmed"
    REFERRED = "referred"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_ASKED: Mapping[ChallengeKind, RegistrationStatus] = {
    ChallengeKind.MAIL_LINK: RegistrationStatus.WAITING_FOR_LINK,
    ChallengeKind.KEYWORD: RegistrationStatus.WAITING_FOR_KEYWORD,
    ChallengeKind.TEMPORARY_PASSWORD: RegistrationStatus.WAITING_FOR_PASSWORD,
    ChallengeKind.LINKING_CODE: RegistrationStatus.WAITING_FOR_MESSAGE,
}

_STATUSES: Mapping[RegistrationState, RegistrationStatus] = {
    RegistrationState.COLLECTING: RegistrationStatus.COLLECTING,
    RegistrationState.SENDING: RegistrationStatus.PROVISIONAL,
    RegistrationState.ASKED: RegistrationStatus.PROVISIONAL,
    RegistrationState.ANSWERING: RegistrationStatus.PROVISIONAL,
    RegistrationState.MISMATCH: RegistrationStatus.MISMATCH,
    RegistrationState.EXPIRED: RegistrationStatus.EXPIRED,
    RegistrationState.UNCONFIRMED: RegistrationStatus.UNCONFIRMED,
    RegistrationState.REFERRED: RegistrationStatus.REFERRED,
    RegistrationState.CANCELLED: RegistrationStatus.CANCELLED,
    RegistrationState.ACTIVE: RegistrationStatus.COMPLETED,
}

STATUS_LABELS: Mapping[RegistrationStatus, Text] = {
    RegistrationStatus.COLLECTING: Text("入力中", "Being filled in"),
    RegistrationStatus.PROVISIONAL: Text("仮登録", "Provisionally registered"),
    RegistrationStatus.WAITING_FOR_LINK: Text("メールのリンク待ち", "Waiting for the link in the mail"),
    RegistrationStatus.WAITING_FOR_KEYWORD: Text("キーワード待ち", "Waiting for the keyword"),
    RegistrationStatus.WAITING_FOR_PASSWORD: Text("仮パスワード待ち", "Waiting for the temporary password"),
    RegistrationStatus.WAITING_FOR_MESSAGE: Text("メッセージの送信待ち", "Waiting for the message to the insurer"),
    RegistrationStatus.MISMATCH: Text("ご契約の内容と不一致", "Does not match a contract"),
    RegistrationStatus.UNCONFIRMED: Text("送信結果を確認できません", "Sent, and not answered"),
    RegistrationStatus.REFERRED: Text("取扱代理店へ", "Only the agency can go on"),
    RegistrationStatus.COMPLETED: Text("登録完了", "Registered"),
    RegistrationStatus.EXPIRED: Text("有効期限切れ", "The link or keyword has expired"),
    RegistrationStatus.CANCELLED: Text("取消", "Given up"),
}

_ANSWERABLE = frozenset({RegistrationState.COLLECTING, RegistrationState.ASKED, RegistrationState.MISMATCH})
_RESENDABLE = frozenset({RegistrationState.ASKED, RegistrationState.EXPIRED, RegistrationState.UNCONFIRMED})
_CANCELLABLE = _ANSWERABLE | _RESENDABLE


@strawberry.type(description="One customer registering at one insurer.", directives=[ENTITY])
class Registration(Node, Flow):
    node_type = "Registration"
    word: strawberry.Private[RegistrationWord]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    def _standings(self, manifests: Manifests) -> list[Standing]:
        method = manifests[self.word.insurer].method(self.word.method)
        return self.word.standings(method.script) if method else []

    def _actions(self, info: Info) -> list[NextAction]:
        actions = []
        if self.word.state in _ANSWERABLE:
            step = open_step(self.word, self._standings(info.context.host.manifests))
            sends = step is not None and (step.word.step.sends or self.word.challenge is not None)
            actions.append(
                action(
                    ActionKind.ANSWER_STEP,
                    Text("入力して次へ", "Answer this step"),
                    "registrationStepAnswer",
                    step=step,
                    primary=True,
                    consequence=Consequence.SENDS_MESSAGE if sends else Consequence.NONE,
                )
            )
        if self.word.state in _RESENDABLE:
            actions.append(
                action(
                    ActionKind.RESEND_MESSAGE,
                    Text("はじめからやり直してメールを送り直す", "Begin again, to have the mail sent anew"),
                    "registrationMessageResend",
                    primary=self.word.state is not RegistrationState.ASKED,
                )
            )
        if (anew := self._anew(info)) is not None:
            words = Text("メールが届かない場合は新規に登録する", "No mail comes? Register anew")
            actions.append(action(ActionKind.REGISTER_ANEW, words, "registrationStart", method=anew))
        if self.word.state is RegistrationState.UNCONFIRMED:
            # It may have been done: then the account is open already, and signing in shows it.
            actions.append(link_account(info))
        if self.word.state in _CANCELLABLE:
            actions.append(action(ActionKind.CANCEL, Text("登録をやめる", "Give up"), "registrationCancel"))
        if self.word.state in (RegistrationState.REFERRED, RegistrationState.MISMATCH):
            primary = self.word.state is RegistrationState.REFERRED
            words = Text("取扱代理店に問い合わせる", "Ask the agency")
            actions.append(action(ActionKind.CONTACT_AGENCY, words, None, primary=primary))
        return actions

    def _anew(self, info: Info) -> RegistrationMethod | None:
        """Answer the way to take when the mail of this one never arrives (MS-RST-02)."""
        manifest = info.context.host.manifests[self.word.insurer]
        method = manifest.method(self.word.method)
        waits = self.word.challenge is not None and self.word.challenge.channel is not None
        if method is None or method.instead is None or not waits:
            return None
        instead = manifest.method(method.instead)
        return RegistrationMethod(word=instead) if instead else None

    @strawberry.field(
        description="True once the link, keyword or password of the open question has little time left. The"
        " subscription tells when it becomes so."
    )
    def expires_soon(self) -> bool:
        return self.word.warned

    @strawberry.field(
        description="Until when the open question can be answered; what was sent for it expires then, too. Null while"
        " none is open."
    )
    def expires_at(self) -> datetime | None:
        return self.word.challenge.expires_at if self.word.challenge else None

    @strawberry.field(description="What it is for.")
    def purpose(self) -> RegistrationPurpose:
        return self.word.purpose

    @strawberry.field(description="By which way.")
    def method(self, info: Info) -> RegistrationMethod | None:
        method = info.context.host.manifests[self.word.insurer].method(self.word.method)
        return RegistrationMethod(word=method) if method else None

    @strawberry.field(description="Where the registration stands, and what it waits for.")
    def status(self) -> RegistrationStatus:
        if self.word.state is RegistrationState.ASKED and self.word.challenge is not None:
            return _ASKED.get(self.word.challenge.kind, RegistrationStatus.PROVISIONAL)
        return _STATUSES[self.word.state]

    @strawberry.field(description="`status` in words.")
    def status_label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(STATUS_LABELS[self.status()], locale)

    @strawberry.field(
        description="What the insurer asks now. Its `displayOnce` is a keyword to note down: it stands in this one"
        " answer and in no later one."
    )
    def challenge(self) -> Challenge | None:
        if self.word.challenge is None:
            return None
        return Challenge(word=self.word.challenge, insurer_code=self.word.insurer, owner=("registration", self.word.id))

    @strawberry.field(description="The account that it opened; null until it is completed.")
    async def link(self, info: Info) -> InsurerLink | None:
        links = await info.context.loaders.links.load(None)
        return next((InsurerLink(word=link) for link in links if link.id == self.word.link), None)
