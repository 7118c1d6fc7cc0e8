"""What the asker has left, as GraphQL shows it, and how one is told who has tried too often."""

from datetime import datetime, timedelta

import strawberry

from insurers.text import Text
from schema.context import Info
from schema.problems import Problem, ProblemCode
from schema.spending import Spent, Tries


@strawberry.type(
    description="What the asker may still ask for: every operation costs something (`@cost`), and there is only so much"
    " by the minute. The same stands in `extensions.cost` of every answer."
)
class RateLimit:
    spent: strawberry.Private[Spent]

    @strawberry.field(description="What this operation cost.")
    def cost(self) -> int:
        return self.spent.cost

    @strawberry.field(description="What one operation may cost at most.")
    def largest(self) -> int:
        return self.spent.largest

    @strawberry.field(description="What may be spent in a minute; null where nothing is limited.")
    def limit(self) -> int | None:
        return self.spent.standing.limit if self.spent.standing else None

    @strawberry.field(description="What is left of that now.")
    def remaining(self) -> int | None:
        return self.spent.standing.remaining if self.spent.standing else None

    @strawberry.field(description="When the first of what was spent comes back.")
    def reset_at(self) -> datetime:
        return self.spent.reset_at


async def refusal(info: Info, tries: Tries) -> Problem | None:
    """Count a try of whoever asks; answer why it is one too many, where it is."""
    host = info.context.host
    wait = await host.rates.attempt(tries, info.context.spender)
    if wait is None:
        return None
    return Problem(code=ProblemCode.RATE_LIMITED, message=_OFTEN, retry_at=host.now() + timedelta(seconds=wait))


_OFTEN = Text(
    "操作の回数が多すぎます。しばらくしてからもう一度お試しください。",
    "This was tried too often. Wait a while, and try again.",
)
