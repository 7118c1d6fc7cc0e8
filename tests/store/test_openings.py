"""Opened documents, kept beside the draft."""

import asyncio
from datetime import timedelta

from msgspec.structs import replace

from gateway.store import Store
from tests.store.invented import NOW, renewal


async def test_the_first_opening_of_a_version_counts(store: Store) -> None:
    async with store.work() as work:
        await work.openings.note("r1", "aa", at=NOW, topic="renewal:r1")
        await work.openings.note("r1", "aa", at=NOW + timedelta(hours=1), topic="renewal:r1")
        await work.openings.note("r2", "aa", at=NOW + timedelta(hours=2), topic="renewal:r2")

    async with store.reading() as work:
        assert [{"aa": NOW}, {"aa": NOW + timedelta(hours=2)}, {}] == [
            one.opened for one in await work.openings.shown([renewal("r1"), renewal("r2"), renewal("r3")])
        ]


async def test_what_was_opened_is_told_however_a_renewal_is_looked_for(store: Store) -> None:
    begun = renewal("r1")
    async with store.work() as work:
        await work.renewals.add(begun, due_at=None)
    async with store.work() as work:
        await work.openings.note("r1", "aa", at=NOW, topic="renewal:r1")

    async with store.reading() as work:
        found = [
            await work.renewals.get("r1"),
            *await work.renewals.among(["r1"]),
            *await work.renewals.of(begun.customer),
            *(await work.renewals.latest(begun.customer, [begun.ref])).values(),
            await work.renewals.living(begun.ref, begun.maturity),
        ]
    assert [replace(begun, opened={"aa": NOW})] * 5 == found


async def test_two_documents_opened_at_once_are_both_remembered(store: Store) -> None:
    async def opened(sha256: str) -> None:
        async with store.work() as work:
            await work.openings.note("r1", sha256, at=NOW, topic="renewal:r1")

    await asyncio.gather(*(opened(f"{number:02}") for number in range(8)))

    async with store.reading() as work:
        (one,) = await work.openings.shown([renewal("r1")])
        assert {f"{number:02}" for number in range(8)} == one.opened.keys()
