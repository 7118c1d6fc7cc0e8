"""A resident of the crowd, who is asked for no passcode and renews like everybody."""

from datetime import timedelta
from uuid import UUID

from aiohttp import web

from insurers.account import Active, Credentials
from insurers.adapter import Insurer
from insurers.identity import PolicyNumber
from insurers.sandbox import CROWD, LEDGER, TestClock
from tests.adapters.sompo.conftest import Complete


async def test_a_resident_comes_in_by_the_password_alone_and_stays(
    insurer: Insurer, sandbox: web.Application, completed: Complete, clock: TestClock
) -> None:
    (resident,) = sandbox[CROWD](1)
    active = await insurer.sign_in(Credentials(user_id=resident.user_id, password=resident.password))
    assert isinstance(active, Active)
    number = PolicyNumber.parse(resident.numbers[0])
    proposal = await insurer.rehearse(active.access, await completed(active.access, number))
    clock.advance(timedelta(days=2))

    successor = await insurer.apply(active.access, proposal, UUID(int=1))

    (accepted,) = sandbox[LEDGER]()
    assert (str(number), str(successor)) == (accepted.number, accepted.successor)
    assert proposal.plan.premium.total.amount == accepted.premium
    assert accepted.document_sha256 in {document.sha256 for document in proposal.documents}
