"""Who may drive, from which age and for what: how one plan's conditions stand to another's."""

from collections.abc import Sequence

from msgspec import Struct

from insurers.plan import Conditions
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose
from insurers.verdict import Aspect, Finding, Judgement, Verdict, by_words, order

Word = DriverLimitation | AgeCondition | UsePurpose


class Condition(Struct, frozen=True, kw_only=True):
    """
    One condition: what it is called, and its words from the widest to the narrowest.

    `read` and `said` name what a plan's conditions say of it, in our word and in the insurer's.
    """

    aspect: Aspect
    label: Text
    widest_first: Sequence[Word]
    read: str
    said: str

    def word(self, of: Conditions | None) -> Word | None:
        """Answer our word for it; None where the insurer says nothing that we know."""
        word: Word | None = getattr(of, self.read, None)
        return word if word in self.widest_first else None

    def insurer_word(self, of: Conditions | None) -> str | None:
        return getattr(of, self.said, None) or None

    def compare(self, ours: Conditions | None, theirs: Conditions | None, *, same_insurer: bool) -> Judgement:
        """
        Say how *ours* stands to *theirs*: wider is better, by the rules of `insurers.verdict`.

        An insurer that states no conditions with a plan for its own contract means those of the contract:
        they are common to all its plans, and its script has the customer confirm them.
        """
        if ours is None and same_insurer:
            return Judgement(Verdict.EQUAL, complete=False)
        mine, its = self.word(ours), self.word(theirs)
        words = self.insurer_word(ours), self.insurer_word(theirs)
        if mine is None or its is None:
            verdict = by_words(*words, same_insurer=same_insurer) if mine is its else Verdict.UNKNOWN
            said = mine or words[0], its or words[1]
            return Judgement.of([Finding(aspect=self.aspect, verdict=verdict, ours=said[0], theirs=said[1])])
        verdict = order(self.widest_first.index(its), self.widest_first.index(mine))
        return Judgement.of([Finding(aspect=self.aspect, verdict=verdict, ours=mine, theirs=its)])


CONDITIONS: Sequence[Condition] = (
    Condition(
        aspect=Aspect.DRIVERS,
        label=Text("運転者の限定", "Who may drive"),
        widest_first=(
            DriverLimitation.NONE,
            DriverLimitation.FAMILY,
            DriverLimitation.SELF_AND_SPOUSE,
            DriverLimitation.SELF_ONLY,
        ),
        read="limitation",
        said="insurer_limitation",
    ),
    Condition(
        aspect=Aspect.AGE,
        label=Text("運転者の年齢条件", "Age of the drivers"),
        widest_first=(
            AgeCondition.ALL_AGES,
            AgeCondition.AGE_21_PLUS,
            AgeCondition.AGE_26_PLUS,
            AgeCondition.AGE_30_PLUS,
            AgeCondition.AGE_35_PLUS,
        ),
        read="age_condition",
        said="insurer_age_condition",
    ),
    # A car that is rated for business may also be driven to work, and one that is may be driven for leisure.
    Condition(
        aspect=Aspect.USE,
        label=Text("使用目的", "Use of the car"),
        widest_first=(UsePurpose.BUSINESS, UsePurpose.COMMUTE_SCHOOL, UsePurpose.DAILY_LEISURE),
        read="use",
        said="insurer_use",
    ),
)
