"""The GraphQL face of Tabane: types that are views of the common language."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema import enum_labels, publishing
from schema.challenge import Challenge
from schema.comparison import Comparison
from schema.document import Document
from schema.evidence import ComparisonEntry, ConsentEntry, OutcomeEntry
from schema.execution.gate import Gate, GatedSchema
from schema.execution.operation import OneOperation
from schema.insurer import Insurer
from schema.link import InsurerLink
from schema.mutation import Mutation
from schema.query import Query
from schema.requirement import (
    ChallengeRequirement,
    ConfirmationRequirement,
    DocumentRequirement,
    FieldRequirement,
    OutOfBandRequirement,
    PlanRequirement,
)
from schema.scalars import SCALARS
from schema.subscription import Subscription
from schema.user_error import MEMBERS


@cache
def build() -> strawberry.Schema:
    """Build the schema, once a process: its types know only one, and what it remembers of documents is kept with it."""
    enum_labels.describe()
    return GatedSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[
            *MEMBERS,
            Insurer,
            InsurerLink,
            Comparison,
            Document,
            Challenge,
            FieldRequirement,
            ConfirmationRequirement,
            DocumentRequirement,
            PlanRequirement,
            OutOfBandRequirement,
            ChallengeRequirement,
            ConsentEntry,
            OutcomeEntry,
            ComparisonEntry,
        ],
        extensions=[
            OneOperation,
            Gate,
        ],
        # All that we say of ourselves to a router was in this edition already, and more composers know it.
        federation_version="2.3",
        config=StrawberryConfig(scalar_map=SCALARS, enable_experimental_incremental_execution=True),
    )


def sdl() -> str:
    """Answer the schema in SDL, as it is published in `schema/schema.graphql`."""
    return publishing.sdl(build())
