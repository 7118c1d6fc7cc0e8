"""What the customer wants (意向), recorded and shown."""

from datetime import datetime

import msgspec
import strawberry

from insurers.coverage import CoverageKind, CoverageVariant, Peril
from insurers.intention import Intention as IntentionWord
from insurers.intention import MustHave as MustHaveWord
from insurers.intention import Priority
from insurers.money import Yen
from insurers.wishes import statement
from schema.context import Info


@strawberry.type(description="A cover that a plan must have, and how; what is not said is left to the plan.")
class MustHave:
    kind: strawberry.Private[CoverageKind]
    variant: CoverageVariant | None = strawberry.field(description="Of which type; null for any.")
    unlimited: bool = strawberry.field(description="Whether it must be without a limit (無制限).")
    at_least: Yen | None = strawberry.field(description="The least limit; null for any.")
    perils: list[Peril] = strawberry.field(description="Perils that own-damage cover must name; empty for any.")

    @strawberry.field(description="Which cover.")
    def key(self) -> CoverageKind:
        return self.kind


@strawberry.type(
    description="What the customer wants, recorded by the customer. Nothing else filters and orders plans."
)
class Intention:
    word: strawberry.Private[IntentionWord]

    @strawberry.field(description="Covers that a plan must have.")
    def must_have(self) -> list[MustHave]:
        # GraphQL reads the language's value by attribute; a MustHave here is a description of it.
        return list(self.word.must_have)  # type: ignore[arg-type]

    @strawberry.field(description="What one term of each policy may cost at most; null where nothing was said.")
    def budget(self) -> Yen | None:
        return self.word.budget

    @strawberry.field(description="What matters, the first most.")
    def priorities(self) -> list[Priority]:
        return list(self.word.priorities)

    @strawberry.field(description="When it was recorded.")
    def recorded_at(self) -> datetime:
        return self.word.recorded_at

    @strawberry.field(description="What was confirmed, word for word, in the language in which it was.")
    def statement(self) -> str:
        return self.word.statement


@strawberry.input(description="A cover that a plan must have; what is not said is left to the plan.")
class MustHaveInput:
    key: CoverageKind = strawberry.field(description="Which cover.")
    variant: CoverageVariant | None = strawberry.field(
        default=None, description="Of which type. For own-damage cover name perils instead: types are no measure there."
    )
    unlimited: bool = strawberry.field(default=False, description="Whether it must be without a limit (無制限).")
    at_least: Yen | None = strawberry.field(default=None, description="The least limit; from 1.")
    perils: list[Peril] | None = strawberry.field(default=None, description="Perils that it must name.")


@strawberry.input(
    description="What the customer wants. Whoever sends it confirms it in the words that `Intention.statement` then"
    " has."
)
class IntentionInput:
    must_have: list[MustHaveInput] | None = strawberry.field(
        default=None, description="Covers that a plan must have; one without them is shown as such, and put last."
    )
    budget: Yen | None = strawberry.field(
        default=None, description="What one term may cost at most, of each policy where several are compared; from 1."
    )
    priorities: list[Priority] | None = strawberry.field(
        default=None, description="What matters, the first most; each orders what the one before it leaves equal."
    )


def intention_of(info: Info, given: IntentionInput) -> IntentionWord:
    """Answer the intention in the words in which whoever asks confirms it."""
    said = IntentionWord(
        must_have=tuple(_must_have(must) for must in given.must_have or ()),
        budget=given.budget,
        priorities=tuple(dict.fromkeys(given.priorities or ())),
        recorded_at=info.context.host.now(),
    )
    return msgspec.structs.replace(said, statement=info.context.say(statement(said)))


def _must_have(given: MustHaveInput) -> MustHaveWord:
    return MustHaveWord(
        kind=given.key,
        variant=given.variant,
        unlimited=given.unlimited,
        at_least=given.at_least,
        perils=tuple(dict.fromkeys(given.perils or ())),
    )
