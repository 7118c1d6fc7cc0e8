"""The way back from the agency: look again whether what stood in the way still does."""

from collections.abc import Mapping

import msgspec

from gateway.journeys import acting, renewing
from gateway.journeys.authority import still_let
from gateway.journeys.elsewhere import Elsewhere
from gateway.journeys.patience import Patience
from gateway.journeys.refusal import Refusal
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewing import E, S
from gateway.journeys.submission import tell
from gateway.store import Store
from insurers.answers import Answered, referral
from insurers.errors import Duplicate, InsurerError, NotOnline
from insurers.panel import Clock
from insurers.plan import Plan
from insurers.renewal import Renewal
from insurers.script import Script
from insurers.text import Text
from schema.ports import Done
from schema.problems import NOT_FOUND, STEP_LOCKED, problem, referred, trouble


class Resuming:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        rehearsal: Rehearsal,
        elsewhere: Elsewhere,
        patience: Patience,
    ) -> None:
        self._store = store
        self._clock = clock
        self._rehearsal = rehearsal
        self._elsewhere = elsewhere
        self._patience = patience

    async def resume(self, renewal: Renewal | None) -> Done[Renewal]:
        """
        Read the insurer again, and every other insurer of the car. With nothing in the way the draft goes on.

        An answer with which only the agency can go on is asked anew: silence is not taken for another answer.

        Raises:
            Refusal: it was not with the agency, or the insurer cannot be asked now.
        """
        if renewal is None:
            raise Refusal(NOT_FOUND)
        if renewal.state is not S.REFERRED:
            raise Refusal(STEP_LOCKED, renewal)
        try:
            script, plans = await self._seen(renewal)
        except (NotOnline, Duplicate) as error:
            return await self._stays(renewal, error)
        except InsurerError as error:
            raise Refusal(problem(error), renewal) from error
        back = await self._rehearsal.revised(
            renewal,
            E.RETURN,
            script=script,
            plans=plans,
            answers=unreferred(renewal, script),
            proposal=None,
            reasons=(),
            trouble=None,
            **renewing.NOT_SENT,
        )
        return back if back.problems or back.thing is None else await self._rehearsal.onward(back.thing)

    async def _seen(self, renewal: Renewal) -> tuple[Script, tuple[Plan, ...]]:
        # The script is the insurer's answer to whether this may be renewed online at all.
        seen = await self._patience.reading(renewal.ref.insurer, self._rehearsal.read_again(renewal))
        await self._elsewhere.check(renewal)
        return seen

    async def _stays(self, renewal: Renewal, error: NotOnline | Duplicate) -> Done[Renewal]:
        """Keep it with the agency, for the reason that stands now."""
        reasons = renewing.reasons(error)
        still = msgspec.structs.replace(
            renewal,
            version=renewal.version + 1,
            updated_at=self._clock(),
            reasons=reasons,
            trouble=trouble(error),
        )
        async with self._store.work() as work:
            await still_let(work, renewal.customer, still.updated_at, standing=renewal)
            await work.renewals.save(still, was=renewal.version, due_at=renewing.due(still, still.updated_at))
            await tell(work, still, _STILL, actor=acting.actor())
        return Done(thing=still, problems=(referred(renewal.ref.insurer, reasons),))


def unreferred(renewal: Renewal, script: Script) -> Mapping[str, Answered]:
    """The answers without those that led to the agency, by the questions as they were or as they are now."""
    needs = [need for asked in (renewal.script, script) for step in asked for need in step.requirements]
    led = {need.key for need in needs if referral(need, renewal.answers.get(need.key))}
    return {key: answer for key, answer in renewal.answers.items() if key not in led}


_STILL = Text("もう一度確認しましたが、引き続き取扱代理店でのお手続きです", "Looked at again: still with the agency")
