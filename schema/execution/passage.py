"""One operation's way through the gate: it is read, counted, paid for and validated, or it is said why not."""

import math
from contextlib import ExitStack

from graphql import GraphQLError, specified_rules
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from schema.context import Context
from schema.execution.limits import LIMITS, Exceeded
from schema.execution.one_of import OneOfVariables
from schema.execution.reading import Reading, Readings, Rules, cost_of_reading
from schema.execution.sizes import Variables
from schema.spending import Spent

# Besides GraphQL's own. The first is Strawberry's, and the second stands in the place of one of Strawberry's.
RULES: Rules = (*specified_rules, MaybeNullValidationRule, OneOfVariables)

# What an operation costs that is refused for its size: about what it took to find that out.
COST_OF_REFUSAL = 10


class Passage:
    """Where nobody in particular asks (`context` is None), nobody pays and nobody takes a place."""

    def __init__(self, readings: Readings, context: Context | None) -> None:
        self._readings = readings
        self._context = context
        self._spent: Spent | None = None

    @property
    def told(self) -> dict[str, object]:
        """What the gate adds to an answer's `extensions`."""
        return {"cost": self._spent.told} if self._spent else {}

    async def read(self, text: str) -> Reading:
        """
        Have a document read. Whoever can no longer pay for it is not read.

        Raises:
            GraphQLError: it is none, or is too large, or cannot be paid.
        """
        known = self._readings.known(text)
        if known is None:
            await self._pay(cost_of_reading(text))
            known = self._readings.read(text)
        return known

    async def wrong(
        self, reading: Reading, name: str | None, variables: Variables | None, places: ExitStack | None = None
    ) -> list[GraphQLError]:
        """
        Answer why the operation of this name may not be run; it is paid for.

        Live updates take a place each in *places*, for as long as those are open; None is for what is none.
        """
        try:
            price = max(reading.cost(name, variables or {}), 1)
            await self._pay(price)
            if places is not None:
                self._take_place(places)
        except Exceeded as error:
            return [await self._refusal() or error]
        except GraphQLError as error:
            return [error]
        if reading.kept:
            return []
        errors = reading.errors(RULES)
        if not errors:
            self._readings.keep(reading)
        return [*errors]

    async def _refusal(self) -> GraphQLError | None:
        """Have a refusal paid; answer why even that is too much, where it is."""
        try:
            await self._pay(COST_OF_REFUSAL)
        except GraphQLError as error:
            return error
        return None

    async def _pay(self, price: int) -> None:
        context = self._context
        if context is None:
            return
        enough, standing = await context.host.rates.spend(context.spender, price)
        context.spent = self._spent = Spent(price, LIMITS.cost, standing, context.host.now())
        context.headers |= self._spent.headers
        if enough or standing is None:
            return
        if price > standing.limit:
            raise Exceeded("cost", standing.limit, price)
        raise _refused("コスト", "cost", standing.enough_in)

    def _take_place(self, places: ExitStack) -> None:
        context = self._context
        if context is not None and not places.enter_context(context.host.rates.watching(context.spender)):
            raise _refused("同時に受信できる更新の数", "live updates at once")


def _refused(ja: str, en: str, wait: float | None = None) -> GraphQLError:
    again = {} if wait is None else {"retryAfter": max(math.ceil(wait), 1)}
    return GraphQLError(
        f"上限に達しました（{ja}）。しばらくしてからもう一度お試しください。"
        f" / The limit is reached ({en}): wait a while, and try again.",
        extensions={"code": "RATE_LIMITED", **again},
    )
