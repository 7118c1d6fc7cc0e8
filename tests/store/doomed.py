"""
A process that is killed in the middle of its work.

It does its act, and says in a line what it has been promised was kept. Then somebody kills it.
"""

import asyncio
import sys

from gateway import store as stores
from gateway.store import Lease, Store
from gateway.vault import Keyring
from insurers.renewal import RenewalEvent, RenewalState
from tests.store.invented import NOW, registration, renewal

LEASE_SECONDS = 60


def promised(name: str) -> None:
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


async def begin_without_end(store: Store) -> None:
    """Write down one registration after the other."""
    number = 0
    while True:
        async with store.work() as work:
            await work.registrations.add(registration(f"g{number}"), due_at=NOW)
        promised(f"g{number}")
        number += 1


async def press_the_button(store: Store) -> None:
    """Write down that a renewal is being submitted, and wait for an insurer who never answers."""
    ready = renewal(state=RenewalState.READY)
    async with store.work() as work:
        await work.renewals.add(ready, due_at=None)
        await work.renewals.save(
            ready.on(RenewalEvent.SUBMIT, at=NOW), was=1, due_at=NOW, lease=Lease.lasting(LEASE_SECONDS, now=NOW)
        )
    promised("submitting")
    await asyncio.Event().wait()


async def fall_silent_in_a_block(store: Store) -> None:
    """Write something and never come to the end of the block."""
    async with store.work() as work:
        await work.registrations.add(registration(), due_at=NOW)
        promised("nothing")
        await asyncio.Event().wait()


ACTS = {act.__name__: act for act in (begin_without_end, press_the_button, fall_silent_in_a_block)}


def do(url: str, keys: str, act: str) -> None:
    async def acted() -> None:
        async with stores.opened(url, keyring=Keyring.parse(keys)) as store:
            await ACTS[act](store)

    asyncio.run(acted())
