"""The pure parts of the journeys, over every error and every state."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from gateway.journeys import registering, renewing
from gateway.journeys.backoff import LONGEST_RETRY, backoff
from gateway.journeys.patience import Patience
from insurers.errors import Closed, ErrorCode, InsurerError, Locked, NotOnline
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.registration import TRANSITIONS as REGISTRATION_TRANSITIONS
from insurers.registration import RegistrationEvent, RegistrationState
from insurers.renewal import TRANSITIONS, RenewalEvent, RenewalState
from insurers.text import Text
from schema.problems import problem, told, trouble

INVENTED = InsurerCode("invented")
OPENS_AT = datetime(2026, 11, 21, 7, 0, tzinfo=TOKYO)
REASON = RenewabilityReason(code=RenewabilityCode.UNKNOWN, message=Text("代理店へ", "Ask the agency"))


def kinds(kind: type[InsurerError] = InsurerError) -> Iterator[type[InsurerError]]:
    """All of the error tree, and so also what is added to it one day."""
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


def raised(kind: type[InsurerError]) -> InsurerError:
    if issubclass(kind, Closed):
        return kind(INVENTED, opens_at=OPENS_AT)
    if issubclass(kind, NotOnline):
        return kind(INVENTED, reason=REASON)
    if issubclass(kind, Locked):
        return kind(INVENTED, until=OPENS_AT)
    return kind(INVENTED)


# The root itself is never raised.
ERRORS = [raised(kind) for kind in kinds() if kind is not InsurerError]

every_error = pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)


@every_error
def test_whatever_is_heard_at_the_button_is_an_event_of_submitting(error: InsurerError) -> None:
    assert renewing.heard(error) in TRANSITIONS[RenewalState.SUBMITTING]


@every_error
def test_whatever_is_heard_of_a_registration_may_follow_a_sending_and_an_answer(error: InsurerError) -> None:
    event = next(event for kind, event in registering.HEARD.items() if isinstance(error, kind))

    assert event in REGISTRATION_TRANSITIONS[RegistrationState.SENDING]
    assert event in REGISTRATION_TRANSITIONS[RegistrationState.ANSWERING]


@every_error
def test_every_error_is_told_in_code_and_in_two_languages(error: InsurerError) -> None:
    code, words = told(error)

    assert code is problem(error).code
    assert words.ja
    assert words.en
    assert trouble(error).code in ErrorCode


@every_error
def test_only_an_agency_says_more_than_one_line_about_a_refusal(error: InsurerError) -> None:
    (reason,) = renewing.reasons(error)

    assert reason.message.ja
    assert (reason == REASON) == isinstance(error, NotOnline)


@every_error
def test_only_an_insurer_that_is_closed_or_locked_says_when_it_listens_again(error: InsurerError) -> None:
    assert (OPENS_AT if isinstance(error, Closed | Locked) else None) == renewing.reopens_at(error)


@every_error
def test_only_a_closed_door_says_when_to_come_back(error: InsurerError) -> None:
    assert (OPENS_AT if isinstance(error, Closed | Locked) else None) == problem(error).retry_at


def test_only_silence_leaves_it_open_whether_it_was_sent() -> None:
    silent = [type(error).__name__ for error in ERRORS if renewing.heard(error) is RenewalEvent.SILENCE]

    assert ["Unconfirmed"] == silent


def test_the_wait_between_two_tries_doubles_and_is_bounded() -> None:
    for chance in (0.0, 0.5, 1.0):
        waits = [backoff(attempts, chance) for attempts in range(1000)]
        longest = LONGEST_RETRY * (1 + chance) / 2

        assert timedelta() < waits[0]
        assert waits == sorted(waits)
        assert longest == waits[-1]
        assert all(later == 2 * sooner for sooner, later in pairwise(waits) if later < longest)


def test_those_who_failed_together_do_not_come_back_together() -> None:
    patience = Patience(timedelta(minutes=2), chance=iter([0.0, 0.25, 0.75]).__next__)

    waits = [patience.before_next(3) for _ in range(3)]

    assert [backoff(3, chance) for chance in (0.0, 0.25, 0.75)] == waits == sorted(set(waits))


def test_every_event_is_told_in_the_history() -> None:
    assert set(RenewalEvent) == set(renewing.SUMMARIES)
    assert set(RegistrationEvent) == set(registering.SUMMARIES)
