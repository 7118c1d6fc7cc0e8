"""The heads of requests, which uvicorn would read without end and wait for without end."""

import asyncio
from typing import Any

from gateway.upgrades import Steady

# The address and all headers of one request: a long token and a document in the address have room. One may be larger
# by what comes with its end.
LARGEST_HEAD_BYTES = 64 << 10

# A browser opens connections before it has something to ask.
HEAD_SECONDS = 60.0


class Heads(Steady):
    """Reads requests whose heads come soon and are not too large; ends the connection of any other."""

    seconds = HEAD_SECONDS
    _bytes = 0
    _reading = True
    _late: asyncio.TimerHandle | None = None

    # Uvicorn declares another class of transports than asyncio does.
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # What begins a head may end another request, and that may be long.
        goes_on = self._reading
        super().data_received(data)
        if not self._reading or self.transport.is_closing():
            return
        self._bytes += len(data) * goes_on
        if self._bytes > LARGEST_HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")
        self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._reading, self._bytes = True, 0

    def on_headers_complete(self) -> None:
        self._reading = False
        self._stop_waiting()
        super().on_headers_complete()

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = None
