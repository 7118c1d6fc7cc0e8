"""What is personal is marked so: whatever holds a word that is nobody's business, and whatever is named like one."""

import re

import graphql
import pytest

from tests.api import booking, marked
from tests.api.agencies import MANAGER, agent_alone
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json
from tests.api.test_what_is_logged import private

pytestmark = pytest.mark.asyncio(loop_scope="module")

# A field whose name has one of these words holds something about a person, or a secret ...
PERSONAL = re.compile(
    r"name|kana|family|given|birth|phone|mail|plate|registration$|number|address|userId|sentTo|secret|password"
    r"|actor$|onBehalfOf|display|search|ticket|suggested|bundle|token"
)
# ... but for these, each with what it is instead.
OTHERWISE = {
    "Agency.name": "an office",
    "Branch.name": "an office",
    "MultiAgency.name": "a company",
    "Insurer.name": "a company",
    "InsurerPortal.name": "a site",
    "Plan.name": "what an insurer sells",
    "QuotedPlan.name": "what an insurer sells",
    "Vehicle.name": "a model of car",
}


# Shapes are shown by a number that is nobody's; in the sandboxes it is somebody's.
MADE_UP = {"PolicyNumberShape.example"}


# A document may ask for 600 fields; braces are words, too.
MOST_WORDS = 600


class Noting(Frontend):
    """A frontend that keeps what it asked and was answered."""

    noted_answers: list[tuple[str, str | None, Json]]

    async def raw(self, document: str, variables: Json | None = None, operation: str | None = None) -> Json:
        answer = await super().raw(document, variables, operation)
        assert "errors" not in answer, answer["errors"]
        self.noted_answers.append((document, operation, answer["data"]))
        return answer

    def leaves(self) -> list[marked.Leaf]:
        return [leaf for noted in self.noted_answers for leaf in marked.leaves(*noted)]


def noting(town: Town, frontend: Frontend) -> Noting:
    token = frontend.headers["Authorization"].removeprefix("Bearer ")
    found = Noting(town.http, town.url, token, "taro", town.letterbox.letters)
    found.noted_answers = []
    return found


def unmarked(leaves: list[marked.Leaf], words: set[str]) -> set[str]:
    """Answer the fields that held one of these words and are not marked."""
    return {
        place
        for place, value in leaves
        if isinstance(value, str)
        and not (marked.is_personal(place) or place in MADE_UP)
        and any(word in value for word in words)
    }


async def look(person: Noting, way: str, type_: str, depth: int = 2, **variables: str) -> None:
    """Ask for every field of a type, in documents that are no larger than a document may be."""
    asked: list[str] = []
    for field in booking.selections(type_, depth=depth).values():
        if len(" ".join([*asked, field]).split()) > MOST_WORDS:
            await person.raw(way % " ".join(["__typename", *asked]), variables)
            asked = []
        asked.append(field)
    await person.raw(way % " ".join(["__typename", *asked]), variables)


async def test_no_field_that_is_not_marked_holds_a_personal_word_of_a_customer(village: Town) -> None:
    taro = noting(village, village.customer("taro"))
    for code in CODES:
        await taro.register(code)
        renewal = await taro.submit(await taro.ready(code))
        id_, policy = renewal["renewal"]["id"], await taro.policy_id(code)
        await look(taro, "query ($id: ID!) { renewal(id: $id) { %s } }", "Renewal", id=id_)
        await look(taro, "query ($id: ID!) { policy(by: { id: $id }) { %s } }", "Policy", id=policy)
        await taro.raw(EVIDENCE, {"id": id_})
    await look(taro, "{ viewer { %s } }", "Viewer")
    words = private(taro) | set(taro.person["name"].split())

    found = taro.leaves()

    assert set() == unmarked(found, words)
    held = {place for place, value in found if isinstance(value, str) and any(word in value for word in words)}
    assert {"Policy.number", "Viewer.displayName", "Fact.value", "PersonName.family"} <= held


async def test_no_field_that_is_not_marked_holds_a_personal_word_of_a_book(village: Town) -> None:
    await booking.fill_books(village)
    manager = noting(village, agent_alone(village, MANAGER))
    await look(manager, "{ book { %s } }", "Book", depth=1)
    await look(manager, "{ book { renewals(first: 20) { edges { node { %s } } } } }", "BookEntry", depth=1)
    await look(manager, "{ book { customers(first: 20) { edges { node { %s } } } } }", "BookCustomer", depth=1)
    found = manager.leaves()
    words = {
        str(value)
        for place, value in found
        if place
        in {
            "BookEntry.policyNumber",
            "BookEntry.plate",
            "BookCustomer.phone",
            "BookCustomer.email",
            "Viewer.displayName",
            "Agent.displayName",
        }
        or (place.startswith("PersonName.") and len(str(value)) > 3)
    }

    assert {"BookEntry.policyNumber", "BookCustomer.phone", "PersonName.familyKana"} <= {place for place, _ in found}
    assert set() == unmarked(found, words)


async def test_whatever_is_named_like_something_personal_is_marked_or_known_to_be_something_else() -> None:
    named = {
        place
        for place in marked.directives()
        if "." in place and PERSONAL.search(re.split(r"[.(]", place)[-1].rstrip(":)")) and is_told(place)
    }

    assert set() == {place for place in named if not marked.is_personal(place)} - OTHERWISE.keys()
    assert set() == {place for place in OTHERWISE if place not in named or marked.is_personal(place)}


async def test_every_name_of_a_person_and_every_secret_is_marked() -> None:
    typed = {
        place: marked.type_of(place).name for place in marked.directives() if "." in place and "value" not in place
    }

    assert {"Secret", "PolicyNumber"} == {place for place in marked.marked("pii") if "." not in place}
    assert set() == {place for place, name in typed.items() if "PersonName" == name} - marked.marked("pii")


def is_told(place: str) -> bool:
    """Whether it is words or a day, and not a thing, a choice, a number, or whether something is so."""
    kind = marked.type_of(place)
    return graphql.is_scalar_type(kind) and kind.name not in {"Boolean", "Int", "ID", "DateTime", "Yen"}


EVIDENCE = """query ($id: ID!) { renewal(id: $id) { evidence { bundle entries { __typename actor onBehalfOf
  ... on ConsentEntry { statement answer shown { label value } documentTitle }
  ... on OutcomeEntry { event summary receiptNumber newPolicyNumber } } } } }"""
