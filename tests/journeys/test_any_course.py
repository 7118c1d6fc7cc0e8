"""Whatever a customer does, whenever, and whatever befalls the insurer meanwhile: the promises hold."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import hypothesis
from hypothesis import strategies as st

from gateway.development import sandboxes
from gateway.settings import read
from insurers.identity import InsurerCode
from insurers.renewal import FINAL, RenewalState
from insurers.sandbox import Fault, TestClock, World, serve
from tests.api.conftest import FRIDAY, Letterbox, Town, open_town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer
from tests.store.databases import sqlite_migrated

EXAMPLES = 4

STATES = {state.name for state in RenewalState}
# After a lapse nothing more can be done here, and yet there is somebody to call.
NOTHING_MORE = {state.name for state in FINAL} - {"LAPSED"}

# In these the gateway has something to do itself, and must come out of them when the insurer answers again.
BUSY = {"QUEUED", "SUBMITTING", "UNCONFIRMED"}

# The longest that the gateway waits for anything but an insurer's opening, and how often it may have to.
A_WHILE, TURNS = timedelta(hours=6), 8

WAITS = [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=20), timedelta(hours=17), timedelta(days=38)]


class Course:
    """One renewal, and what is done to it."""

    def __init__(self, town: Town, insurer: AnInsurer, customer: Frontend, renewal: Json) -> None:
        self.town = town
        self.insurer = insurer
        self.customer = customer
        self.renewal = renewal

    async def follow(self) -> None:
        await self.customer.follow(self.renewal)

    async def answer(self) -> None:
        step = self.renewal["currentStep"]
        if step is not None:
            await self.customer.answer("RenewalStepAnswer", self.renewal, step)

    async def select(self, place: int) -> None:
        plans = self.renewal["plans"]
        await self._act("RenewalPlanSelect", planId=plans[place % len(plans)]["id"])

    async def requote(self, place: int) -> None:
        plan = (await self.customer.covered(self.renewal))[0]
        changes = [
            {"key": cover["key"], "option": cover["options"][place % len(cover["options"])]["value"]}
            for cover in plan["coverages"]
            if len(cover["options"]) > 1
        ]
        await self._act("RenewalRequote", planId=plan["id"], changes=changes[:1])

    async def submit(self) -> None:
        if self.renewal["reviewHash"] is not None:
            await self.customer.submit(self.renewal)

    async def cancel(self) -> None:
        await self.customer.mutate("RenewalCancel", renewalId=self.renewal["id"])

    async def turn(self) -> None:
        await self.town.gateway.worker.turn()

    async def wait(self, place: int) -> None:
        self.town.clock.advance(WAITS[place % len(WAITS)])

    async def disturb(self, place: int) -> None:
        faults = [Fault.SILENCE, Fault.GIBBERISH, Fault.BUSY]
        places = [self.insurer.places.button, self.insurer.places.button, self.insurer.places.door]
        self.insurer.order(places[place // 3 % 3], faults[place % 3])

    async def calm(self) -> None:
        self.insurer.calm()

    async def change(self, place: int) -> None:
        what = [self.insurer.places.premium, self.insurer.places.document][place % 2]
        await self.insurer.change(what, self.customer)

    async def _act(self, operation: str, **fields: object) -> None:
        await self.customer.mutate(
            operation, renewalId=self.renewal["id"], expectedVersion=self.renewal["version"], **fields
        )

    async def look(self) -> None:
        """See what the customer sees, and that it keeps the promises which hold at any moment."""
        self.renewal = await self.customer.read(self.renewal)
        status = self.renewal["status"]
        assert status in STATES
        assert (status == "ACCEPTED") == (self.renewal["result"] is not None)
        assert (status in NOTHING_MORE) == (self.renewal["nextActions"] == [])
        assert status != "QUEUED" or self.renewal["willSubmitAt"] is not None

    async def settle(self) -> None:
        """Let the insurer answer again, and time pass: nothing stays in between for ever."""
        self.insurer.calm()
        for _ in range(TURNS):
            if self.renewal["status"] not in BUSY:
                return
            self.town.clock.advance(A_WHILE)
            await self.turn()
            await self.look()

    async def end(self) -> None:
        await self.settle()
        status, result = self.renewal["status"], self.renewal["result"]
        assert status not in BUSY
        expected = [result["newPolicyNumber"]] if status == "ACCEPTED" else []
        self.town.clock.set(min(self.town.clock(), datetime.fromisoformat(self.renewal["dueBy"])))
        assert expected == await self.insurer.successors(self.customer)


Act = tuple[str, tuple[int, ...]]

# The button and its troubles come often, because they are what matters.
WHOLE = ["follow", "answer", "submit", "submit", "submit", "turn", "turn", "turn", "cancel", "calm"]
WITH_A_PLACE = ["select", "requote", "wait", "wait", "disturb", "disturb", "change"]

ACTS = st.one_of(
    st.tuples(st.sampled_from(WHOLE), st.just(())),
    st.tuples(st.sampled_from(WITH_A_PLACE), st.tuples(st.integers(min_value=0, max_value=8))),
)


def test_every_course_keeps_the_promises(code: InsurerCode, tmp_path: Path) -> None:
    @hypothesis.settings(max_examples=EXAMPLES, derandomize=True, database=None, phases=[hypothesis.Phase.generate])
    @hypothesis.given(st.lists(ACTS, min_size=4, max_size=12))
    def any_course(acts: Sequence[Act]) -> None:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        asyncio.run(lived(code, sqlite_migrated(folder), folder, acts))

    any_course()


async def lived(code: InsurerCode, database: str, folder: Path, acts: Sequence[Act]) -> None:
    async with AsyncExitStack() as stack:
        clock, letterbox = TestClock(FRIDAY, frozen=True), Letterbox()
        house = sandboxes()[code](World(clock=clock, postman=letterbox))
        address = await stack.enter_async_context(serve(house))
        settings = read(data_folder=folder, database_url=database, environment="test")
        town = await stack.enter_async_context(
            open_town(settings, clock, letterbox, {code: (house, address)}, agencies=False)
        )
        taro = town.customer("taro")
        await town.settle(taro, code)
        course = Course(town, AnInsurer(code, house, address), taro, await taro.ready(code))
        for name, arguments in acts:
            act: Callable[..., Awaitable[None]] = getattr(course, name)
            await act(*arguments)
            await course.look()
        await course.end()
