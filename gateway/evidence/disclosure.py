"""Who was asked and told what in a comparison, held against what its customer had agreed to before."""

from collections.abc import Sequence

from gateway.evidence import flaw
from insurers.comparison import ComparisonEvent
from insurers.consent import Consent, ConsentKind
from insurers.coverage import CoverageKind
from insurers.evidence import Compared, Evidence, Quoted
from insurers.identity import InsurerCode, PolicyRef
from insurers.losses import Loss, fingerprint, losses
from insurers.plan import Plan
from insurers.verdict import Verdict

E = ComparisonEvent
Parts = tuple[InsurerCode, PolicyRef]


class Disclosure:
    """
    Reads a comparison's chain from its first entry on. What it has read so far makes sense, or it raised a flaw.

    `covers` is what each policy covers today, `last` what became of each inquiry last, `quoted` the
    plans that its insurer answered last, `choices` what was chosen last for each policy, `refused` the
    insurers that the customer last said may be told nothing, and `wanted` the words in which the
    customer last said what is wanted.
    """

    def __init__(self) -> None:
        self.policies: tuple[PolicyRef, ...] | None = None
        self.covers: dict[PolicyRef, Plan] = {}
        self.insurers: tuple[InsurerCode, ...] = ()
        self.parts: dict[str, Parts] = {}
        self.last: dict[str, ComparisonEvent] = {}
        self.quoted: dict[str, tuple[Quoted, ...]] = {}
        self.choices: dict[PolicyRef, Compared] = {}
        self.wanted: str | None = None
        self._leave: dict[InsurerCode, frozenset[str]] = {}
        self._read: dict[str, Consent] = {}
        self._asked: set[str] = set()
        self._outdated: set[Parts] = set()

    @property
    def refused(self) -> frozenset[InsurerCode]:
        return frozenset(insurer for insurer, told in self._leave.items() if not told)

    def read(self, place: int, entry: Evidence) -> None:
        """
        Raises:
            Flaw: it cannot follow what stands before it, or belongs into no comparison.
        """
        match entry:
            case Consent():
                self._agreed(entry)
            case Compared(event=E.REQUESTED):
                if self.policies is not None or not entry.policies:
                    raise flaw.impossible(place)
                self.policies, self.insurers = entry.policies, entry.insurers or ()
                if len(entry.covers or ()) != len(self.policies):
                    raise flaw.entry_unreadable(place)
                self.covers = dict(zip(self.policies, entry.covers or (), strict=True))
            case Compared(event=E.CHANGED):
                self._changed(place, entry)
            case Compared():
                self._came_of(place, entry, _part(place, entry))
            case _:
                raise flaw.impossible(place)

    def _agreed(self, consent: Consent) -> None:
        match consent.kind:
            case ConsentKind.CROSS_INSURER_DATA_SHARING if consent.insurer is not None:
                self._leave[consent.insurer] = frozenset(consent.categories or ())
                self._outdated = {part for part in self._outdated if part[0] != consent.insurer}
            case ConsentKind.INTENTION_CONFIRMED:
                self.wanted = consent.statement
            case ConsentKind.COVER_REDUCTION:
                self._read[consent.plan_fingerprint or ""] = consent

    def _changed(self, place: int, entry: Compared) -> None:
        """What was agreed and quoted about the parts of a policy that changed stands no more."""
        policy, changed = entry.policy, {category.value for category in entry.changed or ()}
        if policy not in self.covers or len(entry.covers or ()) != 1:
            raise flaw.entry_unreadable(place)
        (self.covers[policy],) = entry.covers or ()
        outdated = {(code, policy) for code, leave in self._leave.items() if leave & changed and code != policy.insurer}
        self._outdated |= outdated
        for inquiry in (inquiry for inquiry, part in self.parts.items() if part in outdated):
            self.quoted[inquiry] = ()
            self.last[inquiry] = E.CHANGED

    def _came_of(self, place: int, entry: Compared, part: tuple[str, Parts]) -> None:
        inquiry, (insurer, policy) = part
        if policy not in (self.policies or ()) or insurer not in self.insurers:
            raise flaw.not_compared(place)
        if self.parts.setdefault(inquiry, (insurer, policy)) != (insurer, policy):
            raise flaw.not_compared(place)
        match entry.event:
            case E.ASKED:
                self._told_what_it_may(place, entry, insurer, policy)
                self._asked.add(inquiry)
            case E.ANSWERED | E.LATE if inquiry not in self._asked:
                raise flaw.never_asked(place)
            case E.ANSWERED:
                self.quoted[inquiry] = entry.plans or ()
            case E.CHOSEN:
                self._chosen(place, entry, inquiry, policy)
        if entry.event is not E.CHOSEN:
            self.last[inquiry] = entry.event

    def _told_what_it_may(self, place: int, entry: Compared, insurer: InsurerCode, policy: PolicyRef) -> None:
        """Pass if the contract is the insurer's own, or its customer had said that this insurer may be told this."""
        if insurer == policy.insurer:
            return
        told = {category.value for category in entry.categories or ()}
        outdated = (insurer, policy) in self._outdated
        leave = frozenset() if outdated else self._leave.get(insurer, frozenset())
        if not told or not leave:
            raise flaw.told_without_leave(place, insurer)
        if beyond := told - leave:
            raise flaw.told_too_much(place, insurer, sorted(beyond))

    def _chosen(self, place: int, entry: Compared, inquiry: str, policy: PolicyRef) -> None:
        """Pass if the insurer had quoted this, and what it loses against the present cover had been acknowledged."""
        choice = entry.choice
        if choice is None or choice not in self.quoted.get(inquiry, ()):
            raise flaw.never_quoted(place)
        if entry.bought is None or entry.lost is None or entry.bought.fingerprint != choice.fingerprint:
            raise flaw.subject_altered(place)
        if _lines(entry.lost) != _lines(losses(entry.bought, self.covers[policy])):
            raise flaw.not_acknowledged(place)
        if fingerprint(entry.lost) != entry.losses:
            raise flaw.not_acknowledged(place)
        read = self._read.get(choice.fingerprint)
        if entry.losses is not None and (read is None or read.answer != entry.losses):
            raise flaw.not_acknowledged(place)
        self.choices[policy] = entry


def _lines(found: Sequence[Loss]) -> list[tuple[CoverageKind | None, Verdict]]:
    """What is lost and how, whatever the words: those that were shown are held by their fingerprint."""
    return [(loss.kind, loss.verdict) for loss in found]


def _part(place: int, entry: Compared) -> tuple[str, Parts]:
    if entry.inquiry is None or entry.insurer is None or entry.policy is None:
        raise flaw.entry_unreadable(place)
    return entry.inquiry, (entry.insurer, entry.policy)


def read(entries: Sequence[Evidence]) -> Disclosure:
    """
    Raises:
        Flaw: the first entry that cannot follow what stands before it.
    """
    disclosure = Disclosure()
    for place, entry in enumerate(entries, start=1):
        disclosure.read(place, entry)
    return disclosure
