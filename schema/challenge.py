"""Questions of an insurer that only the person can answer."""

from datetime import datetime

import strawberry

from insurers.account import Challenge as ChallengeWord
from insurers.account import ChallengeKind, Channel
from insurers.identity import InsurerCode
from schema.context import Info
from schema.insurer import Insurer
from schema.node import Node


@strawberry.type(description="A question of the insurer: a one-time password, a keyword, a link from a mail.")
class Challenge(Node):
    node_type = "Challenge"
    word: strawberry.Private[ChallengeWord]
    insurer_code: strawberry.Private[InsurerCode]
    owner: strawberry.Private[tuple[str, str]]

    def node_parts(self) -> tuple[str, ...]:
        return self.owner

    @strawberry.field(description="What it asks for.")
    def kind(self) -> ChallengeKind:
        return self.word.kind

    @strawberry.field(description="Who asks.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.insurer_code])

    @strawberry.field(description="What to tell the person.")
    def prompt(self, info: Info) -> str:
        return info.context.say(self.word.prompt)

    @strawberry.field(description="Where the insurer sent something.")
    def channel(self) -> Channel | None:
        return self.word.channel

    @strawberry.field(description="To whom, masked.")
    def sent_to(self) -> str | None:
        return self.word.sent_to

    @strawberry.field(description="When it dies, counted from sending.")
    def expires_at(self) -> datetime | None:
        return self.word.expires_at

    @strawberry.field(description="How often it may still be answered wrongly, where the insurer says so.")
    def attempts_left(self) -> int | None:
        return self.word.attempts_left

    @strawberry.field(description="Whether the answer may make this gateway a trusted device.")
    def trust_device_offered(self) -> bool:
        return self.word.trust_device_offered

    @strawberry.field(
        description="A keyword that the insurer shows this one time: the person must note it down. Null ever after."
    )
    def display_once(self) -> str | None:
        return self.word.display_once
