"""When a feed is read next: on the insurer's schedule, and sooner or later after trouble; pure."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from gateway.journeys.backoff import backoff
from gateway.journeys.feed_reading import Doubt, failed
from insurers.book import FeedRun, RunState
from insurers.errors import Closed, ErrorCode, Expired, InsurerError, Locked, Unavailable
from insurers.feed import FeedTerms

# A reading that failed needs a person or another day, and yet may go well by itself.
AFTER_FAILURE = timedelta(hours=1)

# What the insurer tells today it tells all day, so a feed that is not believed is not read every hour.
AFTER_DOUBT = timedelta(hours=6)

# A page that could not be had this often, some hours long, may be had when the feed is begun anew.
MOST_ATTEMPTS = 20

REPLACED = "replaced"
INTERRUPTED = "interrupted"
NO_APPOINTMENT = "no_appointment"
NO_FILE = "no_file"
UNFORESEEN = "unforeseen"


def begins_at(last: FeedRun, terms: FeedTerms) -> datetime | None:
    """Answer when the reading after *last* is to begin; None while that one is under way."""
    if last.ended_at is None:
        return None
    if last.state is RunState.DONE:
        return last.begun_at + terms.every
    if last.words in (REPLACED, INTERRUPTED):
        return last.ended_at
    rest = AFTER_DOUBT if last.words in set(Doubt) else AFTER_FAILURE
    return last.ended_at + min(rest, terms.every)


def set_back(run: FeedRun, error: InsurerError, at: datetime, chance: float) -> FeedRun:
    """Answer the reading as it waits after *error*, or as it has failed by it."""
    rest = backoff(run.attempts, chance)
    match error:
        case Expired() if run.read:
            return failed(run, REPLACED, at)
        case Unavailable(retry_after=timedelta() as asked):
            again_at = at + asked
        case Closed(opens_at=datetime() as known) | Locked(until=datetime() as known):
            again_at = max(known, at)
        case Unavailable() | Closed() | Locked():
            again_at = at + rest
        case _:
            return failed(run, error.code, at)
    return _waiting(run, error.code, again_at, at, counted=error.code is not ErrorCode.RATE_LIMITED)


def stumbled(run: FeedRun, at: datetime, chance: float) -> FeedRun:
    """Answer the reading as it waits after an error that nobody foresaw, which may be of one page for ever."""
    return _waiting(run, UNFORESEEN, at + backoff(run.attempts, chance), at, counted=True)


def _waiting(run: FeedRun, words: str, again_at: datetime, at: datetime, *, counted: bool) -> FeedRun:
    attempts = run.attempts + counted
    if attempts > MOST_ATTEMPTS:
        return failed(run, words, at)
    return replace(run, due_at=again_at, attempts=attempts, words=words)
