"""What cannot be done as asked, told from the middle of a deed."""

from insurers.renewal import Renewal, RenewalState
from schema.ports import Done
from schema.problems import NOT_FOUND, STEP_LOCKED, Problem, conflict


class Refusal(Exception):
    """The deed ends here: nothing more is done, and the client is told why, beside the thing as it stands."""

    def __init__(self, problem: Problem, thing: object = None, *more: Problem) -> None:
        super().__init__(problem.code)
        self.problems = (problem, *more)
        self.thing = thing

    def told(self) -> Done[object]:
        return Done(thing=self.thing, problems=self.problems)


def expected(renewal: Renewal | None, version: int, states: frozenset[RenewalState]) -> Renewal:
    """
    Answer the renewal that a client meant to act on.

    Raises:
        Refusal: there is none, it has moved on, or its state does not allow the act.
    """
    if renewal is None:
        raise Refusal(NOT_FOUND)
    if renewal.version != version:
        raise Refusal(conflict(renewal.version), renewal)
    if renewal.state not in states:
        raise Refusal(STEP_LOCKED, renewal)
    return renewal
