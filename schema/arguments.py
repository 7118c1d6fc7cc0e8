"""Arguments that many fields take, each said once."""

from typing import Annotated

import strawberry

from schema.scalars import Locale

PageSize = Annotated[int, strawberry.argument(description="How many; from 1 to 100, anything else is clamped.")]
After = Annotated[
    str | None,
    strawberry.argument(description="`endCursor` of the page before; null, or what is no such cursor, begins anew."),
]
InLanguage = Annotated[
    Locale | None, strawberry.argument(description="In which language; by `Accept-Language` where not said.")
]
GlobalId = Annotated[strawberry.ID, strawberry.argument(description="Its `id`.")]
HeldAgainst = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Id of the plan to hold the others against; the present cover where not said."),
]
