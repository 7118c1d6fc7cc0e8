"""The laws of a registration and of a renewal: every state with every event, and an end in reach of all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers import registration, renewal
from insurers.account import Challenge, ChallengeKind
from insurers.answers import Answered, StepState, Subject, bound
from insurers.coverage import CoverageKind
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef
from insurers.plan import Plan
from insurers.registration import IllegalStep, Registration, RegistrationEvent, RegistrationPurpose, RegistrationState
from insurers.renewal import Proposal, Renewal, RenewalEvent, RenewalState
from insurers.script import Field, InputKind, OutOfBand, Script, SecretAsked, Step, StepKind
from insurers.text import Text

MORNING = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
NOON = MORNING + timedelta(hours=2)
WORD = Text("文", "words")

FLOWS = {
    "registration": (registration.TRANSITIONS, registration.step, RegistrationState, RegistrationEvent),
    "renewal": (renewal.TRANSITIONS, renewal.step, RenewalState, RenewalEvent),
}
# Any: the two flows have states and events of different types, and the same law.
PAIRS: list[Any] = [
    pytest.param(table, step, state, event, id=f"{flow}-{state}-{event}")
    for flow, (table, step, states, events) in FLOWS.items()
    for state in states
    for event in events
]


@pytest.mark.parametrize(("table", "step", "state", "event"), PAIRS)
def test_every_pair_is_in_the_table_or_refused(table: Any, step: Any, state: StrEnum, event: StrEnum) -> None:
    if event in table[state]:
        assert table[state][event] is step(state, event)
    else:
        with pytest.raises(IllegalStep, match=f"{event} cannot follow {state}"):
            step(state, event)


@pytest.mark.parametrize(("table", "_step", "states", "events"), FLOWS.values(), ids=FLOWS)
def test_every_state_is_in_the_table_and_every_event_is_used(table: Any, _step: Any, states: Any, events: Any) -> None:
    assert set(states) == set(table)
    assert set(events) == {event for row in table.values() for event in row}


@pytest.mark.parametrize(("table", "_step", "states", "_events"), FLOWS.values(), ids=FLOWS)
def test_an_end_is_in_reach_of_every_state(table: Any, _step: Any, states: Any, _events: Any) -> None:
    ends = {state for state, row in table.items() if not row}

    assert ends
    assert all(ends & reachable(table, state) for state in states)


@pytest.mark.parametrize(
    ("table", "beginning"),
    [(registration.TRANSITIONS, RegistrationState.COLLECTING), (renewal.TRANSITIONS, RenewalState.IN_PROGRESS)],
)
def test_every_state_is_in_reach_of_the_beginning(table: Any, beginning: StrEnum) -> None:
    assert set(table) == reachable(table, beginning)


def reachable(table: Mapping[StrEnum, Mapping[StrEnum, StrEnum]], start: StrEnum) -> set[StrEnum]:
    found, waiting = {start}, [start]
    while waiting:
        new = set(table[waiting.pop()].values()) - found
        found |= new
        waiting += new
    return found


def test_an_end_is_final() -> None:
    assert {RegistrationState.ACTIVE, RegistrationState.CANCELLED, RegistrationState.REFERRED} == registration.FINAL
    assert {RenewalState.ACCEPTED, RenewalState.WITHDRAWN, RenewalState.LAPSED} == renewal.FINAL


def test_the_button_is_pressed_from_nowhere_but_a_finished_draft() -> None:
    before = {state for state, row in renewal.TRANSITIONS.items() if RenewalState.SUBMITTING in row.values()}

    assert {RenewalState.READY, RenewalState.QUEUED} == before


@pytest.mark.parametrize("state", [RenewalState.SUBMITTING, RenewalState.UNCONFIRMED])
def test_neither_time_nor_the_customer_ends_what_may_have_happened(state: RenewalState) -> None:
    for event in (RenewalEvent.MATURE, RenewalEvent.CANCEL, RenewalEvent.WITHDRAW, RenewalEvent.SUBMIT):
        with pytest.raises(IllegalStep):
            renewal.step(state, event)


@pytest.mark.parametrize(
    "state", [RenewalState.IN_PROGRESS, RenewalState.REFERRED, RenewalState.READY, RenewalState.QUEUED]
)
def test_whatever_was_never_sent_lapses_at_maturity(state: RenewalState) -> None:
    assert RenewalState.LAPSED is renewal.step(state, RenewalEvent.MATURE)


@given(st.lists(st.sampled_from(RenewalEvent), max_size=30))
def test_however_a_renewal_goes_only_the_insurer_makes_it_accepted(events: list[RenewalEvent]) -> None:
    state = RenewalState.IN_PROGRESS
    heard: RenewalEvent | None = None
    for event in events:
        try:
            state, heard = renewal.step(state, event), event
        except IllegalStep:
            continue

    assert (state is not RenewalState.ACCEPTED) or heard is RenewalEvent.ACCEPT


def make_registration(**words: Any) -> Registration:  # Any: whichever fields the test is about.
    begun = Registration(
        id="r1",
        customer="taro",
        insurer=InsurerCode("paper"),
        method="link",
        purpose=RegistrationPurpose.FIRST_TIME,
        state=RegistrationState.COLLECTING,
        version=1,
        created_at=MORNING,
        updated_at=MORNING,
    )
    return msgspec.structs.replace(begun, **words)


NAME = Field(key="name", label=WORD, input=InputKind.TEXT)
PASSWORD = Field(key="password", label=WORD, input=InputKind.PASSWORD, sensitive=True)
MAIL = OutOfBand(key="mail", label=WORD)
KEYWORD = SecretAsked(key="keyword", label=WORD, kind=ChallengeKind.KEYWORD)
METHOD = Script(
    (
        Step(key="person", kind=StepKind.IDENTITY, title=WORD, requirements=(NAME,)),
        Step(key="account", kind=StepKind.CREDENTIALS, title=WORD, requirements=(PASSWORD,), sends=True),
        Step(key="link", kind=StepKind.OUT_OF_BAND, title=WORD, requirements=(MAIL,)),
        Step(key="keyword", kind=StepKind.CHALLENGE, title=WORD, requirements=(KEYWORD,)),
    )
)
READY, LOCKED, WAITING, DONE = StepState.READY, StepState.LOCKED, StepState.WAITING, StepState.DONE


def asked(step: str) -> Challenge:
    return Challenge(kind=ChallengeKind.KEYWORD, prompt=WORD, step=step)


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ({}, [READY, LOCKED, LOCKED, LOCKED]),
        ({"answers": {"name": "三住"}}, [DONE, READY, LOCKED, LOCKED]),
        ({"state": RegistrationState.ASKED, "challenge": asked("link")}, [DONE, DONE, WAITING, LOCKED]),
        ({"state": RegistrationState.ASKED, "challenge": asked("keyword")}, [DONE, DONE, DONE, READY]),
        ({"state": RegistrationState.ACTIVE}, [DONE] * 4),
    ],
)
def test_a_registration_shows_its_steps_as_far_as_it_has_come(words: dict[str, Any], states: list[StepState]) -> None:
    typed = words.get("answers", {})
    answers = {key: Answered(value=value, bound=bound(NAME, Subject()), at=MORNING) for key, value in typed.items()}
    standings = make_registration(**(words | {"answers": answers})).standings(METHOD)

    assert states == [standing.state for standing in standings]
    assert [0, 1, 2, 3] == [standing.position for standing in standings]
    assert [frozenset(need.key for need in s.step.requirements) for s in standings if s.state is DONE] == [
        standing.satisfied for standing in standings if standing.state is DONE
    ]


def test_a_change_of_a_registration_is_one_version_and_leaves_the_former_alone() -> None:
    begun = make_registration()

    sent = begun.on(RegistrationEvent.SEND, at=NOON)

    assert (RegistrationState.SENDING, 2, NOON) == (sent.state, sent.version, sent.updated_at)
    assert (RegistrationState.COLLECTING, 1, MORNING) == (begun.state, begun.version, begun.updated_at)
    assert 3 == sent.with_(at=NOON, link="l1").version
    with pytest.raises(IllegalStep):
        begun.on(RegistrationEvent.ACTIVATE, at=NOON)


def make_renewal(plan: Plan, proposal: Proposal | None = None) -> Renewal:
    return Renewal(
        id="n1",
        customer="taro",
        ref=PolicyRef(plan.insurer, PolicyNumber.parse("A123456789")),
        maturity=MORNING + timedelta(days=40),
        state=RenewalState.IN_PROGRESS,
        version=1,
        created_at=MORNING,
        updated_at=MORNING,
        script=Script(()),
        plans=(plan,),
        selected=plan.code if proposal else None,
        proposal=proposal,
    )


def test_a_renewal_is_about_the_plan_chosen_and_the_proposal_reviewed(plan: Plan, proposal: Proposal) -> None:
    undecided, reviewed = make_renewal(plan), make_renewal(plan, proposal)

    assert (None, None) == (undecided.subject.plan, undecided.subject.review)
    assert (plan.fingerprint, proposal.fingerprint) == (reviewed.subject.plan, reviewed.subject.review)
    assert proposal.fingerprint == reviewed.review_hash
    assert msgspec.structs.replace(reviewed, selected=PlanCode("gone")).plan is None


def test_the_choice_of_a_plan_goes_when_it_comes_to_lose_more_than_was_acknowledged(
    plan: Plan, proposal: Proposal
) -> None:
    narrower = msgspec.structs.replace(plan, coverages=plan.coverages[:1])
    reviewed = msgspec.structs.replace(make_renewal(plan, proposal), current=plan)
    read = msgspec.structs.replace(reviewed, acknowledged=reviewed.losses(narrower))

    kept, dropped, known, better = (
        one.on(RenewalEvent.REVISE, at=NOON, plans=(quoted,))
        for one, quoted in ((reviewed, plan), (reviewed, narrower), (read, narrower), (read, plan))
    )
    unsaid = make_renewal(plan, proposal).on(RenewalEvent.REVISE, at=NOON, plans=(narrower,))

    assert ((), (CoverageKind.OWN_DAMAGE,)) == (
        reviewed.losses(plan),
        tuple(loss.kind for loss in reviewed.unacknowledged(narrower)),
    )
    assert (None, None, ()) == (dropped.selected, dropped.proposal, dropped.acknowledged)
    assert [plan.code] * 4 == [one.selected for one in (kept, known, better, unsaid)]
    assert read.acknowledged == better.acknowledged


def test_a_change_of_a_renewal_is_one_version_and_leaves_the_former_alone(plan: Plan) -> None:
    draft = make_renewal(plan)

    chosen = draft.on(RenewalEvent.REVISE, at=NOON, selected=plan.code)

    assert (RenewalState.IN_PROGRESS, 2, NOON, plan) == (chosen.state, chosen.version, chosen.updated_at, chosen.plan)
    assert (1, None) == (draft.version, draft.plan)
    with pytest.raises(TypeError, match="colour"):
        draft.on(RenewalEvent.REVISE, at=NOON, colour="red")
