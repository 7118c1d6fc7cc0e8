"""What is shared while it is read and told again for a moment: each asker's own, and never what was written over."""

import asyncio
import gc
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from gateway.events import of_customer, of_insurer
from gateway.recent import LEAST_BYTES, Question, Recent
from insurers.errors import Unavailable
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.sandbox import TestClock
from schema.ports import Told

NOON = datetime(2026, 11, 20, 12, tzinfo=TOKYO)
KEEPS = timedelta(seconds=5)
ACME, BETA = InsurerCode("acme"), InsurerCode("beta")

# Two customers, an agent for either, and one who is both.
PARTIES = [("taro", "taro"), ("hana", "hana"), ("agent", "taro"), ("agent", "hana")]
# Few, so that they often meet.
QUESTIONS = [
    *(Question(*party, ACME, "all") for party in PARTIES),
    Question("taro", "taro", ACME, 1),
    Question("taro", "taro", BETA, "all"),
]


class Answer(Struct, frozen=True):
    """To whom it was said, and how often that customer's things had been written when it was asked."""

    question: Question
    written: int


class Source:
    """Answers when it is told to, and knows what was so when it was asked."""

    def __init__(self) -> None:
        self.written: Counter[str | InsurerCode] = Counter()
        self.asked: list[tuple[Answer, asyncio.Future[Answer]]] = []
        self.broken_off = 0

    def truth(self, question: Question) -> Answer:
        assert question.insurer
        return Answer(question, self.written[question.customer] + self.written[question.insurer])

    async def read(self, question: Question) -> Answer:
        reading: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.asked.append((self.truth(question), reading))
        try:
            return await reading
        except asyncio.CancelledError:
            self.broken_off += 1
            raise

    def under_way(self) -> list[tuple[Answer, asyncio.Future[Answer]]]:
        return [(answer, reading) for answer, reading in self.asked if not reading.done()]


class House:
    """Askers before one `Recent`, whose every step is one of these methods."""

    def __init__(self) -> None:
        self.clock = TestClock(NOON, frozen=True)
        self.source = Source()
        self.recent = Recent(self.clock, keeps=KEEPS, most_bytes=4 * LEAST_BYTES)
        self.waiting: list[tuple[Answer, asyncio.Task[Told[Answer]]]] = []
        self.given_up: list[asyncio.Task[Told[Answer]]] = []

    async def ask(self, place: int) -> None:
        question = QUESTIONS[place % len(QUESTIONS)]
        asked = self.recent.ask(question, lambda: self.source.read(question))
        self.waiting.append((self.source.truth(question), asyncio.create_task(asked)))

    async def land(self, place: int) -> None:
        if readings := self.source.under_way():
            answer, reading = readings[place % len(readings)]
            reading.set_result(answer)

    async def fail(self, place: int) -> None:
        if readings := self.source.under_way():
            readings[place % len(readings)][1].set_exception(Unavailable(ACME))

    async def give_up(self, place: int) -> None:
        if asking := [task for _, task in self.waiting if not task.done()]:
            task = asking[place % len(asking)]
            task.cancel()
            self.given_up.append(task)

    async def write(self, place: int) -> None:
        customer = ("taro", "hana")[place % 2]
        self.source.written[customer] += 1
        self.recent.heard(of_customer(customer))

    async def feed(self, place: int) -> None:
        insurer = (ACME, BETA)[place % 2]
        self.source.written[insurer] += 1
        self.recent.heard(of_insurer(insurer))

    async def wait(self, place: int) -> None:
        self.clock.advance(timedelta(seconds=place % 4))

    async def set_clock(self, place: int) -> None:
        self.clock.advance((-2, 2)[place % 2] * KEEPS)

    def look(self) -> None:
        """What holds at every moment."""
        under_way = Counter(answer for answer, _ in self.source.under_way())
        assert all(times == 1 for times in under_way.values()), "two equal questions are under way"
        assert len(self.recent) <= 4
        for least, task in self.waiting:
            if task.done() and not task.cancelled() and task.exception() is None:
                told = task.result()
                assert least.question == told.value.question
                assert least.written <= told.value.written, "an answer from before what was written"

    async def end(self) -> None:
        while readings := self.source.under_way():
            for answer, reading in readings:
                reading.set_result(answer)
            await settled()
        self.look()
        for _, task in self.waiting:
            assert task.done()
            assert task.cancelled() == (task in self.given_up)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "ask", "land", "land", "fail", "give_up", "write", "feed", "wait", "set_clock"]),
        st.integers(0, 5),
    ),
    max_size=60,
)


async def settled() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


async def walked(steps: Sequence[tuple[str, int]]) -> House:
    house = House()
    for step, place in steps:
        await getattr(house, step)(place)
        await settled()
        house.look()
    await house.end()
    return house


@given(STEPS)
def test_whatever_happens_each_asker_hears_their_own_and_nothing_from_before_a_write(
    steps: Sequence[tuple[str, int]],
) -> None:
    asyncio.run(walked(steps))


@pytest.fixture
def house() -> House:
    return House()


async def answers(house: House, *places: int) -> list[Told[Answer]]:
    before = len(house.waiting)
    for place in places:
        await house.ask(place)
    await settled()
    for _ in house.source.under_way():
        await house.land(0)
    await settled()
    return [await task for _, task in house.waiting[before:]]


async def test_ten_who_ask_at_once_are_one_question_and_hear_it_alike(house: House) -> None:
    told = await answers(house, *[3] * 10)

    assert 1 == len(house.source.asked)
    assert [told[0]] * 10 == told
    assert not told[0].kept


async def test_who_asks_again_within_five_seconds_hears_when_it_was_told(house: House) -> None:
    (first,) = await answers(house, 0)
    house.clock.advance(KEEPS - timedelta(milliseconds=1))
    (again,) = await answers(house, 0)
    house.clock.advance(timedelta(milliseconds=1))
    (anew,) = await answers(house, 0)

    assert (NOON, NOON + KEEPS, True) == (again.at, again.until, again.kept)
    assert [False, False] == [first.kept, anew.kept]
    assert NOON + KEEPS == anew.at
    assert 2 == len(house.source.asked)


async def test_a_clock_that_was_put_back_has_heard_nothing_yet(house: House) -> None:
    await answers(house, 0)
    house.clock.advance(-timedelta(hours=1))
    (anew,) = await answers(house, 0)

    assert (False, NOON - timedelta(hours=1)) == (anew.kept, anew.at)


async def test_everybody_asks_for_themselves(house: House) -> None:
    everybody = range(len(QUESTIONS))

    told = await answers(house, *everybody)

    assert QUESTIONS == [one.value.question for one in told]
    assert len(QUESTIONS) == len(house.source.asked)


async def test_a_reading_ends_with_the_last_who_waits_for_it(house: House) -> None:
    for _ in range(3):
        await house.ask(0)
    await settled()
    await house.give_up(0)
    await settled()
    await house.give_up(0)
    await settled()
    assert 0 == house.source.broken_off

    await house.give_up(0)
    await settled()

    assert 1 == house.source.broken_off
    assert [True] * 3 == [task.cancelled() for _, task in house.waiting]


@pytest.mark.parametrize("fails", [False, True])
async def test_nobody_hears_what_a_reading_that_was_given_up_still_brings(house: House, fails: bool) -> None:
    ends = asyncio.Event()

    async def stubborn() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await ends.wait()
            if fails:
                raise Unavailable(ACME) from None
        return "old"

    async def anew() -> str:
        return "new"

    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))
    asking = asyncio.create_task(house.recent.ask(QUESTIONS[0], stubborn))
    await settled()
    if fails:
        await house.write(0)
    asking.cancel()
    await settled()
    await house.write(0)
    ends.set()
    await settled()
    del asking

    assert "new" == (await house.recent.ask(QUESTIONS[0], anew)).value
    gc.collect()
    assert [] == complaints


async def test_trouble_is_told_to_whoever_waits_and_to_nobody_later(house: House) -> None:
    await house.ask(0)
    await house.ask(0)
    await settled()
    await house.fail(0)
    await settled()
    (anew,) = await answers(house, 0)

    assert [Unavailable, Unavailable] == [type(task.exception()) for _, task in house.waiting[:2]]
    assert not anew.kept


async def test_what_was_being_read_when_something_was_written_is_told_to_nobody_later(house: House) -> None:
    await house.ask(0)
    await settled()
    await house.write(0)
    await house.land(0)
    await settled()

    (anew,) = await answers(house, 0)

    assert (False, 1) == (anew.kept, anew.value.written)


async def test_an_hour_later_nothing_is_told_again_by_a_clock_that_was_set_back_by_that_hour(house: House) -> None:
    passed = [0.0]
    house.recent = Recent(house.clock, keeps=KEEPS, seconds=lambda: passed[0])
    await answers(house, 0)
    house.clock.advance(timedelta(hours=-1))

    passed[0] += 3600
    house.clock.advance(timedelta(hours=1))
    (anew,) = await answers(house, 0)

    assert not anew.kept


async def test_what_was_written_over_while_a_clock_went_wrong_does_not_come_back_when_it_is_put_right(
    house: House,
) -> None:
    await answers(house, 0)
    house.clock.advance(2 * KEEPS)
    await house.write(0)

    house.clock.advance(-2 * KEEPS)
    (anew,) = await answers(house, 0)

    assert (False, 1) == (anew.kept, anew.value.written)


async def test_with_no_time_to_keep_it_what_is_under_way_is_still_shared() -> None:
    house = House()
    house.recent = Recent(house.clock, keeps=timedelta())

    (first, second), (anew,) = await answers(house, 0, 0), await answers(house, 0)

    assert first is second
    assert not anew.kept
    assert 2 == len(house.source.asked)


async def test_what_weighs_too_much_is_told_and_not_kept(house: House) -> None:
    weights: defaultdict[int, int] = defaultdict(lambda: LEAST_BYTES, {1: 5 * LEAST_BYTES})

    async def ask(what: int) -> Told[int]:
        question = Question("taro", "taro", ACME, what)

        async def read() -> int:
            return what

        return await house.recent.ask(question, read, weigh=lambda value: weights[value])

    assert [1, 1] == [(await ask(1)).value for _ in range(2)]
    assert 0 == len(house.recent)
    for what in range(2, 40):
        await ask(what)
    assert 4 == len(house.recent)
