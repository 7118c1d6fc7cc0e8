"""Defects that are planted for one course, to see that the simulation finds them. Each takes one promise away."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, cast
from unittest.mock import patch
from uuid import uuid4

import msgspec

from gateway.journeys import renewals, renewing
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewals import Renewals
from gateway.journeys.submission import Submission
from gateway.store import Lease
from gateway.store.journeys import Journeys
from insurers import answers
from insurers.errors import Unconfirmed
from insurers.renewal import TRANSITIONS, Renewal, RenewalEvent, RenewalState
from schema.ports import Asker, Done

E, S = RenewalEvent, RenewalState


@contextmanager
def silence_is_taken_for_a_closed_door() -> Iterator[None]:
    """What nobody answered is queued and pressed again."""
    with patch.object(renewing, "HEARD", {**renewing.HEARD, Unconfirmed: E.UNREACHABLE}):
        yield


@contextmanager
def whoever_lost_the_lease_writes_all_the_same() -> Iterator[None]:
    """Neither the lease nor the version is looked at."""
    save = Journeys.save

    # As the method has them, of whichever kind of journey.
    async def anyhow(self: Journeys[Any], journey: Any, *, was: int, held: Lease | None = None, **rest: Any) -> None:
        standing = await self.get(journey.id)
        await save(self, journey, was=standing.version if standing else was, **rest)

    with patch.object(Journeys, "save", anyhow):
        yield


@contextmanager
def a_tick_is_a_tick() -> Iterator[None]:
    """What was confirmed stays confirmed, whatever becomes of what it was about."""
    with patch.object(answers, "satisfied", lambda need, given, subject: need.key in given):
        yield


@contextmanager
def not_found_is_never_had() -> Iterator[None]:
    """The insurer is asked at once, and not after its records have settled."""

    def at_once(self: Submission, renewal: Renewal) -> datetime:
        return renewal.updated_at

    with patch.object(Submission, "_settled_at", at_once):
        yield


@contextmanager
def queued_is_shown_as_accepted() -> Iterator[None]:
    get = Renewals.get

    async def glad(self: Renewals, asker: Asker, renewal: str) -> Renewal | None:
        found = await get(self, asker, renewal)
        if found is None or found.state is not S.QUEUED:
            return found
        return msgspec.structs.replace(found, state=S.ACCEPTED)

    with patch.object(Renewals, "get", glad):
        yield


@contextmanager
def the_answer_goes_before_the_commit() -> Iterator[None]:
    saved = Rehearsal.saved

    # As the method has them.
    async def hasty(self: Rehearsal, was: Renewal, after: Renewal, *rest: Any, **more: Any) -> Done[Renewal]:
        writing = asyncio.create_task(saved(self, was, after, *rest, **more))
        writing.add_done_callback(lambda done: done.cancelled() or done.exception())
        return Done(thing=after)

    with patch.object(Rehearsal, "saved", hasty):
        yield


@contextmanager
def nobody_looks_after_a_press() -> Iterator[None]:
    """A row that is being pressed is due to nobody, so a process that dies there takes it along."""
    save = Journeys.save

    # As the method has them, of whichever kind of journey.
    async def forgetful(
        self: Journeys[Any], journey: Any, *, due_at: datetime | None, lease: Lease | None = None, **rest: Any
    ) -> None:
        await save(self, journey, due_at=None if lease else due_at, lease=lease, **rest)

    with patch.object(Journeys, "save", forgetful):
        yield


@contextmanager
def the_unconfirmed_age_into_failure() -> Iterator[None]:
    look = Submission.look

    async def impatient(self: Submission, renewal: Renewal, *, held: Lease, attempts: int) -> Renewal:
        if attempts > 0:
            return await self.write(renewal, E.ABSENT, held=held, trouble=None, **renewing.NOT_SENT)
        return await look(self, renewal, held=held, attempts=attempts)

    with patch.object(Submission, "look", impatient):
        yield


@contextmanager
def what_was_sent_can_be_taken_back() -> Iterator[None]:
    sent = {state: {**TRANSITIONS[state], E.CANCEL: S.WITHDRAWN} for state in (S.SUBMITTING, S.UNCONFIRMED)}
    stoppable = renewals.STOPPABLE | sent.keys()
    # The table is a plain dictionary behind its read-only type.
    table = cast(dict[RenewalState, Mapping[RenewalEvent, RenewalState]], TRANSITIONS)
    with patch.dict(table, sent), patch.object(renewals, "STOPPABLE", stoppable):
        yield


@contextmanager
def every_press_has_a_new_key() -> Iterator[None]:
    with patch.object(renewing, "key", lambda renewal, proposal: uuid4()):
        yield


Bug = Callable[[], AbstractContextManager[None]]
