"""What was put away comes back as it was."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from gateway.store import AlreadyLinked, Conflict, Store
from insurers.account import LinkState
from insurers.comparison import InquiryState
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.renewal import RenewalState
from tests.store.invented import ACME, MATURITY, NOW, REF, comparison, inquiry, link, registration, renewal


async def test_a_link_comes_back_as_it_was(store: Store) -> None:
    async with store.work() as work:
        await work.links.put(link())

    async with store.reading() as work:
        assert link() == await work.links.get("l1") == await work.links.at("c1", ACME)


async def test_a_registration_comes_back_as_it_was(store: Store) -> None:
    async with store.work() as work:
        await work.registrations.add(registration(), due_at=None)

    async with store.reading() as work:
        assert registration() == await work.registrations.get("g1")


async def test_a_renewal_comes_back_as_it_was_and_is_still_what_was_agreed_to(store: Store) -> None:
    async with store.work() as work:
        await work.renewals.add(renewal(), due_at=None)

    async with store.reading() as work:
        found = await work.renewals.get("r1")

    assert renewal() == found
    assert renewal().review_hash == found.review_hash
    assert renewal().standings == found.standings


async def test_a_comparison_comes_back_with_its_inquiries_in_their_order(store: Store) -> None:
    second, first = inquiry("a", position=2), inquiry("b", position=1)
    async with store.work() as work:
        await work.comparisons.add(comparison())
        await work.inquiries.add(second, due_at=None)
        await work.inquiries.add(first, due_at=None)

    async with store.reading() as work:
        assert comparison(inquiries=(first, second)) == await work.comparisons.get("k1")
        assert first == await work.inquiries.get("b")


async def test_a_comparison_is_replaced_and_what_insurers_answered_stays(store: Store) -> None:
    answered = inquiry(state=InquiryState.ANSWERED)
    async with store.work() as work:
        await work.comparisons.add(comparison())
        await work.inquiries.add(answered, due_at=None)
        chosen = replace(comparison(), version=2, choices=(), inquiries=(inquiry(),))
        await work.comparisons.save(chosen, was=1)

    async with store.work() as work:
        assert replace(chosen, inquiries=(answered,)) == await work.comparisons.get("k1")
        with pytest.raises(Conflict) as conflict:
            await work.comparisons.save(comparison(), was=1)
    assert 2 == conflict.value.current


async def test_who_is_not_there_is_none(store: Store) -> None:
    async with store.reading() as work:
        assert await work.links.get("l1") is None
        assert await work.links.at("c1", ACME) is None
        assert await work.registrations.get("g1") is None
        assert await work.renewals.get("r1") is None
        assert await work.renewals.living(REF, MATURITY) is None
        assert [] == await work.links.of("c1")
        assert [] == await work.renewals.of("c1")
        assert {} == await work.renewals.latest("c1", [REF])
        assert {} == await work.renewals.latest("c1", [])


async def test_a_customer_sees_their_own_links_in_the_order_of_the_insurers(store: Store) -> None:
    async with store.work() as work:
        await work.links.put(link("l2", insurer=InsurerCode("zenith")))
        await work.links.put(link("l1"))
        await work.links.put(link("l3", customer="c2"))

    async with store.reading() as work:
        assert ["l1", "l2"] == [found.id for found in await work.links.of("c1")]


async def test_a_link_is_replaced_by_its_later_self(store: Store) -> None:
    later = link(state=LinkState.CREDENTIALS_REJECTED, access=None)
    async with store.work() as work:
        await work.links.put(link())
        await work.links.put(later)

    async with store.reading() as work:
        assert [later] == await work.links.of("c1")


async def test_a_second_link_to_an_insurer_is_refused_and_the_block_goes_on(store: Store) -> None:
    async with store.work() as work:
        await work.links.put(link("l1"))
        with pytest.raises(AlreadyLinked):
            await work.links.put(link("l2"))
        await work.links.put(link("l3", customer="c2"))

    async with store.reading() as work:
        assert ["l1"] == [found.id for found in await work.links.of("c1")]
        assert ["l3"] == [found.id for found in await work.links.of("c2")]


async def test_a_link_cannot_change_hands(store: Store) -> None:
    async with store.work() as work:
        await work.links.put(link("l1"))
        with pytest.raises(AlreadyLinked):
            await work.links.put(link("l1", customer="c2"))


async def test_a_deleted_link_is_gone(store: Store) -> None:
    async with store.work() as work:
        await work.links.put(link())

    async with store.work() as work:
        await work.links.delete("l1", at=NOW)
        await work.links.delete("l1", at=NOW)

    async with store.reading() as work:
        assert await work.links.get("l1") is None


async def test_renewals_are_listed_newest_first(store: Store) -> None:
    older = renewal("r1", created_at=NOW, state=RenewalState.WITHDRAWN)
    newer = renewal("r2", created_at=NOW + timedelta(seconds=1))
    async with store.work() as work:
        await work.renewals.add(older, due_at=None)
        await work.renewals.add(newer, due_at=None)
        await work.renewals.add(renewal("r3", customer="c2", maturity=MATURITY + timedelta(days=365)), due_at=None)

    async with store.reading() as work:
        assert [newer, older] == await work.renewals.of("c1")


async def test_the_latest_renewal_of_a_policy_is_the_open_one_or_else_the_newest(store: Store) -> None:
    open_ref, ended_ref, unknown_ref = (PolicyRef(ACME, PolicyNumber(number)) for number in ("A1", "A2", "A3"))
    next_year = MATURITY + timedelta(days=365)
    kept = [
        renewal("open", ref=open_ref),
        renewal("ended later", ref=open_ref, created_at=NOW + timedelta(days=1), state=RenewalState.WITHDRAWN),
        renewal("accepted", ref=ended_ref, state=RenewalState.ACCEPTED),
        renewal("lapsed", ref=ended_ref, created_at=NOW + timedelta(days=1), state=RenewalState.LAPSED),
        renewal("another's", customer="c2", ref=open_ref, maturity=next_year),
    ]
    async with store.work() as work:
        for each in kept:
            await work.renewals.add(each, due_at=None)

    async with store.reading() as work:
        latest = await work.renewals.latest("c1", [open_ref, ended_ref, unknown_ref])

    assert {open_ref: "open", ended_ref: "lapsed"} == {ref: found.id for ref, found in latest.items()}


async def test_the_same_number_at_another_insurer_is_another_policy(store: Store) -> None:
    elsewhere = PolicyRef(InsurerCode("zenith"), REF.number)
    async with store.work() as work:
        await work.renewals.add(renewal("r1"), due_at=None)
        await work.renewals.add(renewal("r2", ref=elsewhere), due_at=None)

    async with store.reading() as work:
        assert {elsewhere: "r2"} == {
            ref: found.id for ref, found in (await work.renewals.latest("c1", [elsewhere])).items()
        }


async def test_a_moment_without_its_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="a moment needs its zone"):
        async with store.work() as work:
            await work.links.put(replace(link(), updated_at=NOW.replace(tzinfo=None)))
