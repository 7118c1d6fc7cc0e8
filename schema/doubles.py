"""Covers that a household holds twice, as GraphQL shows them."""

from datetime import datetime

import strawberry

from insurers.coverage import CoverageKind
from insurers.doubles import Double as DoubleWord
from insurers.doubles import Held, doubles
from insurers.labels import label
from schema.arguments import InLanguage
from schema.context import Info
from schema.coverage import Coverage
from schema.policies import household
from schema.policy import Policy
from schema.provider import ProviderStatus


@strawberry.type(description="One policy's cover, in its insurer's own terms.")
class HeldCover:
    word: strawberry.Private[Held]

    @strawberry.field(description="The policy that has it.")
    def policy(self, info: Info) -> Policy:
        policy = self.word.policy
        return Policy(word=policy, readings=info.context.loaders.readings)

    @strawberry.field(description="The cover, as this policy has it.")
    def coverage(self) -> Coverage:
        # GraphQL reads the language's value by attribute; a Coverage here is a description of it.
        return self.word.coverage  # type: ignore[return-value]


@strawberry.type(description="A cover that several policies of a household give at the same time.")
class DuplicateCover:
    word: strawberry.Private[DoubleWord]

    @strawberry.field(description="Which kind of cover.")
    def key(self) -> CoverageKind:
        return self.word.kind

    @strawberry.field(description="Its name.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(label(self.word.kind), locale)

    @strawberry.field(
        description="The policies that have it: of a contract and its renewal, the term that has it first."
    )
    def held(self) -> list[HeldCover]:
        return [HeldCover(word=held) for held in self.word.held]

    @strawberry.field(description="Since when, or from when, several have it.")
    def since(self) -> datetime:
        return self.word.since

    @strawberry.field(description="Why one of them may be superfluous.")
    def why(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.why, locale)

    @strawberry.field(description="In what they differ, or may differ for want of what is not told, one sentence each.")
    def differences(self, info: Info, locale: InLanguage = None) -> list[str]:
        return [info.context.say(text, locale) for text in self.word.differ]

    @strawberry.field(description="What to make sure of before one is dropped.")
    def to_check(self, info: Info, locale: InLanguage = None) -> list[str]:
        return [info.context.say(text, locale) for text in self.word.check]


@strawberry.type(description="Covers held twice over all policies of the viewer, at all insurers that answered.")
class DuplicateCovers:
    covers: list[DuplicateCover] = strawberry.field(description="What is held twice; empty where nothing is found.")
    providers: list[ProviderStatus] = strawberry.field(
        description="Which insurers answered, and why others did not: what is only there was not looked at."
    )


async def duplicate_covers(info: Info) -> DuplicateCovers:
    now = info.context.host.now()
    policies, providers = await household(info)
    found = [DuplicateCover(word=double) for double in doubles(policies, now)]
    return DuplicateCovers(covers=found, providers=providers)
