"""Opened documents, kept beside the draft."""

import asyncio
from datetime import timedelta

from gateway.store import Store
from tests.store.invented import NOW


async def test_the_first_opening_of_a_version_counts(store: Store) -> None:
    async with store.work() as work:
        await work.openings.note("r1", "aa", at=NOW, topic="renewal:r1")
        await work.openings.note("r1", "aa", at=NOW + timedelta(hours=1), topic="renewal:r1")
        await work.openings.note("r2", "aa", at=NOW + timedelta(hours=2), topic="renewal:r2")

    async with store.reading() as work:
        assert {"aa": NOW} == await work.openings.of("r1")


async def test_two_documents_opened_at_once_are_both_remembered(store: Store) -> None:
    async def opened(sha256: str) -> None:
        async with store.work() as work:
            await work.openings.note("r1", sha256, at=NOW, topic="renewal:r1")

    await asyncio.gather(*(opened(f"{number:02}") for number in range(8)))

    async with store.reading() as work:
        assert {f"{number:02}" for number in range(8)} == set(await work.openings.of("r1"))
