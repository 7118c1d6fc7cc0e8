"""What was sent, held against what had been agreed to before it was (P-4)."""

from collections.abc import Sequence

from gateway.evidence import course, flaw
from insurers.consent import Consent, ConsentKind
from insurers.evidence import Compared, Evidence, Outcome
from insurers.money import Yen
from insurers.renewal import RenewalEvent, RenewalState

E = RenewalEvent
S = RenewalState

# Leave to send something later is used up once it is neither waiting nor on its way.
UNDER_WAY = frozenset({S.QUEUED, S.SUBMITTING})


class Agreement:
    """
    Reads a chain from its first entry on. What it has read so far makes sense, or it raised a flaw.

    `states` are those in which the renewal may stand, and `last` is what became of it last.
    """

    def __init__(self) -> None:
        self.states = course.BEGINNING
        self.last: Outcome | None = None
        # By requirement; of two answers to the same one, the later stands.
        self._given: dict[str, Consent] = {}
        self._waits = False
        self._sent: set[str | None] = set()
        self._costs: dict[str, tuple[str | None, Yen | None]] = {}

    def premium(self, review: str) -> Yen | None:
        """What the application that has this fingerprint costs, if any entry is about it."""
        return self._costs[review][1] if review in self._costs else None

    def read(self, place: int, entry: Evidence) -> None:
        """
        Raises:
            Flaw: it cannot follow what stands before it, or belongs into no renewal.
        """
        if isinstance(entry, Compared):
            raise flaw.impossible(place)
        self._at_one_price(place, entry)
        if isinstance(entry, Consent):
            self._given[entry.requirement] = entry
        else:
            self._came_of_it(place, entry)

    def _came_of_it(self, place: int, outcome: Outcome) -> None:
        states = course.after(self.states, outcome.event)
        if not states:
            raise flaw.impossible(place)
        match outcome.event:
            case E.QUEUE:
                self._agreed(place, outcome)
                self._may_wait(place, outcome)
            case E.SUBMIT:
                self._agreed(place, outcome)
                if self._waits:
                    self._may_wait(place, outcome)
                self._sent.add(outcome.review_fingerprint)
            case E.ACCEPT if outcome.review_fingerprint is not None and outcome.review_fingerprint not in self._sent:
                raise flaw.never_sent(place)
        self.states, self.last = states, outcome
        self._waits = outcome.event is E.QUEUE or (self._waits and not states.isdisjoint(UNDER_WAY))
        if states.isdisjoint(UNDER_WAY):
            self._given.pop(ConsentKind.QUEUE_SUBMISSION, None)

    def _agreed(self, place: int, outcome: Outcome) -> None:
        """Pass if this very application was agreed to, and everything was confirmed that the insurer wanted first."""
        required, review = outcome.required or (), outcome.review_fingerprint
        of_this = {one.review_fingerprint for one in required if one.kind is ConsentKind.APPLICATION}
        if review is None or review not in of_this:
            raise flaw.not_agreed(place)
        for wanted in required:
            given = self._given.get(wanted.requirement)
            if given is not None and wanted.is_met_by(given):
                continue
            if wanted.kind is ConsentKind.APPLICATION:
                raise flaw.not_agreed(place)
            raise flaw.not_confirmed(place, wanted.requirement)

    def _may_wait(self, place: int, outcome: Outcome) -> None:
        leave = self._given.get(ConsentKind.QUEUE_SUBMISSION)
        if leave is None or leave.kind is not ConsentKind.QUEUE_SUBMISSION:
            raise flaw.no_leave(place)
        if leave.review_fingerprint != outcome.review_fingerprint:
            raise flaw.no_leave(place)

    def _at_one_price(self, place: int, entry: Consent | Outcome) -> None:
        """Pass if every entry about an application tells the same plan and premium of it."""
        if entry.review_fingerprint is None:
            return
        cost = (entry.plan_fingerprint, entry.premium)
        if self._costs.setdefault(entry.review_fingerprint, cost) != cost:
            raise flaw.other_price(place)


def read(entries: Sequence[Evidence]) -> Agreement:
    """
    Raises:
        Flaw: the first entry that cannot follow what stands before it.
    """
    agreement = Agreement()
    for place, entry in enumerate(entries, start=1):
        agreement.read(place, entry)
    return agreement
