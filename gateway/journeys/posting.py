"""A chore: the gateway's own mails are handed to the mail server, each at most once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from gateway.journeys.backoff import Chance, backoff
from gateway.journeys.daytime import Daytime
from gateway.post import Counter, Doubtful, NotSent, Post, Refused
from gateway.store import Store, Work
from gateway.store.outbox import Letter, MailState
from gateway.vault import Unsealable
from insurers.panel import Clock

# Mails that one worker takes on at once; all go through one conversation.
LETTERS_AT_ONCE = 20

# Whom nobody could be told for so long is not told at all: by then the mail is not true any more.
GIVEN_UP_AFTER = timedelta(hours=24)

log = structlog.stdlib.get_logger("tabane.post")


class Occasion(Protocol):
    """Why mails of one kind are sent. `kind` begins what they are about: `reminder:ID`."""

    @property
    def kind(self) -> str: ...

    async def stands(self, work: Work, thing: str) -> bool:
        """Whether the mail is still to be sent: the world may have gone on since it was written."""
        ...

    async def ended(self, work: Work, thing: str, state: MailState) -> None:
        """Take note of what became of the mail."""
        ...


class Posting:
    """
    SENDING is committed before the mail server hears of a mail, and what became of it after.

    Whoever dies between leaves one that may have gone out. It is never sent again (DOUBTFUL), and its
    occasion is told: a customer who gets a mail twice is told twice to act, and an agent who sees
    that one is in doubt can ask by telephone.
    """

    name = "post"

    def __init__(
        self,
        store: Store,
        post: Post,
        clock: Clock,
        daytime: Daytime,
        occasions: Sequence[Occasion],
        *,
        lease: timedelta,
        chance: Chance,
    ) -> None:
        self._store = store
        self._post = post
        self._clock = clock
        self._daytime = daytime
        self._occasions = {occasion.kind: occasion for occasion in occasions}
        self._lease = lease
        self._chance = chance

    async def due(self) -> datetime | None:
        if not self._post.is_there:
            return None
        async with self._store.reading() as work:
            due = await work.outbox.due()
        by_day = self._daytime.since(max(due.by_day, self._clock())) if due.by_day else None
        return min((moment for moment in (due.any_time, by_day) if moment is not None), default=None)

    async def turn(self) -> int:
        now = self._clock()
        async with self._store.work() as work:
            doubted = await work.outbox.doubted(now, limit=LETTERS_AT_ONCE)
            for about in doubted:
                await self._told(work, about, MailState.DOUBTFUL)
            letters = await work.outbox.claim(
                now,
                seconds=self._lease.total_seconds(),
                limit=LETTERS_AT_ONCE,
                is_day=self._daytime.covers(now),
            )
        if letters:
            await self._deliver(letters)
        return len(doubted) + len(letters)

    async def _deliver(self, letters: Sequence[Letter]) -> None:
        unsent = list(letters)
        try:
            async with self._post.opened() as counter:
                while unsent:
                    await self._send(counter, unsent[0])
                    unsent.pop(0)
        except NotSent:
            log.warning("the mail server could not be reached", waiting=len(unsent))
            for letter in unsent:
                await self._later(letter)

    async def _send(self, counter: Counter, letter: Letter) -> None:
        async with self._store.work() as work:
            if not await self._occasion(letter.about).stands(work, _thing(letter.about)):
                await self._end(work, letter, MailState.WITHDRAWN)
                return
            try:
                mail = await work.outbox.begin(letter, now=self._clock())
            except Unsealable:
                # No later turn could read it either, and the others are not to wait for it.
                await self._end(work, letter, MailState.FAILED)
                return
        if mail is None:
            return
        try:
            await counter.hand_in(mail, number=letter.id, at=self._clock())
        except NotSent:
            await self._later(letter)
            return
        except Refused:
            state = MailState.FAILED
        except Doubtful:
            state = MailState.DOUBTFUL
        else:
            state = MailState.SENT
        async with self._store.work() as work:
            await self._end(work, letter, state)

    async def _later(self, letter: Letter) -> None:
        now = self._clock()
        async with self._store.work() as work:
            if now - letter.created_at >= GIVEN_UP_AFTER:
                await self._end(work, letter, MailState.FAILED)
            else:
                await work.outbox.put_off(letter, until=now + backoff(letter.attempts, self._chance()))

    async def _end(self, work: Work, letter: Letter, state: MailState) -> None:
        await work.outbox.end(letter, state, at=self._clock())
        await self._told(work, letter.about, state)

    async def _told(self, work: Work, about: str, state: MailState) -> None:
        if state is not MailState.SENT:
            log.warning("a mail was not delivered", about=about, state=state.value)
        await self._occasion(about).ended(work, _thing(about), state)

    def _occasion(self, about: str) -> Occasion:
        return self._occasions[about.partition(":")[0]]


def _thing(about: str) -> str:
    return about.partition(":")[2]
