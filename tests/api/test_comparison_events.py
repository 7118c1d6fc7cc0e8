"""What has happened between two looks at a comparison, however much of it was missed."""

import pytest

from insurers.comparison import Comparison, InquiryState
from schema.comparison_event import was_completed
from tests.store.invented import comparison, inquiry

S = InquiryState


def stands(state: InquiryState, version: int) -> Comparison:
    return comparison(inquiries=(inquiry(state=state, version=version),))


@pytest.mark.parametrize(
    ("before", "now", "completed"),
    [
        (stands(S.ASKED, 2), stands(S.ANSWERED, 3), True),
        (stands(S.ANSWERED, 3), stands(S.ANSWERED, 3), False),
        # What comes late is told as an offer, and nobody had waited for it.
        (stands(S.LATE, 3), stands(S.ANSWERED, 4), False),
        (stands(S.ANSWERED, 3), stands(S.ASKED, 4), False),
        # It was asked again and answered before anybody looked.
        (stands(S.ANSWERED, 3), stands(S.ANSWERED, 5), True),
        (stands(S.FAILED, 3), stands(S.FAILED, 5), True),
    ],
)
def test_that_nobody_is_awaited_any_more_is_told_also_where_the_asking_was_missed(
    before: Comparison, now: Comparison, completed: bool
) -> None:
    assert completed is was_completed(before, now)
