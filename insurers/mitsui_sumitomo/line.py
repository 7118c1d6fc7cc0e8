"""A call to Mitsui Sumitomo: what was answered, or the error it stands for."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from msgspec import Struct

from insurers.errors import InsurerError
from insurers.http import InsurerHTTP, Reply
from insurers.mitsui_sumitomo import refusals
from insurers.mitsui_sumitomo.wire import eg1, portal, values

T = TypeVar("T", bound=Struct)
U = TypeVar("U", bound=Struct)

SHUT = 503

COOKIES = {"/portal": portal.COOKIE, "/eg1": eg1.COOKIE}


class Heard:
    """An answer. `refused` when it is the one refusal that the caller had allowed for."""

    def __init__(self, reply: Reply, *, refused: bool, unreadable: Callable[[], InsurerError]) -> None:
        self.refused = refused
        self._reply = reply
        self._unreadable = unreadable

    @property
    def body(self) -> bytes:
        return self._reply.body

    def read(self, words: type[T]) -> T:
        try:
            return values.read(self._reply.body, words)
        except ValueError:
            raise self._unreadable() from None

    def read_either(self, one: type[T], other: type[U]) -> T | U:
        try:
            return values.read_either(self._reply.body, one, other)
        except ValueError:
            raise self._unreadable() from None

    def cookie(self, name: str) -> str:
        if name not in self._reply.cookies:
            raise self._unreadable()
        return self._reply.cookies[name]


class Line:
    """The wire to one insurer, with its refusals told as errors of the language."""

    def __init__(self, http: InsurerHTTP) -> None:
        self._http = http

    def unreadable(self, *, writes: bool = False) -> InsurerError:
        return self._http.unreadable(writes=writes)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        writes: bool = False,
        operation: str | None = None,
        cookie: str | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        allows: str | None = None,
    ) -> Heard:
        """
        Ask once, and answer what was heard.

        Args:
            cookie: Of the session, the portal's or e-G1's by *path*.
            allows: The code of a refusal that is an answer to the caller, and not an error.

        Raises:
            InsurerError: as `refusals` has it, and as `InsurerHTTP.ask` does.
        """
        reply = await self._http.ask(
            method,
            path,
            writes=writes,
            operation=operation,
            body=body,
            headers={**_headers(path, cookie, body), **(headers or {})},
            heard=_shut,
        )
        refused = reply.status >= 400 and self._refused(reply, allows, writes=writes)
        if not refused and not 200 <= reply.status < 300:
            raise self.unreadable(writes=writes)
        return Heard(reply, refused=refused, unreadable=partial(self.unreadable, writes=writes))

    def _refused(self, reply: Reply, allows: str | None, *, writes: bool) -> bool:
        """Pass if this is the refusal that was allowed for; raise what any other one means."""
        problem = _problem(reply)
        if problem is None:
            raise self.unreadable(writes=writes)
        if problem.code == allows:
            return True
        try:
            error = refusals.error(problem)
        except ValueError:
            error = None
        raise error or self.unreadable(writes=writes)


def _problem(reply: Reply) -> values.Problem | None:
    try:
        return values.read(reply.body, values.Problem)
    except ValueError:
        return None


def _shut(reply: Reply) -> bool:
    """Whether this says until when the service is shut; any other 503 is an overload (WIRE.md §1, §2)."""
    return reply.status == SHUT and (problem := _problem(reply)) is not None and problem.code == refusals.CLOSED


def _headers(path: str, cookie: str | None, body: bytes | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if cookie is not None:
        service = path[: path.index("/", 1)]
        headers["Cookie"] = f"{COOKIES[service]}={cookie}"
    return headers
