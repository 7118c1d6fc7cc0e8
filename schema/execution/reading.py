"""Documents as they were read, counted and validated: a client sends few of them, and sends them often."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    Token,
    TokenKind,
    parse,
    validate,
)

from schema.execution.budget import measure
from schema.execution.kept import Kept
from schema.execution.limits import LIMITS, Exceeded, exceed, hold
from schema.execution.operation import asks_for_schema, defined
from schema.execution.sizes import Sizes, Variables, items, sizable, sizes

Rules: TypeAlias = tuple[type[ASTValidationRule], ...]

# The room for documents that are remembered, by their length: read, they take about 160 times as much. That is
# enough for a hundred long screens, and no more than so many short ones.
MOST_CHARACTERS = 512 * 1024
MOST_DOCUMENTS = 1000

# Reading and validating a document that is not remembered costs so much, and one more for so many characters. A page
# that is asked for again and again does not pay it again, and who makes up new documents always does.
COST_OF_READING = 10
CHARACTERS_READ_FOR_ONE = 50

# Pages of so many different lengths are remembered of each.
MOST_COSTS = 32

# What the parser says where it does not go on; it has no other way to tell.
_GIVEN_UP = {"tokens": "Document contains more than", "nesting": "Document is nested too deeply"}

# Hardly any text has so many digits, and it may have them in a string.
_MANY_DIGITS = re.compile(rf"\d{{{LIMITS.digits}}}")


class Reading:
    """One document, and what is known of it by now."""

    def __init__(self, text: str, document: DocumentNode, schema: GraphQLSchema) -> None:
        self.text = text
        self.document = document
        # Only what was found good is.
        self.kept = False
        self._schema = schema
        self._errors: dict[Rules, Sequence[GraphQLError]] = {}
        self._costs: Kept[tuple[str | None, Sizes], int] = Kept(MOST_COSTS)
        self.operations = defined(document)
        self._sizable = frozenset(name for one in self.operations for name in sizable(one, schema))

    @cached_property
    def asks_for_schema(self) -> bool:
        return asks_for_schema(self.document)

    def cost(self, name: str | None, variables: Variables) -> int:
        """
        Answer what an operation costs with these variables.

        Raises:
            Exceeded: it asks for more than one may.
        """
        listed = items(variables, LIMITS) if variables else 0
        asked = name, sizes(variables, self._sizable) if self._sizable else ()
        cost = self._costs.get(asked)
        if cost is None:
            cost = measure(self.document, self._schema, asked[1], name).cost
            self._costs.keep(asked, cost)
        found = cost + listed
        if found > LIMITS.cost:
            exceed(LIMITS, "cost", found)
        return found

    def errors(self, rules: Rules) -> Sequence[GraphQLError]:
        """Answer the first things that are wrong with it."""
        if rules not in self._errors:
            found = validate(self._schema, self.document, rules, max_errors=LIMITS.errors)
            self._errors[rules] = found[: LIMITS.errors]
        return self._errors[rules]


def read(text: str, schema: GraphQLSchema) -> Reading:
    """
    Read a document.

    Raises:
        Exceeded: it is longer or deeper than one may be, or a number in it is.
        GraphQLError: it is none.
    """
    hold(LIMITS, "characters", len(text))
    try:
        document = parse(text, max_tokens=LIMITS.tokens)
    except GraphQLSyntaxError as error:
        for metric, words in _GIVEN_UP.items():
            if words in error.description:
                raise Exceeded(metric, getattr(LIMITS, metric)) from None
        raise
    if _MANY_DIGITS.search(text):
        for number in _numbers(document):
            hold(LIMITS, "digits", len(number))
    return Reading(text, document, schema)


def _numbers(document: DocumentNode) -> Iterator[str]:
    """Bring the numbers that stand in a document, as they are written."""
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind in (TokenKind.INT, TokenKind.FLOAT):
            yield token.value or ""
        token = token.next


def cost_of_reading(text: str) -> int:
    # What is too long is not read at all.
    read = len(text) if len(text) <= LIMITS.characters else 0
    return COST_OF_READING + read // CHARACTERS_READ_FOR_ONE


class Readings:
    """The documents of one schema that were good, the longest unused forgotten first."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: Kept[str, Reading] = Kept(MOST_CHARACTERS, weigh=_room)

    def known(self, text: str) -> Reading | None:
        """Answer a document that was read before, and was good. Any other costs `cost_of_reading`."""
        return self._kept.get(text)

    def read(self, text: str) -> Reading:
        """Read a document. Raises as `read`."""
        return self.known(text) or read(text, self._schema)

    def keep(self, reading: Reading) -> None:
        reading.kept = True
        self._kept.keep(reading.text, reading)


def _room(reading: Reading) -> int:
    # At least its share, so that there are no more short ones than there should be.
    return max(len(reading.text), -(-MOST_CHARACTERS // MOST_DOCUMENTS))
