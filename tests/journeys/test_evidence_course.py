"""Whatever may happen to a renewal may stand in its evidence, and the evidence tells where it may stand."""

from hypothesis import given
from hypothesis import strategies as some

from gateway.evidence import course
from insurers.renewal import TRANSITIONS, RenewalEvent, RenewalState

E = RenewalEvent
S = RenewalState


@given(some.data())
def test_every_course_of_a_renewal_is_one_that_its_evidence_may_tell(draw: some.DataObject) -> None:
    state, told = S.IN_PROGRESS, course.BEGINNING
    is_sent = False

    for _ in range(draw.draw(some.integers(0, 20))):
        if not TRANSITIONS[state]:
            break
        event = draw.draw(some.sampled_from(sorted(TRANSITIONS[state])))
        state = TRANSITIONS[state][event]
        # Once it was sent, the same trouble may be told once for many tries.
        is_told = event not in course.UNTOLD and (
            event not in course.TRIES or not is_sent or (event is not E.SUBMIT and draw.draw(some.booleans()))
        )
        told = course.after(told, event) if is_told else told
        # What the insurer never had is sent for the first time once more.
        is_under_way = state in (S.QUEUED, S.SUBMITTING, S.UNCONFIRMED) and event is not E.RETRY
        is_sent = is_under_way and (is_sent or event is E.SUBMIT)

        assert state in told


def test_nothing_is_accepted_that_was_neither_sent_nor_with_the_agency() -> None:
    assert not course.after(course.BEGINNING, E.ACCEPT)
    assert {S.ACCEPTED} == course.after(course.after(course.BEGINNING, E.SUBMIT), E.ACCEPT)
    assert {S.ACCEPTED} == course.after(course.after(course.BEGINNING, E.REFER), E.ACCEPT)


def test_after_silence_nothing_is_sent_again_before_it_is_known_to_have_been_lost() -> None:
    silent = course.after(course.after(course.BEGINNING, E.SUBMIT), E.SILENCE)

    assert not course.after(silent, E.SUBMIT)
    assert course.after(course.after(silent, E.ABSENT), E.SUBMIT)
