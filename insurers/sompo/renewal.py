"""Rehearsing a renewal, and pressing the button once (SJ-REN-10, SJ-REN-11)."""

from collections.abc import Callable
from uuid import UUID

from insurers.account import Access
from insurers.errors import Changed, ErrorCode, InsurerError, Unavailable, Unconfirmed
from insurers.identity import PolicyNumber, PolicyRef, SuccessorNumber
from insurers.panel import Clock
from insurers.plan import Plan
from insurers.renewal import Draft, Proposal
from insurers.script import Script
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk
from insurers.sompo.mapping.plan import signed_as
from insurers.sompo.mapping.policy import Fate, fate
from insurers.sompo.mapping.refusals import already_renewed
from insurers.sompo.script import APPLICATION_STATEMENT, read_course, script
from insurers.sompo.sessions import Sessions
from insurers.sompo.settling import Settling
from insurers.sompo.walk import Button, Walk
from insurers.sompo.wire import contracts, says
from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_code
from insurers.sompo.wire.procedure import Moshikomi


class Renewals:
    def __init__(self, desk: Desk, sessions: Sessions, clock: Clock) -> None:
        self._desk = desk
        self._sessions = sessions
        self._clock = clock
        self._settling = Settling(clock)

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
            return await self._pressed(button, draft.number, key)

        return await self._sessions.act(access, walk_and_press, fresh=True)

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        """Sompo keeps no key of ours: the renewal list shows what became of it (WIRE.md §8.4)."""
        number = str(proposal.ref.number)

        def read(answer: Answer) -> Fate:
            records = contracts.renewal_list(answer)
            return next((fate(record) for record in records if record.syoken_no == number), Fate(known=False))

        async def look(token: str) -> Fate:
            found = await self._desk.ask(says.renewal_list(token, [number]), read)
            if found.successor is not None:
                await self._require_ours(token, found.successor, proposal.plan)
            return found

        found = await self._sessions.act(access, look)
        if found.successor is None and not (found.known and self._settling.settled(key)):
            raise Unavailable(CODE, code=ErrorCode.OUTCOME_UNKNOWN)
        return found.successor

    async def _require_ours(self, token: str, successor: SuccessorNumber, plan: Plan) -> None:
        """
        The list shows the successor whoever made it, and a term on other terms is not this application's.

        One that we signed is in the account at once (WIRE.md §5).
        """

        def read(answer: Answer) -> bool:
            terms = contracts.contracts(answer)
            return any(signed_as(term, plan) for term in terms if term.keiyaku.syoken_no == str(successor))

        if not await self._desk.ask(says.contracts(token, [str(successor)]), read):
            raise already_renewed()

    async def _pressed(self, button: Button, number: PolicyNumber, key: UUID) -> SuccessorNumber:
        self._settling.pressed(key)
        try:
            successor = await self._desk.ask(button.press, _signed(number), writes=True)
        except Unconfirmed:
            raise
        except InsurerError:
            # Every other error says that nothing was done.
            self._settling.answered(key)
            raise
        self._settling.answered(key)
        return successor

    def _proposal(self, draft: Draft, button: Button) -> Proposal:
        return Proposal(
            ref=PolicyRef(CODE, draft.number),
            draft=draft,
            plan=button.plan,
            documents=button.documents,
            statement=APPLICATION_STATEMENT,
            rehearsed_at=self._clock(),
        )


def _signed(number: PolicyNumber) -> Callable[[Answer], SuccessorNumber]:
    def read(answer: Answer) -> SuccessorNumber:
        signed = answer.head(Moshikomi)
        if signed.syoken_no != str(number):
            raise ValueError("this is not the receipt of our application")
        return SuccessorNumber(read_code(signed.koukaigo_syoken_no))

    return read
