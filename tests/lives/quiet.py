"""Logs are listened to and not printed: an error that somebody caught and logged is an error all the same."""

import gc
import logging
import sys
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy.exc import SAWarning

from tests.lives.place import FORGIVEN, PLACE


@contextmanager
def quiet(troubles: list[str]) -> Iterator[None]:
    """Add every exception that is logged while the block runs to *troubles*, unless a dying process logged it."""

    # What a log call was given.
    def listen(_: object, __: str, said: MutableMapping[str, Any]) -> Any:
        error, place = sys.exc_info()[1] if said.get("exc_info") else None, PLACE.get(None)
        if error and not isinstance(error, FORGIVEN) and not (place and place.doomed):
            troubles.append(f"{said.get('event')}: {error!r}")
        raise structlog.DropEvent

    was, level = structlog.get_config(), logging.root.manager.disable
    structlog.configure(processors=[listen], cache_logger_on_first_use=False)
    logging.disable(logging.CRITICAL)
    # What is thrown away is seen to at the end, and not whenever there are many things: that is no part of a course.
    gc.disable()
    gc.freeze()
    try:
        with warnings.catch_warnings():
            # A process that was killed gives no connection back.
            warnings.simplefilter("ignore", SAWarning)
            # Nor does it begin what it had just meant to await.
            warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
            yield
            gc.collect()
    finally:
        gc.unfreeze()
        gc.enable()
        logging.disable(level)
        structlog.configure(**was)
