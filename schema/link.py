"""A viewer's account at an insurer."""

from datetime import datetime

import strawberry

from insurers.account import Link, LinkState
from schema.action import NextAction, answer_challenge, link_account
from schema.challenge import Challenge
from schema.context import Info
from schema.directives import CUSTOMERS, ENTITY, PERSONAL
from schema.freshness import Freshness
from schema.insurer import Insurer
from schema.node import Node


@strawberry.type(description="The viewer's account at an insurer. Credentials go in, never out.", directives=[ENTITY])
class InsurerLink(Node):
    node_type = "InsurerLink"
    word: strawberry.Private[Link]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="At which insurer.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.insurer])

    @strawberry.field(description="Whether the account can be used now, and if not, what it waits for.")
    def state(self, info: Info) -> LinkState:
        until, state = self.word.locked_until, self.word.state
        # A lock ends by itself.
        return LinkState.LINKED if state is LinkState.LOCKED and until and until <= info.context.host.now() else state

    @strawberry.field(
        description="The user id, masked, for its owner to recognise; null for an agent.",
        directives=[PERSONAL, CUSTOMERS],
    )
    def user_id_hint(self) -> str | None:
        return self.word.user_hint

    @strawberry.field(description="What the insurer asks before the account is open; null while it asks nothing.")
    def challenge(self) -> Challenge | None:
        return Challenge.of_link(self.word)

    @strawberry.field(description="When a LOCKED account opens again, where the insurer tells.")
    def locked_until(self) -> datetime | None:
        return self.word.locked_until

    @strawberry.field(description="What the viewer can do next.")
    def next_actions(self, info: Info) -> list[NextAction]:
        match self.word.state:
            case LinkState.CHALLENGE_PENDING:
                return [answer_challenge(info, self.word)]
            case LinkState.CREDENTIALS_REJECTED:
                return [link_account(info)]
            case LinkState.LINKED | LinkState.LOCKED:
                return []

    @strawberry.field(description="When it was last changed.")
    def updated_at(self) -> datetime:
        return self.word.updated_at

    @strawberry.field(description="How old this is.")
    def freshness(self) -> Freshness:
        return Freshness.live(self.word.updated_at)
