"""Not even whoever holds the key can seal unnoticed what cannot have happened, or what nobody agreed to."""

from typing import Any

import msgspec
import pytest

from gateway.evidence.audit import audit
from gateway.evidence.flaw import Flaw
from insurers.canonical import sha256
from insurers.consent import CUSTOMER_ONLY, ActorRole, Consent, ConsentKind
from insurers.evidence import Evidence, Outcome, Required
from insurers.identity import PolicyNumber, PolicyRef
from insurers.money import Yen
from tests.journeys.chains import (
    ACCEPTED,
    APPLICATION,
    DECLARED,
    KEPT,
    LIFE,
    RENEWAL,
    REQUIRED,
    SENT,
    E,
    application,
    chain,
    consent,
    leave,
    outcome,
    passes,
    sent,
    written,
)
from tests.store.invented import ACME, PROPOSAL


def other(entry: Any, **words: Any) -> Any:
    """The same with other words in it; replace() refuses what it does not have."""
    return msgspec.structs.replace(entry, **words)


DEARER = msgspec.structs.replace(PROPOSAL, statement="保険料が変わりました。申し込みます。")
ELSEWHERE = msgspec.structs.replace(PROPOSAL, ref=PolicyRef(ACME, PolicyNumber("A2")))
DRAFTED = (KEPT, DECLARED, APPLICATION)
LEAVE, QUEUED = leave(PROPOSAL), sent(PROPOSAL, E.QUEUE)
OF_A_DOCUMENT = Required(requirement="matters", kind=ConsentKind.IMPORTANT_MATTERS, document_sha256="b" * 64)
LOSSES_READ = consent(
    "車両保険がなくなります", kind=ConsentKind.COVER_REDUCTION, requirement="cover_reduction:1", answer="a" * 64
)
OF_LOSSES = Required(requirement="cover_reduction:1", kind=ConsentKind.COVER_REDUCTION, answer="a" * 64)
LOSING = other(SENT, required=(*(SENT.required or ()), OF_LOSSES))
UNSOUND: dict[str, tuple[tuple[Evidence, ...], str]] = {
    "nothing agreed to": ((KEPT, DECLARED, SENT, ACCEPTED), "Entry 3: nobody had agreed to the application"),
    "agreed to afterwards": ((KEPT, DECLARED, SENT, APPLICATION, ACCEPTED), "Entry 3: nobody had agreed"),
    "agreed to as something else": (
        (KEPT, DECLARED, other(APPLICATION, kind=ConsentKind.DETAILS_CONFIRMED), SENT, ACCEPTED),
        "Entry 4: nobody had agreed",
    ),
    "something else agreed to since": ((*DRAFTED, application(DEARER), SENT, ACCEPTED), "Entry 5: nobody had agreed"),
    "nothing wanted": ((*DRAFTED, other(SENT, required=None), ACCEPTED), "Entry 4: nobody had agreed"),
    "no application wanted": ((*DRAFTED, other(SENT, required=REQUIRED), ACCEPTED), "Entry 4: nobody had agreed"),
    "no review sent": ((*DRAFTED, other(SENT, review_fingerprint=None), ACCEPTED), "Entry 4: nobody had agreed"),
    "no important matters": ((DECLARED, APPLICATION, SENT, ACCEPTED), "Entry 3: 'matters' had to be confirmed"),
    "no declaration": ((KEPT, APPLICATION, SENT, ACCEPTED), "Entry 3: 'declared' had to be confirmed"),
    "losses unread": ((*DRAFTED, LOSING, ACCEPTED), "Entry 4: 'cover_reduction:1' had to be confirmed"),
    "other losses read": (
        (*DRAFTED, other(LOSSES_READ, answer="0" * 64), LOSING, ACCEPTED),
        "Entry 5: 'cover_reduction:1' had to be confirmed",
    ),
    "losses read by an agent": (
        (*DRAFTED, other(LOSSES_READ, actor="a1", role=ActorRole.AGENT, on_behalf_of="c1"), LOSING, ACCEPTED),
        "Entry 4: only the customer may confirm this",
    ),
    "other words": (
        (other(KEPT, statement="見ました"), DECLARED, APPLICATION, SENT, ACCEPTED),
        "Entry 4: 'matters' had to be confirmed",
    ),
    "another document": (
        (*DRAFTED, other(SENT, required=(OF_A_DOCUMENT, *(SENT.required or ()))), ACCEPTED),
        "Entry 4: 'matters' had to be confirmed",
    ),
    "never sent": ((*DRAFTED, ACCEPTED), "Entry 4: it cannot have happened"),
    "another sent": ((*DRAFTED, SENT, other(ACCEPTED, review_fingerprint="0" * 64)), "Entry 5: no entry before it"),
    "sent twice": ((*LIFE, SENT), "Entry 6: it cannot have happened"),
    "sent again in silence": ((*DRAFTED, SENT, outcome(E.SILENCE), SENT), "Entry 6: it cannot have happened"),
    "waiting without leave": ((*DRAFTED, QUEUED, SENT, ACCEPTED), "Entry 4: nobody had given leave"),
    "leave for something else": ((*DRAFTED, leave(DEARER), QUEUED, SENT), "Entry 5: nobody had given leave"),
    "leave as something else": (
        (*DRAFTED, other(LEAVE, kind=ConsentKind.DETAILS_CONFIRMED), QUEUED, SENT),
        "Entry 5: nobody had given leave",
    ),
    "leave taken back": ((*DRAFTED, LEAVE, QUEUED, outcome(E.WITHDRAW), QUEUED), "Entry 7: nobody had given leave"),
    "leave for what was not sent": (
        (*DRAFTED, LEAVE, QUEUED, application(DEARER), sent(DEARER)),
        "Entry 7: nobody had given leave",
    ),
    "another premium": ((*DRAFTED, other(SENT, premium=Yen(1)), ACCEPTED), "Entry 4: it tells another plan or premium"),
    "a premium that is not the plan's": (
        (KEPT, DECLARED, other(APPLICATION, premium=Yen(1)), SENT, ACCEPTED),
        "Entry 3: the plan or the application in it",
    ),
    "no review": ((KEPT, DECLARED, other(APPLICATION, review="[]"), SENT), "Entry 3: the plan or the application"),
    "no review that can be read": (
        (other(APPLICATION, review="[]", review_fingerprint=sha256("[]")),),
        "Entry 1: the plan or the application in it",
    ),
    "words that are not the review's": (
        (KEPT, DECLARED, other(APPLICATION, statement="はい"), SENT),
        "Entry 3: the plan or the application in it",
    ),
    "another plan in the review": (
        (other(APPLICATION, plan=None, plan_fingerprint="0" * 64),),
        "Entry 1: the plan or the application in it",
    ),
    "another contract": ((application(ELSEWHERE),), "Entry 1: it is about another contract"),
    "for another customer": ((other(KEPT, actor="c2"),), "Entry 1: it was left neither by the customer"),
    "on nobody's behalf": ((outcome(E.CANCEL, on_behalf_of=None),), "Entry 1: it was left neither by the customer"),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_even_we_cannot_seal_unnoticed_what_makes_no_sense(name: str) -> None:
    entries, sentence = UNSOUND[name]

    with pytest.raises(Flaw) as found:
        audit(written(chain(*entries)).encode())

    assert sentence in found.value.sentence.en
    assert found.value.sentence.ja


@pytest.mark.parametrize(
    "entries",
    [
        (*DRAFTED, LEAVE, QUEUED, SENT, ACCEPTED),
        (*DRAFTED, LEAVE, QUEUED, outcome(E.WITHDRAW), LEAVE, QUEUED, SENT, ACCEPTED),
        (*DRAFTED, SENT, outcome(E.UNREACHABLE), outcome(E.SILENCE), ACCEPTED),
        (*DRAFTED, SENT, outcome(E.CHANGE), APPLICATION, SENT, ACCEPTED),
        (*DRAFTED, LEAVE, QUEUED, outcome(E.CHANGE), application(DEARER), APPLICATION, SENT, ACCEPTED),
        # The agency brought it to its end, so nobody here sent it.
        (KEPT, outcome(E.REFER), other(ACCEPTED, review_fingerprint=None)),
    ],
    ids=["waited", "taken back and left again", "silent", "changed", "changed while it waited", "at the agency"],
)
def test_whatever_happens_as_it_may_is_whole(entries: tuple[Consent | Outcome, ...]) -> None:
    proposal = None if entries[-1].review_fingerprint is None else PROPOSAL

    assert passes(written(chain(*entries), of=other(RENEWAL, proposal=proposal)).encode())


@pytest.mark.parametrize("kind", sorted(ConsentKind))
def test_even_we_cannot_seal_unnoticed_that_an_agent_confirmed_for_the_customer(kind: ConsentKind) -> None:
    given = consent("確認しました", kind=kind, actor="a1", role=ActorRole.AGENT, on_behalf_of="c1")
    file = written(chain(given, *LIFE)).encode()

    assert passes(file) is (kind not in CUSTOMER_ONLY)
