"""Questions of an insurer that only the person can answer."""

from datetime import datetime

import strawberry

from insurers.account import Challenge as ChallengeWord
from insurers.account import ChallengeKind, Channel, Link, SecretOrigin
from insurers.identity import InsurerCode
from schema.context import Info
from schema.directives import CUSTOMERS, ENTITY, PERSONAL
from schema.insurer import Insurer
from schema.node import Node


@strawberry.type(
    description="A question of the insurer: a one-time password, a keyword, a link from a mail.", directives=[ENTITY]
)
class Challenge(Node):
    node_type = "Challenge"
    word: strawberry.Private[ChallengeWord]
    insurer_code: strawberry.Private[InsurerCode]
    owner: strawberry.Private[tuple[str, str]]

    def node_parts(self) -> tuple[str, ...]:
        return self.owner

    @classmethod
    def of_link(cls, link: Link) -> "Challenge | None":
        if link.challenge is None:
            return None
        return cls(word=link.challenge, insurer_code=link.insurer, owner=("link", link.id))

    @strawberry.field(description="What it asks for.")
    def kind(self) -> ChallengeKind:
        return self.word.kind

    @strawberry.field(description="The insurer that asks.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.insurer_code])

    @strawberry.field(description="What to tell the person.")
    def prompt(self, info: Info) -> str:
        return info.context.say(self.word.prompt)

    @strawberry.field(description="Where the insurer sent something.")
    def channel(self) -> Channel | None:
        return self.word.channel

    @strawberry.field(description="To whom, masked.", directives=[PERSONAL])
    def sent_to(self) -> str | None:
        return self.word.sent_to

    @strawberry.field(description="Until when it can be answered, counted from sending.")
    def expires_at(self) -> datetime | None:
        return self.word.expires_at

    @strawberry.field(description="Whether what was sent works only once.")
    def single_use(self) -> bool:
        return self.word.single_use

    @strawberry.field(description="Who made up the keyword that is asked for; null for other secrets.")
    def secret_origin(self) -> SecretOrigin | None:
        return self.word.origin

    @strawberry.field(description="How often it may still be answered wrongly, where the insurer says so.")
    def attempts_left(self) -> int | None:
        return self.word.attempts_left

    @strawberry.field(description="Whether the answer may make this gateway a trusted device.")
    def trust_device_offered(self) -> bool:
        return self.word.trust_device_offered

    @strawberry.field(
        description="Shown this one time, and null ever after: a keyword that the person must note down, or, for"
        " LINKING_CODE, what to send in the messenger that `channel` names.",
        directives=[PERSONAL, CUSTOMERS],
    )
    def display_once(self) -> str | None:
        return self.word.display_once
