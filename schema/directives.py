"""What the schema says of its fields beside their types; the server keeps to it by other means, and tests compare."""

import strawberry
from strawberry.federation.schema_directives import Key, Shareable
from strawberry.federation.types import FieldSet
from strawberry.schema_directive import Location

from insurers.agency import ConsentScope
from schema import enums as enums
from schema.ports import Role


@strawberry.schema_directive(
    name="semanticNonNull",
    locations=[Location.FIELD_DEFINITION],
    description="Null here only ever comes with an entry in `errors`: a client that stops at errors need not look for"
    " it (Relay, Apollo Kotlin and Grats read this).",
)
class SemanticNonNull:
    levels: list[int] = strawberry.directive_field(name="levels", default=(0,))


@strawberry.schema_directive(
    name="pii",
    locations=[
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.SCALAR,
    ],
    description="Personal data or a secret, wherever it stands: never logged, never put into trace attributes or"
    " addresses, and nothing for a client's analytics. On a scalar it holds for every field and argument of it.",
)
class PII:
    pass


@strawberry.schema_directive(
    name="auth",
    locations=[Location.FIELD_DEFINITION],
    description="Only for who is signed in, and sees only what is theirs. With `roles`, only for one of these; with"
    " `consent`, an agent needs the customer's consent to that much. Anybody else gets null, or an error with the code"
    " UNAUTHENTICATED or FORBIDDEN. A field without it answers everybody who sees its object.",
)
class Auth:
    roles: list[Role] | None = strawberry.directive_field(name="roles", default=strawberry.UNSET)
    consent: ConsentScope | None = strawberry.directive_field(name="consent", default=strawberry.UNSET)


PERSONAL = PII()
NEVER_NULL_ALONE = SemanticNonNull()

SIGNED_IN = Auth()
CUSTOMERS = Auth(roles=[Role.CUSTOMER])
AGENTS = Auth(roles=[Role.AGENT])
# A customer needs nobody's consent to what is theirs; who acts for one needs it for this much.
READS = Auth(consent=ConsentScope.READ_POLICIES)
PREPARES = Auth(consent=ConsentScope.PREPARE_RENEWAL)
SUBMITS = Auth(consent=ConsentScope.SUBMIT_RENEWAL)

# What other subgraphs of an Apollo federation may refer to by its id, and what they may define alike.
ENTITY = Key(fields=FieldSet("id"))
SHAREABLE = Shareable()
