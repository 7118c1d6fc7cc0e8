"""A process that is killed has kept whatever it was promised was kept, and holds nobody up."""

import asyncio
import signal
from datetime import timedelta

import pytest

from gateway.store import Store
from gateway.vault import Keyring, fresh_key
from insurers.renewal import RenewalState
from tests.processes import Forked
from tests.store import doomed
from tests.store.doomed import LEASE_SECONDS
from tests.store.invented import NOW, registration

KEYS = fresh_key()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.parse(KEYS)


def killed(url: str, act: str, *, after: int) -> list[str]:
    """Let a process do *act*, kill it once it has said *after* lines, and answer all that it said."""
    with Forked(doomed.do, url, KEYS, act) as process:
        said = [process.stdout.readline() for _ in range(after)]
        process.tell(signal.SIGKILL)
        ended = process.end()
    assert -signal.SIGKILL == ended.status, ended.err
    said += ended.out.splitlines(keepends=True)
    return [line.strip() for line in said if line.endswith("\n")]


@pytest.mark.parametrize("after", [1, 7, 30])
async def test_nothing_that_was_acknowledged_is_lost(database_url: str, store: Store, after: int) -> None:
    promised = await asyncio.to_thread(killed, database_url, "begin_without_end", after=after)

    async with store.work() as work:
        kept = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=1000)
    # One more may have been committed just before it could be said.
    assert len(promised) <= len(kept) <= len(promised) + 1
    assert set(promised) <= {each.aggregate.id for each in kept}
    assert all(registration(each.aggregate.id) == each.aggregate for each in kept)


async def test_a_submission_that_fell_silent_is_taken_up_when_its_lease_is_out(database_url: str, store: Store) -> None:
    assert ["submitting"] == await asyncio.to_thread(killed, database_url, "press_the_button", after=1)

    async with store.work() as work:
        assert [] == await work.renewals.claim(NOW, lease_seconds=LEASE_SECONDS, limit=1)
        later = NOW + timedelta(seconds=LEASE_SECONDS)
        [silent] = await work.renewals.claim(later, lease_seconds=LEASE_SECONDS, limit=1)

    assert RenewalState.SUBMITTING is silent.aggregate.state


async def test_a_block_that_never_ended_never_was_and_holds_nobody_up(database_url: str, store: Store) -> None:
    assert ["nothing"] == await asyncio.to_thread(killed, database_url, "fall_silent_in_a_block", after=1)

    async with store.work() as work:
        assert await work.registrations.get("g1") is None
        await work.registrations.add(registration(), due_at=None)
