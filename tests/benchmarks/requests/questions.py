"""What is asked: a document, what it is about, and who asks."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from gateway.development import DEMONSTRATION_AGENT
from insurers.identity import InsurerCode
from tests.benchmarks.requests.contenders import Contender, Kind
from tests.benchmarks.requests.town import HOUSEHOLD, SINGLE, People

QUERIES = Path(__file__).parent / "queries"

# In a body, this is another text in every request.
FRESH = b"@key@"


class Question(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    token: str
    variables: Mapping[str, Any]

    def body(self, contender: Contender) -> bytes:
        """An endpoint by hand is told the variables alone."""
        if contender.kind is Kind.BY_HAND:
            return json.dumps(self.variables).encode()
        document = (QUERIES / f"{self.name}.graphql").read_text(encoding="utf-8")
        return json.dumps({"query": document, "variables": self.variables}).encode()

    def url(self, contender: Contender, url: str) -> str:
        return f"{url}/{self.name}" if contender.kind is Kind.BY_HAND else f"{url}/graphql"


def questions(people: People, cheapest: InsurerCode) -> Sequence[Question]:
    """Answer what is asked; the one policy is at the insurer that tells of it in the fewest calls."""
    tokens = people.tokens
    assigned = {"entryIds": [people.entry], "assigneeId": people.colleague, "idempotencyKey": FRESH.decode()}
    return (
        Question(name="q1", title="a dashboard", token=tokens[HOUSEHOLD], variables={}),
        one_policy(people, cheapest),
        Question(name="q3", title="a page of the book", token=tokens[DEMONSTRATION_AGENT], variables={}),
        Question(name="q4", title="a wizard", token=tokens[HOUSEHOLD], variables={"id": people.renewal}),
        Question(name="q5", title="a mutation", token=tokens[DEMONSTRATION_AGENT], variables={"input": assigned}),
    )


def one_policy(people: People, insurer: InsurerCode) -> Question:
    (number,) = people.numbers[SINGLE][insurer]
    by = {"number": {"insurer": {"code": insurer}, "number": number}}
    return Question(name="q2", title="one policy", token=people.tokens[SINGLE], variables={"by": by})
