"""What another insurer would be told, as GraphQL shows it before anything is sent."""

import strawberry

from insurers.capability import Capability, Level
from insurers.comparison import Comparison as ComparisonWord
from insurers.disclosure import Disclosure as DisclosureWord
from insurers.disclosure import Line, disclosure
from insurers.identity import InsurerCode, PolicyNumber
from insurers.risk import DataCategory
from schema.arguments import InLanguage
from schema.context import Info
from schema.directives import PERSONAL
from schema.insurer import Insurer


@strawberry.type(description="One value that would be told.")
class DisclosureLine:
    word: strawberry.Private[Line]

    @strawberry.field(description="Number of the policy that it is from. The number itself is not told.")
    def policy_number(self) -> PolicyNumber:
        return self.word.policy.number

    @strawberry.field(description="Under which kind of data it is told; what is withheld is withheld by these.")
    def category(self) -> DataCategory:
        return self.word.category

    @strawberry.field(description="What it is.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="What would be told, in words.", directives=[PERSONAL])
    def value(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.value, locale)


@strawberry.type(
    description="All that an insurer would be told of the customer's contracts elsewhere, line by line, and the"
    " sentence to agree to. Nothing else is told, and nothing before the customer agreed."
)
class Disclosure:
    word: strawberry.Private[DisclosureWord]

    @strawberry.field(description="Who would be told.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.insurer])

    @strawberry.field(description="The kinds of data in it; any that are not `needed` may be withheld.")
    def categories(self) -> list[DataCategory]:
        return [category for category in DataCategory if category in self.word.categories]

    @strawberry.field(description="The kinds of data without which this insurer quotes nothing.")
    def needed(self) -> list[DataCategory]:
        return [category for category in DataCategory if category in self.word.needed]

    @strawberry.field(description="Every value that would be told.")
    def lines(self) -> list[DisclosureLine]:
        return [DisclosureLine(word=line) for line in self.word.lines]

    @strawberry.field(description="What is agreed to, in words.", directives=[PERSONAL])
    def statement(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.statement, locale)

    @strawberry.field(description="Send it to `comparisonSharingAnswer`, so that nothing else is told than was read.")
    def hash(self) -> str:
        return self.word.fingerprint


def disclosed(info: Info, comparison: ComparisonWord, code: InsurerCode) -> DisclosureWord | None:
    """Answer what this insurer would be told; None where it quotes for no other insurer's risk."""
    manifest = info.context.host.manifests[code]
    if manifest.quoting is None or manifest.level(Capability.QUOTE) in (Level.NONE, Level.ASSISTED):
        return None
    return disclosure(code, manifest.name, manifest.quoting, comparison.policies)


def all_told(info: Info, comparison: ComparisonWord, code: InsurerCode) -> frozenset[DataCategory]:
    """Answer every kind of data that is in the disclosure."""
    found = disclosed(info, comparison, code)
    return found.categories if found else frozenset()
