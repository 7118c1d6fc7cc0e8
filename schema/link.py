"""A viewer's account at an insurer."""

from datetime import datetime

import strawberry

from insurers.account import Link, LinkState
from insurers.text import Text
from schema.action import ActionKind, NextAction, action, link_account
from schema.challenge import Challenge
from schema.context import Info
from schema.freshness import Freshness
from schema.insurer import Insurer
from schema.node import Node


@strawberry.type(description="The viewer's account at an insurer. Credentials go in, never out.")
class InsurerLink(Node):
    node_type = "InsurerLink"
    word: strawberry.Private[Link]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="At which insurer.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.insurer])

    @strawberry.field(description="Where it stands.")
    def state(self) -> LinkState:
        return self.word.state

    @strawberry.field(description="The user id, masked, for its owner to recognise.")
    def user_id_hint(self) -> str | None:
        return self.word.user_hint

    @strawberry.field(description="What the insurer asks before the account is open.")
    def challenge(self) -> Challenge | None:
        if self.word.challenge is None:
            return None
        return Challenge(word=self.word.challenge, insurer_code=self.word.insurer, owner=("link", self.word.id))

    @strawberry.field(description="What the viewer can do next.")
    def next_actions(self, info: Info) -> list[NextAction]:
        match self.word.state:
            case LinkState.CHALLENGE_PENDING:
                words = Text("確認コードを入力する", "Answer the challenge")
                return [action(ActionKind.ANSWER_CHALLENGE, words, "challengeAnswer", primary=True)]
            case LinkState.CREDENTIALS_REJECTED:
                return [link_account(info)]
            case LinkState.LINKED:
                return []

    @strawberry.field(description="When it was last changed.")
    def updated_at(self) -> datetime:
        return self.word.updated_at

    @strawberry.field(description="How old this is.")
    def freshness(self) -> Freshness:
        return Freshness.live(self.word.updated_at)
