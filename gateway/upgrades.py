"""Requests that would rather have another protocol, which a server may pass over."""

import sys

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What says where a body ends.
_OF_BODY = (b"content-length", b"transfer-encoding")


class _Stopped(Exception):
    """The parser has stopped *at* this byte, behind the head of a request that asks for another protocol."""

    def __init__(self, said: BaseException | None) -> None:
        super().__init__()
        self.at: int = said.args[0] if said else 0


class Steady(HttpToolsProtocol):
    """
    Goes on in HTTP/1.1 where a request asks for more than that, and for no WebSocket: Java's client asks for HTTP/2.

    The parser stops behind the head of such a request, and uvicorn would take it for one without a body.
    """

    _unread = b""

    def data_received(self, data: bytes) -> None:
        # Many such requests may come at once.
        self._unread = data
        while self._unread:
            data, self._unread = self._unread, b""
            try:
                super().data_received(data)
            except _Stopped as stopped:
                self._go_on(data[stopped.at :])

    # Uvicorn calls it while it handles the parser's word of where it stopped, and only then.
    def _unsupported_upgrade_warning(self) -> None:
        raise _Stopped(sys.exception())

    def _go_on(self, behind: bytes) -> None:
        """Read what stands behind a head: its body, or else the next request."""
        said = [(name, value) for name, value in self.headers if name in _OF_BODY]
        if not said:
            self.read_anew()
            self._unread = behind
            return
        self.parser = type(self.parser)(_Body(self))
        self.cycle.more_body = True
        self.cycle.message_event.clear()
        heads = b"".join(b"%b: %b\r\n" % one for one in said)
        self._unread = b"POST / HTTP/1.1\r\n" + heads + b"\r\n" + behind

    def read_anew(self) -> None:
        """Read the next request."""
        self.parser = type(self.parser)(self)


class _Body:
    """
    What a parser tells of a body whose head was told before.

    What comes behind it before it is answered has no head that anybody heard of; the connection ends with the answer.
    """

    def __init__(self, of: Steady) -> None:
        self._of = of
        self._is_over = False

    def on_message_begin(self) -> None:
        if self._is_over:
            self._of.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        if not self._is_over:
            self._of.on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._of.on_message_complete()
            self._of.read_anew()
