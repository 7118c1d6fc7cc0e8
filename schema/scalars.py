"""The words of the common language that GraphQL carries whole."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition
from strawberry.types.scalar import ScalarDefinition

from insurers.hours import TOKYO
from insurers.identity import PolicyNumber
from insurers.money import Yen
from insurers.text import Language
from schema.directives import PERSONAL

Locale = NewType("Locale", str)
LocalTime = NewType("LocalTime", str)
Secret = NewType("Secret", str)
URL = NewType("URL", str)

_DAY = r"\d{4}-\d\d-\d\d"
_DATE = re.compile(_DAY, re.ASCII)
# As RFC 3339 has it, and without what goes without saying: the seconds, the offset, or all but the day.
_DATE_TIME = re.compile(rf"{_DAY}([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)

# Longer than any password or address that a portal accepts, and short enough to be harmless.
LONGEST_SECRET = 1000


def _day(raw: object) -> date:
    written = _text(raw)
    with suppress(ValueError):
        if _DATE.fullmatch(written):
            return date.fromisoformat(written)
    raise _refused(
        "日付は YYYY-MM-DD の形で指定してください（例: 2026-11-30）。"
        " / A day is written as YYYY-MM-DD, such as 2026-11-30."
    )


def _moment(raw: object) -> datetime:
    # RFC 3339 has it in small letters, too, and Python has not.
    written = _text(raw).upper()
    with suppress(ValueError, OverflowError):
        if _DATE_TIME.fullmatch(written):
            moment = datetime.fromisoformat(written)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)
            # At either end of the calendar it may be a moment in one zone, and none in another that it is told in.
            for zone in (UTC, TOKYO):
                aware.astimezone(zone)
            return aware
    raise _refused(
        "日時は RFC 3339 の形で指定してください（例: 2026-11-30T16:00:00+09:00）。"
        " / A moment is written as RFC 3339 has it, such as 2026-11-30T16:00:00+09:00."
    )


def _policy_number(raw: object) -> PolicyNumber:
    try:
        return PolicyNumber.parse(_text(raw))
    except ValueError:
        raise _refused(
            "証券番号は英数字1～32文字で指定してください（例: 0123456789、A123456789）。"
            " / A policy number is 1 to 32 letters and digits, such as 0123456789 or A123456789."
        ) from None


def _yen(raw: object) -> Yen:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _refused("円は整数で指定してください。 / Yen are given as a whole number.")
    return Yen(raw)


def _locale(raw: object) -> Locale:
    primary = _text(raw).split("-")[0].lower()
    if primary not in {language.value for language in Language}:
        raise _refused("locale には ja か en を指定してください。 / The locale is ja or en.")
    return Locale(primary)


def _secret(raw: object) -> Secret:
    secret = _text(raw)
    if not secret or len(secret) > LONGEST_SECRET:
        raise _refused("値の長さが正しくありません。 / The value is empty or too long.")
    return Secret(secret)


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise _refused("文字列で指定してください。 / A string is expected.")
    return raw


def _refused(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


def _nothing(secret: Secret) -> str:
    raise ValueError("a secret is never answered")


def _placed(scalar: ScalarDefinition) -> ScalarDefinition:
    """Have a scalar tell where in a document the value stands that it refuses, as GraphQL's own do."""
    parse = scalar.parse_value
    if parse is None:
        return scalar

    # Its parameters are graphql-core's.
    def parse_literal(node: ValueNode, variables: dict[str, Any] | None) -> object:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, node, extensions=error.extensions) from None

    return replace(scalar, parse_literal=parse_literal)


_SCALARS: dict[object, ScalarDefinition] = {
    date: replace(
        DateDefinition,
        parse_value=_day,
        description="A day of the calendar, `YYYY-MM-DD`, without a zone: a birth date, the end of a term.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
    ),
    datetime: replace(
        DateTimeDefinition,
        parse_value=_moment,
        description="A moment, as RFC 3339 writes it. Answers carry their offset, usually +09:00; what comes without"
        " one is in Tokyo. A day alone is its first moment.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    ),
    PolicyNumber: strawberry.scalar(
        name="PolicyNumber",
        description="A policy number (証券番号). Width, case, spaces and hyphens do not matter.",
        serialize=attrgetter("text"),
        parse_value=_policy_number,
        directives=[PERSONAL],
    ),
    Yen: strawberry.scalar(
        name="Yen",
        description="A whole number of yen. May exceed 32 bits; a JSON number.",
        serialize=attrgetter("amount"),
        parse_value=_yen,
    ),
    Locale: strawberry.scalar(
        name="Locale",
        description="A BCP 47 tag whose language is `ja` or `en`.",
        serialize=str,
        parse_value=_locale,
    ),
    Secret: strawberry.scalar(
        name="Secret",
        description="A write-only value: a password, a keyword, a one-time password. Never echoed, logged or stored.",
        serialize=_nothing,
        parse_value=_secret,
        directives=[PERSONAL],
    ),
    LocalTime: strawberry.scalar(
        name="LocalTime",
        description="A time of day `HH:MM` in the zone that the parent names.",
        serialize=str,
        parse_value=_text,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An address, as RFC 3986 writes it.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3986",
        serialize=str,
        parse_value=_text,
    ),
}

SCALARS = {kind: _placed(scalar) for kind, scalar in _SCALARS.items()}
