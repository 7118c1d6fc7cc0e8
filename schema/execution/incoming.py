"""A request as it stands in HTTP."""

from collections.abc import Mapping

from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope

from schema.execution.lifetime import Gone


class Incoming:
    """One request. Of several heads of the same name the first counts, unless they are a list (`listed`)."""

    __slots__ = ("_heads", "_scope", "method", "receive")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._heads: Mapping[bytes, bytes] = dict(reversed(scope["headers"]))
        self.method: str = scope["method"]
        self.receive = receive

    def head(self, name: bytes) -> str:
        """Answer a head by its name in small letters; nothing where it is not there."""
        return self._heads.get(name, b"").decode("latin-1")

    def listed(self, name: bytes) -> str:
        """Answer a head whose value is a list, which HTTP lets stand in several of the same name."""
        heads = self._scope["headers"]
        if len(self._heads) == len(heads):
            return self.head(name)
        return ", ".join(value.decode("latin-1") for one, value in heads if one == name)

    @property
    def query(self) -> QueryParams:
        return QueryParams(self._scope["query_string"])

    @property
    def address(self) -> str:
        client = self._scope.get("client")
        return client[0] if client else ""

    # What another app in front has noted of the request.
    @property
    def state(self) -> Mapping[str, object]:
        state: Mapping[str, object] = self._scope.get("state", {})
        return state

    @property
    def id(self) -> str:
        return str(self.state.get("request_id", ""))

    async def body(self, largest: int) -> bytes | bytearray | None:
        """
        Bring the whole body, or None where it has more bytes than the largest may.

        Raises:
            Gone: the client has left.
        """
        said = self.head(b"content-length") or "0"
        if not said.isdecimal() or int(said) > largest:
            return None
        body = bytearray()
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body += message.get("body", b"")
            if len(body) > largest:
                return None
            if not message.get("more_body", False):
                return body
