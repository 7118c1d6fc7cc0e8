"""Keeps anybody from trying until something fits: who was wrong too often waits."""

import msgspec

from gateway.store import Work
from insurers.account import Active, Asks
from insurers.errors import ErrorCode, InsurerError, Locked, Mismatch, Rejected, Unconfirmed
from insurers.identity import InsurerCode
from insurers.panel import Clock
from insurers.text import Text
from schema.problems import Problem, problem

# What was said was a guess at a secret, or at who somebody is, and it was wrong.
GUESSED = frozenset(
    {
        ErrorCode.CREDENTIALS_REJECTED,
        ErrorCode.EMAIL_ALREADY_REGISTERED,
        ErrorCode.IDENTITY_MISMATCH,
        ErrorCode.KEYWORD_REJECTED,
        ErrorCode.ONE_TIME_PASSWORD_REJECTED,
        ErrorCode.TOO_MANY_ATTEMPTS,
    }
)


class Guard:
    """One for all that a customer may be wrong about at one insurer: sign-in, passcodes, keywords, who they are."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def refusal(self, work: Work, customer: str, insurer: InsurerCode) -> Problem | None:
        """Count an attempt, which `settled` settles; answer a problem where it may not be made now."""
        until = await work.attempts.take(customer, insurer, self._clock())
        if until is None:
            return None
        return msgspec.structs.replace(problem(Locked(insurer, until=until)), message=_WAIT)

    async def settled(
        self,
        work: Work,
        customer: str,
        insurer: InsurerCode,
        said: Asks | Active | InsurerError | None,
        *,
        at_the_door: bool = False,
    ) -> None:
        """
        Settle the attempt by what was *said* to it; *at_the_door* of a sign-in, every no is to a guess.

        Getting in forgives nothing: who has an account could otherwise guess at others' for ever.
        """
        if not (_is_wrong(said) or (at_the_door and isinstance(said, Rejected))):
            await work.attempts.given_back(customer, insurer)


def _is_wrong(said: object) -> bool:
    match said:
        # Nobody knows what became of it; it may have been heard as a wrong one.
        case Mismatch() | Unconfirmed():
            return True
        case Rejected(attempts_left=int()):
            return True
    return isinstance(said, InsurerError) and said.code in GUESSED


_WAIT = Text(
    "誤った入力が続いたため、しばらくお手続きいただけません。retryAt の時刻以降にもう一度お試しください。",
    "Too many wrong entries at this insurer. Try again at `retryAt`, and not before.",
)
