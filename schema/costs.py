"""What a field costs, as the schema says it to its clients: `@cost` and `@listSize`, in one table."""

from collections.abc import Iterator, Mapping

import strawberry
from strawberry.schema_directive import Location
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.connection import MOST


@strawberry.schema_directive(
    name="cost",
    locations=[Location.FIELD_DEFINITION],
    description="What this field costs by itself, beside what is asked of it. Every object costs 1; a plain value costs"
    " nothing.",
)
class Cost:
    weight: int = strawberry.directive_field(name="weight")


@strawberry.schema_directive(
    name="listSize",
    locations=[Location.FIELD_DEFINITION],
    description="How many objects are reckoned with: as many as the largest of `slicingArguments` asks for (a number,"
    " or a list that is given), or else `assumedSize`. With `sizedFields` these are the objects of those fields of a"
    " page. Without it a list is reckoned with 3.",
)
class ListSize:
    assumed_size: int | None = strawberry.directive_field(name="assumedSize", default=strawberry.UNSET)
    slicing_arguments: list[str] | None = strawberry.directive_field(name="slicingArguments", default=strawberry.UNSET)
    sized_fields: list[str] | None = strawberry.directive_field(name="sizedFields", default=strawberry.UNSET)


# What a list is reckoned with of which nothing else is said.
USUAL_SIZE = 3

# What an insurer is asked for while the client waits, and what is dear in other ways.
_ASKS = Cost(weight=20)
_ASKS_OFTEN = Cost(weight=50)
_BINDS = Cost(weight=100)
_WRITES = Cost(weight=10)
_SEARCHES = Cost(weight=5)

WEIGHTS: Mapping[str, Cost] = {
    "Query.policies": _ASKS,
    "Query.policy": _ASKS,
    "Query.duplicateCovers": _ASKS_OFTEN,
    # Up to forty quotes.
    "Query.premiumDifferences": _BINDS,
    "Query.comparePlans": _ASKS,
    "Query.comparison": _SEARCHES,
    "Query.renewal": _SEARCHES,
    "Query.registration": _SEARCHES,
    "Query.node": _ASKS,
    "Query.nodes": _ASKS,
    "Customer.policies": _ASKS,
    "Customer.links": _SEARCHES,
    "Policy.renewal": _SEARCHES,
    "Policy.renewability": _ASKS,
    "Renewal.policy": _ASKS,
    "Renewal.evidence": _SEARCHES,
    "Comparison.evidence": _SEARCHES,
    "ComparisonInquiry.settled": _ASKS,
    "BookEntry.policy": _ASKS,
    "BookEntry.renewal": _SEARCHES,
    "Book.renewals": _WRITES,
    "Book.customers": _WRITES,
    "Book.summary": _WRITES,
    "Book.export": _WRITES,
    "Book.reminders": _SEARCHES,
    "BookEntryConnection.totalCount": _WRITES,
    "BookListCount.count": _SEARCHES,
    "Subscription.bookUpdated": _ASKS,
    "Subscription.comparisonUpdated": _ASKS,
    "Subscription.registrationUpdated": _ASKS,
    "Subscription.renewalUpdated": _ASKS,
    "Mutation.bookRenewalsStart": _BINDS,
    "Mutation.bookReminderSend": _BINDS,
    "Mutation.bookCustomerAsk": _BINDS,
    "Mutation.comparisonStart": _BINDS,
    "Mutation.comparisonRefresh": _BINDS,
    "Mutation.comparisonSharingAnswer": _ASKS_OFTEN,
    "Mutation.comparisonRequote": _ASKS,
    "Mutation.comparisonPlanChoose": _ASKS,
    "Mutation.consentGrant": _ASKS,
    "Mutation.webhookReplay": _ASKS,
    "Mutation.registrationStart": _ASKS,
    "Mutation.registrationStepAnswer": _ASKS,
    "Mutation.registrationMessageResend": _ASKS,
    "Mutation.insurerLinkCreate": _ASKS,
    "Mutation.challengeAnswer": _ASKS,
    "Mutation.renewalStart": _ASKS_OFTEN,
    "Mutation.renewalPlanSelect": _ASKS,
    "Mutation.renewalRequote": _ASKS,
    "Mutation.renewalStepAnswer": _ASKS_OFTEN,
    "Mutation.renewalResume": _ASKS_OFTEN,
    "Mutation.renewalSubmit": _BINDS,
}

SIZES: Mapping[str, ListSize] = {
    "Query.nodes": ListSize(slicing_arguments=["ids"]),
    "Policy.coverages": ListSize(assumed_size=15),
    "Plan.coverages": ListSize(assumed_size=15),
    "Comparison.offers": ListSize(assumed_size=6),
    "Comparison.matrix": ListSize(assumed_size=30),
    "Comparison.conditions": ListSize(assumed_size=10),
    "ComparisonRow.cells": ListSize(assumed_size=6),
    "ComparisonConditionRow.cells": ListSize(assumed_size=6),
    "BookEvent.entries": ListSize(assumed_size=20),
    "Mutation.bookRenewalsStart": ListSize(slicing_arguments=["input.entryIds"], sized_fields=["rows"]),
    "Mutation.bookReminderSend": ListSize(slicing_arguments=["input.entryIds"], sized_fields=["rows"]),
    "Mutation.bookCustomerAsk": ListSize(slicing_arguments=["input.entryIds"], sized_fields=["rows"]),
    "Mutation.bookAssign": ListSize(slicing_arguments=["input.entryIds"], sized_fields=["rows"]),
    "Mutation.bookNoteAdd": ListSize(slicing_arguments=["input.entryIds"], sized_fields=["rows"]),
    "Mutation.bookMark": ListSize(slicing_arguments=["input.entryIds"], sized_fields=["rows"]),
}

# A page is as long as its `first`; see `schema.connection`.
PAGE = ListSize(slicing_arguments=["first"], sized_fields=["edges"])
LONGEST_PAGE = MOST


def directives(type_name: str, field_name: str, arguments: frozenset[str]) -> Iterator[Cost | ListSize]:
    """Answer what the schema says of the cost of a field."""
    place = f"{type_name}.{field_name}"
    if place in WEIGHTS:
        yield WEIGHTS[place]
    elif type_name == "Mutation":
        yield _WRITES
    if place in SIZES:
        yield SIZES[place]
    elif "first" in arguments:
        yield PAGE


def priced(definition: StrawberryObjectDefinition, fields: list[StrawberryField]) -> list[StrawberryField]:
    """Write on every field what it costs; a field that types share is written on once."""
    for field in fields:
        name = field.graphql_name or _camel(field.python_name)
        said = directives(definition.name, name, frozenset(one.python_name for one in field.arguments))
        field.directives = [*field.directives, *(one for one in said if one not in field.directives)]
    return fields


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
