"""Whatever a process draws for itself comes from the seed, so that a course can be had again."""

import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from aiohttp import connector
from purgatory.domain import model

from tests.lives.loop import VirtualLoop


class _Time:
    """Stands where a library reads the machine's own clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.time = loop.time


def chance(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311  # Nothing that is drawn here is a secret.


@contextmanager
def drawn(seed: int, loop: VirtualLoop) -> Iterator[None]:
    """
    Let ids, keys, nonces and jitter follow from *seed*, and libraries read the loop's clock, while the block runs.

    `uuid4` and `secrets` take from the system; nobody else's clock or chance is asked.
    """
    source = chance(f"entropy {seed}")
    random.seed(f"jitter {seed}")
    with (
        patch.object(os, "urandom", source.randbytes),
        patch.object(random, "_urandom", source.randbytes),
        patch.object(model, "time", _Time(loop)),
        patch.object(connector, "monotonic", loop.time),
        # The same password is hashed again and again; nothing but time is lost by that.
        patch.object(hashlib, "scrypt", cache(hashlib.scrypt)),
    ):
        yield
