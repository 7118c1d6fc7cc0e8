"""Every question, on one page."""

from typing import Annotated

import strawberry

from insurers.capability import Capability, Level
from insurers.errors import InsurerError
from schema import flows, nodes
from schema.access import asker, flow_id, insurer_code, policy_ref
from schema.agency import MultiAgency, agencies
from schema.agency_request import AgencyRequest, by_ticket
from schema.arguments import After, GlobalId, InLanguage, PageSize
from schema.book import Book, book
from schema.comparison import Comparison
from schema.comparison_inputs import changes_of
from schema.connection import Cursors, page
from schema.context import Info
from schema.differences import PremiumDifferences, premium_differences
from schema.directives import AGENTS, CUSTOMERS, NEVER_NULL_ALONE, PERSONAL, READS, SIGNED_IN
from schema.doubles import DuplicateCovers, duplicate_covers
from schema.enum_labels import EnumLabel, enum_labels
from schema.federation import Federated
from schema.inputs import ComparePlansInput, CoverageChangeInput, InsurerRef, PolicyRef
from schema.insurer import Insurer, InsurerConnection, InsurerEdge
from schema.node import Node
from schema.policies import OrderDirection, PolicyFilter, policies
from schema.policy import Policy, PolicyConnection
from schema.rate_limit import RateLimit
from schema.registration import Registration
from schema.renewal import Renewal
from schema.viewer import Viewer


@strawberry.type(description="Questions. None of them changes anything, here or at an insurer.")
class Query(Federated):
    @strawberry.field(description="Who is signed in; null when nobody is.", directives=[SIGNED_IN])
    def viewer(self, info: Info) -> Viewer | None:
        return Viewer(word=info.context.asker) if info.context.asker else None

    @strawberry.field(description="What the asker may still ask for, and what this operation cost.")
    def rate_limit(self, info: Info) -> RateLimit | None:
        return RateLimit(spent=info.context.spent) if info.context.spent else None

    @strawberry.field(
        description="Any object by id; null if it does not exist, is not visible to the viewer, or the id is no id."
    )
    async def node(self, info: Info, id: GlobalId) -> Node | None:
        return await nodes.find(info, id)

    @strawberry.field(description="Same as `node` for up to 100 ids, in order, nulls kept.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Up to 100; any more are ignored.")],
    ) -> list[Node | None]:
        return await nodes.find_all(info, ids[:100])

    @strawberry.field(description="The insurers that this gateway reaches.")
    def insurers(
        self,
        info: Info,
        first: PageSize = 20,
        after: After = None,
        capabilities: Annotated[
            list[Capability] | None, strawberry.argument(description="Only insurers that can do all of this.")
        ] = None,
    ) -> InsurerConnection:
        able = [
            manifest
            for manifest in info.context.host.manifests.values()
            if all(manifest.level(needed) is not Level.NONE for needed in capabilities or ())
        ]
        ordered = sorted(able, key=lambda manifest: manifest.code)
        own = Cursors(info.context.ids, "insurers")
        cut, cursors, facts = page(ordered, lambda manifest: manifest.code, cursors=own, first=first, after=after)
        edges = [
            InsurerEdge(cursor=cursor, node=Insurer(manifest=manifest))
            for cursor, manifest in zip(cursors, cut, strict=True)
        ]
        return InsurerConnection(edges=edges, page_info=facts)

    @strawberry.field(description="One insurer.")
    def insurer(
        self, info: Info, by: Annotated[InsurerRef, strawberry.argument(description="Its id or its code.")]
    ) -> Insurer | None:
        code = insurer_code(info, by)
        return Insurer(manifest=info.context.host.manifests[code]) if code else None

    @strawberry.field(
        description="The agencies here, by name, so that a customer can choose whom to let act (`consentGrant`).",
        directives=[SIGNED_IN, NEVER_NULL_ALONE],
    )
    async def agencies(self, info: Info) -> list[MultiAgency] | None:
        asker(info)
        return await agencies(info)

    @strawberry.field(
        description="The viewer's policies at all linked insurers, those that end soonest first. An insurer that does"
        " not answer is told in `providers` and takes nothing from the others.",
        directives=[READS, NEVER_NULL_ALONE],
    )
    async def policies(
        self,
        info: Info,
        first: PageSize = 20,
        after: After = None,
        filter: Annotated[PolicyFilter | None, strawberry.argument(description="Which policies; null for all.")] = None,
        direction: Annotated[
            OrderDirection, strawberry.argument(description="By the end of the term.")
        ] = OrderDirection.ASC,
    ) -> PolicyConnection | None:
        asker(info)
        return await policies(info, first=first, after=after, only=filter, direction=direction)

    @strawberry.field(
        description="One policy of the viewer's. Null when there is none such, when it is another person's, or when"
        " its insurer cannot be asked now; `policies.providers` tells the last case apart.",
        directives=[READS],
    )
    async def policy(
        self,
        info: Info,
        by: Annotated[PolicyRef, strawberry.argument(description="Its id, or its number at its insurer.")],
    ) -> Policy | None:
        ref = policy_ref(info, by)
        found = await info.context.loaders.policy.load(ref) if ref else None
        if found is None or isinstance(found, InsurerError):
            return None
        return Policy(word=found, readings=info.context.loaders.readings)

    @strawberry.field(description="One renewal of the viewer's.", directives=[READS])
    async def renewal(self, info: Info, id: GlobalId) -> Renewal | None:
        found = await flows.renewal(info, flow_id(info, id, "Renewal"))
        return Renewal(word=found) if found else None

    @strawberry.field(description="One registration of the viewer's.", directives=[CUSTOMERS])
    async def registration(self, info: Info, id: GlobalId) -> Registration | None:
        found = await flows.registration(info, flow_id(info, id, "Registration"))
        return Registration(word=found) if found else None

    @strawberry.field(
        description="Side-by-side of plans already quoted; starts nothing at an insurer. Ids that are not the"
        " viewer's are passed over; null when nothing is left.",
        directives=[READS],
    )
    async def compare_plans(
        self, info: Info, input: Annotated[ComparePlansInput, strawberry.argument(description="Which plans.")]
    ) -> Comparison | None:
        return await nodes.side_by_side(info, _wanted(info, input))

    @strawberry.field(
        description="What the link in a mail asks of the viewer; null for everybody but whose own account proves that"
        " the policy is theirs, and once it is given.",
        directives=[CUSTOMERS],
    )
    async def agency_request(
        self,
        info: Info,
        ticket: Annotated[
            str, strawberry.argument(description="What stands behind the # of the link.", directives=[PERSONAL])
        ],
    ) -> AgencyRequest | None:
        return await by_ticket(info, ticket)

    @strawberry.field(description="One comparison of the viewer's.", directives=[READS])
    async def comparison(self, info: Info, id: GlobalId) -> Comparison | None:
        found = await flows.comparison(info, flow_id(info, id, "Comparison"))
        return Comparison.of(found) if found else None

    @strawberry.field(
        description="The book of the agency where the viewer works; null for who is no agent. One screen is one query.",
        directives=[AGENTS],
    )
    async def book(self, info: Info) -> Book | None:
        return await book(info)

    @strawberry.field(
        description="What single changes of a plan would cost, each alone, asked of its insurer now: without `changes`,"
        " every option that is not selected; at most 40 in one operation, of whatever plans. Nothing is changed by it."
        " Null for what is no plan of the viewer's, and for the cover that there is today.",
        directives=[READS],
    )
    async def premium_differences(
        self,
        info: Info,
        plan_id: Annotated[strawberry.ID, strawberry.argument(description="Whose changes.")],
        changes: Annotated[
            list[CoverageChangeInput] | None, strawberry.argument(description="Which changes, each tried alone.")
        ] = None,
    ) -> PremiumDifferences | None:
        parts = info.context.ids.parts(plan_id, "Plan")
        plan = await nodes.plan(info, *parts) if parts else None
        wanted = None if changes is None else changes_of(changes)
        return await premium_differences(info, plan, wanted) if plan else None

    @strawberry.field(
        description="Covers that the viewer's household holds twice, over all policies at all linked insurers.",
        directives=[READS, NEVER_NULL_ALONE],
    )
    async def duplicate_covers(self, info: Info) -> DuplicateCovers | None:
        asker(info)
        return await duplicate_covers(info)

    @strawberry.field(
        description="What the values of an enumeration are called, in the schema's order, so that a filter or a legend"
        " needs no words of its own. Empty for a name that is no enumeration of this schema."
    )
    def enum_labels(
        self,
        info: Info,
        enum_name: Annotated[str, strawberry.argument(description="Such as `RenewalStatus`.")],
        locale: InLanguage = None,
    ) -> list[EnumLabel]:
        return enum_labels(info, enum_name, locale)


def _wanted(info: Info, asked: ComparePlansInput) -> list[tuple[str, str | None]]:
    """Answer where the plans are that are meant, each with the code of one or None for all."""
    if asked.renewal_ids:
        named = dict.fromkeys(flow_id(info, id_, "Renewal") for id_ in asked.renewal_ids[: nodes.MOST_COMPARED])
        return [(renewal, None) for renewal in named]
    plans = (info.context.ids.parts(id_, "Plan") for id_ in (asked.plan_ids or ())[: nodes.MOST_COMPARED])
    return [(parts[0], parts[1]) for parts in dict.fromkeys(plans) if parts]
