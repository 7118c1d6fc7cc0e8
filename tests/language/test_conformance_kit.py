"""The promises hold an honest insurer harmless, and each catches the liar it is there for."""

import inspect

import msgspec
import pytest

from insurers.adapter import Insurer
from insurers.conformance import Conformance, complete
from insurers.errors import InsurerError
from insurers.identity import PlanCode
from insurers.plan import PlanQuery
from insurers.script import Field, InputKind, Script, Step, StepKind
from tests.language.liars import LIARS
from tests.language.paper import Paper, fixtures
from tests.language.paper_forms import KNOWN, MATTERS, PAPER, WORD

PROMISES = [name for name in dir(Conformance) if name.startswith("test_")]


async def keep(promise: str, paper: Paper) -> None:
    """Run one promise as pytest would: with a fixture for each parameter."""
    test = getattr(Conformance(), promise)
    given = fixtures(paper)
    kept = test(**{name: given[name] for name in inspect.signature(test).parameters})
    if inspect.isawaitable(kept):
        await kept


@pytest.mark.parametrize("promise", PROMISES)
async def test_an_honest_insurer_keeps_every_promise(promise: str) -> None:
    await keep(promise, Paper())


def test_paper_is_an_insurer() -> None:
    insurer: Insurer = Paper()

    assert PAPER == insurer.manifest.code


# The language keeps these for everybody, so no adapter can break them.
KEPT_BY_THE_LANGUAGE = {
    "test_a_proposal_survives_being_stored",
    "test_an_access_does_not_show_its_secret",
    "test_neither_draft_nor_proposal_shows_what_is_in_it",
}


def test_there_is_a_liar_for_every_promise() -> None:
    assert set(PROMISES) == {promise for promise, _ in LIARS} | KEPT_BY_THE_LANGUAGE


@pytest.mark.parametrize(("promise", "liar"), LIARS)
async def test_a_liar_is_caught(promise: str, liar: type[Paper]) -> None:
    with pytest.raises((AssertionError, InsurerError, msgspec.ValidationError)):
        await keep(promise, liar())


def test_a_script_that_does_not_answer_itself_says_what_is_missing() -> None:
    plan = Paper().plan(PlanCode("1"), PlanQuery(number=KNOWN))
    silent = Script(
        (
            Step(
                key="s",
                kind=StepKind.DETAILS,
                title=WORD,
                requirements=(Field(key="month", label=WORD, input=InputKind.YEAR_MONTH),),
            ),
        )
    )

    with pytest.raises(LookupError, match="month"):
        complete(KNOWN, plan, silent)
    assert {"month": "2028-02"} == complete(KNOWN, plan, silent, {"month": "2028-02"}).values


def test_a_customer_with_nothing_to_declare_answers_so() -> None:
    draft = fixtures(Paper())["draft"]

    assert {"plan": "1", "open": "true", "kept": "true", "declared": "false", "cars": "1"} == draft.values
    assert (MATTERS,) == draft.documents
