"""How far a person has come in a script, and which answers still stand."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.answers import NO, YES, Answered, StepState, Subject, Value, bound, current, progress, referral
from insurers.document import Document
from insurers.hours import TOKYO
from insurers.policy import RenewabilityCode
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Fact,
    Field,
    InputKind,
    OutOfBand,
    PlanChoice,
    Referral,
    Requirement,
    Script,
    Step,
    StepKind,
)
from insurers.text import Text

MORNING = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
WORD = Text("文", "words")
SUBJECT = Subject(plan="plan-a", review="review-a")

CHOICE = PlanChoice(key="plan", label=WORD)
AGREED = Confirmation(key="agreed", label=WORD, statement="このプランに決定", binds=(Binds.PLAN,))
PAPER = DocumentToOpen(key="paper", label=WORD, document=Document(id="1", title="説明書", sha256="aa"))
KEPT = Confirmation(key="kept", label=WORD, statement="確認・保管しました", binds=(Binds.DOCUMENT,), document="aa")
CARS = Field(
    key="cars",
    label=WORD,
    input=InputKind.INTEGER,
    refers=(Referral(code=RenewabilityCode.FLEET_SIZE, message=WORD, at_least=10),),
)
DECLARED = Field(
    key="declared",
    label=WORD,
    input=InputKind.BOOLEAN,
    refers=(Referral(code=RenewabilityCode.DISCLOSURE_APPLIES, message=WORD, when=(YES,)),),
)
REMARK = Field(key="remark", label=WORD, input=InputKind.TEXT, required=False)
APPLY = Confirmation(key="apply", label=WORD, statement="申し込む", binds=(Binds.REVIEW,))

SCRIPT = Script(
    (
        Step(key="plan", kind=StepKind.PLAN, title=WORD, requirements=(CHOICE, AGREED)),
        Step(key="matters", kind=StepKind.IMPORTANT_MATTERS, title=WORD, requirements=(PAPER, KEPT, DECLARED)),
        Step(key="shown", kind=StepKind.DETAILS, title=WORD),
        Step(key="details", kind=StepKind.DETAILS, title=WORD, requirements=(CARS, REMARK)),
        Step(key="apply", kind=StepKind.APPLICATION, title=WORD, requirements=(APPLY,)),
    )
)
NEEDS: Mapping[str, Requirement] = {need.key: need for step in SCRIPT for need in step.requirements}
EVERYTHING: dict[str, Value] = {
    "plan": "1",
    "agreed": YES,
    "paper": YES,
    "kept": YES,
    "declared": NO,
    "cars": "2",
    "apply": YES,
}

LOCKED, READY, INCOMPLETE, DONE, BLOCKED = (
    StepState.LOCKED,
    StepState.READY,
    StepState.INCOMPLETE,
    StepState.DONE,
    StepState.BLOCKED,
)


def answered(values: Mapping[str, Value], subject: Subject = SUBJECT) -> dict[str, Answered]:
    return {key: Answered(value=value, bound=bound(NEEDS[key], subject), at=MORNING) for key, value in values.items()}


def states(values: Mapping[str, Value], subject: Subject = SUBJECT) -> list[StepState]:
    return [standing.state for standing in progress(SCRIPT, answered(values), subject)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [READY, LOCKED, LOCKED, LOCKED, LOCKED]),
        ({"plan": "1"}, [INCOMPLETE, LOCKED, LOCKED, LOCKED, LOCKED]),
        ({"plan": "1", "agreed": YES}, [DONE, READY, LOCKED, LOCKED, LOCKED]),
        # An answer to a later step waits for its turn.
        ({"cars": "2"}, [READY, LOCKED, LOCKED, LOCKED, LOCKED]),
        # What leads to the agency goes no further, whatever else is answered.
        (EVERYTHING | {"declared": YES}, [DONE, BLOCKED, LOCKED, LOCKED, LOCKED]),
        (EVERYTHING | {"cars": "10"}, [DONE, DONE, DONE, BLOCKED, LOCKED]),
        (EVERYTHING, [DONE] * 5),
        (EVERYTHING | {"remark": "なし"}, [DONE] * 5),
    ],
)
def test_steps_stand_where_the_answers_brought_them(values: Mapping[str, Value], expected: list[StepState]) -> None:
    assert expected == states(values)


@pytest.mark.parametrize(
    ("values", "open_step"), [({}, "plan"), ({"plan": "1", "agreed": YES}, "matters"), (EVERYTHING, None)]
)
def test_one_step_is_open_or_none(values: Mapping[str, Value], open_step: str | None) -> None:
    standing = current(progress(SCRIPT, answered(values), SUBJECT))

    assert open_step == (standing.step.key if standing else None)


@given(st.sets(st.sampled_from(sorted(EVERYTHING))))
def test_nothing_is_open_behind_an_open_step(keys: set[str]) -> None:
    standings = states({key: EVERYTHING[key] for key in keys})
    first = next((place for place, state in enumerate(standings) if state is not DONE), len(standings))

    assert [DONE] * first == standings[:first]
    assert {LOCKED} >= set(standings[first + 1 :])


@given(st.sets(st.sampled_from(sorted(EVERYTHING))), st.sampled_from(sorted(EVERYTHING)))
def test_one_more_answer_never_undoes_a_step(keys: set[str], more: str) -> None:
    before = states({key: EVERYTHING[key] for key in keys})
    after = states({key: EVERYTHING[key] for key in keys | {more}})

    assert all(now is DONE for then, now in zip(before, after, strict=True) if then is DONE)


def test_a_confirmation_does_not_outlive_the_plan_it_was_about() -> None:
    answers = answered(EVERYTHING)
    standings = progress(SCRIPT, answers, Subject(plan="plan-b", review="review-a"))

    assert frozenset() == standings[0].satisfied
    assert READY is standings[0].state


def test_a_consent_does_not_outlive_the_review_it_was_about() -> None:
    standings = progress(SCRIPT, answered(EVERYTHING), Subject(plan="plan-a", review="review-b"))

    assert [DONE, DONE, DONE, DONE, READY] == [standing.state for standing in standings]


def test_nobody_consents_to_nothing() -> None:
    nothing = Subject()

    assert [READY, LOCKED, LOCKED, LOCKED, LOCKED] == states(EVERYTHING, nothing)
    assert READY is states(EVERYTHING, Subject(plan="plan-a"))[-1]


@pytest.mark.parametrize(
    ("need", "revised"),
    [
        (
            KEPT,
            Confirmation(
                key="kept", label=WORD, statement="確認・保管しました", binds=(Binds.DOCUMENT,), document="bb"
            ),
        ),
        (KEPT, Confirmation(key="kept", label=WORD, statement="確認しました", binds=(Binds.DOCUMENT,), document="aa")),
        (PAPER, DocumentToOpen(key="paper", label=WORD, document=Document(id="1", title="説明書", sha256="bb"))),
    ],
)
def test_a_revised_document_or_statement_is_confirmed_again(need: Requirement, revised: Requirement) -> None:
    assert bound(need, SUBJECT) != bound(revised, SUBJECT)


def test_a_label_may_be_reworded_without_asking_again() -> None:
    reworded = Confirmation(
        key="kept", label=Text("別", "other"), statement="確認・保管しました", binds=(Binds.DOCUMENT,), document="aa"
    )

    assert bound(KEPT, SUBJECT) == bound(reworded, SUBJECT)


def test_a_field_is_about_nothing_but_itself() -> None:
    assert bound(CARS, SUBJECT) == bound(CARS, Subject())


@pytest.mark.parametrize(
    ("need", "value", "leads"),
    [
        (CARS, "9", False),
        (CARS, "10", True),
        (CARS, "99", True),
        (CARS, "", False),
        (DECLARED, YES, True),
        (DECLARED, NO, False),
        (DECLARED, (NO, YES), True),
        (REMARK, "true", False),
        (KEPT, YES, False),
        (OutOfBand(key="mail", label=WORD), YES, False),
    ],
)
def test_an_answer_leads_to_the_agency_by_the_script_alone(need: Requirement, value: Value, leads: bool) -> None:
    answer = Answered(value=value, bound="", at=MORNING)

    assert leads is (referral(need, answer) is not None)
    assert referral(need, None) is None


def test_a_confirmation_is_asked_again_when_other_facts_stand_on_its_step() -> None:
    one = Step(key="cars", kind=StepKind.DETAILS, title=WORD, requirements=(KEPT,), facts=(plate("品川 300 あ 12-34"),))
    other = Step(
        key="cars", kind=StepKind.DETAILS, title=WORD, requirements=(KEPT,), facts=(plate("品川 300 あ 99-99"),)
    )
    given = {"kept": Answered(value=YES, bound=bound(KEPT, SUBJECT.on(one)), at=MORNING)}

    assert [DONE] == [standing.state for standing in progress(Script((one,)), given, SUBJECT)]
    assert [READY] == [standing.state for standing in progress(Script((other,)), given, SUBJECT)]


def test_a_declaration_answers_the_very_question_that_was_put() -> None:
    reworded = Field(
        key=DECLARED.key, label=Text("別の質問", "another question"), input=DECLARED.input, refers=DECLARED.refers
    )

    assert bound(DECLARED, SUBJECT) != bound(reworded, SUBJECT)


def plate(words: str) -> Fact:
    return Fact(key="plate", label=WORD, value=words)
