"""The no-claims class as GraphQL shows it."""

import strawberry

from schema.lasting import lasting


@lasting()
@strawberry.type(description="Non-fleet grade (1-20) with the claims-loaded period (0-6 years).")
class NonFleetGrade:
    grade: int = strawberry.field(
        description="The class, from 1 to 20; the higher, the cheaper. A first contract begins at 6."
    )
    accident_term: int = strawberry.field(description="The claims-loaded period (事故有係数適用期間), in years.")
    provisional: bool = strawberry.field(description="True until insurers have exchanged the record of the last term.")
