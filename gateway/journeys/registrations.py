"""Drives a registration from a customer's first answer to an open account."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from gateway.journeys import registering
from gateway.journeys.accounts import Accounts
from gateway.journeys.filling import Filled, filled, is_used_once
from gateway.journeys.guarding import Guard
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.journeys.registering import SUMMARIES, TURNED_BACK, E, Reply, S
from gateway.store import Conflict, Lease, Store, Work
from insurers.account import Active, Answer, Asks, Link
from insurers.adapter import Applicant
from insurers.answers import Subject
from insurers.errors import AccessDenied, Expired, NeedsCustomer, Unconfirmed
from insurers.identity import InsurerCode
from insurers.panel import Clock, Panel
from insurers.registration import (
    WITHIN_ACCOUNT,
    Registration,
    RegistrationEvent,
    RegistrationMethod,
    RegistrationPurpose,
)
from insurers.script import Step
from insurers.text import Text
from schema.ports import Asker, Done, Given, Role
from schema.problems import NOT_FOUND, NOT_LINKED, STEP_LOCKED, Problem, conflict, invalid, problem, trouble, unknown


class Registrations:
    """The desk for registrations. A call to an insurer is written down first, and no transaction is open meanwhile."""

    def __init__(
        self,
        store: Store,
        panel: Panel,
        clock: Clock,
        orders: Orders,
        accounts: Accounts,
        guard: Guard,
        patience: Patience,
        *,
        lease: timedelta,
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._orders = orders
        self._accounts = accounts
        self._guard = guard
        self._patience = patience
        self._lease = lease

    async def get(self, asker: Asker, registration: str) -> Registration | None:
        async with self._store.reading() as work:
            found = await work.registrations.get(registration)
        # What a customer enters at an insurer's door is no agent's to see.
        mine = found is not None and found.customer == asker.customer and asker.role is Role.CUSTOMER
        return found if mine else None

    async def start(
        self, asker: Asker, insurer: InsurerCode, method: str, purpose: RegistrationPurpose, *, key: str
    ) -> Done[Registration]:
        return await self._once(
            asker,
            key,
            ("register", insurer, method, purpose),
            lambda: self._started(asker, insurer, method, purpose, key),
        )

    async def answer(
        self, asker: Asker, registration: str, step: str, given: Sequence[Given], *, version: int, key: str
    ) -> Done[Registration]:
        said = ("registration-answer", registration, step, version, given)
        return await self._once(asker, key, said, lambda: self._answered(asker, registration, step, given, version))

    async def resend(self, asker: Asker, registration: str, *, key: str) -> Done[Registration]:
        return await self._once(asker, key, ("resend", registration), lambda: self._resent(asker, registration))

    async def cancel(self, asker: Asker, registration: str, *, key: str) -> Done[Registration]:
        return await self._once(asker, key, ("cancel", registration), lambda: self._cancelled(asker, registration))

    async def overdue(self, registration: Registration, held: Lease) -> None:
        """Move a registration on whose call to the insurer nobody heard the end of."""
        if registration.state in (S.SENDING, S.ANSWERING):
            error = Unconfirmed(registration.insurer)
            await self._written(registration, Reply(event=E.SILENCE, trouble=trouble(error), error=error), held=held)

    async def deadlines(self) -> int:
        """
        Warn whoever has little time left, and let die what is over; answer how many these were.

        One statement does each, however many there are.
        """
        now = self._clock()
        async with self._store.work() as work:
            over = await work.registrations.expire(now)
            near = await work.registrations.warn(now)
            told = [(id_, SUMMARIES[E.EXPIRE]) for id_ in over] + [(id_, registering.WARNED) for id_ in near]
            for id_, summary in told:
                await work.events.append(id_, at=now, actor="tabane", summary=summary, topic=f"registration:{id_}")
        return len(told)

    async def _once(
        self, asker: Asker, key: str, said: object, do: Callable[[], Awaitable[Done[Registration]]]
    ) -> Done[Registration]:
        return await self._orders.once(
            asker, key, said, do=do, again=lambda known: self.get(asker, known), name=lambda known: known.id
        )

    async def _started(
        self, asker: Asker, insurer: InsurerCode, method: str, purpose: RegistrationPurpose, key: str
    ) -> Done[Registration]:
        known = self._panel[insurer].manifest.method(method)
        if (mistaken := _mistaken(known, purpose)) is not None:
            return Done(problems=(mistaken,))
        if purpose in WITHIN_ACCOUNT and await self._accounts.access(asker.customer, insurer) is None:
            return Done(problems=(NOT_LINKED,))
        # The same key makes the same registration, also when the first try died half-way.
        id_ = str(uuid5(NAMESPACE_URL, f"registration:{asker.customer}:{key}"))
        if (standing := await self.get(asker, id_)) is not None:
            return Done(thing=standing, replayed=True)
        now = self._clock()
        registration = Registration(
            id=id_,
            customer=asker.customer,
            insurer=insurer,
            method=method,
            purpose=purpose,
            state=S.COLLECTING,
            version=1,
            created_at=now,
            updated_at=now,
        )
        async with self._store.work() as work:
            await work.registrations.add(registration, due_at=None)
            await work.events.append(
                id_,
                at=now,
                actor=asker.customer,
                summary=Text("登録を始めました", "Begun"),
                topic=f"registration:{id_}",
            )
        return Done(thing=registration)

    async def _answered(
        self, asker: Asker, id_: str, step_key: str, given: Sequence[Given], version: int
    ) -> Done[Registration]:
        registration = await self.get(asker, id_)
        if registration is None:
            return Done(problems=(NOT_FOUND,))
        if registration.version != version:
            return Done(thing=registration, problems=(conflict(registration.version),))
        if registering.is_over(registration, self._clock()):
            await self.deadlines()
            return Done(thing=await self.get(asker, id_), problems=(problem(Expired(registration.insurer)),))
        script = self._method(registration).script
        standing = registering.open_step(registration.standings(script), step_key)
        if standing is None or registration.state not in (S.COLLECTING, S.ASKED, *TURNED_BACK):
            return Done(thing=registration, problems=(STEP_LOCKED,))
        now = self._clock()
        answers = filled(standing.step, given, at=now, subject=Subject())
        if answers.problems:
            return Done(thing=registration, problems=answers.problems)
        try:
            if registration.challenge is not None:
                return await self._brought(registration, standing.step, answers)
            return await self._collected(registration, standing.step, answers)
        except Conflict as error:
            return Done(thing=await self.get(asker, id_), problems=(conflict(error.current or 0),))

    async def _collected(self, registration: Registration, step: Step, answers: Filled) -> Done[Registration]:
        """Take answers into the draft; send it when the sending step is complete."""
        now, was = self._clock(), registration.version
        turned = TURNED_BACK.get(registration.state)
        draft = registration.on(turned, at=now, trouble=None) if turned else registration.with_(at=now)
        draft = msgspec.structs.replace(draft, answers={**draft.answers, **answers.kept}, version=was + 1)
        missing = [
            need.key
            for need in step.requirements
            if need.required and is_used_once(need) and need.key not in answers.used
        ]
        script = self._method(draft).script
        whole = all(
            need.key in draft.answers or is_used_once(need) or not need.required
            for one in script.steps[: [s.key for s in script].index(step.key) + 1]
            for need in one.requirements
        )
        if not (step.sends and whole and not missing):
            async with self._store.work() as work:
                await work.registrations.save(draft, was=was, due_at=None)
            return Done(thing=draft)
        return await self._sent(registration, draft, secrets=answers.used)

    async def _sent(
        self, registration: Registration, draft: Registration, *, secrets: Mapping[str, str]
    ) -> Done[Registration]:
        lease = self._leased()
        method = self._method(draft)
        values = {key: answer.value for key, answer in draft.answers.items()} | dict(secrets)
        kept = registering.without_sending(draft, method)
        sending = draft.on(E.SEND, at=self._clock(), trouble=None, answers=kept)
        sending = msgspec.structs.replace(sending, version=registration.version + 1)
        refusal = await self._intended(sending, was=registration.version, lease=lease, event=E.SEND)
        if refusal is not None:
            return Done(thing=registration, problems=(refusal,))

        within = method.purpose in WITHIN_ACCOUNT
        access = await self._accounts.access(sending.customer, sending.insurer) if within else None
        told = self._panel[sending.insurer].begin_registration(sending.method, Applicant(values=values), access)
        reply = await registering.heard(self._patience.writing(sending.insurer, told))

        done = await self._written(sending, reply, held=lease)
        # A lock of what was begun is none of the account.
        if isinstance(reply.error, AccessDenied | NeedsCustomer):
            await self._accounts.noted(sending.customer, reply.error, refused=access)
        return done

    async def _brought(self, registration: Registration, step: Step, answers: Filled) -> Done[Registration]:
        """Bring the person's answer to the insurer's question. Nothing of it is kept."""
        values = {key: str(answer.value) for key, answer in answers.kept.items()} | dict(answers.used)
        lacking = [need for need in step.requirements if need.required and need.key not in values]
        if lacking or registration.challenge is None:
            message = Text(
                "この手順のすべての項目に回答してください。", "Answer all requirements of this step together."
            )
            return Done(thing=registration, problems=(invalid(message, "answers"),))
        lease = self._leased()
        answering = registration.on(E.ANSWER, at=self._clock(), trouble=None)
        refusal = await self._intended(answering, was=registration.version, lease=lease, event=E.ANSWER)
        if refusal is not None:
            return Done(thing=registration, problems=(refusal,))

        insurer = self._panel[registration.insurer]
        told = insurer.answer(registration.challenge, Answer(values=values))
        reply = await registering.heard(self._patience.writing(registration.insurer, told))

        return await self._written(answering, reply, held=lease)

    async def _intended(
        self, intent: Registration, *, was: int, lease: Lease, event: RegistrationEvent
    ) -> Problem | None:
        """Write down what is about to be asked, and that it may be a wrong guess; or answer why it may not be asked."""
        async with self._store.work() as work:
            if (refusal := await self._guard.refusal(work, intent.customer, intent.insurer)) is not None:
                return refusal
            await work.registrations.save(intent, was=was, due_at=lease.until, lease=lease)
            await self._told(work, intent, event, actor=intent.customer)
        return None

    async def _written(self, registration: Registration, reply: Reply, *, held: Lease) -> Done[Registration]:
        """Write down what was heard, and with it the account that it opened."""
        now = self._clock()
        changes: dict[str, Any] = {"trouble": reply.trouble}
        shown = None
        match reply.answer:
            case Asks(challenge):
                shown = challenge
                changes["challenge"] = msgspec.structs.replace(challenge, display_once=None)
                changes |= {"warned": False, "warn_at": registering.warn_at(challenge, now)}
            case None if reply.event not in (E.REFUSE, E.UNREACHABLE) or registration.challenge is None:
                changes |= {"challenge": None, "warned": False, "warn_at": None}
            case None if registration.challenge is not None and reply.attempts_left is not None:
                changes["challenge"] = msgspec.structs.replace(
                    registration.challenge, attempts_left=reply.attempts_left
                )
        async with self._store.work() as work:
            said = reply.error or reply.answer
            await self._guard.settled(work, registration.customer, registration.insurer, said)
            if isinstance(reply.answer, Active):
                link = await self._opened(work, registration, reply.answer)
                # What was entered has served its purpose, and is personal.
                changes |= {
                    "link": link.id if link else None,
                    "challenge": None,
                    "answers": {},
                    "warned": False,
                    "warn_at": None,
                }
            after = registration.on(reply.event, at=now, **changes)
            await work.registrations.save(after, was=registration.version, due_at=None, held=held)
            await self._told(work, after, reply.event, actor="tabane")
        # The keyword is shown in this one answer, and is nowhere else.
        thing = msgspec.structs.replace(after, challenge=shown) if shown else after
        return Done(thing=thing, problems=reply.problems)

    async def _opened(self, work: Work, registration: Registration, active: Active) -> Link | None:
        """Keep the account, unless this was about one that has been unlinked, or linked anew, meanwhile."""
        if registration.purpose in WITHIN_ACCOUNT:
            standing = await work.links.at(registration.customer, registration.insurer)
            if standing is None or standing.updated_at > registration.created_at:
                return standing
        return await self._accounts.opened(work, registration.customer, registration.insurer, active, hint=None)

    async def _told(self, work: Work, registration: Registration, event: RegistrationEvent, *, actor: str) -> None:
        await work.events.append(
            registration.id,
            at=self._clock(),
            actor=actor,
            summary=SUMMARIES[event],
            topic=f"registration:{registration.id}",
        )

    async def _resent(self, asker: Asker, id_: str) -> Done[Registration]:
        registration = await self.get(asker, id_)
        if registration is None:
            return Done(problems=(NOT_FOUND,))
        if registration.state not in (S.ASKED, S.EXPIRED, S.UNCONFIRMED):
            return Done(thing=registration, problems=(STEP_LOCKED,))
        now, was = self._clock(), registration.version
        draft = registration.on(E.RESTART, at=now, challenge=None, trouble=None, warned=False, warn_at=None)
        try:
            async with self._store.work() as work:
                await work.registrations.save(draft, was=was, due_at=None)
                await self._told(work, draft, E.RESTART, actor=asker.customer)
        except Conflict as error:
            return Done(thing=await self.get(asker, id_), problems=(conflict(error.current or 0),))
        return Done(thing=draft)

    async def _cancelled(self, asker: Asker, id_: str) -> Done[Registration]:
        registration = await self.get(asker, id_)
        if registration is None:
            return Done(problems=(NOT_FOUND,))
        if registration.state is S.CANCELLED:
            return Done(thing=registration)
        if registration.state not in (S.COLLECTING, S.ASKED, *TURNED_BACK):
            return Done(thing=registration, problems=(STEP_LOCKED,))
        after = registration.on(E.CANCEL, at=self._clock(), challenge=None, answers={}, warned=False, warn_at=None)
        try:
            async with self._store.work() as work:
                await work.registrations.save(after, was=registration.version, due_at=None)
                await self._told(work, after, E.CANCEL, actor=asker.customer)
        except Conflict as error:
            return Done(thing=await self.get(asker, id_), problems=(conflict(error.current or 0),))
        return Done(thing=after)

    def _method(self, registration: Registration) -> RegistrationMethod:
        method = self._panel[registration.insurer].manifest.method(registration.method)
        if method is None:
            raise LookupError(f"{registration.insurer} no longer knows the method {registration.method}")
        return method

    def _leased(self) -> Lease:
        return Lease.lasting(self._lease.total_seconds(), now=self._clock())


def _mistaken(method: RegistrationMethod | None, purpose: RegistrationPurpose) -> Problem | None:
    """Answer why nothing is begun by a method for this purpose; None where it may be."""
    if method is None:
        return unknown("methodKey")
    if method.purpose is purpose:
        return None
    own = method.purpose.name
    told = Text(f"この方法では purpose は {own} です。", f"By this method the purpose is {own}. Say so.")
    return invalid(told, "purpose")
