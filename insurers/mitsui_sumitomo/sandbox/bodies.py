"""What comes in and what goes out: strict JSON both ways (WIRE.md §1)."""

import json
import re
from typing import TypeVar

import msgspec
from aiohttp import web

from .problems import Refusal

# Where msgspec names the field that it minds; what was sent in it is never repeated.
NAMED_FIELD = re.compile(r"field `(\w+)`|at `\$\.([\w.]+)")


class Asked(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A request's body. It may hold a password or a person, so it never shows itself."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Nothing(Asked, frozen=True):
    """The body of a call that asks nothing; it may be left out."""


Body = TypeVar("Body", bound=Asked)


async def read(request: web.Request, shape: type[Body]) -> Body:
    """
    Read a body of this shape.

    Raises:
        Refusal: `bad-request`.
    """
    raw = await request.read()
    if not raw and shape is Nothing:
        raw = b"{}"
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        named = [first or second for first, second in NAMED_FIELD.findall(str(error))]
        raise Refusal("bad-request", komoku=named) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal("bad-request", komoku=[]) from None


def answer(body: object, *, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def done() -> web.Response:
    return web.Response(status=204)
