"""What boxes held, told again for as long as they are the same boxes."""

import tracemalloc
from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.unsealed import BYTES_FOR_EACH, IDLE_SECONDS, LEAST_BYTES, Unsealed
from insurers.renewal import Renewal
from tests.store import invented

MUCH = 1 << 20


class Watch:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_box_that_is_the_same_to_the_byte_holds_the_very_same() -> None:
    unsealed, value = Unsealed(MUCH), object()
    unsealed.keep("row", b"box", value)

    assert value is unsealed.get("row", bytes(bytearray(b"box")))


def test_another_box_or_another_row_is_opened_anew() -> None:
    unsealed = Unsealed(MUCH)
    unsealed.keep("row", b"box", "value")

    assert [None, None] == [unsealed.get("row", b"bow"), unsealed.get("other", b"box")]


def test_a_new_box_takes_the_place_of_the_old_one() -> None:
    unsealed = Unsealed(MUCH)
    for box in (b"one", b"two"):
        unsealed.keep("row", box, box.decode())

    assert (None, "two", 1) == (unsealed.get("row", b"one"), unsealed.get("row", b"two"), len(unsealed))


def test_what_nobody_asks_for_is_gone_after_a_while_and_what_somebody_asks_for_stays() -> None:
    watch = Watch()
    unsealed = Unsealed(MUCH, timer=watch)
    for row in ("asked for", "forgotten"):
        unsealed.keep(row, b"box", row)
    for _ in range(3):
        watch.now += 0.7 * IDLE_SECONDS
        assert "asked for" == unsealed.get("asked for", b"box")

    assert 1 == len(unsealed)
    assert unsealed.get("forgotten", b"box") is None


def test_nothing_is_kept_where_nothing_may_be() -> None:
    unsealed = Unsealed(0)
    unsealed.keep("row", b"box", "value")

    assert (None, 0) == (unsealed.get("row", b"box"), len(unsealed))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6), st.booleans()), max_size=60))
def test_no_more_is_kept_than_may_be_and_nothing_that_is_not_so(course: Sequence[tuple[int, int, bool]]) -> None:
    most = 3 * (LEAST_BYTES + BYTES_FOR_EACH * 3_000)
    unsealed = Unsealed(most, timer=Watch())
    rows: dict[int, bytes] = {}
    for row, length, written in course:
        if written:
            rows[row] = bytes([length]) * 1_000 * length
        box = rows.get(row, bytes(1_000))
        found = unsealed.get(row, box)
        assert found is None or found == (row, box)
        if found is None:
            unsealed.keep(row, box, (row, box))
        assert (row, box) == unsealed.get(row, box)
        assert unsealed.size <= most


def test_a_renewal_takes_no_more_than_is_reckoned() -> None:
    box = msgspec.json.encode(invented.renewal())
    decoder = msgspec.json.Decoder(Renewal)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        opened = [(bytes(bytearray(box)), decoder.decode(box)) for _ in range(20)]
        taken = (tracemalloc.get_traced_memory()[0] - before) / len(opened)
    finally:
        tracemalloc.stop()

    assert taken < LEAST_BYTES + BYTES_FOR_EACH * len(box)
