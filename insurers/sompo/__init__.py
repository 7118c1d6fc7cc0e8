"""Sompo Japan (損保ジャパン). The wire is this project's invention; see WIRE.md."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from insurers.adapter import Insurer
from insurers.exchange import Listener, unheard
from insurers.http import InsurerHTTP, session
from insurers.panel import Clock
from insurers.sompo.adapter import Sompo
from insurers.sompo.desk import AGENCY_REQUESTS, CONCURRENT_REQUESTS
from insurers.sompo.manifest import MANIFEST
from insurers.sompo.settings import Settings

__all__ = ["MANIFEST", "connect"]


@asynccontextmanager
async def connect(*, base_url: str | None = None, clock: Clock, listener: Listener = unheard) -> AsyncIterator[Insurer]:
    async with (
        session(connections=CONCURRENT_REQUESTS) as client,
        session(connections=AGENCY_REQUESTS) as agency_client,
    ):
        # The environment supplies what is not given here.
        where = base_url or Settings().base_url
        http = InsurerHTTP(MANIFEST.code, client, where, concurrent=CONCURRENT_REQUESTS, listener=listener)
        # Trouble with agencies' lists is none with the customers' pages, and nobody waits behind a list.
        agencies = InsurerHTTP(MANIFEST.code, agency_client, where, concurrent=AGENCY_REQUESTS, listener=listener)
        yield Sompo(MANIFEST, http, agencies, clock)
