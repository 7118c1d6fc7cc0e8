"""The keys by which an issuer's tokens are known: held, read from a file, or fetched."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, cast

import aiohttp
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, KeySetSerialization

# A token with an invented key id must not make us call the issuer: once a minute, whoever asks.
REFETCH_AFTER = timedelta(minutes=1)
# An issuer that did not answer is asked again sooner, because nobody can come in meanwhile.
RETRY_AFTER = timedelta(seconds=5)
FETCH_SECONDS = 5.0
# What an issuer has withdrawn is believed no longer than this, as long as it can be asked.
GOOD_FOR = timedelta(minutes=10)


class UnreachableKeys(Exception):
    """The issuer's keys could not be fetched, so nothing can be said of its tokens."""


class Keys(Protocol):
    """Where keys are looked up."""

    async def find(self, key_id: str | None) -> Key | None:
        """
        Answer the key of this id; without an id the only key, where there is only one.

        Raises:
            UnreachableKeys: it cannot be known now.
        """
        ...


class HeldKeys:
    """Keys that are known from the start."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    async def find(self, key_id: str | None) -> Key | None:
        return _pick(self._keys, key_id)


class FetchedKeys:
    """Keys at an address; fetched when first wanted, again when an unknown one turns up, and when they are old."""

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self._url = url
        self._clock = clock
        self._keys: KeySet | None = None
        self._not_before: datetime | None = None
        self._old_at: datetime | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._asking = asyncio.Lock()

    async def find(self, key_id: str | None) -> Key | None:
        known = self._keys and _pick(self._keys, key_id)
        if known:
            if self._is_old() and self._renewing is None:
                # They are most likely what they were: nobody waits for that.
                self._renewing = asyncio.create_task(self._renew())
            return known
        async with self._asking:
            await self._refetch()
        if self._keys is None:
            raise UnreachableKeys
        return _pick(self._keys, key_id)

    def _is_old(self) -> bool:
        now, old_at = self._clock(), self._old_at
        # So far ahead only a clock can be that was set back.
        return old_at is not None and not timedelta() < old_at - now <= GOOD_FOR and not self._waits(now)

    def _waits(self, now: datetime) -> bool:
        """Whether the issuer is not to be asked yet."""
        return self._not_before is not None and timedelta() < self._not_before - now <= REFETCH_AFTER

    async def _renew(self) -> None:
        try:
            async with self._asking:
                await self._refetch()
        finally:
            self._renewing = None

    async def _refetch(self) -> None:
        now = self._clock()
        if self._waits(now):
            return
        try:
            self._keys = await _fetch(self._url)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            # What was known stays good: an issuer that is down has not changed its keys.
            self._not_before = now + RETRY_AFTER
        else:
            self._not_before, self._old_at = now + REFETCH_AFTER, now + GOOD_FOR


def read(source: str, clock: Callable[[], datetime]) -> Keys:
    """
    Answer the keys at *source*, a file's path or an address.

    Raises:
        OSError, ValueError: the file cannot be read, or is no JWK set.
    """
    if source.startswith(("http://", "https://")):
        return FetchedKeys(source, clock)
    return HeldKeys(_key_set(Path(source).read_bytes()))


async def _fetch(url: str) -> KeySet:
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
        session.get(url, allow_redirects=False) as answer,
    ):
        return _key_set(await answer.read())


def _key_set(text: bytes) -> KeySet:
    try:
        said = json.loads(text)
    except RecursionError:
        raise ValueError("not a JWK set") from None
    if not isinstance(said, dict) or not isinstance(said.get("keys"), list):
        raise ValueError("not a JWK set")
    try:
        return KeySet.import_key_set(cast(KeySetSerialization, said))
    except (JoseError, TypeError, KeyError, AttributeError) as error:
        raise ValueError("not a JWK set") from error


def _pick(keys: KeySet, key_id: str | None) -> Key | None:
    if key_id is None:
        return keys.keys[0] if len(keys.keys) == 1 else None
    for key in keys.keys:
        if key.kid == key_id:
            return key
    return None
