"""Steps of a flow, in the insurer's order and words."""

import strawberry

from insurers.answers import Standing, StepState
from insurers.script import Fact as FactWord
from insurers.script import StepKind
from schema.arguments import InLanguage
from schema.context import Info
from schema.directives import PERSONAL
from schema.lasting import lasting
from schema.requirement import FlowWord, Requirement, view


@lasting()
@strawberry.type(description="A fact in the order and words of the insurer.")
class Fact:
    word: strawberry.Private[FactWord]

    @strawberry.field(description="Stable within the insurer.")
    def key(self) -> str:
        return self.word.key

    @strawberry.field(description="What it is.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="What it is, in the insurer's words.", directives=[PERSONAL])
    def value(self) -> str:
        return self.word.value

    @strawberry.field(description="Whether it differs from the present term.")
    def changed(self) -> bool:
        return self.word.changed

    @strawberry.field(description="False where only the agency can change it.")
    def changeable_online(self) -> bool:
        return self.word.changeable_online


@lasting()
@strawberry.type(description="One step of a flow, in the insurer's order.")
class FlowStep:
    word: strawberry.Private[Standing]
    flow: strawberry.Private[FlowWord]

    @strawberry.field(description="Name it in the answer (`StepAnswerInput.stepId`).")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal("FlowStep", self.flow.id, self.word.step.key)

    @strawberry.field(description="Stable within an insurer, for analytics and deep links; never switch on it.")
    def key(self) -> str:
        return self.word.step.key

    @strawberry.field(description="What it is about.")
    def kind(self) -> StepKind:
        return self.word.step.kind

    @strawberry.field(description="Its title.")
    def title(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.step.title, locale)

    @strawberry.field(description="What the insurer says to help.")
    def help(self, info: Info, locale: InLanguage = None) -> str | None:
        return info.context.say(self.word.step.help, locale) if self.word.step.help else None

    @strawberry.field(description="Whether the step can be answered now.")
    def state(self) -> StepState:
        return self.word.state

    @strawberry.field(description="Draw the form from these, in order.")
    def requirements(self) -> list[Requirement]:
        step, satisfied = self.word.step, self.word.satisfied
        return [view(need, step=step, met=need.key in satisfied, flow=self.flow) for need in step.requirements]

    @strawberry.field(description="Read-only facts to show on this step.")
    def facts(self) -> list[Fact]:
        return [Fact(word=fact) for fact in self.word.step.facts]

    @strawberry.field(description="Its place, from 0.")
    def position(self) -> int:
        return self.word.position


OPEN = frozenset({StepState.READY, StepState.INCOMPLETE, StepState.WAITING, StepState.BLOCKED})


def open_step(flow: FlowWord, standings: list[Standing]) -> FlowStep | None:
    found = next((standing for standing in standings if standing.state in OPEN), None)
    return FlowStep(word=found, flow=flow) if found else None
