"""What a test of promises may do to the world around an adapter."""

from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from insurers.sandbox import Fault

KEY, ANOTHER_KEY = UUID(int=1), UUID(int=2)


class Moment(StrEnum):
    """Where trouble is ordered."""

    READ = "read"  # the look-up of policies
    WALK = "walk"  # a step that a rehearsal and an application take, and nothing else does
    APPLY = "apply"  # the apply button


class Trouble(Protocol):
    """Orders trouble at the insurer, for the next *times* that it is asked there."""

    async def __call__(self, moment: Moment, fault: Fault, *, times: int = 1) -> None: ...


class Wait(Protocol):
    """Moves the insurer's clock on, and the adapters' with it."""

    async def __call__(self, time: timedelta) -> None: ...
