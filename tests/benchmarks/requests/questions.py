"""What is asked: a document, and by each viewer about something of their own."""

import json
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from tests.benchmarks.requests.contenders import Contender
from tests.benchmarks.requests.place import Said
from tests.benchmarks.requests.town import Customer, People

QUERIES = Path(__file__).parent / "queries"

# In a body, this is another text in every request.
FRESH = b"@key@"


class Asked(Struct, frozen=True):
    """What one viewer asks."""

    token: str
    variables: Said


class Question(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    asked: Sequence[Asked]

    def body(self, contender: Contender, asked: Asked) -> bytes:
        """An endpoint by hand is told the variables alone."""
        if contender.kind.is_by_hand:
            return json.dumps(asked.variables).encode()
        document = (QUERIES / f"{self.name}.graphql").read_text(encoding="utf-8")
        return json.dumps({"query": document, "variables": asked.variables}).encode()

    def lines(self, contender: Contender) -> bytes:
        """Answer all of it as the load reads it: in each line a token and a body."""
        return b"".join(b"%s %s\n" % (asked.token.encode(), self.body(contender, asked)) for asked in self.asked)

    def url(self, contender: Contender, url: str) -> str:
        return f"{url}/{self.name}" if contender.kind.is_by_hand else f"{url}/graphql"


def questions(people: People) -> Sequence[Question]:
    assigned = {"entryIds": [people.entry], "assigneeId": people.colleague, "idempotencyKey": FRESH.decode()}
    seen = zip(people.households, people.renewals, strict=True)
    return (
        Question(name="q1", title="a dashboard", asked=[Asked(one.token, {}) for one in people.households]),
        Question(name="q2", title="one policy", asked=[_one_policy(one) for one in people.singles]),
        Question(name="q3", title="a page of the book", asked=[Asked(people.agent, {})]),
        Question(name="q4", title="a wizard", asked=[Asked(one.token, {"id": renewal}) for one, renewal in seen]),
        Question(name="q5", title="a mutation", asked=[Asked(people.agent, {"input": assigned})]),
    )


def _one_policy(customer: Customer) -> Asked:
    ((code, (number,)),) = customer.numbers.items()
    return Asked(customer.token, {"by": {"number": {"insurer": {"code": code}, "number": number}}})
