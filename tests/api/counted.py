"""How much work something is, counted in calls: the same on every machine, and on a busy one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import schema

# Strawberry has no public name for what it is built on.
SCHEMA = schema.build()._schema  # noqa: SLF001


def calls(work: Callable[[], Any]) -> int:
    """Answer how many functions *work* calls, those of libraries and of C, too."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted
