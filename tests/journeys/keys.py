"""Keys to an invented customer's account, as the desk hands them out for a read."""

from gateway.journeys.accounts import Key
from gateway.store import Store
from tests.store.invented import ACME, link

CUSTOMER = link().customer


async def key(store: Store) -> Key:
    """Answer the key as of now; to an account that was taken out, the one that was to it."""
    async with store.reading() as work:
        found = await work.links.at(CUSTOMER, ACME) or link()
        assert found.access is not None
        return Key(found, found.access, await work.known.proved(CUSTOMER, ACME))
