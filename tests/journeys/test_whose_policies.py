"""Whose policies an agency sees: by consent and account, in its book, and in which branch."""

from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace

from gateway.journeys.book import Books
from gateway.journeys.knowing import AGAIN_AFTER, MOST_ATTEMPTS
from gateway.journeys.mandated import MandatedReading
from gateway.journeys.recent_reading import RecentReading
from gateway.tokens.issuer import subject
from gateway.viewer import party
from insurers.account import LinkState
from insurers.book import Blocker, EntryFilter, EntryOrder
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.policy import RenewalOffer
from insurers.renewal import RenewalState
from schema.ports import Asker, Done, Role, Told
from schema.problems import ProblemCode
from tests.api.agencies import JIRO
from tests.journeys.keys import key
from tests.journeys.mandating import A_DAY, AGENT, CUSTOMER, ISSUER, PREPARE, READ, Desk, asker, desk, read
from tests.store import booked
from tests.store.databases import database_url
from tests.store.invented import ACME, NOW, REF, link, renewal

__all__ = ["database_url", "desk"]


async def owners(desk: Desk) -> list[str]:
    found = await desk.authority.owners(AGENT, [REF, PolicyRef(ACME, PolicyNumber("NOBODYS1"))])
    assert {REF} >= set(found)
    return list(found.get(REF, ()))


async def test_with_a_consent_the_accounts_tell_whose_policies_they_are(desk: Desk) -> None:
    assert [] == await owners(desk)
    given = await desk.grant(READ)

    assert [CUSTOMER.customer] == await owners(desk)
    assert await desk.knowing.due() is None
    await desk.mandates.revoke(CUSTOMER, given.id, key="r")
    assert [] == await owners(desk)


async def test_an_insurer_that_cannot_be_asked_is_asked_later_and_not_for_ever(desk: Desk) -> None:
    desk.account.is_down = True
    await desk.grant(READ)
    assert ([], 1) == (await owners(desk), desk.account.asked)
    assert NOW + AGAIN_AFTER[0] == await desk.knowing.due()

    desk.clock.advance(AGAIN_AFTER[0])
    assert [1, 0] == [await desk.knowing.turn(), await desk.knowing.turn()]
    assert desk.clock() + AGAIN_AFTER[1] == await desk.knowing.due()
    desk.account.is_down = False
    desk.clock.advance(AGAIN_AFTER[1])
    assert 1 == await desk.knowing.turn()

    assert ([CUSTOMER.customer], 3) == (await owners(desk), desk.account.asked)
    assert await desk.knowing.due() is None
    desk.account.is_down = True
    await desk.grant(READ, PREPARE, key="h")
    for _ in range(MOST_ATTEMPTS):
        desk.clock.advance(AGAIN_AFTER[-1])
        assert 1 == await desk.knowing.turn()
    assert await desk.knowing.due() is None


async def test_an_account_that_is_linked_after_the_consent_is_read_and_so_is_a_renewed_one(desk: Desk) -> None:
    async with desk.store.work() as work:
        await work.links.delete(link().id, at=NOW)
    await desk.grant(READ)
    assert ([], 0, None) == (await owners(desk), desk.account.asked, await desk.knowing.due())

    async with desk.store.work() as work:
        await work.links.put(link())
    assert [1, 0] == [await desk.knowing.turn(), await desk.knowing.turn()]
    assert [CUSTOMER.customer] == await owners(desk)
    going_out = renewal(state=RenewalState.SUBMITTING)
    async with desk.store.work() as work:
        await work.renewals.add(going_out, due_at=None)
    assert await desk.knowing.due() is None
    async with desk.store.work() as work:
        accepted = replace(going_out, state=RenewalState.ACCEPTED, version=going_out.version + 1)
        await work.renewals.save(accepted, was=going_out.version, due_at=None)
    assert (1, 2) == (await desk.knowing.turn(), desk.account.asked)


async def test_what_an_account_has_no_more_is_nobodys_to_see_in_it(desk: Desk) -> None:
    await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number))])
    await desk.grant(READ, PREPARE)
    assert ([CUSTOMER.customer], Blocker.NOTHING) == (await owners(desk), (await waits_for(desk))[0])
    known = desk.account.known

    await known.note(await key(desk.store), [], whole=False)
    assert [CUSTOMER.customer] == await owners(desk)
    await known.note(await key(desk.store), [PolicyNumber("NEXTTERM")], whole=True)
    assert ([], (Blocker.NOT_LINKED, None)) == (await owners(desk), await waits_for(desk))

    await known.note(await key(desk.store), [REF.number], whole=False)
    assert [CUSTOMER.customer] == await owners(desk)
    async with desk.store.work() as work:
        await work.links.delete(link().id, at=NOW)
    assert ([], (Blocker.NOT_LINKED, None)) == (await owners(desk), await waits_for(desk))
    await known.note(await key(desk.store), [REF.number], whole=True)
    assert [] == await owners(desk)


async def test_of_several_who_have_a_policy_who_lets_the_agency_do_most_comes_first_everywhere(desk: Desk) -> None:
    await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number))])
    await desk.grant(READ)
    further = replace(CUSTOMER, customer="zz", actor="zz")
    async with desk.store.work() as work:
        await work.links.put(replace(link(), id="another", customer="zz"))
        await work.known.note("zz", ACME, [REF.number], at=NOW)
    desk.clock.advance(A_DAY)
    scopes = frozenset({READ, PREPARE})
    done = await desk.mandates.grant(further, "sakura", scopes, None, statement=read(scopes), key="g")
    assert not done.problems

    assert (["zz", CUSTOMER.customer], "zz") == (await owners(desk), (await waits_for(desk))[1])
    errand = await desk.authority.about(AGENT, [REF], PREPARE)
    assert errand is not None
    assert ("zz", frozenset({READ, PREPARE})) == (errand.asker.customer, errand.scopes)


# ---- the book


async def waits_for(desk: Desk) -> tuple[Blocker, str | None]:
    """Answer what the one entry of the book waits for, and whose it is."""
    wanted = EntryFilter()
    (entry,) = (
        await Books(desk.store, desk.clock).page(
            booked.MANAGER, wanted, EntryOrder.DUE, descending=False, first=2, after=None, count=False
        )
    ).entries
    return entry.blocker, entry.customer


async def test_the_book_tells_at_once_what_the_agency_can_do_for_a_customer(desk: Desk) -> None:
    await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number))])
    not_linked, mine = Blocker.NOT_LINKED, CUSTOMER.customer
    assert not_linked == (await waits_for(desk))[0]

    given = await desk.grant(READ)
    assert (not_linked, mine) == await waits_for(desk)
    given = await desk.grant(READ, PREPARE, until=NOW + A_DAY, key="h")
    assert (Blocker.NOTHING, mine) == await waits_for(desk)
    async with desk.store.work() as work:
        await work.links.put(replace(link(), state=LinkState.CHALLENGE_PENDING))
    assert (Blocker.WAITING_FOR_PASSCODE, mine) == await waits_for(desk)
    async with desk.store.work() as work:
        await work.links.delete(link().id, at=NOW)
    assert not_linked == (await waits_for(desk))[0]
    async with desk.store.work() as work:
        await work.links.put(replace(link(), state=LinkState.LINKED))
    assert 1 == await desk.knowing.turn()
    assert (Blocker.NOTHING, mine) == await waits_for(desk)
    desk.clock.advance(A_DAY)
    assert 1 == await desk.expiring.turn()
    assert not_linked == (await waits_for(desk))[0]

    given = await desk.grant(READ, PREPARE, key="i")
    assert (Blocker.NOTHING, mine) == await waits_for(desk)
    await desk.mandates.revoke(CUSTOMER, given.id, key="r")
    assert not_linked == (await waits_for(desk))[0]


# ---- branches


class SlowReading(RecentReading):
    """Tells offers, and takes so long for it that the agency's book is read meanwhile."""

    def __init__(self, desk: Desk, branch: str) -> None:
        self.document_url = lambda *_, **__: ""
        self._desk = desk
        self._row = booked.record(str(REF.number), branch=branch)

    async def renewal_offers(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Told[Mapping[PolicyNumber, RenewalOffer]]:
        await booked.fill(self._desk.store, self._desk.keyring, [self._row])
        offers = {number: RenewalOffer(ref=PolicyRef(insurer, number), online=True) for number in numbers}
        return Told(value=offers, at=NOW, until=NOW)


@pytest.mark.parametrize(("branch", "told"), [("01", False), ("02", True)])
async def test_what_comes_to_another_branch_while_its_insurer_is_asked_is_not_told(
    desk: Desk, branch: str, told: bool
) -> None:
    await desk.grant(READ)
    jiro = replace(asker(party(ISSUER, subject(JIRO)), Role.AGENT), customer=CUSTOMER.customer)
    reading = MandatedReading(SlowReading(desk, branch), desk.authority, desk.clock)

    found = await reading.renewal_offers(jiro, ACME, [REF.number])

    assert told is (REF.number in found.value)


@pytest.mark.parametrize(("branch", "told"), [("01", False), ("02", True)])
@pytest.mark.parametrize("way", ["of a policy", "of a renewal"])
async def test_what_is_found_or_done_of_what_comes_to_another_branch_meanwhile_is_not_told(
    desk: Desk, way: str, branch: str, told: bool
) -> None:
    await desk.grant(READ, PREPARE)
    jiro = replace(asker(party(ISSUER, subject(JIRO)), Role.AGENT), customer=CUSTOMER.customer)
    begun = renewal()
    async with desk.store.work() as work:
        await work.renewals.add(begun, due_at=None)
    about, in_flow = desk.authority.about, desk.authority.in_flow
    errand = await (about(jiro, [REF], PREPARE) if way == "of a policy" else in_flow(jiro, begun.id))
    assert errand is not None

    async def found(_: Asker) -> str:
        await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number), branch=branch)])
        return "found"

    async def done(who: Asker) -> Done[str]:
        return Done(thing=await found(who))

    shown = await desk.authority.shown(errand, found)
    outcome = await desk.authority.done(errand, PREPARE, done, found)

    assert ("found" if told else None) == shown == outcome.thing
    assert ([] if told else [ProblemCode.NOT_FOUND]) == [problem.code for problem in outcome.problems]
