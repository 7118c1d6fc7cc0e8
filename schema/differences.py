"""What each single change would make of a plan's premium."""

from collections.abc import Sequence
from dataclasses import replace

import strawberry

from insurers.coverage import CoverageChange, CoverageKind
from insurers.errors import ErrorCode, InsurerError, Unavailable
from insurers.labels import label
from insurers.money import Yen
from insurers.plan import Plan as PlanWord
from insurers.text import Text
from schema.access import asker
from schema.arguments import InLanguage
from schema.context import MOST_QUOTES, Info
from schema.coverage import Coverage
from schema.offered import Present, Quoted
from schema.plan import Plan, Premium
from schema.ports import Difference as DifferenceWord
from schema.ports import Differences
from schema.provider import ProviderStatus

_QUOTED_ENOUGH = Text(
    f"1回のリクエストで試算できる変更は合計{MOST_QUOTES}件までです。残りは、次のリクエストで試算してください。",
    f"One request has at most {MOST_QUOTES} changes quoted in all. Ask for the rest in another one.",
)


@strawberry.type(description="What one change alone would make of the premium, everything else as it is quoted now.")
class PremiumDifference:
    word: strawberry.Private[DifferenceWord]
    of: strawberry.Private[PlanWord]

    @strawberry.field(description="Which cover would change.")
    def key(self) -> CoverageKind:
        return self.word.change.kind

    @strawberry.field(description="Its name.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(label(self.word.change.kind), locale)

    @strawberry.field(description="`value` of the option that it would change to.")
    def option(self) -> str:
        return self.word.change.option

    @strawberry.field(description="That option in the insurer's words; null where the plan has none such.")
    def option_label(self) -> str | None:
        return next(
            (
                option.label
                for cover in self.of.coverages
                if cover.kind is self.word.change.kind
                for option in cover.options
                if option.value == self.word.change.option
            ),
            None,
        )

    @strawberry.field(description="False where the insurer does not offer this; then there is neither price.")
    def offered(self) -> bool:
        return self.word.plan is not None

    @strawberry.field(description="How much more it would cost; negative where it would cost less.")
    def difference(self) -> Yen | None:
        return self.word.difference

    @strawberry.field(description="What the plan would cost then.")
    def premium(self) -> Premium | None:
        # GraphQL reads the language's value by attribute; a Premium here is a description of it.
        return self.word.plan.premium if self.word.plan else None  # type: ignore[return-value]

    @strawberry.field(description="The cover as it would be then.")
    def coverage(self) -> Coverage | None:
        covers = self.word.plan.coverages if self.word.plan else ()
        # As above.
        return next((cover for cover in covers if cover.kind is self.word.change.kind), None)  # type: ignore[return-value]


@strawberry.type(description="What single changes of a plan would cost, each alone, asked of its insurer just now.")
class PremiumDifferences:
    plan: Plan = strawberry.field(description="The plan, as it was last quoted. Asking changes nothing of it.")
    provider: ProviderStatus = strawberry.field(description="How its insurer did; without it there are no differences.")
    found: strawberry.Private[Differences | None]

    @strawberry.field(
        description="What the plan costs today without any change, quoted in the same asking: what every difference is"
        " against. Null where there are none."
    )
    def before(self) -> Premium | None:
        # GraphQL reads the language's value by attribute; a Premium here is a description of it.
        return self.found.base.premium if self.found else None  # type: ignore[return-value]

    @strawberry.field(
        description="Whether that is another price than `plan.premium`, which was quoted before: quote the plan again."
    )
    def moved(self) -> bool:
        return self.found is not None and self.found.base.premium.total != self.plan.word.premium.total

    @strawberry.field(description="One for each change, in their order.")
    def differences(self) -> list[PremiumDifference]:
        return [PremiumDifference(word=each, of=self.found.base) for each in self.found.found] if self.found else []


async def premium_differences(
    info: Info, plan: Plan, changes: Sequence[CoverageChange] | None
) -> PremiumDifferences | None:
    """Ask the insurer that offers *plan*; without *changes* for every option that is not the selected one."""
    word, offered_by = plan.word, plan.offered_by
    if isinstance(offered_by, Present):
        return None
    host, manifest = info.context.host, info.context.host.manifests[word.insurer]
    flow = offered_by.inquiry.id if isinstance(offered_by, Quoted) else offered_by.id
    wanted = _other_options(word) if changes is None else changes
    if not wanted:
        return PremiumDifferences(plan=plan, provider=ProviderStatus.ok(manifest, host.now()), found=None)
    if not (allowed := info.context.take_quotes(len(wanted))):
        spent = ProviderStatus.missing(manifest, Unavailable(word.insurer, code=ErrorCode.RATE_LIMITED))
        return PremiumDifferences(plan=plan, provider=replace(spent, words=_QUOTED_ENOUGH), found=None)
    try:
        found = await host.comparisons.differences(asker(info), flow, word.code, wanted[:allowed])
    except InsurerError as error:
        links = await info.context.loaders.links.load(None)
        link = next((link for link in links if link.insurer == word.insurer), None)
        return PremiumDifferences(plan=plan, provider=ProviderStatus.missing(manifest, error, link), found=None)
    if found is None:
        return None
    return PremiumDifferences(plan=plan, provider=ProviderStatus.ok(manifest, host.now()), found=found)


def _other_options(plan: PlanWord) -> list[CoverageChange]:
    return [
        CoverageChange(kind=cover.kind, option=option.value)
        for cover in plan.coverages
        for option in cover.options
        if not option.selected
    ]
