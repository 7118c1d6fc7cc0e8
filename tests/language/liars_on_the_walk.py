"""Insurers of paper who break a promise on the walk to the button, at it, or after it."""

from uuid import UUID

from insurers.account import Access
from insurers.errors import Drifted, NeedsCustomer, NotOnline, Unavailable, Unconfirmed
from insurers.identity import SuccessorNumber
from insurers.plan import PlanQuery
from insurers.renewal import Draft, Proposal
from tests.language.paper import Paper, fixtures
from tests.language.paper_forms import PAPER, replace


class Credulous(Paper):
    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        proposal = await super().rehearse(access, fixtures(self)["draft"])
        return replace(proposal, draft=draft)


class Fickle(Paper):
    rehearsals = 0

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        self.rehearsals += 1
        return replace(await super().rehearse(access, draft), statement=f"{self.rehearsals}")


class Hasty(Paper):
    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        proposal = await super().rehearse(access, draft)
        self.world.signed[draft.number] = SuccessorNumber("N1")
        return proposal


class Twice(Paper):
    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        self.world.signed[proposal.ref.number] = SuccessorNumber(f"N{len(str(self.world.signed))}")
        return self.world.signed[proposal.ref.number]


class Optimist(Paper):
    """Calls what may have happened undone, which would have it pressed again."""

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        try:
            return await super().apply(access, proposal, key)
        except Unconfirmed:
            raise Unavailable(PAPER) from None


class Pessimist(Paper):
    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        try:
            return await super().apply(access, proposal, key)
        except Unavailable:
            raise Unconfirmed(PAPER) from None


class Forgetful(Paper):
    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        return None


class Vague(Paper):
    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        return replace(await super().rehearse(access, draft), plan=draft.plan)


class Absentminded(Paper):
    """Quotes by the conditions, and rehearses without them."""

    def asked(self, draft: Draft) -> PlanQuery:
        return replace(super().asked(draft), conditions={})


class Lenient(Paper):
    def refer(self, draft: Draft) -> None:
        """Goes on with whoever should see the agency."""


class Tightlipped(Paper):
    def refer(self, draft: Draft) -> None:
        try:
            super().refer(draft)
        except NotOnline as error:
            raise NotOnline(PAPER, reason=replace(error.reason, contact=None)) from None


class Skimming(Paper):
    """Compares what it costs, and not what was read."""

    def agree(self, present: Proposal, agreed: Proposal) -> None:
        super().agree(present, replace(present, plan=agreed.plan))


class Remembering(Paper):
    """Knows what it pressed itself, and asks nobody."""

    def __init__(self, beside: Paper | None = None) -> None:
        super().__init__(beside)
        self.pressed = False

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        self.pressed = True
        return await super().apply(access, proposal, key)

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        return await super().outcome(access, proposal, key) if self.pressed else None


class Evasive(Paper):
    """Cannot say for certain, however long one waits."""

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        if found := await super().outcome(access, proposal, key):
            return found
        raise Unavailable(PAPER)


class Doubtful(Paper):
    """Calls in doubt what stopped far from the button."""

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        try:
            return await super().apply(access, proposal, key)
        except (Unavailable, Drifted):
            raise Unconfirmed(PAPER) from None


class Guarded(Paper):
    """Wants the customer back once its session has idled away."""

    def enter(self, access: Access) -> None:
        super().enter(access)
        if self.world.waited:
            raise NeedsCustomer(PAPER)
