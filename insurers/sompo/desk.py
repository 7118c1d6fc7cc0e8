"""Where Sompo is asked: one request said, one answer heard, and every refusal told in our errors."""

from collections.abc import Callable
from typing import TypeVar

from insurers.errors import Unavailable, Unconfirmed
from insurers.http import InsurerHTTP, Reply
from insurers.sompo.code import CODE
from insurers.sompo.mapping import refusals
from insurers.sompo.wire import lines
from insurers.sompo.wire.lines import Answer, Record, Request, Unsayable

HEADERS = {"Content-Type": lines.CONTENT_TYPE}

# WIRE.md §1.4 allows five requests at once from one address. Four leave room for a person's look-up beside us.
CONCURRENT_REQUESTS = 4

OK = 200
PDF = "application/pdf"

T = TypeVar("T")
R = TypeVar("R", bound=Record)


def head(kind: type[R]) -> Callable[[Answer], R]:
    """Read nothing but the first line."""

    def read(answer: Answer) -> R:
        answer.only()
        return answer.head(kind)

    return read


class Desk:
    def __init__(self, http: InsurerHTTP) -> None:
        self._http = http

    async def ask(
        self,
        request: Request,
        read: Callable[[Answer], T],
        *,
        writes: bool = False,
        once: bool = False,
        also: frozenset[str] = frozenset(),
    ) -> T:
        """
        Ask, and answer what *read* makes of a success. A code in *also* counts as one.

        Args:
            writes: Being heard changes something, so nobody asks a second time, and silence is unconfirmed.
            once: Nobody asks a second time, because each asking may send a mail or count as a guess;
                it is a read all the same, and silence is unavailable.

        Raises:
            InsurerError: any that the code means. What *read* cannot read is told as a drifted
                wire, or as unconfirmed where the request *writes*.
        """
        reply = await (self._sent_once(request) if once else self._sent(request, writes=writes))
        try:
            answer = lines.read(reply.body)
            if answer.kekka_cd == lines.DONE or answer.kekka_cd in also:
                return read(answer)
            refused = refusals.refusal(answer)
        # The original error may hold what was answered, which is a person's.
        except ValueError:
            raise self._http.unreadable(writes=writes) from None
        raise refused or self._http.unreadable(writes=writes)

    async def fetch(self, request: Request) -> Reply:
        """Ask for a document, which comes as it is (§7)."""
        reply = await self._sent(request, writes=False)
        if reply.headers.get("Content-Type", "").partition(";")[0] == PDF:
            return reply
        return await self._not_fetched(reply)

    async def _not_fetched(self, reply: Reply) -> Reply:
        try:
            refused = refusals.refusal(lines.read(reply.body))
        except ValueError:
            refused = None
        raise refused or self._http.unreadable(writes=False)

    async def _sent_once(self, request: Request) -> Reply:
        try:
            return await self._sent(request, writes=True)
        except Unconfirmed:
            raise Unavailable(CODE) from None

    async def _sent(self, request: Request, *, writes: bool) -> Reply:
        try:
            body = request.body()
        except Unsayable as error:
            raise refusals.unsayable(error.sort) from None
        reply = await self._http.ask("POST", request.path, writes=writes, body=body, headers=HEADERS)
        if reply.status != OK:
            raise self._http.unreadable(writes=writes)
        return reply
