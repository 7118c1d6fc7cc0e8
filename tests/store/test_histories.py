"""What happened is read newest first; what was confirmed is a chain."""

from datetime import timedelta

import pytest

from gateway.store import OutOfSequence, Store
from insurers.consent import Consent
from insurers.text import Text
from tests.store.invented import NOW, consent


async def happened(store: Store, flow: str, *names: str) -> list[str]:
    """Write these events, all at the same moment, and answer their ids."""
    async with store.work() as work:
        return [
            (await work.events.append(flow, at=NOW, actor="c1", summary=Text(name, name), topic=f"renewal:{flow}")).id
            for name in names
        ]


async def test_an_event_comes_back_as_it_was(store: Store) -> None:
    async with store.work() as work:
        event = await work.events.append(
            "r1", at=NOW, actor="c1", summary=Text("あ", "a"), step="check", topic="renewal:r1"
        )

    async with store.reading() as work:
        assert [event] == await work.events.page("r1", first=10)


async def test_events_are_read_newest_first_even_of_one_moment(store: Store) -> None:
    await happened(store, "r1", "one", "two")
    await happened(store, "r2", "other")
    await happened(store, "r1", "three")

    async with store.reading() as work:
        page = await work.events.page("r1", first=10)

    assert ["three", "two", "one"] == [event.summary.en for event in page]


async def test_a_page_goes_on_before_an_event_and_new_ones_do_not_shift_it(store: Store) -> None:
    await happened(store, "r1", "one", "two", "three")
    async with store.reading() as work:
        newest = await work.events.page("r1", first=1)
    await happened(store, "r1", "four")

    async with store.reading() as work:
        older = await work.events.page("r1", first=1, before=newest[-1].id)
        oldest = await work.events.page("r1", first=5, before=older[-1].id)

    assert ["three", "two", "one"] == [event.summary.en for event in (*newest, *older, *oldest)]


async def test_a_cursor_of_another_flow_leads_nowhere(store: Store) -> None:
    await happened(store, "r1", "one", "two")
    [elsewhere] = await happened(store, "r2", "other")

    async with store.reading() as work:
        assert [] == await work.events.page("r1", first=5, before=elsewhere)
        assert [] == await work.events.page("r1", first=5, before="no cursor")


def chain(length: int) -> list[Consent]:
    given: list[Consent] = []
    for sequence in range(1, length + 1):
        given.append(consent(sequence, previous=given[-1].hash if given else "", at=NOW + timedelta(sequence)))
    return given


async def test_consents_come_back_in_order_and_the_chain_still_holds(store: Store) -> None:
    given = chain(3)
    async with store.work() as work:
        for each in given:
            await work.consents.append(each)

    async with store.reading() as work:
        found = await work.consents.of("r1")
        last = await work.consents.last("r1")

    assert given == found
    assert given[-1] == last
    assert [each.hash for each in given[:-1]] == [each.previous for each in found[1:]]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(consent(1, previous=chain(1)[0].hash), id="the same number again"),
        pytest.param(consent(3, previous=chain(1)[0].hash), id="a number left out"),
        pytest.param(consent(2), id="no hash"),
        pytest.param(consent(2, previous="0" * 64), id="another's hash"),
        pytest.param(consent(1, flow="r2", previous=chain(1)[0].hash), id="a first one with a hash"),
    ],
)
async def test_a_consent_that_does_not_follow_the_last_is_refused(store: Store, broken: Consent) -> None:
    async with store.work() as work:
        await work.consents.append(chain(1)[0])
        with pytest.raises(OutOfSequence):
            await work.consents.append(broken)

    async with store.reading() as work:
        assert chain(1) == await work.consents.of("r1")
