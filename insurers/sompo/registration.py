"""Every way in, and who goes on with the customer's answer."""

from collections.abc import Awaitable, Callable, Mapping

from insurers.account import Access, Active, Answer, Asks, Challenge
from insurers.adapter import Applicant
from insurers.errors import NotOffered
from insurers.sompo.addition import ADD_POLICIES, Addition
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk
from insurers.sompo.door import Door
from insurers.sompo.enrolment import PROVISIONAL
from insurers.sompo.mailed_link import link_brought
from insurers.sompo.provisional import Provisional
from insurers.sompo.reset import PASSWORD_RESET, Reset
from insurers.sompo.sessions import Sessions
from insurers.sompo.waiting import Coded, Errand, Linked, Mailed, waiting

# Easiest first.
METHODS = (PROVISIONAL, PASSWORD_RESET, ADD_POLICIES)

Begin = Callable[[Applicant, Access | None], Awaitable[Asks | Active]]
Finish = Callable[[Linked, Answer], Awaitable[Active]]


class Registrations:
    def __init__(self, desk: Desk, sessions: Sessions, door: Door) -> None:
        provisional, reset, addition = Provisional(desk, door), Reset(desk, door), Addition(desk, sessions)
        self._door = door
        self._begin: Mapping[str, Begin] = {
            PROVISIONAL.key: provisional.begin,
            PASSWORD_RESET.key: reset.begin,
            ADD_POLICIES.key: addition.begin,
        }
        self._finish: Mapping[Errand, Finish] = {
            Errand.REGISTRATION: provisional.finish,
            Errand.RESET: reset.finish,
        }

    async def begin(self, method: str, applicant: Applicant, access: Access | None) -> Asks | Active:
        if method not in self._begin:
            raise NotOffered(CODE)
        return await self._begin[method](applicant, access)

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        match waiting(challenge):
            case Mailed() as mailed:
                return link_brought(mailed, answer)
            case Linked() as linked:
                return await self._finish[linked.errand](linked, answer)
            case Coded() as coded:
                return await self._door.passcode(coded, answer)
