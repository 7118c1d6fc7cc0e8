"""What is remembered as long as there is room."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from schema.execution.kept import Kept

ROOM = 10


class Grown:
    """What takes more, or less, than when it was kept last."""

    def __init__(self, size: int) -> None:
        self.size = size


def size(value: Grown) -> int:
    return value.size


# Keys that are kept with a size, or only asked for.
DEEDS = st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, ROOM + 2)))


@given(DEEDS)
def test_there_is_never_more_than_its_room_and_what_was_used_last_stays(
    deeds: Sequence[tuple[str, int | None]],
) -> None:
    kept: Kept[str, Grown] = Kept(ROOM, weigh=size)
    used: list[tuple[str, int]] = []

    for key, wanted in deeds:
        before = dict(used).get(key)
        used = [one for one in used if one[0] != key]
        if wanted is not None:
            kept.keep(key, Grown(wanted))
            used += [(key, wanted)] if wanted <= ROOM else []
        elif before is not None:
            assert kept.get(key) is not None
            used.append((key, before))
        else:
            assert kept.get(key) is None
        while sum(taken for _, taken in used) > ROOM:
            del used[0]

        assert (len(used), sum(taken for _, taken in used)) == (len(kept), kept.size)


def test_what_has_grown_takes_as_much_as_when_it_was_kept_until_it_is_kept_again() -> None:
    kept: Kept[str, Grown] = Kept(ROOM, weigh=size)
    one, other = Grown(4), Grown(6)
    kept.keep("one", one)
    kept.keep("other", other)

    other.size = 8
    assert ROOM == kept.size
    kept.keep("other", other)

    assert (8, None, other) == (kept.size, kept.get("one"), kept.get("other"))
