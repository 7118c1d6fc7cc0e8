"""How much one document may ask for, and how that is told."""

from typing import NoReturn

from graphql import GraphQLError
from msgspec import Struct

from insurers.text import Text


class Limits(Struct, frozen=True, kw_only=True):
    """
    The most of everything. The screens of a rich client stay below two thirds of each.

    `operations`, `fragments` and `spreads` are those of a whole document; so are `directives`, and
    `directives_at_once` those of one place in it. The others are those of each operation, with what its fragments
    bring as often as they bring it. `depth` is that of fields that have fields, without introspection. `comparisons`
    are pairs of fields that stand at the same place of the answer: GraphQL holds each against each. `items` are what
    stands in lists and objects that are given as values, and `nesting` is how deep any part of a document or a value
    may lie. `digits` are those of one number that a document has written out: Python reads no more than 4300.
    """

    characters: int = 100_000
    tokens: int = 4000
    digits: int = 300
    operations: int = 50
    fragments: int = 100
    spreads: int = 200
    directives: int = 50
    directives_at_once: int = 4
    aliases: int = 50
    roots: int = 20
    fields: int = 600
    depth: int = 15
    nesting: int = 100
    comparisons: int = 5000
    items: int = 2000
    cost: int = 10_000
    errors: int = 5


LIMITS = Limits()

_NAMES = {
    "characters": Text("文字数", "characters"),
    "tokens": Text("トークン数", "tokens"),
    "digits": Text("数値の桁数", "digits of a number"),
    "operations": Text("操作の数", "operations"),
    "fragments": Text("フラグメントの数", "fragments"),
    "spreads": Text("フラグメントの展開の数", "fragment spreads"),
    "directives": Text("ディレクティブの数", "directives"),
    "directives_at_once": Text("1か所のディレクティブの数", "directives at one place"),
    "aliases": Text("別名の数", "aliases"),
    "roots": Text("最上位のフィールドの数", "root fields"),
    "fields": Text("フィールドの数", "fields"),
    "depth": Text("入れ子の深さ", "depth"),
    "nesting": Text("入れ子の深さ", "nesting"),
    "comparisons": Text("同じフィールドの繰り返し", "repetitions of the same fields"),
    "items": Text("渡された値の数", "values that are given"),
    "cost": Text("コスト", "cost"),
}


class Exceeded(GraphQLError):
    """A document asks for more than one may."""

    def __init__(self, metric: str, limit: int, asked: int | None = None) -> None:
        name = _NAMES[metric]
        super().__init__(
            f"操作が大きすぎます（{name.ja}の上限は {limit}）。分けて送るか、必要なものだけを要求してください。"
            f" / The operation is too large ({name.en}: at most {limit}). Ask for less, or divide it.",
            extensions={
                "code": "OPERATION_TOO_EXPENSIVE",
                "metric": _camel(metric),
                "limit": limit,
                **({} if asked is None else {"asked": asked}),
            },
        )


def _camel(metric: str) -> str:
    first, *others = metric.split("_")
    return first + "".join(word.title() for word in others)


def exceed(limits: Limits, metric: str, asked: int | None = None) -> NoReturn:
    raise Exceeded(metric, getattr(limits, metric), asked)


def hold(limits: Limits, metric: str, asked: int) -> None:
    """
    See that no more of *metric* is asked than may be.

    Raises:
        Exceeded: more is.
    """
    if asked > getattr(limits, metric):
        exceed(limits, metric, asked)
