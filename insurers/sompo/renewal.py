"""Rehearsing a renewal, and pressing the button once (SJ-REN-10, SJ-REN-11)."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from insurers.account import Access
from insurers.errors import Changed, ErrorCode, Unavailable
from insurers.identity import PolicyNumber, PolicyRef, SuccessorNumber
from insurers.money import Yen
from insurers.panel import Clock
from insurers.plan import Plan
from insurers.renewal import Draft, Proposal
from insurers.script import Script
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk
from insurers.sompo.mapping.plan import signed_as
from insurers.sompo.mapping.policy import Fate, fate, successor
from insurers.sompo.mapping.refusals import already_renewed
from insurers.sompo.script import APPLICATION_STATEMENT, read_course, script
from insurers.sompo.sessions import Sessions
from insurers.sompo.walk import Button, Walk
from insurers.sompo.wire import contracts, says
from insurers.sompo.wire.contracts import Contract
from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_code, read_number
from insurers.sompo.wire.procedure import Moshikomi

T = TypeVar("T")


class Renewals:
    def __init__(self, desk: Desk, sessions: Sessions, clock: Clock) -> None:
        self._desk = desk
        self._sessions = sessions
        self._clock = clock

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        async def ask(token: str) -> Script:
            return await self._desk.ask(says.steps(token, str(number)), lambda answer: script(read_course(answer)))

        return await self._sessions.act(access, ask)

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        async def walk(token: str) -> Proposal:
            return self._proposal(draft, await Walk(self._desk, token, draft).to_the_button())

        return await self._sessions.act(access, walk, fresh=True)

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        draft = proposal.draft

        async def walk_and_press(token: str) -> SuccessorNumber:
            button = await Walk(self._desk, token, draft).to_the_button()
            again = self._proposal(draft, button)
            if again.fingerprint != proposal.fingerprint:
                moved = again.plan.fingerprint != proposal.plan.fingerprint
                raise Changed(CODE, code=ErrorCode.PREMIUM_CHANGED if moved else ErrorCode.DOCUMENT_CHANGED)
            signed = _signed(draft.number, button.plan.premium.total)
            return await self._desk.ask(button.press, signed, writes=True)

        return await self._sessions.act(access, walk_and_press, fresh=True)

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        """
        Sompo keeps no key of ours: the renewal list and the contract itself show what became of it (WIRE.md §8.4).

        Until an application has settled, neither may show it (§6.1). Whoever asks waits for that: an adapter
        does not remember what another process pressed.
        """
        return await self._sessions.act(
            access, lambda token: self._seen(token, str(proposal.ref.number), proposal.plan)
        )

    async def _seen(self, token: str, number: str, plan: Plan) -> SuccessorNumber | None:
        # In this order: the list may be late with an application, and never with the rider (§6.1, §6.2).
        named = await self._of_contract(token, number, successor)
        listed = await self._listed(token, number)
        if listed.by_rider:
            raise already_renewed(by_rider=True)
        signed = listed.successor or next(iter(named), None)
        if signed is None:
            if not (listed.known and named):
                raise Unavailable(CODE, code=ErrorCode.OUTCOME_UNKNOWN)
            return None
        await self._require_ours(token, signed, number, plan)
        return signed

    async def _listed(self, token: str, number: str) -> Fate:
        def read(answer: Answer) -> Fate:
            records = contracts.renewal_list(answer)
            return next((fate(record) for record in records if record.syoken_no == number), Fate(known=False))

        return await self._desk.ask(says.renewal_list(token, [number]), read)

    async def _require_ours(self, token: str, signed: SuccessorNumber, number: str, plan: Plan) -> None:
        """The successor shows whoever made it, and a term on other terms is not this application's."""

        def is_ours(term: Contract) -> bool:
            return term.keiyaku.mae_syoken_no == number and signed_as(term, plan)

        found = await self._of_contract(token, str(signed), is_ours)
        if not found:
            raise Unavailable(CODE, code=ErrorCode.OUTCOME_UNKNOWN)
        if not all(found):
            raise already_renewed()

    async def _of_contract(self, token: str, number: str, read: Callable[[Contract], T]) -> Sequence[T]:
        """Answer what *read* makes of this contract; nothing where it is not in the account."""

        def read_all(answer: Answer) -> Sequence[T]:
            found = contracts.contracts(answer)
            return [read(contract) for contract in found if contract.keiyaku.syoken_no == number]

        return await self._desk.ask(says.contracts(token, [number]), read_all)

    def _proposal(self, draft: Draft, button: Button) -> Proposal:
        return Proposal(
            ref=PolicyRef(CODE, draft.number),
            draft=draft,
            plan=button.plan,
            documents=button.documents,
            statement=APPLICATION_STATEMENT,
            rehearsed_at=self._clock(),
        )


def _signed(number: PolicyNumber, premium: Yen) -> Callable[[Answer], SuccessorNumber]:
    """A receipt for anything else than what was agreed to is none of ours, and says nothing about what was done."""

    def read(answer: Answer) -> SuccessorNumber:
        signed = answer.head(Moshikomi)
        answer.only()
        if (signed.syoken_no, read_number(signed.hokenryo)) != (str(number), premium.amount):
            raise ValueError("this is not the receipt of our application")
        if signed.koukaigo_syoken_no == signed.syoken_no:
            raise ValueError("this is not the number of a next term")
        return SuccessorNumber(read_code(signed.koukaigo_syoken_no))

    return read
