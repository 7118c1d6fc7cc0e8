"""Flows: resumable processes at an insurer, drawn from their steps and driven by their next actions."""

from collections.abc import Mapping
from typing import TypeAlias

import strawberry

from insurers.answers import Standing
from insurers.capability import Manifest
from insurers.identity import InsurerCode
from insurers.registration import Trouble as TroubleWord
from schema.action import NextAction
from schema.arguments import After, InLanguage, PageSize
from schema.context import Info
from schema.freshness import Freshness
from schema.history import FlowEventConnection, history
from schema.insurer import Insurer
from schema.lasting import lasting
from schema.requirement import FlowWord, insurer_of
from schema.step import FlowStep, open_step

Manifests: TypeAlias = Mapping[InsurerCode, Manifest]


@lasting()
@strawberry.type(description="Why a flow stands where it stands.")
class Trouble:
    word: strawberry.Private[TroubleWord]

    @strawberry.field(description="In code; new ones may appear.")
    def code(self) -> str:
        return self.word.code.name

    @strawberry.field(description="What is the matter and what to do, in words.")
    def message(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.message, locale)

    @strawberry.field(description="In the insurer's words.")
    def insurer_message(self) -> str | None:
        return self.word.insurer_words


@strawberry.interface(
    description="A resumable process of several steps at an insurer. One form renderer drives any insurer from"
    " `steps` and `nextActions`."
)
class Flow:
    word: strawberry.Private[FlowWord]

    def _standings(self, manifests: Manifests) -> list[Standing]:
        raise NotImplementedError

    def _actions(self, info: Info) -> list[NextAction]:
        raise NotImplementedError

    @strawberry.field(description="Opaque and stable: store it and compare it, nothing else.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal(type(self).__name__, self.word.id)

    @strawberry.field(description="At which insurer.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[insurer_of(self.word)])

    @strawberry.field(description="Optimistic lock: send it back with every answer.")
    def version(self) -> int:
        return self.word.version

    @strawberry.field(description="All steps, in the insurer's order.")
    def steps(self, info: Info) -> list[FlowStep]:
        return [FlowStep(word=standing, flow=self.word) for standing in self._standings(info.context.host.manifests)]

    @strawberry.field(description="The one open step; null when none is.")
    def current_step(self, info: Info) -> FlowStep | None:
        return open_step(self.word, self._standings(info.context.host.manifests))

    @strawberry.field(description="What the viewer can do next.")
    def next_actions(self, info: Info) -> list[NextAction]:
        return self._actions(info)

    @strawberry.field(description="Why it does not go on by itself; null when nothing is wrong.")
    def trouble(self) -> Trouble | None:
        return Trouble(word=self.word.trouble) if self.word.trouble else None

    @strawberry.field(description="How old this is: a flow is kept by the gateway, so it is never stale.")
    def freshness(self) -> Freshness:
        return Freshness.live(self.word.updated_at)

    @strawberry.field(description="What happened, newest first. Nothing is ever taken out.")
    async def events(self, info: Info, first: PageSize = 20, after: After = None) -> FlowEventConnection:
        return await history(info, self.word.id, first=first, after=after)
